"""The application `organisation`."""

from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    """Units, people, roles and sign-in."""

    name = "tifa.organisation"
    default_auto_field = "django.db.models.BigAutoField"
