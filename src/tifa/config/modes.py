"""Chooses the settings by TIFA_MODE."""

import os

from tifa.config.environment import SettingError, text

MODES = ("development", "production", "testing")


def choose_settings() -> None:
    """Point Django at the settings of the mode that the environment names."""
    mode = text("TIFA_MODE", "development")
    if mode not in MODES:
        raise SettingError(f"TIFA_MODE is {mode!r}; expected one of {', '.join(MODES)}.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"tifa.config.settings.{mode}")
