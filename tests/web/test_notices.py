"""Being told that something waits: on every page until one looks, and by an e-mail that says nothing of any case."""

from __future__ import annotations

import dataclasses
import datetime as dt
import socketserver
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.test.utils import override_settings

from dedere.base.errors import FacilityError, InputError
from dedere.cli.serving.telling import keep_telling
from dedere.node.accounts.models import MailWish, Notice, Officer
from dedere.node.cases import actions as cases
from dedere.node.desk.notices import tell_officers
from dedere.node.home import load_home, write_home
from dedere.node.mailing import mail_settings
from dedere.node.office import office, using
from dedere.node.policies import MailPlace
from dedere.node.settings_reader import SettingsReader
from dedere.web.components.notice_mail import write_notice
from support.offices import Bureau
from support.pages import SignIn, errors_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedere.node.home import Home

SERVER = MailPlace(address="smtp://localhost:2525", sender="dedere@example.org")


def told() -> int:
    """Tell everybody what waits, in an office that has a mail server."""
    place = dataclasses.replace(office(), home=dataclasses.replace(office().home, mail=SERVER))
    with using(place):
        return tell_officers(write_notice)


def wishing(bureau: Bureau, name: str, wish: MailWish, *, language: str = "en") -> None:
    Officer.objects.filter(pk=bureau[name].pk).update(mail=wish, email=f"{name}@example.org", language=language)


def test_what_is_new_stands_on_every_page_until_the_officer_looks_at_today(bureau: Bureau, signed_in: SignIn) -> None:
    bureau.asked()
    tell_officers(write_notice)
    client = signed_in("rosa")
    assert "1 new thing waits" in text_of(client.get("/cases/"))

    client.get("/")

    assert "new thing" not in text_of(client.get("/cases/"))
    tell_officers(write_notice)
    assert "new thing" not in text_of(client.get("/cases/")), "the same thing is told once"
    assert "new thing" not in text_of(signed_in("anna").get("/cases/"))


def test_what_is_over_and_comes_again_is_told_again(bureau: Bureau) -> None:
    draft = bureau.drafted()
    for _ in range(2):
        sent = cases.submit_draft(by=bureau["anna"], draft_id=draft.pk, approver_id=bureau["bram"].identifier)
        tell_officers(write_notice)
        assert Notice.objects.filter(officer=bureau["bram"], seen_at=None).count() == 1
        cases.send_back(by=bureau["bram"], draft_id=sent.pk, remark="Name the clinic.")
        tell_officers(write_notice)
        assert not Notice.objects.filter(officer=bureau["bram"]).exists()


def test_an_e_mail_names_no_case_no_state_and_nobody(bureau: Bureau) -> None:
    case = bureau.asked()
    wishing(bureau, "rosa", MailWish.AT_ONCE)

    assert told() == 1

    (message,) = mail.outbox
    assert message.to == ["rosa@example.org"]
    text = f"{message.subject} {message.body}"
    assert "1 thing waits for you" in text
    assert "1 of them is grave" in text
    for secret in (case.reference, case.title, case.pk, "Senegal", "SN", "Rosa", "Request"):
        assert secret not in text


def test_at_once_tells_each_thing_once_and_a_digest_once_a_day(bureau: Bureau) -> None:
    wishing(bureau, "rosa", MailWish.AT_ONCE)
    wishing(bureau, "stranger", MailWish.DAILY)
    bureau.clock.advance(dt.timedelta(hours=19))  # four in the morning, five where the house is
    bureau.asked()
    assert (told(), told()) == (1, 0), "the digest waits for the morning"
    bureau.clock.advance(dt.timedelta(hours=4))
    assert (told(), told()) == (1, 0)
    bureau.asked()
    assert told() == 1, "at once, and no second digest"
    bureau.clock.advance(dt.timedelta(days=1))
    assert (told(), told()) == (1, 0)
    assert sorted(each.to[0] for each in mail.outbox) == ["rosa@example.org"] * 2 + ["stranger@example.org"] * 2


