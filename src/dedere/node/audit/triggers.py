"""Tables that only grow: the database itself refuses to change or delete their rows."""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython
from django.db.migrations.state import StateApps


def append_only(*tables: str) -> RunPython:
    """A migration step that makes the tables append-only, on SQLite and on PostgreSQL."""

    def forbid(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        for table in tables:
            for statement in _statements(editor.connection.vendor, table):
                editor.execute(statement)

    def allow(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        for table in tables:
            for verb in ("update", "delete"):
                on_table = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
                editor.execute(f"DROP TRIGGER {table}_no_{verb}{on_table}")

    return RunPython(forbid, allow)


def _statements(vendor: str, table: str) -> list[str]:
    refusal = f"{table} only grows"
    if vendor == "postgresql":
        function = (
            f"CREATE OR REPLACE FUNCTION {table}_only_grows() RETURNS trigger AS "
            f"$$ BEGIN RAISE EXCEPTION '{refusal}'; END $$ LANGUAGE plpgsql"
        )
        return [function] + [
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_only_grows()"
            for verb in ("update", "delete")
        ]
    return [
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        for verb in ("update", "delete")
    ]
