"""What the worker promises: a row per clock that has been told to an officer, so that it is told once."""

from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """When each process of the node was last seen at work."""

    process = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()


class Export(models.Model):
    """A dossier asked for by an officer, and what became of it.

    An empty `recipient`: the whole case, for the house. Otherwise it is a redacted one for somebody, for a purpose;
    `left_out` lists the letters and items that go in by their digest alone, each as its kind, its id and the reason.
    """

    identifier = models.CharField(max_length=26, primary_key=True)
    case = models.CharField(max_length=26, db_index=True)
    asked_by = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    folder = models.CharField(max_length=120, blank=True)
    failure = models.CharField(max_length=300, blank=True)
    recipient = models.CharField(max_length=200, blank=True)
    purpose = models.CharField(max_length=300, blank=True)
    left_out = models.JSONField(default=list)
