"""Every row of every table, from the database Django is set up for to another one; then read back and compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, router, transaction
from django.db.models import Model

from dedere.base.errors import FacilityError
from dedere.node.settings.common import database_of

if TYPE_CHECKING:
    from dedere.node.home import Home
    from dedere.node.moving import Moved

NEW = "new"
BATCH = 500


def carry_records(new: Home, moved: Moved, tell: Callable[[Moved], None]) -> None:
    """Bring both databases to this version's tables, copy each table whole or not at all, and compare every row.

    Raises:
        FacilityError: a database does not answer, or holds something else.
    """
    settings = connections.configure_settings({DEFAULT_DB_ALIAS: {}, NEW: database_of(new)})
    connections.settings[NEW] = settings[NEW]
    try:
        call_command("migrate", verbosity=0, interactive=False)
        with _all_to_new():
            call_command("migrate", database=NEW, verbosity=0, interactive=False)
        models = _in_order()
        _forget_what_migrations_made(models)
        for model in models:
            moved.rows += _carry(model, moved)
            moved.tables += 1
            tell(moved)
        _set_sequences(models)
    except DatabaseError as error:
        raise FacilityError(f"The records cannot be moved ({type(error).__name__}): begin the move again.") from error
    finally:
        connections[NEW].close()
        del connections[NEW]
        del connections.settings[NEW]


class _ToNew:
    """A router of Django's: whoever names no database means the new one."""

    def db_for_read(self, _model: type[Model], **_hints: object) -> str:
        return NEW

    db_for_write = db_for_read


@contextmanager
def _all_to_new() -> Iterator[None]:
    """Steps of migrations that name no database work on the one that is migrated."""
    before, router.routers = router.routers, [_ToNew()]
    try:
        yield
    finally:
        router.routers = before


def _in_order() -> list[type[Model]]:
    """Every table's model; what a row points at comes before it."""
    placed: dict[type[Model], None] = {}

    def place(model: type[Model]) -> None:
        if model in placed:
            return
        for field in model._meta.concrete_fields:  # noqa: SLF001 - Django's own way to ask
            if field.related_model not in {None, model} and isinstance(field.related_model, type):
                place(field.related_model)
        placed[model] = None

    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:  # noqa: SLF001 - see above
            place(model)
    return list(placed)


def _forget_what_migrations_made(models: list[type[Model]]) -> None:
    """Rows that a fresh database has by itself would stand in the way of the same ones with their own keys.

    Only where no officer is there yet: then nothing has been copied but, perhaps, tables that come before theirs.
    """
    made = ("auth.Permission", "contenttypes.ContentType", "audit.Frontier")
    with transaction.atomic(using=NEW):
        for model in reversed(models):
            if model._meta.label in made and not _is_carried(model):  # noqa: SLF001 - see above
                model._base_manager.using(NEW).all().delete()  # noqa: SLF001 - see above


def _carry(model: type[Model], moved: Moved) -> int:
    """Copy one table unless it is there, and compare it; how many rows it has."""
    there = model._base_manager.using(NEW).exists()  # noqa: SLF001 - see above
    if there:
        moved.there_already += 1
    else:
        with transaction.atomic(using=NEW):
            batch: list[Model] = []
            for row in model._base_manager.using(DEFAULT_DB_ALIAS).order_by("pk").iterator(BATCH):  # noqa: SLF001
                batch.append(row)
                if len(batch) == BATCH:
                    model._base_manager.using(NEW).bulk_create(batch)  # noqa: SLF001 - see above
                    batch = []
            model._base_manager.using(NEW).bulk_create(batch)  # noqa: SLF001 - see above
    count = 0
    for before, after in _pairs(model):
        if before != after:
            raise FacilityError(
                f"A row of {model._meta.db_table} is not the same in the new database: "  # noqa: SLF001 - see above
                "it was in use, or is damaged. Make an empty one and begin again."
            )
        count += 1
    return count


def _is_carried(model: type[Model]) -> bool:
    return all(before == after for before, after in _pairs(model))


def _pairs(model: type[Model]) -> Iterator[tuple[object, object]]:
    """Each row of the old database beside that of the new one, in order of their keys; None where one has no more."""
    return zip_longest(_rows(model, DEFAULT_DB_ALIAS), _rows(model, NEW))


def _rows(model: type[Model], alias: str) -> Iterator[tuple[object, ...]]:
    # Databases order texts each in its own way: the key's bytes decide.
    names = [field.attname for field in model._meta.concrete_fields]  # noqa: SLF001 - see above
    key = model._meta.pk.attname  # noqa: SLF001 - see above
    keys = sorted(model._base_manager.using(alias).values_list("pk", flat=True), key=str)  # noqa: SLF001 - see above
    for start in range(0, len(keys), BATCH):
        piece = keys[start : start + BATCH]
        found = model._base_manager.using(alias).filter(pk__in=piece).values_list(key, *names)  # noqa: SLF001
        by_key = {row[0]: row for row in found}
        for each in piece:
            yield tuple(_plain(value) for value in by_key[each])


def _plain(value: Any) -> object:  # whatever a column holds
    return bytes(value) if isinstance(value, memoryview) else value


def _set_sequences(models: list[type[Model]]) -> None:
    """The next number given by the database is beyond those that were copied."""
    statements = connections[NEW].ops.sequence_reset_sql(no_style(), models)
    with connections[NEW].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
