"""The application `standards`."""

from django.apps import AppConfig


class StandardsConfig(AppConfig):
    """Services of units and their standards."""

    name = "tifa.standards"
    default_auto_field = "django.db.models.BigAutoField"
