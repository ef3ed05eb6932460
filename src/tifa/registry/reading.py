"""Has the files of evidence looked into, apart from the process that serves pages."""

import base64
import json
import subprocess
import sys
from pathlib import PurePath
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from tifa.core.looking import SECONDS
from tifa.core.models import StoredFile
from tifa.discovery.documents import FILE_BYTES
from tifa.registry.models import FileReading

LONGEST: Final = 2 * SECONDS


def read_stored(stored: StoredFile) -> FileReading:
    """Return what is in a file; one with the same content that was read before is not read again."""
    there = FileReading.objects.filter(sha256=stored.sha256).first()
    if there is not None:
        return there
    found = _looked(stored)
    reading, _made = FileReading.objects.get_or_create(
        sha256=stored.sha256,
        defaults={
            "text": found.get("text", ""),
            "pages": found.get("pages"),
            "preview": base64.b64decode(found.get("preview", "")),
            "note": found.get("note", ""),
            "read_at": timezone.now(),
        },
    )
    return reading


def _looked(stored: StoredFile) -> dict[str, Any]:
    """Run the look as a program of its own; one that takes too much is ended, and the file said to be unreadable."""
    if stored.size > FILE_BYTES:
        return {"note": _("It takes too much time or memory to read. It can be opened, but not searched.")}
    try:
        with stored.file.open("rb") as file:
            data = file.read()
    except FileNotFoundError:
        return {"note": _("The file is missing in the store.")}
    command = [sys.executable, "-m", "tifa.core.looking", PurePath(stored.name).suffix.lower()]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=LONGEST, check=True)  # noqa: S603
        return dict(json.loads(done.stdout))
    except (subprocess.SubprocessError, ValueError):
        return {"note": _("It takes too much time or memory to read. It can be opened, but not searched.")}
