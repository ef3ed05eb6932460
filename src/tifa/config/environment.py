"""Reads the settings that a city gives as environment variables.

Sentences are translated by Python's own gettext: they are said before Django knows its settings.
"""

import gettext as catalogues
import os
import secrets
from collections.abc import Callable, Sequence
from gettext import gettext as _
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

TRUE_WORDS = frozenset({"1", "true", "yes", "ya", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "tidak", "off", ""})

LOCALE_DIR = Path(__file__).resolve().parents[1] / "locale"
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA mmap_size=134217728;"
    "PRAGMA cache_size=-16000;PRAGMA temp_store=MEMORY;PRAGMA journal_size_limit=27103364;"
)


def speak_the_citys_language() -> None:
    """Let Python's gettext, by which argparse speaks too, read our catalogue in the language of TIFA_LANGUAGE."""
    os.environ["LANGUAGE"] = text("TIFA_LANGUAGE", "id")
    catalogues.bindtextdomain("django", str(LOCALE_DIR))
    catalogues.textdomain("django")


class SettingError(Exception):
    """A setting is missing or cannot be read; the message says how to mend it."""


def text(name: str, default: str = "") -> str:
    """Return the variable ``name``, or ``default`` when it is not set."""
    return os.environ.get(name, default).strip()


def flag(name: str, default: bool = False) -> bool:
    """Return the variable ``name`` as yes or no."""
    value = os.environ.get(name, "yes" if default else "no").strip().lower()
    if value in TRUE_WORDS:
        return True
    if value in FALSE_WORDS:
        return False
    raise SettingError(_("%(name)s is %(value)r; expected yes or no.") % {"name": name, "value": value})


def number(name: str, default: int, *, least: int, most: int) -> int:
    """Return the variable ``name`` as a whole number from ``least`` to ``most``."""
    value = os.environ.get(name, str(default)).strip()
    if not value.isdecimal() or not least <= int(value) <= most:
        raise SettingError(
            _(
                "%(name)s is %(value)r; expected a whole number from %(least)d to %(most)d, such as %(example)d."
            )
            % {"name": name, "value": value, "least": least, "most": most, "example": default}
        )
    return int(value)


def port(name: str, default: int) -> int:
    """Return the variable ``name`` as the number of a port."""
    return number(name, default, least=1, most=65535)


def words(name: str, default: str = "") -> list[str]:
    """Return the comma-separated variable ``name`` as a list without empty parts."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def choice(name: str, default: str, options: Sequence[str]) -> str:
    """Return the variable ``name``, one of ``options``."""
    value = text(name, default)
    if value not in options:
        raise SettingError(
            _("%(name)s is %(value)r; expected one of %(options)s.")
            % {"name": name, "value": value, "options": ", ".join(options)}
        )
    return value


def time_zone(name: str, default: str) -> str:
    """Return the variable ``name`` as the name of a time zone."""
    value = text(name, default)
    try:
        ZoneInfo(value)
    except (OSError, ValueError, ZoneInfoNotFoundError):
        raise SettingError(
            _(
                "%(name)s is %(value)r, which is no time zone; expected a name such as Asia/Jayapura, Asia/Makassar "
                "or Asia/Jakarta."
            )
            % {"name": name, "value": value}
        ) from None
    return value


def weekdays(name: str, default: str) -> frozenset[int]:
    """Return the days of the week that the variable ``name`` numbers, 1 is Monday; one day is left to work."""
    found = words(name, default)
    days = {"1", "2", "3", "4", "5", "6", "7"}
    if not set(found) < days:
        raise SettingError(
            _(
                "%(name)s is %(value)r; expected days of the week as numbers from 1 (Monday) to 7 (Sunday), separated "
                "by commas, such as %(example)s, and not all of them."
            )
            % {"name": name, "value": ",".join(found), "example": default}
        )
    return frozenset(int(day) for day in found)


def site_url(name: str, default: str) -> str:
    """Return the variable ``name`` as the address of the site, without a slash at the end."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise SettingError(
            _("%(name)s is %(value)r; expected an address such as https://tifa.example.go.id.")
            % {"name": name, "value": value}
        )
    return value


def data_dir() -> Path:
    """Return the folder that holds the database and the files, made when it is missing."""
    folder = Path(text("TIFA_DATA_DIR", "var")).expanduser().resolve()
    try:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(
            _(
                "TIFA_DATA_DIR is %(folder)s, which cannot be made: %(reason)s. Name a folder you may write to."
            )
            % {"folder": folder, "reason": error.strerror}
        ) from error
    return folder


def generated_secret(folder: Path) -> str:
    """Return the secret of a trial installation, kept in ``folder`` so that sign-ins survive a restart."""
    path = folder / "secret-key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(64))
    return path.read_text(encoding="ascii").strip()


def database(url: str, folder: Path) -> dict[str, Any]:
    """Return Django's settings of the database at ``url``; an empty one means SQLite in ``folder``."""
    parts = urlsplit(url or f"sqlite:///{folder / 'tifa.sqlite3'}")
    readers: dict[str, Callable[[Any], dict[str, Any]]] = {
        "sqlite": _sqlite,
        "postgresql": _postgresql,
        "postgres": _postgresql,
    }
    if parts.scheme not in readers:
        raise SettingError(
            _(
                "TIFA_DATABASE_URL begins with %(scheme)r; expected sqlite:///path or postgresql://user@host/name."
            )
            % {"scheme": parts.scheme}
        )
    return readers[parts.scheme](parts)


def _sqlite(parts: Any) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": unquote(parts.path.removeprefix("/")),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_PRAGMAS},
        "CONN_MAX_AGE": None,
    }


def _postgresql(parts: Any) -> dict[str, Any]:
    options = dict(parse_qsl(parts.query))
    try:
        port = str(parts.port or "")
    except ValueError:
        raise SettingError(_("TIFA_DATABASE_URL has a port that is not a number.")) from None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": port,
        "OPTIONS": {**options, "pool": {"min_size": 1, "max_size": 8}},
        "CONN_MAX_AGE": 0,
    }
