"""An office at work for the tests of pages: a home, a fixed cast of officers, and another State that writes to it.

The Netherlands is the office whose pages are tested, Senegal the State on the other side; its letters are sealed by
the engines themselves and come in at the door like any other. Every person and case is fictional.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dedere.base.clock import FixedClock
from dedere.base.identifiers import SeededIdentifiers
from dedere.casework.acts import ACT_VERSION, Role
from dedere.casework.fold import fold
from dedere.casework.request import RequestDraft
from dedere.crypto.age import parse_recipient, seal
from dedere.crypto.digests import sha256_hex
from dedere.node.accounts.actions import NewOfficer, invite_officer
from dedere.node.accounts.models import Officer
from dedere.node.cases import actions as cases
from dedere.node.cases.actions.record import recorded_acts
from dedere.node.cases.models import Case, Draft
from dedere.node.evidence import actions as evidence
from dedere.node.exchange.actions import append_part, begin_part, pin_card, receive_letter
from dedere.node.exchange.arriving import verify_part
from dedere.node.exchange.delivering import delivery_of, store_delivery
from dedere.node.exchange.directory import partner_card
from dedere.node.exchange.models import IncomingPart, OutgoingLetter
from dedere.node.exchange.sealing import seal_draft
from dedere.node.founding import Plan, found
from dedere.node.office import Office, using
from dedere.node.trust import own_card
from dedere.protocol.container import Signing
from dedere.protocol.letter import Letter, LetterRef, Part, pack_letter, seal_letter
from support.requests import assistance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from dedere.base.identifiers import Identifiers

START = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
PASSWORD = "four words nobody joins"

CAST: Mapping[str, tuple[str, tuple[Role, ...]]] = {
    "anna": ("Anna de Wit (fictional)", (Role.CASE_OFFICER,)),
    "bram": ("Bram Bos (fictional)", (Role.APPROVER,)),
    "rosa": ("Rosa Reijnders (fictional)", (Role.REGISTRAR, Role.CASE_OFFICER)),
    "eva": ("Eva Evers, Rotterdam District Court (fictional)", (Role.EXECUTING_AUTHORITY,)),
    "koos": ("Koos Kuiper (fictional)", (Role.CUSTODIAN,)),
    "kim": ("Kim Kaya (fictional)", (Role.CUSTODIAN,)),
    "ada": ("Ada Aalders (fictional)", (Role.AUDITOR,)),
    "max": ("Max Mulder (fictional)", (Role.ADMINISTRATOR,)),
    "stranger": ("Stella Stoop (fictional)", (Role.CASE_OFFICER, Role.APPROVER, Role.REGISTRAR)),
}


def make_home(folder: Path, state: str, name: str, *, founded: dt.datetime = START) -> Office:
    """A home with fresh keys and a card; its database is the tests' own."""
    clock = FixedClock(founded - dt.timedelta(days=30))
    plan = Plan(state=state, name=name, languages=("en", "fr"), place="Europe/Amsterdam", demonstration=True)
    home = found(folder, plan, clock=clock, identifiers=SeededIdentifiers(state), migrate=lambda _folder: None)
    return Office(home, FixedClock(START), SeededIdentifiers(f"{state} at work"))


