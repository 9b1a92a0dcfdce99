#!/bin/sh
# Makes dist/: the wheel, the list of what it is made of (CycloneDX), and their digests.
# The wheel is built twice from what is committed, front end included; the two must be the same bytes.
set -eu
cd "$(dirname "$0")/.."
python=$PWD/.venv/bin/python
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH

for run in first second; do
  mkdir "$work/$run"
  git archive HEAD | tar -x -C "$work/$run"
  (cd "$work/$run/frontend" && npm ci --no-fund --no-audit --silent && npm run --silent build)
  "$python" -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir "$work/$run/dist" "$work/$run"
done
wheel=$(basename "$work"/first/dist/*.whl)
if ! cmp "$work/first/dist/$wheel" "$work/second/dist/$wheel"; then
  echo "The two builds differ: the wheel cannot be reproduced." >&2
  exit 1
fi

rm -rf dist
mkdir dist
cp "$work/first/dist/$wheel" dist/
# What the program needs to run, with the versions and digests that requirements.lock has; without what only tests need.
.venv/bin/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 \
  --extra postgresql --extra s3 --extra case --extra pkcs11 \
  --constraint requirements.lock pyproject.toml --output-file "$work/runtime.txt"
"$python" -m venv "$work/listing"
"$work/listing/bin/pip" install --quiet --disable-pip-version-check "cyclonedx-bom>=7,<8"
"$work/listing/bin/cyclonedx-py" requirements --pyproject pyproject.toml --output-reproducible --short-PURLs \
  --output-format JSON --output-file dist/dedere.cdx.json "$work/runtime.txt" 2> /dev/null
(cd dist && sha256sum -- * > SHA256SUMS && cat SHA256SUMS)
