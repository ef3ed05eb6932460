"""Chooses the settings by TIFA_MODE."""

import os

from tifa.config.environment import choice

MODES = ("development", "production", "testing")


def choose_settings() -> None:
    """Point Django at the settings of the mode that the environment names."""
    mode = choice("TIFA_MODE", "development", MODES)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"tifa.config.settings.{mode}")
