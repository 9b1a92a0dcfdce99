"""The passages, and the database's own index over their words: kept level by the database itself."""

from django.conf import settings
from django.db import migrations, models

from dedere.node.search.indexing import build_index, remove_index


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
        migrations.RunPython(build_index, remove_index),
    ]
