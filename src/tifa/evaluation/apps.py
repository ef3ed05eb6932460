"""The application `evaluation`."""

from django.apps import AppConfig

from tifa.registry.interests import register


class EvaluationConfig(AppConfig):
    """Rounds, panels, score sheets and rankings."""

    name = "tifa.evaluation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the registry how interests are found here."""
        # Only now: it reads models, which are not there while applications are being found.
        from tifa.evaluation.selectors.interests import LINE_MANAGER, OWN_BRANCH  # noqa: PLC0415

        register(LINE_MANAGER)
        register(OWN_BRANCH)
