"""The audit log: it only grows, has no gaps, and its frontier is the tree over everything in it."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.migrations.state import ProjectState

from dedere.crypto.canonical import canonical_json
from dedere.crypto.merkle import MerkleTree, Peaks, leaf_hash, verify_inclusion
from dedere.node.audit.actions import Happening, record
from dedere.node.audit.models import Event, Frontier
from dedere.node.audit.triggers import _statements, append_only
from dedere.node.cases.models import Letter
from dedere.node.evidence.models import LedgerEntry
from dedere.node.persons.models import Person
from support.offices import Bureau


def tree() -> MerkleTree:
    return MerkleTree(bytes.fromhex(event.leaf) for event in Event.objects.order_by("sequence"))


def frontier() -> Peaks:
    row = Frontier.objects.get()
    return Peaks(row.size, tuple(bytes.fromhex(peak) for peak in row.peaks))


def test_the_frontier_is_the_tree_over_every_entry(bureau: Bureau) -> None:
    for number in range(20):
        record(Happening("system:test", "tried", f"thing {number}", details={"number": number}))
        assert frontier().root() == tree().root(frontier().size)
    assert frontier().size == Event.objects.count()


def test_each_leaf_covers_what_is_exported_of_its_entry(bureau: Bureau) -> None:
    bureau.requested()
    whole = tree()
    for event in Event.objects.all():
        leaf = leaf_hash(canonical_json(event.as_json()))
        assert leaf.hex() == event.leaf
        proof = whole.inclusion_proof(event.sequence)
        verify_inclusion(leaf, index=event.sequence, size=whole.size, proof=proof, root=whole.root())


@pytest.mark.parametrize("model", [Event, Letter, LedgerEntry])
def test_the_database_refuses_change_and_removal(bureau: Bureau, model: type[Event | Letter | LedgerEntry]) -> None:
    _case, assignment = bureau.assigned()
    from dedere.node.evidence.actions import Collected, ingest
    from support.offices import upload

    collected = Collected(on=bureau.clock.now().date(), by="Eva (fictional)")
    ingest(by=bureau["eva"], assignment_id=assignment, upload=upload("record.pdf", b"%PDF-1.7"), collected=collected)
    field = {Event: "actor", Letter: "sender", LedgerEntry: "digest"}[model]
    before = list(model.objects.values())
    assert before
    for attempt in (lambda: model.objects.update(**{field: "XX"}), lambda: model.objects.all().delete()):
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            attempt()
    table = model._meta.db_table
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")  # a test's own table name
    assert list(model.objects.values()) == before


def test_an_entry_that_is_taken_back_leaves_no_gap(bureau: Bureau) -> None:
    before = Event.objects.count()

    @transaction.atomic
    def write_and_fail() -> None:
        record(Happening("system:test", "tried", "a thing"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    entry = record(Happening("system:test", "tried", "another thing"))
    assert entry.sequence == before
    assert list(Event.objects.order_by("sequence").values_list("sequence", flat=True)) == list(range(before + 1))


def test_a_place_in_the_log_is_taken_once(bureau: Bureau) -> None:
    entry = record(Happening("system:test", "tried", "a thing"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.create(sequence=entry.sequence, at=entry.at, actor="x", action="y", subject="z", leaf="0" * 64)
    with pytest.raises(IntegrityError), transaction.atomic():
        Frontier.objects.create(only=False)


class Editor:
    """A schema editor as far as the step uses one; the real one cannot be had inside a test's transaction."""

    connection = connection

    def execute(self, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_table_is_released_only_by_going_back_a_migration(bureau: Bureau) -> None:
    case = bureau.requested()
    Person.objects.get_or_create(identifier="p" * 26, case=case.pk, reference="extra", role="witness", name="Fictional")
    step = append_only("persons_person")
    apps, editor = ProjectState().apps, Editor()
    assert step.reverse_code is not None
    step.code(apps, editor)  # type: ignore[arg-type]  # see Editor
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        Person.objects.all().delete()
    step.reverse_code(apps, editor)  # type: ignore[arg-type]  # see Editor
    Person.objects.all().delete()
    assert not Person.objects.exists()


def test_postgresql_gets_the_same_refusal() -> None:
    function, *triggers = _statements("postgresql", "audit_event")
    assert "RAISE EXCEPTION 'audit_event only grows'" in function
    assert [trigger.split(" BEFORE ")[1].split()[0] for trigger in triggers] == ["UPDATE", "DELETE"]
