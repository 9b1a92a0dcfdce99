"""The app's name for Django."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """See the package's docstring."""

    name = "dedere.node.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
