"""The application `evaluation`."""

from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    """Rounds, panels, score sheets and rankings."""

    name = "tifa.evaluation"
    default_auto_field = "django.db.models.BigAutoField"
