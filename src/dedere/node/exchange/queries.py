"""Reading the exchange: deliveries with their receipts, our copies of letters, partners and their cards."""

from __future__ import annotations

import datetime as dt
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.crypto.digests import sha256_hex
from dedere.node.accounts.models import Officer
from dedere.node.cases.access import cases_of, require_letter
from dedere.node.cases.models import Case, Letter
from dedere.node.errors import UnknownObjectError
from dedere.node.exchange.copies import read_copy
from dedere.node.exchange.directory import trust_directory
from dedere.node.exchange.models import OutgoingLetter, PartnerCard
from dedere.node.office import office
from dedere.protocol.card import Card
from dedere.protocol.codes import registry
from dedere.protocol.container import open_container

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

PAGE = 50


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A letter of ours on its way. `error` is the registered sentence for the last refusal or failure."""

    letter_id: str
    case_id: str
    case_reference: str
    partner: str
    kind: str
    state: str
    failures: int
    next_try: dt.datetime | None
    error: str
    queued_at: dt.datetime
    delivered_at: dt.datetime | None
    acknowledged_at: dt.datetime | None
    digest: str
    has_receipt: bool
    parts: int
    parts_done: int


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """A page of deliveries, newest first."""

    rows: tuple[DeliveryRow, ...]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class PartnerRow:
    """Another State's authority, by its newest pinned card. `valid_until` is a day."""

    state: str
    name: str
    serial: int
    valid_until: dt.date
    fingerprint: str


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key on a card, valid as long as the card is.

    `fingerprint` is the SHA-256 of the certificate (DER) or of the recipient's text.
    """

    use: str
    fingerprint: str
    valid_until: dt.date


@dataclass(frozen=True, slots=True)
class CardRow:
    """One card of a chain."""

    serial: int
    valid_from: dt.date
    valid_until: dt.date
    digest: str
    compromised_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class PartnerCardView:
    """A partner's newest card laid open, and every card before it."""

    row: PartnerRow
    functions: tuple[str, ...]
    languages: tuple[str, ...]
    addresses: tuple[str, ...]
    keys: tuple[KeyRow, ...]
    chain: tuple[CardRow, ...]


def deliveries(officer: Officer, *, state: str, page: int) -> DeliveryPage:
    """Letters of the officer's cases, all or those in one state."""
    found = _visible(officer)
    if state:
        found = found.filter(state=state)
    pages = max(1, -(-found.count() // PAGE))
    page = min(page, pages)
    start = (page - 1) * PAGE
    return DeliveryPage(_rows(found.order_by("-queued_at", "pk")[start : start + PAGE]), page, pages)


def delivery(officer: Officer, letter_id: str) -> DeliveryRow:
    """One letter on its way.

    Raises:
        UnknownObjectError: there is none in this officer's cases.
    """
    rows = _rows(_visible(officer).filter(pk=letter_id))
    if not rows:
        raise UnknownObjectError
    return rows[0]


def letter_container(officer: Officer, letter_id: str) -> bytes:
    """The signed letter, sent or received, as the container that anybody can verify.

    Raises:
        UnknownObjectError: there is none for this officer.
        FacilityError: our copy cannot be read.
    """
    return read_copy(require_letter(officer, letter_id).pk)


def letter_document(officer: Officer, letter_id: str) -> bytes:
    """The formal document in a letter, byte for byte as it was signed."""
    return open_container(letter_container(officer, letter_id)).members["act.pdf"]


def letter_receipt(officer: Officer, letter_id: str) -> bytes:
    """The partner's machine receipt for a letter of ours.

    Raises:
        UnknownObjectError: there is none, or not for this officer.
    """
    found = _visible(officer).filter(pk=letter_id, receipt__isnull=False).values_list("receipt", flat=True).first()
    if found is None:
        raise UnknownObjectError
    return bytes(found)


def partners() -> tuple[PartnerRow, ...]:
    """Every authority whose card is pinned, by State."""
    directory = trust_directory()
    newest = [directory.chain(state).newest for state in directory.states if state != office().state]
    return tuple(
        PartnerRow(each.card.state, each.card.name, each.card.serial, each.card.valid_until, each.fingerprint)
        for each in newest
    )


def partner_card_view(state: str) -> PartnerCardView | None:
    """The pinned cards of one State, nothing when there are none."""
    rows = {row.state: row for row in partners()}
    if state not in rows:
        return None
    card = trust_directory().chain(state).newest.card
    return PartnerCardView(
        row=rows[state],
        functions=card.functions,
        languages=card.languages,
        addresses=card.addresses,
        keys=tuple(_keys(card)),
        chain=tuple(
            CardRow(each.serial, each.valid_from.date(), each.valid_until.date(), each.digest, each.compromised_at)
            for each in PartnerCard.objects.filter(state=state).defer("container").order_by("-serial")
        ),
    )


def own_keys() -> tuple[KeyRow, ...]:
    """The keys on our own newest card."""
    return tuple(_keys(trust_directory().chain(office().state).newest.card))


def _visible(officer: Officer) -> QuerySet[OutgoingLetter]:
    return OutgoingLetter.objects.filter(case__in=cases_of(officer).values("pk"))


def _rows(found: QuerySet[OutgoingLetter]) -> tuple[DeliveryRow, ...]:
    rows = list(found.defer("sealed", "receipt").prefetch_related("parts"))
    kinds = dict(Letter.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", "kind"))
    references = dict(Case.objects.filter(pk__in=[row.case for row in rows]).values_list("pk", "reference"))
    return tuple(_row(row, kind=kinds.get(row.pk, ""), reference=references.get(row.case, "")) for row in rows)


def _row(row: OutgoingLetter, *, kind: str, reference: str) -> DeliveryRow:
    parts = list(row.parts.all())
    known = registry().get(row.last_code)
    waits = row.state in {"queued", "sending"} or not row.complete
    return DeliveryRow(
        letter_id=row.pk,
        case_id=row.case,
        case_reference=reference,
        partner=row.partner,
        kind=kind,
        state=row.state,
        failures=row.failures,
        next_try=row.next_try if waits and row.state not in {"refused", "withdrawn"} else None,
        error=(known.sentence if known else row.last_code) if waits or row.state == "refused" else "",
        queued_at=row.queued_at,
        delivered_at=row.delivered_at,
        acknowledged_at=row.acknowledged_at,
        digest=row.digest,
        has_receipt=row.delivered_at is not None,
        parts=len(parts),
        parts_done=sum(part.receipt is not None for part in parts),
    )


def _keys(card: Card) -> Iterator[KeyRow]:
    for use, certificates in (
        ("authority", card.signing_certificates),
        ("second-authority", card.second_signing_certificates),
        ("gateway", card.gateway_certificates),
        ("timestamp", card.timestamp_certificates),
        ("tls", card.tls_certificates),
    ):
        for pem in certificates:
            yield KeyRow(use, sha256_hex(ssl.PEM_cert_to_DER_cert(pem)), card.valid_until)
    for use, recipients in (("sealing", card.sealing_recipients), ("custodian", card.custodian_recipients)):
        for recipient in recipients:
            yield KeyRow(use, sha256_hex(recipient.encode("ascii")), card.valid_until)
