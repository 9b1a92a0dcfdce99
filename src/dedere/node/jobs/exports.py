"""Dossiers asked for by officers: written by the worker, never twice."""

from __future__ import annotations

from dedere.node.jobs.models import Export


def pending_exports() -> list[str]:
    """The exports that wait, oldest first."""
    return list(Export.objects.filter(finished_at=None).order_by("asked_at").values_list("pk", flat=True))


def run_export(export_id: str) -> None:
    """Write the dossier."""
    raise NotImplementedError(export_id)
