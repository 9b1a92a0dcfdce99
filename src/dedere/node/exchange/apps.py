"""The app's name for Django."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """See the package's docstring."""

    name = "dedere.node.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"
