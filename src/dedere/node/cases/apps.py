"""The app's name for Django."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """See the package's docstring."""

    name = "dedere.node.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"
