"""The compartment of protected identities: sealed in, looked at by permission, recovered, never in clear at rest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction

from dedere.base.errors import InputError, PermissionRefusedError
from dedere.casework.persons.identity import Identity, WrittenName
from dedere.crypto.age import HybridIdentity, write_identities
from dedere.node.audit.models import Event
from dedere.node.cases.access import standing
from dedere.node.errors import UnknownObjectError
from dedere.node.persons import actions as persons
from dedere.node.persons import guard
from dedere.node.persons.actions.custodians import fingerprint_of, key_digest
from dedere.node.persons.memory import forget_guard_secret, read_guard_secret
from dedere.node.persons.models import BlindMark, CustodianKey, GuardSecret, Look, Person, SealedIdentity
from support.custody import PASSPHRASE, WITNESS, Custody, custody, unlocked_guard
from support.offices import Bureau

REASON = "The court asks whether she may be heard by video."


@pytest.fixture
def kept(bureau: Bureau) -> Iterator[Custody]:
    """The office with two custodians."""
    for _each in unlocked_guard(bureau.office):
        yield custody(bureau)


@pytest.fixture
def case_id(bureau: Bureau) -> str:
    return bureau.drafted().case_id


def _actions() -> list[str]:
    return list(Event.objects.order_by("sequence").values_list("action", flat=True))


def test_a_look_is_asked_granted_read_and_over(kept: Custody, case_id: str) -> None:
    bureau = kept.bureau
    person = kept.protected(case_id)
    asked = persons.ask_look(by=standing(bureau["anna"], case_id), person_id=person.pk, reason=REASON)

    persons.grant_look(by=bureau["koos"], look_id=asked.id, minutes=15, with_=kept.unlocking("koos"))
    bureau.tick(5)
    seen = persons.read_look(by=bureau["anna"], look_id=asked.id, secret=asked.secret)

    assert seen.identity == WITNESS
    assert seen.seconds_left == 600
    assert "Vuka" not in repr(seen)
    bureau.tick(10)
    with pytest.raises(InputError, match="is over"):
        persons.read_look(by=bureau["anna"], look_id=asked.id, secret=asked.secret)
    assert Look.objects.get(pk=asked.id).content is None
    assert [each for each in _actions() if "look" in each] == ["look-asked", "look-granted", "identity-looked-at"]


def test_what_the_database_holds_opens_with_no_key_of_the_office(kept: Custody, case_id: str) -> None:
    person = kept.protected(case_id)
    asked = persons.ask_look(by=standing(kept.bureau["anna"], case_id), person_id=person.pk, reason=REASON)
    persons.grant_look(by=kept.bureau["koos"], look_id=asked.id, minutes=15, with_=kept.unlocking("koos"))

    from dedere.crypto.age import open_sealed
    from dedere.crypto.errors import SealError

    for content in (person.sealed.content, Look.objects.get().content, GuardSecret.objects.get().content):
        assert content is not None
        with pytest.raises(SealError):
            open_sealed(bytes(content), kept.bureau.office.sealing_identities)


def test_the_custodian_is_not_the_asker(kept: Custody, case_id: str) -> None:
    person = kept.protected(case_id)
    asked = persons.break_glass(
        by=kept.bureau["koos"], person_id=person.pk, reason=REASON, with_=kept.unlocking("koos")
    )

    with pytest.raises(InputError, match="another custodian"):
        persons.grant_look(by=kept.bureau["koos"], look_id=asked.id, minutes=5, with_=kept.unlocking("koos"))
    with pytest.raises(InputError, match="another custodian"):
        persons.refuse_look(by=kept.bureau["koos"], look_id=asked.id, remark="No.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Look.objects.filter(pk=asked.id).update(custodian=kept.bureau["koos"])


def test_a_broken_glass_needs_two_custodians_and_both_keys(kept: Custody, case_id: str) -> None:
    bureau = kept.bureau
    person = kept.protected(case_id)
    with pytest.raises(InputError):
        persons.break_glass(
            by=bureau["koos"], person_id=person.pk, reason=REASON, with_=persons.Unlocking(b"", PASSPHRASE)
        )
    asked = persons.break_glass(by=bureau["koos"], person_id=person.pk, reason=REASON, with_=kept.unlocking("koos"))
    persons.grant_look(by=bureau["kim"], look_id=asked.id, minutes=5, with_=kept.unlocking("kim"))

    seen = persons.read_look(by=bureau["koos"], look_id=asked.id, secret=asked.secret)

    assert seen.identity == WITNESS
    assert "glass-broken" in _actions()
    assert Look.objects.get(pk=asked.id).glass


@pytest.mark.parametrize("name", ["anna", "max", "ada", "bram"])
def test_nobody_but_a_custodian_decides(kept: Custody, case_id: str, name: str) -> None:
    person = kept.protected(case_id)
    asked = persons.ask_look(by=standing(kept.bureau["anna"], case_id), person_id=person.pk, reason=REASON)

    with pytest.raises(PermissionRefusedError):
        persons.grant_look(by=kept.bureau[name], look_id=asked.id, minutes=5, with_=kept.unlocking("koos"))
    with pytest.raises(PermissionRefusedError):
        persons.make_key(by=kept.bureau[name], passphrase=PASSPHRASE)
    with pytest.raises(PermissionRefusedError):
        persons.break_glass(by=kept.bureau[name], person_id=person.pk, reason=REASON, with_=kept.unlocking("koos"))


@pytest.mark.parametrize(
    ("files", "passphrase", "says"),
    [
        ("koos", "a wrong passphrase of some length", "passphrase"),
        ("kim", PASSPHRASE, "not the key that you registered"),
        ("none", PASSPHRASE, "not a custodian's key file"),
        ("koos", "", "passphrase"),
    ],
)
def test_a_wrong_key_opens_nothing_and_is_in_the_log(
    kept: Custody, case_id: str, files: str, passphrase: str, says: str
) -> None:
    person = kept.protected(case_id)
    asked = persons.ask_look(by=standing(kept.bureau["anna"], case_id), person_id=person.pk, reason=REASON)
    brought = persons.Unlocking(kept.files.get(files, b"nothing of the kind"), passphrase)

    with pytest.raises(InputError, match=says):
        persons.grant_look(by=kept.bureau["koos"], look_id=asked.id, minutes=5, with_=brought)

    assert _actions()[-1] == "custodian-unlock-failed"
    assert Look.objects.get().state == Look.State.ASKED


def test_only_the_browser_that_asked_can_read(kept: Custody, case_id: str) -> None:
    bureau = kept.bureau
    person = kept.protected(case_id)
    asked = persons.ask_look(by=standing(bureau["anna"], case_id), person_id=person.pk, reason=REASON)
    persons.grant_look(by=bureau["koos"], look_id=asked.id, minutes=5, with_=kept.unlocking("koos"))
    another = HybridIdentity.generate(bureau.office.identifiers).encode()

    for secret in ("", "nonsense", another):
        with pytest.raises(InputError):
            persons.read_look(by=bureau["anna"], look_id=asked.id, secret=secret)
    with pytest.raises(UnknownObjectError):
        persons.read_look(by=bureau["bram"], look_id=asked.id, secret=asked.secret)
    assert "secret" not in repr(asked)
    assert asked.secret not in repr(asked)


def test_a_look_can_be_refused_or_ended_and_needs_a_reason(kept: Custody, case_id: str) -> None:
    bureau = kept.bureau
    person = kept.protected(case_id)
    anna = standing(bureau["anna"], case_id)
    with pytest.raises(InputError, match="Say why"):
        persons.ask_look(by=anna, person_id=person.pk, reason="because")
    refused = persons.ask_look(by=anna, person_id=person.pk, reason=REASON)
    with pytest.raises(InputError, match="Say why"):
        persons.refuse_look(by=bureau["koos"], look_id=refused.id, remark=" ")
    persons.refuse_look(by=bureau["koos"], look_id=refused.id, remark="Not needed for a summons.")
    with pytest.raises(UnknownObjectError):
        persons.grant_look(by=bureau["koos"], look_id=refused.id, minutes=5, with_=kept.unlocking("koos"))
    ended = persons.ask_look(by=anna, person_id=person.pk, reason=REASON)
    for minutes in (0, 61):
        with pytest.raises(InputError, match="between one minute"):
            persons.grant_look(by=bureau["koos"], look_id=ended.id, minutes=minutes, with_=kept.unlocking("koos"))
    persons.grant_look(by=bureau["koos"], look_id=ended.id, minutes=5, with_=kept.unlocking("koos"))
    with pytest.raises(UnknownObjectError):
        persons.end_look(by=bureau["bram"], look_id=ended.id)

    persons.end_look(by=bureau["anna"], look_id=ended.id)

    with pytest.raises(InputError, match="is over"):
        persons.read_look(by=bureau["anna"], look_id=ended.id, secret=ended.secret)


def test_looks_that_nobody_opened_again_lose_their_content(kept: Custody, case_id: str) -> None:
    bureau = kept.bureau
    person = kept.protected(case_id)
    anna = standing(bureau["anna"], case_id)
    granted = persons.ask_look(by=anna, person_id=person.pk, reason=REASON)
    persons.grant_look(by=bureau["koos"], look_id=granted.id, minutes=5, with_=kept.unlocking("koos"))
    waiting = persons.ask_look(by=anna, person_id=person.pk, reason=REASON)
    bureau.tick(60 * 24 * 3)

    assert persons.end_expired_looks() == 2
    assert not Look.objects.exclude(content=None).exists()
    with pytest.raises(UnknownObjectError):
        persons.grant_look(by=bureau["koos"], look_id=waiting.id, minutes=5, with_=kept.unlocking("koos"))


def test_the_second_custodian_recovers_everything_after_a_loss(kept: Custody, case_id: str) -> None:
    bureau = kept.bureau
    person = kept.protected(case_id)
    rehearsed = persons.rehearse(by=bureau["kim"], with_=kept.unlocking("kim"))
    assert (rehearsed.opened, rehearsed.closed) == (1, ())
    assert CustodianKey.objects.get(pk=kept.digests["kim"]).rehearsed_at == bureau.clock.now()

    persons.retire_key(by=bureau["kim"], digest=kept.digests["koos"])
    new_file = persons.make_key(by=bureau["koos"], passphrase=PASSPHRASE)
    new = CustodianKey.objects.get(officer=bureau["koos"], retired_at=None).pk
    with pytest.raises(InputError, match="no confirmed key"):
        persons.reseal_all(by=bureau["kim"], custodians=[kept.digests["kim"], new], with_=kept.unlocking("kim"))
    persons.confirm_key(by=bureau["kim"], digest=new, fingerprint=fingerprint_of(new))
    resealed = persons.reseal_all(by=bureau["kim"], custodians=[kept.digests["kim"], new], with_=kept.unlocking("kim"))

    assert resealed.opened == 1
    asked = persons.ask_look(by=standing(bureau["anna"], case_id), person_id=person.pk, reason=REASON)
    with pytest.raises(InputError, match="not sealed to this key"):  # the lost key, whoever found it
        persons.grant_look(by=bureau["koos"], look_id=asked.id, minutes=5, with_=kept.unlocking("koos"))
    persons.grant_look(by=bureau["koos"], look_id=asked.id, minutes=5, with_=persons.Unlocking(new_file, PASSPHRASE))
    assert persons.read_look(by=bureau["anna"], look_id=asked.id, secret=asked.secret).identity == WITNESS
    forget_guard_secret(bureau.office.home)
    persons.unlock_guard(by=bureau["koos"], with_=persons.Unlocking(new_file, PASSPHRASE))
    assert guard.index() is not None


def test_seals_that_were_exchanged_in_the_database_are_refused(kept: Custody, case_id: str) -> None:
    bureau = kept.bureau
    first = kept.protected(case_id)
    second = kept.protected(case_id, alias="Birch", identity=Identity(names=(WrittenName("Ndiayeba", "Coumba"),)))
    SealedIdentity.objects.filter(pk=second.pk).update(content=SealedIdentity.objects.get(pk=first.pk).content)
    asked = persons.ask_look(by=standing(bureau["anna"], case_id), person_id=second.pk, reason=REASON)

    with pytest.raises(InputError, match="another person"):
        persons.grant_look(by=bureau["koos"], look_id=asked.id, minutes=5, with_=kept.unlocking("koos"))

    assert persons.rehearse(by=bureau["koos"], with_=kept.unlocking("koos")).closed == ("Birch",)


def test_bad_input_at_the_door_of_the_compartment(kept: Custody, case_id: str) -> None:
    anna = standing(kept.bureau["anna"], case_id)
    kept.protected(case_id)
    both = list(kept.digests.values())

    def refused(
        says: str,
        *,
        alias: str = "Cedar",
        custodians: list[str] = both,
        reference: str = "",
        roles: tuple[str, ...] = ("witness",),
    ) -> None:
        new = persons.NewProtected(alias=alias, roles=roles, identity=WITNESS, reference=reference)
        with pytest.raises(InputError, match=says):
            persons.protect_person(by=anna, new=new, custodians=custodians)

    refused("in use", alias="amber")
    refused("needs an alias", alias="  ")
    refused("at least two custodians", custodians=both[:1])
    refused("at least two custodians", custodians=[both[0], both[0]])
    refused("no confirmed key", custodians=[both[0], "f" * 64])
    refused("protected detail", alias="Little Vukasinovic")
    refused("under this reference", reference=Person.objects.get(alias="Amber").reference)
    refused("at least one role", roles=())
    assert Person.objects.filter(protected=True, alias="Amber").count() == 1
    assert not Person.objects.filter(alias="Cedar").exists()


def test_a_key_is_confirmed_by_another_custodian_who_compared_it(kept: Custody) -> None:
    bureau = kept.bureau
    koos = bureau["koos"]
    with pytest.raises(InputError, match="have a key in use"):
        persons.make_key(by=koos, passphrase=PASSPHRASE)
    persons.retire_key(by=koos, digest=kept.digests["koos"])
    with pytest.raises(InputError, match="at least 16"):
        persons.make_key(by=koos, passphrase="short")
    with pytest.raises(InputError, match="registered before"):
        persons.register_key(by=koos, recipient=CustodianKey.objects.get(pk=kept.digests["koos"]).recipient)
    for text, says in (("age1nonsense", "not the public half"), (CLASSICAL, "age1pq1")):
        with pytest.raises(InputError, match=says):
            persons.register_key(by=koos, recipient=text)
    own = HybridIdentity.generate(bureau.office.identifiers)
    key = persons.register_key(by=koos, recipient=own.recipient.encode())
    file = write_identities([own], chance=bureau.office.identifiers, passphrase=PASSPHRASE)
    with pytest.raises(InputError, match="no other custodian has confirmed"):
        persons.unlock_guard(by=koos, with_=persons.Unlocking(file, PASSPHRASE))
    with pytest.raises(InputError, match="Another custodian"):
        persons.confirm_key(by=koos, digest=key.pk, fingerprint=fingerprint_of(key.pk))
    with pytest.raises(InputError, match="not the fingerprint"):
        persons.confirm_key(by=bureau["kim"], digest=key.pk, fingerprint=fingerprint_of("0" * 64))
    with pytest.raises(UnknownObjectError):
        persons.confirm_key(by=bureau["kim"], digest="0" * 64, fingerprint="")
    with pytest.raises(UnknownObjectError):
        persons.retire_key(by=koos, digest="0" * 64)
    assert key.pk == key_digest(own.recipient.encode())
    assert len(persons.recipients_in_use()) == 1


def test_the_guards_secret_is_in_memory_and_nowhere_in_the_home(kept: Custody, case_id: str) -> None:
    home = kept.bureau.office.home
    kept.protected(case_id)
    secret = read_guard_secret(home)

    assert secret is not None
    for path in home.folder.rglob("*"):
        if path.is_file():
            assert secret not in path.read_bytes()
    assert all(secret not in bytes(row.owners) for row in BlindMark.objects.all())


def test_a_corrected_identity_is_sealed_and_guarded_anew(kept: Custody, case_id: str) -> None:
    bureau = kept.bureau
    person = kept.protected(case_id)
    corrected = Identity(names=(WrittenName("Marković", "Dragoljub"),))

    persons.replace_identity(by=bureau["kim"], person=person, identity=corrected, with_=kept.unlocking("kim"))

    opened = guard.index()
    assert opened is not None
    stops = guard.stops_in(opened, by=bureau["anna"], texts={"a": "Markovića", "b": "Vukašinović"}, names={})
    assert [(stop.place, stop.shown) for stop in stops] == [("a", "")]


CLASSICAL = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
