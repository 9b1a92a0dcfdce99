"""Passkeys on the wire: what a browser is asked, and what its answer proves (W3C Web Authentication, level 2).

Nothing here knows the database. A `state` belongs to one question and is kept by whoever asked it, in the session.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    UserVerificationRequirement,
)

from dedere.base.errors import InputError

_NOT_PROVEN = "This passkey did not prove itself: try again, or use another."


@dataclass(frozen=True, slots=True)
class Site:
    """The pages as a passkey knows them: `host` without port, `origin` as the browser names it."""

    host: str
    origin: str
    authority: str

    def server(self) -> Fido2Server:
        """The side that asks. An answer given to another origin is worth nothing here."""
        entity = PublicKeyCredentialRpEntity(id=self.host, name=self.authority)
        return Fido2Server(entity, verify_origin=lambda origin: origin == self.origin)


@dataclass(frozen=True, slots=True)
class Question:
    """What the browser is asked (`options`, plain JSON) and what is needed to judge its answer (`state`)."""

    options: Mapping[str, Any]
    state: Mapping[str, Any]


def ask_for_new(site: Site, *, identifier: str, name: str, known: Sequence[bytes]) -> Question:
    """Ask a browser to make a passkey for this officer on a device that has none of the `known`."""
    user = PublicKeyCredentialUserEntity(id=identifier.encode(), name=name, display_name=name)
    options, state = site.server().register_begin(
        user,
        [AttestedCredentialData(each) for each in known],
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return Question(dict(options), state)


def read_new(site: Site, state: Mapping[str, Any], answer: Mapping[str, Any]) -> bytes:
    """The new passkey's attested credential data.

    Raises:
        InputError: the answer is to another question, of another site, or no answer at all.
    """
    try:
        data = site.server().register_complete(state, answer).credential_data
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError(_NOT_PROVEN, code="passkey-refused") from error
    if data is None:
        raise InputError(_NOT_PROVEN, code="passkey-refused")
    return bytes(data)


def ask_for_proof(site: Site, known: Sequence[bytes]) -> Question:
    """Ask a browser for proof by one of the `known` passkeys."""
    options, state = site.server().authenticate_begin(
        [AttestedCredentialData(each) for each in known],
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return Question(dict(options), state)


def read_proof(
    site: Site, state: Mapping[str, Any], known: Sequence[bytes], answer: Mapping[str, Any]
) -> tuple[bytes, int]:
    """Which of the `known` passkeys proved itself, and its counter afterwards.

    Raises:
        InputError: none did.
    """
    try:
        proven = site.server().authenticate_complete(state, [AttestedCredentialData(each) for each in known], answer)
        counter = AuthenticationResponse.from_dict(answer).response.authenticator_data.counter
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError(_NOT_PROVEN, code="passkey-refused") from error
    return bytes(proven), counter
