"""The application `dossiers`."""

from django.apps import AppConfig


class DossiersConfig(AppConfig):
    """One innovation answered under one edition."""

    name = "tifa.dossiers"
    default_auto_field = "django.db.models.BigAutoField"
