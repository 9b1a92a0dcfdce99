"""An identity goes to the other State as a part of its own, sealed to its custodian; and one that comes stays sealed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dedere.base.errors import InputError, PermissionRefusedError
from dedere.casework.request import RequestDraft
from dedere.crypto.age import HybridIdentity, SealedReader, open_sealed, parse_recipient
from dedere.crypto.errors import SealError
from dedere.node.cases import actions as cases
from dedere.node.cases.access import standing
from dedere.node.cases.leaks import SEALED_IDENTITY
from dedere.node.cases.models import Attachment, Case, Draft
from dedere.node.errors import UnknownObjectError
from dedere.node.evidence.models import Item
from dedere.node.exchange.actions import pin_cards
from dedere.node.exchange.journeys import ask_journey, seal_journey
from dedere.node.exchange.models import OutgoingPart
from dedere.node.issuing import Wish, issue_next
from dedere.node.persons import actions as persons
from dedere.node.persons import guard
from dedere.node.persons.actions.identities import read_identity, seal_identity
from dedere.node.persons.models import BlindMark, Journey, Person, SealedIdentity
from dedere.vault.reading import open_object
from support.custody import WITNESS, Custody, custody, unlocked_guard
from support.offices import Bureau, request_tables

REASON = "The court there summons the witness for the hearing by video."


@pytest.fixture
def kept(bureau: Bureau) -> Iterator[Custody]:
    for _each in unlocked_guard(bureau.office):
        yield custody(bureau)


@pytest.fixture
def theirs(bureau: Bureau) -> HybridIdentity:
    """Senegal's custodian, named on its next card, which we have."""
    identity = HybridIdentity.generate(bureau.other.identifiers)
    wish = Wish(custodians=(identity.recipient.encode(),))
    card = issue_next(bureau.other.home, wish, clock=bureau.clock, identifiers=bureau.other.identifiers)
    assert card.card.custodian_recipients == (identity.recipient.encode(),)
    pin_cards(by=None, containers=[card.container], fingerprint=card.fingerprint)
    return identity


def _drafted(kept: Custody) -> tuple[Draft, Person]:
    draft = kept.bureau.drafted()
    return draft, kept.protected(draft.case_id, alias="Amber", reference="person-2")


def test_p048_the_identity_is_sealed_to_their_custodian_and_to_nobody_else(
    kept: Custody, theirs: HybridIdentity
) -> None:
    bureau = kept.bureau
    draft, person = _drafted(kept)
    journey = ask_journey(by=bureau["anna"], draft_id=draft.pk, person_id=person.pk, reason=REASON)
    seal_journey(by=bureau["koos"], journey_id=journey.pk, with_=kept.unlocking("koos"))
    draft.refresh_from_db()
    bureau.sent(draft)

    part = OutgoingPart.objects.get()
    assert (part.facts["media_type"], part.facts["name"]) == (SEALED_IDENTITY, "identity-person-2.age")
    with bureau.office.store.open_payload(part.facts["payload_sha256"]) as payload:
        outer = SealedReader(bytes(part.header), payload, bureau.other.sealing_identities)
        inner = outer.read_range(0, 1 << 20)
    assert read_identity(inner, theirs, case=draft.case_id, reference="person-2") == WITNESS
    for keys in (bureau.other.sealing_identities, bureau.office.sealing_identities):
        with pytest.raises(SealError):
            open_sealed(inner, keys)
    case = Case.objects.get(pk=draft.case_id)
    assert "Vuka" not in str(case.letters.get().act)


