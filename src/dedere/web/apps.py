"""The pages as a Django application: templates, translations and static files are found through it."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages only; no models."""

    name = "dedere.web"
    label = "web"
    verbose_name = "Office"
