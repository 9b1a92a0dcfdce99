# Every target sets up by itself what it needs. A checkout needs Python >= 3.11, Node.js >= 20 and make.

PYTHON ?= python3
BIN := .venv/bin
# Tests ask for programs that come with the libraries, e.g. the SHACL validator.
export PATH := $(CURDIR)/.venv/bin:$(PATH)
# Compiled modules are kept, whatever the surroundings say: the tests start hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE
SETUP := .make/python .make/static
TESTING := $(SETUP) .make/age
PYTEST := $(BIN)/python -m pytest
# What every run repeats on a PostgreSQL cluster of its own; `make test-postgresql` repeats all tests of the node.
ON_POSTGRESQL := $(addprefix tests/integration/node/test_,audit_log.py sending_letters.py receiving_letters.py worker.py) \
  tests/web/test_case_search.py

.PHONY: demo test test-fast test-postgresql test-long check fix docs judges static lock release clean

demo: $(SETUP)
	$(BIN)/dedere demo $(ARGS)

# The gates, then every test.
test: check .make/age
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest tests/unit tests/spec tests/properties tests/vectors tests/simulation -q -m "not slow" -n 2
	$(BIN)/coverage run -m pytest tests/web tests/integration tests/exchange tests/browser -q -m "not slow"
	DEDERE_TEST_DATABASE=postgresql $(BIN)/coverage run -m pytest $(ON_POSTGRESQL) -q -m "not slow"
	$(BIN)/coverage combine -q
	$(BIN)/python scripts/check_coverage.py

# Unit, spec, property and vector tests that ask no other program and open no socket: about a minute.
test-fast: $(TESTING)
	$(PYTEST) tests/unit tests/spec tests/properties tests/vectors -q -m "not slow and not judge and not network" -n 2

# Every test of the node, its pages too, on PostgreSQL.
test-postgresql: $(TESTING)
	DEDERE_TEST_DATABASE=postgresql $(PYTEST) tests/integration/node tests/web -q -m "not slow"

test-long: $(TESTING)
	$(PYTEST) tests -q

check: $(SETUP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/check_budgets.py
	$(BIN)/python scripts/check_requirements.py
	$(BIN)/python scripts/translations.py

fix: $(SETUP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(SETUP)
	$(BIN)/dedere law docs docs/law

static: .make/static

# dist/: the wheel, built twice and the same, what it is made of, and digests.
release: .make/python
	sh scripts/release.sh

lock: .make/python
	$(BIN)/uv pip compile --universal --generate-hashes --no-header --python-version 3.11 \
	  --group dev --extra postgresql --extra s3 --extra case --extra pkcs11 pyproject.toml -o requirements.lock

.make/python: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Dedere needs Python 3.11 or newer")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	mkdir -p .make && touch $@

# The foreign implementations that judge ours: published age vectors and another age in JavaScript.
.make/age: tests/judges/package-lock.json
	npm ci --prefix tests/judges --no-fund --no-audit --silent
	sh tests/judges/install-age.sh
	mkdir -p .make && touch $@

# Every test that asks a foreign judge, those on Java among them: veraPDF and the EU's DSS. Needs a JDK (17) and Maven.
judges: $(TESTING) .make/judges/lib/judges.jar
	$(PYTEST) -m judge tests -q

.make/judges/lib/judges.jar: scripts/judges/pom.xml scripts/judges/build.sh $(shell find scripts/judges/src -name '*.java')
	scripts/judges/build.sh

.make/static: frontend/package-lock.json $(shell find frontend -name node_modules -prune -o -type f \( -name '*.scss' -o -name '*.mjs' -o -name '*.js' -o -name '*.po' \) -print)
	cd frontend && npm ci --no-fund --no-audit --silent && npm run --silent build
	mkdir -p .make && touch $@

clean:
	rm -rf .venv .make frontend/node_modules tests/judges/node_modules src/dedere/web/static src/dedere/web/locale build dist .coverage*
