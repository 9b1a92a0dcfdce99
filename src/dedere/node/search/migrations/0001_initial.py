"""The passages, and SQLite's full-text index over them, kept level by the database itself."""

from typing import Any

from django.conf import settings
from django.db import migrations, models

ADD = "INSERT INTO search_index(rowid, words) VALUES (new.id, new.words);"
REMOVE = "INSERT INTO search_index(search_index, rowid, words) VALUES ('delete', old.id, old.words);"
INDEX: Any = [
    "CREATE VIRTUAL TABLE search_index USING fts5(words, content='search_passage', content_rowid='id', "
    "tokenize=\"unicode61 remove_diacritics 0\", prefix='2 3')",
    f"CREATE TRIGGER search_passage_added AFTER INSERT ON search_passage BEGIN {ADD} END",
    f"CREATE TRIGGER search_passage_removed AFTER DELETE ON search_passage BEGIN {REMOVE} END",
    f"CREATE TRIGGER search_passage_changed AFTER UPDATE ON search_passage BEGIN {REMOVE} {ADD} END",
]
AWAY: Any = [
    "DROP TRIGGER search_passage_added",
    "DROP TRIGGER search_passage_removed",
    "DROP TRIGGER search_passage_changed",
    "DROP TABLE search_index",
]


class Migration(migrations.Migration):
    initial = True

    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=60, unique=True)),
                ("case", models.CharField(db_index=True, max_length=26)),
                ("words", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("query", models.CharField(max_length=600)),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=models.deletion.CASCADE, related_name="views", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(fields=("officer", "name"), name="search_one_view_a_name")
                ],
            },
        ),
        migrations.RunSQL(INDEX, AWAY),
    ]
