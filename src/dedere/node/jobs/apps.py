"""The app's name for Django."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """See the package's docstring."""

    name = "dedere.node.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
