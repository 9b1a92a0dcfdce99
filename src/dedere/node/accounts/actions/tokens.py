"""Tokens: another program of the house acts as the officer who made one, within its scopes, until its day.

A token can read and prepare; nothing that it does leaves the house, since approving needs a person who reads.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction

from dedere.base.errors import InputError
from dedere.crypto.digests import sha256_hex
from dedere.node.accounts.actions.log import log
from dedere.node.accounts.models import Officer, Token
from dedere.node.errors import FieldsError
from dedere.node.office import office

TOKENS_AT_MOST = 10
LONGEST = dt.timedelta(days=366)
# A use is noted once in so long, so that reading writes little.
NOTED_EVERY = dt.timedelta(minutes=5)
PREFIX = "dedere_"


class Scope(StrEnum):
    """What a token lets a program do in its officer's place."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who stands behind a token, and what it is good for."""

    officer: Officer
    scopes: frozenset[Scope]


@transaction.atomic
def make_token(*, by: Officer, name: str, scopes: Iterable[str], days: int) -> str:
    """A token in the officer's name, to be copied now: only its digest is kept.

    Raises:
        FieldsError: it has no name or no scope, or would be good too long.
        InputError: the officer has too many.
    """
    wanted = sorted({Scope(each) for each in scopes if each in set(Scope)})
    if not name.strip():
        raise FieldsError({"name": "Name the program that will use it."})
    if not wanted:
        raise FieldsError({"scopes": "Choose what it may do."})
    if not 1 <= days <= LONGEST.days:
        raise FieldsError({"days": f"A token is good for 1 to {LONGEST.days} days."})
    now = office().clock.now()
    if by.tokens.filter(expires_at__gt=now).count() >= TOKENS_AT_MOST:
        raise InputError(f"You have {TOKENS_AT_MOST} tokens: remove one first.")
    identifier, secret = office().identifiers.new(), office().identifiers.new() + office().identifiers.new()
    Token.objects.create(
        identifier=identifier,
        digest=_digest(PREFIX + secret),
        officer=by,
        name=name.strip()[:100],
        scopes=[scope.value for scope in wanted],
        created_at=now,
        expires_at=now + dt.timedelta(days=days),
    )
    log(by, "token-made", by, token=identifier, scopes=[scope.value for scope in wanted], days=days)
    return PREFIX + secret


@transaction.atomic
def remove_token(*, by: Officer, identifier: str) -> None:
    """End one of the officer's tokens; one that is not theirs changes nothing."""
    if by.tokens.filter(identifier=identifier).delete()[0]:
        log(by, "token-removed", by, token=identifier)


def bearer_of(text: str) -> Bearer | None:
    """Who stands behind a token; nobody when it is none, has ended, or its officer no longer works here."""
    now = office().clock.now()
    found = (
        Token.objects.select_related("officer")
        .filter(digest=_digest(text), expires_at__gt=now, officer__is_active=True)
        .first()
    )
    if found is None:
        return None
    if found.used_at is None or now - found.used_at >= NOTED_EVERY:
        Token.objects.filter(pk=found.pk).update(used_at=now)
    return Bearer(found.officer, frozenset(Scope(each) for each in found.scopes))


def _digest(text: str) -> str:
    return sha256_hex(text.encode("utf-8", "surrogatepass"))
