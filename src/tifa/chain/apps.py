"""The application `chain`."""

from django.apps import AppConfig


class ChainConfig(AppConfig):
    """Reports, hand-offs and the three ledgers."""

    name = "tifa.chain"
    default_auto_field = "django.db.models.BigAutoField"
