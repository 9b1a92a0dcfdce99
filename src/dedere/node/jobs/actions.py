"""Long work that officers ask for."""

from __future__ import annotations

from django.db import transaction

from dedere.node.accounts.models import Officer
from dedere.node.audit.actions import Happening, record
from dedere.node.cases.access import require_case
from dedere.node.jobs.models import Export
from dedere.node.office import office


@transaction.atomic
def ask_for_dossier(*, by: Officer, case_id: str) -> Export:
    """Have the case exported as a dossier that verifies off line; the worker writes it.

    Raises:
        UnknownObjectError: the case is not this officer's.
    """
    case = require_case(by, case_id)
    export = Export.objects.create(
        pk=office().identifiers.new(), case=case.pk, asked_by=by.identifier, asked_at=office().clock.now()
    )
    record(Happening(actor=by.identifier, action="dossier-asked", subject=export.pk, case=case.pk))
    return export
