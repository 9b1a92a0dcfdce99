"""The app's name for Django."""

from django.apps import AppConfig


class PersonsConfig(AppConfig):
    """See the package's docstring."""

    name = "dedere.node.persons"
    label = "persons"
    default_auto_field = "django.db.models.BigAutoField"
