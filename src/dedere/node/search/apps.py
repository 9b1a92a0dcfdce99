"""The app's place in the project."""

from __future__ import annotations

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Full-text search."""

    name = "dedere.node.search"
    label = "search"
