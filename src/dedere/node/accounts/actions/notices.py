"""What an officer is told of: each thing once, on every page until they look at Today, and by e-mail as they wish."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from dedere.node.accounts.actions.log import log
from dedere.node.accounts.models import MailWish, Notice, Officer
from dedere.node.errors import FieldsError
from dedere.node.office import office


@transaction.atomic
def keep_notices(officer: Officer, standing: Mapping[str, bool], *, whole: bool) -> None:
    """Keep one notice for each thing that waits for the officer, by its key; whether it is grave.

    With `whole`, what is not among them waits no more: its notice goes, and if it comes again it is told again.
    """
    now = office().clock.now()
    known = set(officer.notices.values_list("key", flat=True))
    Notice.objects.bulk_create(
        Notice(officer=officer, key=key, grave=grave, made_at=now)
        for key, grave in standing.items()
        if key not in known
    )
    if whole and known - standing.keys():
        officer.notices.filter(key__in=known - standing.keys()).delete()


def see_notices(*, by: Officer) -> None:
    """The officer looks at everything that waits."""
    Notice.objects.filter(officer=by, seen_at=None).update(seen_at=office().clock.now())


def mark_mailed(officer: Officer) -> None:
    """The officer was told by e-mail of everything that waits."""
    Notice.objects.filter(officer=officer, mailed_at=None).update(mailed_at=office().clock.now())


@transaction.atomic
def choose_mail(*, by: Officer, wish: str, email: str) -> None:
    """How the officer wants to be told by e-mail, and where.

    Raises:
        FieldsError: no such way; or an address is missing, or is none.
    """
    if wish not in MailWish.values:
        raise FieldsError({"mail": "Choose one of these."})
    email = email.strip()
    if wish != MailWish.NONE and not email:
        raise FieldsError({"email": "Give an address, or choose not to be told by e-mail."})
    if email:
        try:
            validate_email(email)
        except ValidationError as error:
            raise FieldsError({"email": "This is no e-mail address."}) from error
    Officer.objects.filter(pk=by.pk).update(mail=wish, email=email)
    log(by, "mail-chosen", by, wish=wish)