@dataclass
class Bureau:
    """The office under test with its officers, and the other State."""

    office: Office
    other: Office
    officers: dict[str, Officer]
    clock: FixedClock
    conditions: Sequence[Mapping[str, object]] = field(default_factory=lambda: (CONDITION,))
    """What stands on each file that comes in."""

    def __getitem__(self, sign_in_name: str) -> Officer:
        return self.officers[sign_in_name]

    # ---- what we send

    def drafted(self, *, by: str = "anna") -> Draft:
        """A complete request to Senegal, not yet put before anybody."""
        tables = request_tables()
        return cases.start_draft(
            by=self[by], partner="SN", title="The burning of Dol (fictional)", opens="mla", request=tables
        )

    def approved(self, draft: Draft, *, author: str = "anna", approver: str = "bram") -> Draft:
        """The draft after its second officer's yes."""
        submitted = cases.submit_draft(by=self[author], draft_id=draft.pk, approver_id=self[approver].identifier)
        return cases.approve_draft(by=self[approver], draft_id=draft.pk, digest=submitted.digest)

    def sent(self, draft: Draft, *, author: str = "anna", approver: str = "bram") -> str:
        """The draft as a letter in the outbox: its identifier."""
        self.tick()
        self.approved(draft, author=author, approver=approver)
        letter = seal_draft(draft.pk)
        self.tick()
        return letter

    def requested(self) -> Case:
        """A case in which our request has left."""
        draft = self.drafted()
        self.sent(draft)
        return Case.objects.get(pk=draft.case_id)

    def delivered(self, letter_id: str) -> None:
        """The letter reached Senegal's gateway."""
        row = OutgoingLetter.objects.prefetch_related("parts").get(pk=letter_id)
        now = self.clock.now()
        row.receipt = b"a receipt"
        store_delivery(row, delivery_of(row).sending().delivered(now, received_at=now))

    def proposed(
        self, case: Case, kind: str, body: Mapping[str, object], *, by: str, items: Sequence[str] = ()
    ) -> Draft:
        """A draft of another act."""
        return evidence.propose_act(
            by=self[by], case_id=case.pk, proceeding=proceeding_of(case), kind=kind, body=body, items=items
        )

    # ---- what comes in

    def arrives(
        self,
        kind: str,
        body: Mapping[str, object],
        *,
        case: Case | None = None,
        role: str = "case-officer",
        files: Mapping[str, bytes] | None = None,
        opens: str = "",
    ) -> str:
        """A letter from Senegal, received at our door: its identifier. Files arrive whole and verified.

        `opens` names the case that it opens; it must bear no items, since a request has none.
        """
        self.tick()
        ids = self.other.identifiers
        sealed_files = [self._sealed_file(name, data, ids) for name, data in (files or {}).items()]
        parts = tuple(part for part, _sealed in sealed_files)
        content = body if opens else _with_parts(body, parts)
        letter = self._letter(kind, content, case=case, role=role, parts=parts)
        letter = dataclasses.replace(letter, case=opens) if opens else letter
        signing = Signing(self.other.authority_signer, letter.sealed_at, self.other.timestamper)
        container = pack_letter(letter, b"%PDF-1.7 a fictional act\n", signing=signing)
        sealed = seal_letter(container, own_card(self.office.home).card.letter_recipients, chance=ids)
        receive_letter(partner="SN", letter_id=letter.id, sealed=sealed, at=self.clock.now())
        for part, data in sealed_files:
            begin_part(partner="SN", letter_id=letter.id, part_id=part.id, length=len(data), at=self.clock.now())
            append_part(partner="SN", letter_id=letter.id, part_id=part.id, offset=0, length=len(data), pieces=[data])
            verify_part(IncomingPart.objects.get(letter=letter.id, part=part.id).pk)
        self.tick()
        return letter.id

    def asked(self) -> Case:
        """A case in which Senegal asks us, and which nobody here has taken up."""
        tables = request_tables(by="SN", to="NL")
        body = RequestDraft.from_tables(tables).to_body()
        letter = self.arrives("request", body)
        return Case.objects.get(letters=letter)

    def registered(self) -> Case:
        """The same, taken up by the registrar and acknowledged under our reference."""
        case = self.asked()
        letter = case.letters.get()
        cases.take_up(by=self["rosa"], letter_id=letter.pk)
        body = {"own_reference": case.reference, "received_on": self.clock.now().date().isoformat()}
        self.sent(self.proposed(case, "acknowledgement", body, by="rosa"), author="rosa")
        case.refresh_from_db()
        return case

    def accepted(self) -> Case:
        """The same, its measure accepted."""
        case = self.registered()
        body = {"measures": [{"measure": measure_of(case), "authority": "Rotterdam District Court (fictional)"}]}
        self.sent(self.proposed(case, "acceptance", body, by="rosa"), author="rosa")
        case.refresh_from_db()
        return case

    def assigned(self) -> tuple[Case, str]:
        """The same, its measure given to Eva: the case and the assignment."""
        case = self.accepted()
        given = cases.assign_measure(
            by=self["rosa"],
            case_id=case.pk,
            proceeding=proceeding_of(case),
            measure=measure_of(case),
            officer_id=self["eva"].identifier,
            details=cases.AssignmentDetails(
                authority="Rotterdam District Court", instructions="Hear her alone.", due=None
            ),
        )
        return case, given.pk

    def tick(self, minutes: int = 1) -> None:
        """Let time pass."""
        self.clock.advance(dt.timedelta(minutes=minutes))

    def _letter(
        self, kind: str, body: Mapping[str, object], *, case: Case | None, role: str, parts: tuple[Part, ...]
    ) -> Letter:
        ids = self.other.identifiers
        heads: tuple[tuple[str, str], ...] = ()
        sequence = 1
        if case is not None:
            heads = fold(case.pk, recorded_acts(case)).heads
            sequence += case.letters.filter(sender="SN").count()
        return Letter(
            id=ids.new(),
            case=case.pk if case else ids.new(),
            sender=own_card(self.other.home).party,
            recipient=own_card(self.office.home).party,
            sequence=sequence,
            sealed_at=self.clock.now().replace(microsecond=0),
            act={
                "version": ACT_VERSION,
                "kind": kind,
                "proceeding": proceeding_of(case) if case else ids.new(),
                "officer": {
                    "name": "Awa Diop (fictional)",
                    "role": role,
                    "approved_by": {"name": "Moussa Fall (fictional)", "role": "approver"},
                },
                "body": dict(body),
            },
            answers=tuple(LetterRef(*head) for head in heads),
            parts=parts,
        )

    def _sealed_file(self, name: str, data: bytes, ids: Identifiers) -> tuple[Part, bytes]:
        recipients = [parse_recipient(text) for text in own_card(self.office.home).card.letter_recipients]
        sealed = seal(data, recipients, chance=ids)
        header_end = sealed.index(b"\n", sealed.index(b"\n--- ") + 1) + 1
        part = Part(
            id=ids.new(),
            name=name,
            media_type=_MEDIA_TYPES.get(name.rpartition(".")[2], "application/pdf"),
            size=len(data),
            sha256=sha256_hex(data),
            sealed_size=len(sealed),
            sealed_sha256=sha256_hex(sealed),
            payload_sha256=sha256_hex(sealed[header_end:]),
            conditions=tuple(self.conditions),
        )
        return part, sealed