def test_nobody_is_written_to_who_does_not_wish_it_has_left_or_gave_no_address(bureau: Bureau) -> None:
    bureau.asked()
    wishing(bureau, "rosa", MailWish.NONE)
    wishing(bureau, "stranger", MailWish.AT_ONCE)
    Officer.objects.filter(pk=bureau["stranger"].pk).update(is_active=False)

    assert told() == 0
    Officer.objects.filter(pk=bureau["stranger"].pk).update(is_active=True, email="")
    assert told() == 0
    assert tell_officers(write_notice) == 0, "a house without a mail server"


@pytest.mark.parametrize(("language", "words"), [("fr", "Quelque chose"), ("es", "Algo")])
def test_an_e_mail_speaks_the_officers_language(bureau: Bureau, language: str, words: str) -> None:
    bureau.asked()
    wishing(bureau, "rosa", MailWish.AT_ONCE, language=language)
    told()
    assert mail.outbox[0].subject.startswith(words)


def test_an_officer_chooses_how_to_be_told(bureau: Bureau, signed_in: SignIn) -> None:
    client = signed_in("anna")

    done = client.post("/account/mail/", {"mail": "at-once", "email": " anna@example.org "}, follow=True)

    assert "You are told as you wish." in text_of(done)
    anna = Officer.objects.get(pk=bureau["anna"].pk)
    assert (anna.mail, anna.email) == ("at-once", "anna@example.org")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"mail": "daily", "email": ""}, "Give an address, or choose not to be told by e-mail."),
        ({"mail": "daily", "email": "nobody"}, "This is no e-mail address."),
        ({"mail": "daily", "email": "a@b.example\nBcc: c@d.example"}, "This is no e-mail address."),
        ({"mail": "hourly", "email": "a@b.example"}, "Select a valid choice"),
        ({}, "This field is required."),
    ],
)
def test_a_wish_that_cannot_be_kept_is_said_so(
    bureau: Bureau, signed_in: SignIn, given: dict[str, str], sentence: str
) -> None:
    page = signed_in("anna").post("/account/mail/", given)

    assert page.status_code == 422
    assert sentence in errors_of(page)
    assert Officer.objects.get(pk=bureau["anna"].pk).email == ""


class _Taking(socketserver.StreamRequestHandler):
    """As much of a mail server as takes one message, or refuses everything."""

    def handle(self) -> None:
        taken: list[bytes] = self.server.taken  # type: ignore[attr-defined] # set where it is made
        self.wfile.write(b"220 here\r\n" if self.server.takes else b"421 not now\r\n")  # type: ignore[attr-defined] # as above
        inside = False
        for line in self.rfile:
            if inside:
                taken.append(line)
                inside = line != b".\r\n"
                answer = b"" if inside else b"250 taken\r\n"
            else:
                inside = line.upper().startswith(b"DATA")
                answer = b"354 go on\r\n" if inside else b"250 yes\r\n"
            self.wfile.write(answer)


@contextmanager
def mail_server(*, takes: bool) -> Iterator[tuple[int, list[bytes]]]:
    with socketserver.TCPServer(("127.0.0.1", 0), _Taking) as server:
        vars(server).update(taken=[], takes=takes)
        thread = threading.Thread(target=server.handle_request, daemon=True)
        thread.start()
        yield server.server_address[1], vars(server)["taken"]
        thread.join(5)


def sending_to(port: int) -> Any:  # Django's own class has no public name
    settings = mail_settings(
        dataclasses.replace(office().home, mail=dataclasses.replace(SERVER, address=f"smtp://127.0.0.1:{port}"))
    )
    return override_settings(**settings)


