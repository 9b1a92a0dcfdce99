"""The office in whose name code runs, and the settings of its processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import override_settings

from dedere.base.errors import FacilityError
from dedere.node.errors import ComparisonNeededError, FieldsError, UnknownObjectError
from dedere.node.office import office, using
from dedere.node.settings.common import MIDDLEWARE
from support.homes import fresh_home, fresh_office

SHOW = """
import json, django
from django.conf import settings
django.setup()
names = ["ROOT_URLCONF", "ALLOWED_HOSTS", "SESSION_COOKIE_NAME", "DEBUG", "MIDDLEWARE"]
facts = {name: getattr(settings, name) for name in names}
facts["SESSION_COOKIE_SECURE"] = settings.SESSION_COOKIE_SECURE
facts["CSRF_TRUSTED_ORIGINS"] = settings.CSRF_TRUSTED_ORIGINS
facts["web"] = "dedere.web" in settings.INSTALLED_APPS
print(json.dumps(facts))
"""


def settings_of(home: Path, process: str | None) -> dict[str, object]:
    """What the settings are in a process of a node."""
    import json

    environment = {**os.environ, "DEDERE_HOME": str(home), "DJANGO_SETTINGS_MODULE": "dedere.node.settings.serving"}
    environment.pop("DEDERE_PROCESS", None)
    if process:
        environment["DEDERE_PROCESS"] = process
    done = subprocess.run([sys.executable, "-c", SHOW], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    facts: dict[str, object] = json.loads(done.stdout)
    return facts


def test_without_a_home_there_is_no_office() -> None:
    with override_settings(DEDERE_HOME=None), pytest.raises(FacilityError, match="No home is set"):
        office()


def test_the_settings_name_the_office_of_a_process(tmp_path: Path) -> None:
    home = fresh_home(tmp_path / "nl")
    with override_settings(DEDERE_HOME=home.folder):
        assert office() is office()
        assert (office().state, office().home) == ("NL", home)


def test_another_office_is_put_in_place_for_a_while(tmp_path: Path) -> None:
    one, other = fresh_office(tmp_path / "nl"), fresh_office(tmp_path / "sn", "SN")
    with using(one):
        with using(other):
            assert office() is other
        assert office() is one


def test_secrets_do_not_show_in_an_offices_own_words(tmp_path: Path) -> None:
    here = fresh_office(tmp_path / "nl")
    assert here.sealing_identities
    assert "AGE-SECRET-KEY" not in repr(here)


def test_pages_have_sessions_and_the_gateway_has_none(tmp_path: Path) -> None:
    home = fresh_home(tmp_path / "nl").folder
    pages = settings_of(home, None)
    assert (pages["ROOT_URLCONF"], pages["web"], pages["MIDDLEWARE"]) == ("dedere.web.urls", True, MIDDLEWARE)
    assert (pages["DEBUG"], pages["SESSION_COOKIE_NAME"], pages["SESSION_COOKIE_SECURE"]) == (
        False,
        "dedere-8000",
        False,
    )
    gateway = settings_of(home, "gateway")
    assert (gateway["ROOT_URLCONF"], gateway["web"]) == ("dedere.gateway.urls", False)
    assert gateway["MIDDLEWARE"] == ["django.middleware.security.SecurityMiddleware"]


def test_behind_https_cookies_are_for_https_alone(tmp_path: Path) -> None:
    home = fresh_home(tmp_path / "nl").folder
    settings = home / "home.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("http://127.0.0.1:8000", "https://office.example.org"), encoding="utf-8")
    facts = settings_of(home, "pages")
    assert facts["SESSION_COOKIE_SECURE"] is True
    assert facts["CSRF_TRUSTED_ORIGINS"] == ["https://office.example.org"]
    assert "office.example.org" in str(facts["ALLOWED_HOSTS"])
    settings.write_text(text.replace("http://127.0.0.1:8000", ""), encoding="utf-8")
    assert settings_of(home, "pages")["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "127.0.0.1"]


def test_what_does_not_exist_and_what_is_not_yours_sound_alike() -> None:
    assert str(UnknownObjectError()) == "There is no such thing here, or you have no part in it."
    assert UnknownObjectError().code == "unknown"


def test_several_fields_are_refused_each_with_its_sentence() -> None:
    error = FieldsError({"name": "A name is needed.", "role": "Choose a role."})
    assert (str(error), error.fields["role"]) == ("A name is needed. Choose a role.", "Choose a role.")


def test_a_card_after_a_theft_asks_for_a_person() -> None:
    assert "compare the fingerprint" in str(ComparisonNeededError())
