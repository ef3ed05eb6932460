"""The application `registry`."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Innovations and their evidence."""

    name = "tifa.registry"
    default_auto_field = "django.db.models.BigAutoField"