@pytest.mark.network
@pytest.mark.parametrize("takes", [True, False])
def test_a_real_server_takes_it_and_one_that_does_not_is_tried_again(bureau: Bureau, takes: bool) -> None:  # noqa: FBT001
    bureau.asked()
    wishing(bureau, "rosa", MailWish.AT_ONCE)

    with mail_server(takes=takes) as (port, taken), sending_to(port):
        sent = told()

    assert sent == int(takes)
    assert (b"From: dedere@example.org\r\n" in taken) is takes
    assert Notice.objects.filter(officer=bureau["rosa"], mailed_at=None).exists() is not takes


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ([], "mail must be a table"),
        ({"address": 1}, "address must be a text"),
        ({"server": "x"}, "unknown setting 'server'"),
        ({"address": "mail.example.org", "sender": "a@b.example"}, "address of a mail server is written"),
        (
            {"address": "smtp://u:secret@mail.example.org", "sender": "a@b.example"},
            "address of a mail server is written",
        ),
        ({"address": "smtp://mail.example.org:port", "sender": "a@b.example"}, "address of a mail server is written"),
        ({"address": 'smtp://mail".example.org', "sender": "a@b.example"}, "address of a mail server is written"),
        ({"address": "smtp://mail.example.org", "sender": "nobody"}, "sender of mail is an e-mail address"),
        ({"address": "smtp://mail.example.org", "sender": "a@b.example", "password": "x"}, "a secret's place"),
    ],
)
def test_a_mail_server_that_is_none_is_named(table: object, words: str) -> None:
    with pytest.raises(InputError, match=words):
        SettingsReader({"mail": table}, "home.toml").mail_place()


def test_the_settings_of_mail_survive_being_written_and_are_never_in_clear_to_another_machine(
    bureau: Bureau, tmp_path: Any
) -> None:
    home: Home = dataclasses.replace(
        office().home,
        folder=tmp_path,
        mail=MailPlace("smtps://dedere@mail.example.org", "dedere@example.org", "file:mail.secret"),
    )
    write_home(home)

    assert load_home(tmp_path).mail == home.mail
    with pytest.raises(FacilityError):
        mail_settings(home)
    (tmp_path / "mail.secret").write_text("a secret\n", encoding="utf-8")
    settings = mail_settings(home)
    assert (settings["EMAIL_PORT"], settings["EMAIL_USE_SSL"], settings["EMAIL_USE_TLS"]) == (465, True, False)
    assert (settings["EMAIL_HOST_USER"], settings["EMAIL_HOST_PASSWORD"]) == ("dedere", "a secret")
    started = mail_settings(dataclasses.replace(home, mail=MailPlace("smtp://mail.example.org", "d@example.org")))
    assert (started["EMAIL_PORT"], started["EMAIL_USE_SSL"], started["EMAIL_USE_TLS"]) == (587, False, True)
    here = mail_settings(dataclasses.replace(home, mail=SERVER))
    assert here["EMAIL_USE_TLS"] is False
    assert "dummy" in str(mail_settings(dataclasses.replace(home, mail=MailPlace()))["EMAIL_BACKEND"])


def test_telling_goes_on_after_trouble(bureau: Bureau, caplog: pytest.LogCaptureFixture) -> None:
    stop = _StopsAfter(2)
    Officer.objects.filter(pk=bureau["anna"].pk).update(language="en")
    broken = dataclasses.replace(office(), home=dataclasses.replace(office().home, place="nowhere"))
    wishing(bureau, "rosa", MailWish.AT_ONCE)
    bureau.asked()
    with using(dataclasses.replace(broken, home=dataclasses.replace(broken.home, mail=SERVER))):
        keep_telling(stop, every=0)

    assert caplog.text.count("officers could not be told") == 2
    assert Notice.objects.filter(officer=bureau["rosa"]).count() == 1


class _StopsAfter(threading.Event):
    """Says so many times that it is not set, and then that it is."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self._left = times

    def wait(self, timeout: float | None = None) -> bool:  # noqa: ARG002 - as the event has it
        self._left -= 1
        return self._left < 0


def test_statistics_let_the_database_choose_the_index_made_for_lists(bureau: Bureau) -> None:
    from django.db import connection

    from dedere.node.cases.models import Case
    from dedere.node.upkeep import refresh_statistics

    now = bureau.clock.now()
    Case.objects.bulk_create(
        Case(pk=f"{number:026d}", partner="SN", reference=f"NL/{number}", title="x", opened_at=now, changed_at=now)
        for number in range(300)
    )
    refresh_statistics()

    plan = Case.objects.filter(members__officer=bureau["anna"], stage="draft").values("pk").explain()
    assert connection.vendor != "sqlite" or "COVERING INDEX cases_listed" in plan
