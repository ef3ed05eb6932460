"""The application `surveys`."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """Satisfaction surveys of the services."""

    name = "tifa.surveys"
    default_auto_field = "django.db.models.BigAutoField"
