"""The application `core`."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Audit, files, documents and the theme that all others build on."""

    name = "tifa.core"
    default_auto_field = "django.db.models.BigAutoField"
