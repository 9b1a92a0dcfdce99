"""The app's name for Django."""

from django.apps import AppConfig


class PapersConfig(AppConfig):
    """See the package's docstring."""

    name = "dedere.node.papers"
    label = "papers"
    default_auto_field = "django.db.models.BigAutoField"
