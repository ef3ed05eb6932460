"""`tifa export`: writes everything as the workbook that `tifa import` reads."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tifa.config.database import prepare_database
from tifa.exchange.exporting import export_all

HELP = gettext_lazy("write everything as the workbook that `tifa import` reads")
BAD_INPUT = 2
ENDING = ".xlsx"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("what", metavar="WHAT", choices=["all"], help=_("all: every sheet"))
    parser.add_argument("file", metavar="FILE.xlsx", type=Path, help=_("where to write"))


def run(options: argparse.Namespace) -> int:
    """Write the workbook; it appears under its name only when it is whole."""
    prepare_database()
    target: Path = options.file
    if target.is_dir():
        return _complain(target, _("this is a folder; name a file in it"))
    if target.suffix.lower() != ENDING:
        return _complain(target, _("it would be an Excel workbook; give it a name that ends in .xlsx"))
    try:
        handle, name = tempfile.mkstemp(prefix=".tifa-", suffix=ENDING, dir=target.parent)
    except OSError as error:
        return _complain(target, str(error.strerror))
    os.close(handle)
    draft = Path(name)
    try:
        export_all(draft)
        draft.chmod(_file_mode())
        draft.replace(target)
    except (OSError, ValueError) as error:
        return _complain(target, str(getattr(error, "strerror", None) or error))
    finally:
        draft.unlink(missing_ok=True)
    return 0


def _file_mode() -> int:
    """Return what a new file of this person may be read by; a temporary one is private."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _complain(target: Path, reason: str) -> int:
    sentence = _("%(file)s cannot be written: %(reason)s.") % {"file": target, "reason": reason.rstrip(".")}
    print(f"tifa: {sentence}", file=sys.stderr)
    return BAD_INPUT
