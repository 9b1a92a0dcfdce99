"""Telling officers that something waits: a notice on their pages, and an e-mail that says nothing of any case.

An e-mail is readable on its way and in the box of whoever forwards it. It says how many things wait, how many of them
are grave, and where to sign in: no name, no reference, no State, no date of a case.
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from smtplib import SMTPException
from typing import TYPE_CHECKING, TypeAlias
from zoneinfo import ZoneInfo

from django.core.mail import EmailMessage
from django.db.models import Max

from dedere.crypto.canonical import canonical_json
from dedere.crypto.digests import sha256_hex
from dedere.node.accounts.actions import keep_notices, mark_mailed
from dedere.node.accounts.models import MailWish, Officer
from dedere.node.desk.today import SHOWN, Concern, today
from dedere.node.office import office

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LOG = logging.getLogger(__name__)
MORNING = 7  # the hour, in the house's own place, from which the day's e-mail is sent


@dataclass(frozen=True, slots=True)
class Counted:
    """What an e-mail may say: whose office it is, where it is, how much waits and how much of that is grave."""

    house: str
    address: str
    waiting: int
    grave: int


Write: TypeAlias = "Callable[[Counted, str], tuple[str, str]]"


def tell_officers(write: Write) -> int:
    """Keep a notice of what waits for each officer, and send the e-mails that are due; how many were sent.

    `write` gives the subject and the text of an e-mail in a language. Where the mail server does not take one, the
    others wait with it: it is tried again at the next call.
    """
    for officer in Officer.objects.filter(is_active=True).prefetch_related("grants"):
        found = today(officer)
        standing = {_key(each): each.weight == "grave" for each in found.concerns}
        keep_notices(officer, standing, whole=found.total <= SHOWN)
    if not office().home.mail.address:
        return 0
    sent = 0
    for officer in _due():
        try:
            _mail(officer, write)
        except (SMTPException, OSError) as error:
            LOG.warning("the mail server took no notice: %s", type(error).__name__)
            break
        mark_mailed(officer)
        sent += 1
    return sent


def _key(concern: Concern) -> str:
    """The same for the same thing, however long it waits; tells nothing about it."""
    due = concern.due.isoformat() if concern.due else ""
    told = [concern.kind, concern.subject, concern.text, concern.case_id, concern.object_id, due]
    return sha256_hex(canonical_json(told))


def _due() -> Iterator[Officer]:
    """The officers who are to be told now: at once, or once a day from the morning on."""
    here = office().clock.now().astimezone(ZoneInfo(office().home.place))
    morning = here.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    told = Officer.objects.annotate(told_at=Max("notices__mailed_at"))
    waiting = told.filter(is_active=True, notices__mailed_at=None, notices__isnull=False).exclude(email="").distinct()
    for officer in waiting.exclude(mail=MailWish.NONE):
        told_at: dt.datetime | None = getattr(officer, "told_at", None)
        if officer.mail == MailWish.AT_ONCE or (here >= morning and (told_at is None or told_at < morning)):
            yield officer


def _mail(officer: Officer, write: Write) -> None:
    home = office().home
    waiting, grave = officer.notices.count(), officer.notices.filter(grave=True).count()
    subject, text = write(Counted(home.name, home.pages.url, waiting, grave), officer.language)
    EmailMessage(subject, text, to=[officer.email], headers={"Auto-Submitted": "auto-generated"}).send()
