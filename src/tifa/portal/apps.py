"""The application `portal`."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Public pages and the signed-in start page."""

    name = "tifa.portal"
    default_auto_field = "django.db.models.BigAutoField"
