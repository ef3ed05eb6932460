"""`tifa import`: takes a city's workbook in, all of it or nothing."""

import argparse
import json
import sys
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tifa.config.columns import in_columns
from tifa.config.database import prepare_database
from tifa.exchange.importing import apply_workbook, check_workbook
from tifa.exchange.report import ImportReport

HELP = gettext_lazy("take a city's workbook in, all of it or nothing")
BAD_INPUT = 2
WIDEST = 48


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", metavar="FILE.xlsx", type=Path, help=_("the workbook"))
    parser.add_argument("--dry-run", action="store_true", help=_("only check; write nothing"))
    parser.add_argument("--json", action="store_true", help=_("print the report as JSON"))


def run(options: argparse.Namespace) -> int:
    """Import or check the workbook; the exit status is 2 when something is wrong with it."""
    prepare_database()
    report = (
        check_workbook(options.file) if options.dry_run else apply_workbook(actor=None, path=options.file)
    )
    if options.json:
        print(json.dumps(report.as_json(), ensure_ascii=False))
    elif report.acceptable:
        print("\n".join(_summary(report)))
    if not report.acceptable and not options.json:
        print("\n".join(_complaint(report)), file=sys.stderr)
    return 0 if report.acceptable else BAD_INPUT


def _summary(report: ImportReport) -> list[str]:
    heads = (_("Sheet"), _("New"), _("Changed"), _("Unchanged"))
    rows = [
        (name, str(tally.created), str(tally.changed), str(tally.unchanged))
        for name, tally in report.sheets.items()
    ]
    if not report.differs:
        done = []
    elif report.applied:
        done = [_("%(file)s is taken over.") % {"file": report.file}]
    else:
        done = [
            _("%(file)s has no errors. Nothing was stored; leave --dry-run out to take it over.")
            % {"file": report.file}
        ]
    return [*report.notices, *in_columns([heads, *rows]), *done]


def _complaint(report: ImportReport) -> list[str]:
    if report.refusal:
        return [f"tifa: {report.file}: {report.refusal}"]
    heads = (_("Sheet"), _("Row"), _("Column"), _("Found"), _("Expected"))
    rows = [
        (error.sheet, str(error.row or "–"), error.column, _clipped(error.found or "–"), error.expected)
        for error in report.errors
    ]
    count = ngettext(
        "%(file)s has %(count)d error. Nothing was taken over.",
        "%(file)s has %(count)d errors. Nothing was taken over.",
        report.error_count,
    ) % {"file": report.file, "count": report.error_count}
    hidden = report.error_count - len(rows)
    more = [_("… and %(count)d more.") % {"count": hidden}] if hidden else []
    return [f"tifa: {count}", *in_columns([heads, *rows]), *more, *report.notices]


def _clipped(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= WIDEST else f"{line[: WIDEST - 1]}…"
