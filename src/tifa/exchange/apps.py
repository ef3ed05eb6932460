"""The application `exchange`."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Workbooks in and out."""

    name = "tifa.exchange"
    default_auto_field = "django.db.models.BigAutoField"
