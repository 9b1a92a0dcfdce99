"""The index over the words of passages, in each database's own way, and what is asked of it.

On SQLite: FTS5, a table beside the passages that triggers keep level. On PostgreSQL: a GIN index over the words as
they are (`words` has split and folded them already, so the database's own parser is not asked), narrowed to passages in
which the words stand together. PostgreSQL takes at most a mebibyte of words: what stands behind is not found there.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models.expressions import RawSQL

_ADD = "INSERT INTO search_index(rowid, words) VALUES (new.id, new.words);"
_REMOVE = "INSERT INTO search_index(search_index, rowid, words) VALUES ('delete', old.id, old.words);"
_LEXEMES = "array_to_tsvector(string_to_array(left(words, 250000), ' '))"
_TABLE = (
    "CREATE VIRTUAL TABLE search_index USING fts5(words, content='search_passage', content_rowid='id', "
    "tokenize=\"unicode61 remove_diacritics 0\", prefix='2 3')"
)
_BUILD = {
    "sqlite": [
        _TABLE,
        f"CREATE TRIGGER search_passage_added AFTER INSERT ON search_passage BEGIN {_ADD} END",
        f"CREATE TRIGGER search_passage_removed AFTER DELETE ON search_passage BEGIN {_REMOVE} END",
        f"CREATE TRIGGER search_passage_changed AFTER UPDATE ON search_passage BEGIN {_REMOVE} {_ADD} END",
    ],
    "postgresql": [f"CREATE INDEX search_index ON search_passage USING gin ({_LEXEMES})"],
}
_AWAY = {
    "sqlite": [
        "DROP TRIGGER search_passage_added",
        "DROP TRIGGER search_passage_removed",
        "DROP TRIGGER search_passage_changed",
        "DROP TABLE search_index",
    ],
    "postgresql": ["DROP INDEX search_index"],
}
# On SQLite the index's own table name stands for the match.
_MATCHING = {
    "sqlite": "SELECT rowid FROM search_index WHERE search_index MATCH %s",
    "postgresql": f"SELECT id FROM search_passage WHERE {_LEXEMES} @@ %s::tsquery AND ' ' || words LIKE %s",  # noqa: S608 - fixed
}


def build_index(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """A migration's step: make the index."""
    for statement in _BUILD[editor.connection.vendor]:
        editor.execute(statement, None)


def remove_index(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """The step back."""
    for statement in _AWAY[editor.connection.vendor]:
        editor.execute(statement, None)


def passages_with(words: Sequence[str]) -> RawSQL:
    """The keys of the passages in which these words stand together, the last one perhaps longer."""
    phrase = " ".join(words)
    asked: list[str]
    if connection.vendor == "postgresql":
        query = " & ".join([*(f"'{word}'" for word in words[:-1]), f"'{words[-1]}':*"])
        pattern = phrase.replace("_", r"\_")  # of LIKE's signs words can hold only this one
        asked = [query, f"% {pattern}%"]
    else:
        asked = [f'"{phrase}" *']
    return RawSQL(_MATCHING[connection.vendor], asked)  # noqa: S611 - parameters, of letters, digits and underscores