def test_it_goes_only_where_a_measure_needs_it_and_two_people_want_it(kept: Custody, theirs: HybridIdentity) -> None:
    bureau = kept.bureau
    draft, person = _drafted(kept)
    other = kept.protected(draft.case_id, alias="Birch", reference="person-9")
    anna, koos = bureau["anna"], bureau["koos"]

    with pytest.raises(InputError, match="does not need to know"):
        ask_journey(by=anna, draft_id=draft.pk, person_id=other.pk, reason=REASON)
    with pytest.raises(InputError, match="Say why"):
        ask_journey(by=anna, draft_id=draft.pk, person_id=person.pk, reason="please")
    with pytest.raises(UnknownObjectError):
        ask_journey(by=bureau["stranger"], draft_id=draft.pk, person_id=person.pk, reason=REASON)
    journey = ask_journey(by=anna, draft_id=draft.pk, person_id=person.pk, reason=REASON)
    with pytest.raises(InputError, match="asked for before"):
        ask_journey(by=anna, draft_id=draft.pk, person_id=person.pk, reason=REASON)
    with pytest.raises(PermissionRefusedError):
        seal_journey(by=bureau["max"], journey_id=journey.pk, with_=kept.unlocking("koos"))
    with pytest.raises(UnknownObjectError):
        seal_journey(by=koos, journey_id="nothing", with_=kept.unlocking("koos"))
    Journey.objects.update(asker=koos)
    with pytest.raises(InputError, match="another custodian"):
        seal_journey(by=koos, journey_id=journey.pk, with_=kept.unlocking("koos"))
    Journey.objects.update(asker=anna)
    cases.submit_draft(by=anna, draft_id=draft.pk, approver_id=bureau["bram"].identifier)
    with pytest.raises(InputError, match="before the second officer"):
        seal_journey(by=koos, journey_id=journey.pk, with_=kept.unlocking("koos"))
    assert not Attachment.objects.exists()


def test_it_does_not_go_to_a_state_whose_card_names_no_custodian(kept: Custody) -> None:
    draft, person = _drafted(kept)

    with pytest.raises(InputError, match="names no custodian"):
        ask_journey(by=kept.bureau["anna"], draft_id=draft.pk, person_id=person.pk, reason=REASON)


def test_p049_what_comes_is_kept_sealed_until_a_custodian_opens_it(kept: Custody) -> None:
    bureau = kept.bureau
    tables = request_tables(by="SN", to="NL")
    body = RequestDraft.from_tables(tables).to_body()
    case_id = bureau.other.identifiers.new()
    sealed = _theirs(bureau, case_id)

    bureau.arrives(
        "request", body, files={"identity-person-2.age": sealed, "identity-person-7.age": sealed}, opens=case_id
    )

    case = Case.objects.get(pk=case_id)
    person = Person.objects.get(case=case.pk, reference="person-2")
    kept_here = SealedIdentity.objects.get()
    assert (kept_here.person, kept_here.origin, kept_here.indexed) == (person, "SN", False)
    assert person.name == ""
    item = Item.objects.get(name="identity-person-2.age")
    with open_object(bureau.office.store, item.object, bureau.office.sealing_identities) as reader:
        content = reader.read_range(0, item.size)
    with pytest.raises(SealError):
        open_sealed(content, bureau.office.sealing_identities)
    cases.take_up(by=bureau["rosa"], letter_id=case.letters.get().pk)
    rosa = standing(bureau["rosa"], case.pk)
    asked = persons.ask_look(by=rosa, person_id=person.pk, reason="To summon the witness before the district court.")
    persons.grant_look(by=bureau["kim"], look_id=asked.id, minutes=5, with_=kept.unlocking("kim"))
    assert persons.read_look(by=bureau["rosa"], look_id=asked.id, secret=asked.secret).identity == WITNESS
    assert BlindMark.objects.exists()
    with pytest.raises(guard.LeakError):
        guard.require_clean(by=bureau["rosa"], case=case.pk, texts={"a": "Вукашиновића"})


def _theirs(bureau: Bureau, case_id: str) -> bytes:
    """Senegal's part: sealed to our custodians."""
    recipients = [parse_recipient(text) for text in persons.recipients_in_use()]
    return seal_identity(Person(case=case_id, reference="person-2"), WITNESS, recipients)
