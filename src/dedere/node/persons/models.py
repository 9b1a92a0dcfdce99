"""Persons: by name, or, where protected, by alias alone."""

from __future__ import annotations

from django.db import models


class Person(models.Model):
    """A person of one case. A protected person has an alias and a sealed identity, and no name."""

    identifier = models.CharField(max_length=26, primary_key=True)
    case = models.CharField(max_length=26, db_index=True)
    reference = models.CharField(max_length=60)
    role = models.CharField(max_length=40)
    protected = models.BooleanField(default=False)
    alias = models.CharField(max_length=120, blank=True)
    name = models.CharField(max_length=300, blank=True)
    details = models.JSONField(default=dict)
    sealed_identity = models.BinaryField(null=True)

    class Meta:
        ordering = ["reference"]
        constraints = [
            models.UniqueConstraint(fields=["case", "reference"], name="persons_one_reference"),
            models.CheckConstraint(
                condition=models.Q(protected=False) | (models.Q(name="", details={}) & ~models.Q(alias="")),
                name="persons_protected_by_alias_only",
            ),
        ]

    def __str__(self) -> str:
        return self.alias if self.protected else self.name
