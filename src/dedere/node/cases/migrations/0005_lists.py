"""What lists and Today read of a case, beside its state; filled from the states that are there."""

import datetime as dt
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def fill(apps: Any, _editor: object) -> None:
    """Read each case's kept state once."""
    case_model, debt_model = apps.get_model("cases", "Case"), apps.get_model("cases", "Debt")
    cases = case_model.objects.all()
    if not cases.exists():
        return
    from dedere.node.office import office

    own = office().state
    for case in cases.iterator(chunk_size=100):
        proceedings = case.state.get("proceedings", [])
        timeline = case.state.get("timeline", [])
        current = next((each for each in proceedings if not each["final"]), proceedings[-1] if proceedings else None)
        references = (dict(each["references"]).get(case.partner, "") for each in proceedings)
        case.stage = current["status"] if current else "draft"
        case.began_here = not timeline or timeline[0]["sender"] == own
        case.their_reference = next((each for each in references if each), "")[:300]
        case.save(update_fields=["stage", "began_here", "their_reference"])
        owed = [] if case.closed else [each for each in case.state.get("owed", []) if each["state"] == own]
        debt_model.objects.bulk_create(
            debt_model(
                case=case,
                kind=each["kind"],
                what=each["what"],
                due=dt.date.fromisoformat(each["by"]) if each.get("by") else None,
            )
            for each in owed
        )


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("cases", "0004_case_clocks_due_at_telling"),
    ]

    operations = [
        migrations.AddField("case", "stage", models.CharField(default="draft", max_length=40)),
        migrations.AddField("case", "began_here", models.BooleanField(default=True)),
        migrations.AddField("case", "their_reference", models.CharField(blank=True, max_length=300)),
        migrations.CreateModel(
            name="Debt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60)),
                ("what", models.TextField()),
                ("due", models.DateField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="debts", to="cases.case"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            "draft", models.Index(fields=["state", "-changed_at"], name="cases_draft_by_state")
        ),
        migrations.AddIndex(
            "letter", models.Index(fields=["recipient", "-recorded_at"], name="cases_letter_incoming")
        ),
        migrations.AddIndex(
            "telling",
            models.Index(condition=models.Q(("ended_at", None)), fields=["case"], name="cases_telling_standing"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