_MEDIA_TYPES = {"png": "image/png", "age": "application/vnd.dedere.identity+age"}
CONDITION: Mapping[str, object] = {
    "id": "c1",
    "kind": "use-limitation",
    "text": "For this case only; nothing of it to a third State.",
    "purposes": ["this case"],
}


def open_bureau(office: Office, other: Office) -> Bureau:
    """The office at its first hour: officers at work, Senegal's card pinned. Call it inside `using(office)`."""
    clock = office.clock
    assert isinstance(clock, FixedClock)
    officers = {}
    for sign_in_name, (name, roles) in CAST.items():
        new = NewOfficer(sign_in_name=sign_in_name, name=name, title=roles[0].value.replace("-", " "), roles=roles)
        officers[sign_in_name] = invite_officer(by=None, new=new)
    card = own_card(other.home)
    pin_card(by=None, container=card.container, fingerprint=card.fingerprint)
    return Bureau(office, other, officers, clock)


def request_tables(*, by: str = "NL", to: str = "SN") -> dict[str, object]:
    """A complete request for a hearing, as plain JSON."""
    tables = assistance("hearing-video", "lhc")
    tables["request"]["requesting_state"], tables["request"]["requested_state"] = by, to
    return RequestDraft.from_tables(tables).as_json()


def proceeding_of(case: Case) -> str:
    """The case's first proceeding."""
    case.refresh_from_db()
    proceedings = case.state["proceedings"]
    return str(proceedings[0]["id"]) if proceedings else case.drafts.get().proceeding


def measure_of(case: Case) -> str:
    """The case's first measure."""
    case.refresh_from_db()
    return str(case.state["proceedings"][0]["measures"][0]["id"])


def upload(name: str, data: bytes, *, title: str = "", media_type: str = "application/pdf") -> evidence.Upload:
    """A file as an officer gives it."""
    return evidence.Upload(name=name, title=title or name, media_type=media_type, source=io.BytesIO(data))


def _with_parts(body: Mapping[str, object], parts: tuple[Part, ...]) -> dict[str, object]:
    if not parts:
        return dict(body)
    return {**body, "items": [{"part": part.id, "title": f"{part.name} (fictional)"} for part in parts]}


__all__ = [
    "CAST",
    "CONDITION",
    "PASSWORD",
    "START",
    "Bureau",
    "make_home",
    "measure_of",
    "open_bureau",
    "partner_card",
    "proceeding_of",
    "request_tables",
    "upload",
    "using",
]
