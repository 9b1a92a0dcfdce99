"""The app's name for Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """See the package's docstring."""

    name = "dedere.node.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
