"""What can be found, and the lists that officers keep."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Passage(models.Model):
    """The words of one thing in a case: a letter, a draft, an item. An index over `words` stands beside the table."""

    source = models.CharField(max_length=60, unique=True)  # "letter:IDENTIFIER"
    case = models.CharField(max_length=26, db_index=True)
    words = models.TextField()


class SavedView(models.Model):
    """A search that an officer has named: the list's address query, to be opened again."""

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="views")
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=600)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["officer", "name"], name="search_one_view_a_name")]
