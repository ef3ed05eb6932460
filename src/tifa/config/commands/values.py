"""What commands share that read a file of values and print JSON or lines."""

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tifa.instruments.reading import UnreadableYaml, read_yaml

LARGEST = 64 * 2**20


class BadRequest(ValueError):
    """What was asked for cannot be done; the message says why."""


def read_values(path: str) -> Any:
    """Return what a YAML or JSON file holds, or standard input when the path is a hyphen."""
    text = read_text(path)
    if text.lstrip().startswith(("{", "[")):
        try:
            return json.loads(text, parse_float=str)
        except ValueError as error:
            if path.endswith(".json"):
                raise BadRequest(
                    _("%(path)s is not JSON: %(reason)s.") % {"path": path, "reason": error}
                ) from error
    try:
        return read_yaml(text).values
    except UnreadableYaml as error:
        raise BadRequest(f"{path}, {error}") from error


def read_text(path: str) -> str:
    """Return a text of bounded size."""
    try:
        content = sys.stdin.buffer.read(LARGEST + 1) if path == "-" else _bounded(Path(path))
        if len(content) > LARGEST:
            limit = _("%(path)s has more than %(limit)d MB. Split it, and give the parts one by one.")
            raise BadRequest(limit % {"path": path, "limit": LARGEST // 2**20})
        return content.decode("utf-8-sig")
    except OSError as error:
        reason = {"path": path, "reason": error.strerror}
        raise BadRequest(_("%(path)s cannot be read: %(reason)s.") % reason) from error
    except UnicodeDecodeError as error:
        raise BadRequest(_("%s is not a text file in UTF-8.") % path) from error


def _bounded(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def read_day(text: str) -> date:
    """Return a day that was written as an option."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        expected = _("“%(text)s” is not a date. Write it as year-month-day, such as 2026-11-24.")
        raise BadRequest(expected % {"text": text}) from error


def print_result(options: argparse.Namespace, content: Any, lines: Any) -> int:
    """Print the content as JSON when it was asked for, else the lines."""
    if options.json:
        print(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        print("\n".join(lines))
    return 0
