"""The application `chain`."""

from django.apps import AppConfig

from tifa.registry.interests import register


class ChainConfig(AppConfig):
    """Reports, hand-offs and the three ledgers."""

    name = "tifa.chain"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the registry how interests are found here."""
        # Only now: it reads models, which are not there while applications are being found.
        from tifa.chain.selectors.interests import TEAM_MEMBER  # noqa: PLC0415

        register(TEAM_MEMBER)
