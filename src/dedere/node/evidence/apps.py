"""The app's name for Django."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """See the package's docstring."""

    name = "dedere.node.evidence"
    label = "evidence"
    default_auto_field = "django.db.models.BigAutoField"
