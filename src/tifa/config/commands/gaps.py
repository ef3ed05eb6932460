"""`tifa gaps`: prints the ledgers, the gaps between them and the silent units, as the pages show them."""

import argparse
import json
import sys
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tifa.chain.choices import Holder
from tifa.chain.selectors.ledgers import Gap, ReportingGap, Scope, reporting_gap
from tifa.config.columns import in_columns
from tifa.config.database import prepare_database
from tifa.core.clock import today
from tifa.organisation.selectors import UnitTree, unit_tree

HELP = gettext_lazy("print the three ledgers, the gaps between them and the silent units")
BAD_INPUT = 2


class UnknownUnit(ValueError):
    """No unit has this code."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--as-of", metavar="DATE", help=_("count only steps up to this day, YYYY-MM-DD (default: today)")
    )
    parser.add_argument("--unit", metavar="CODE", help=_("only this unit and everything below it"))
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def run(options: argparse.Namespace) -> int:
    """Print the gaps; the exit status is 2 when the day or the unit cannot be understood."""
    prepare_database()
    with translation.override(settings.LANGUAGE_CODE):
        try:
            found = _find(options)
        except ValueError as error:
            print(f"tifa gaps: {error}", file=sys.stderr)
            return BAD_INPUT
        if options.json:
            print(json.dumps(as_json(found), ensure_ascii=False, indent=2))
        else:
            print("\n".join(_lines(found)))
    return 0


def as_json(found: ReportingGap) -> dict[str, Any]:
    """Return the result in the shape that the command promises."""
    return {
        "as_of": found.as_of.isoformat(),
        "ledgers": {ledger.value: count for ledger, count in found.ledgers.items()},
        "gaps": [_gap(gap) for gap in found.gaps],
        "silent_units": [unit.code for unit in found.silent_units],
    }


def _find(options: argparse.Namespace) -> ReportingGap:
    as_of = today() if options.as_of is None else _day(options.as_of)
    tree = unit_tree()
    units = tree.own_government() if options.unit is None else _subtree(tree, options.unit)
    return reporting_gap(Scope(as_of, units), tree=tree)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    # Python also reads 20261124 and 2026-W48-2; one way of writing is enough, and no slip becomes a day.
    if day is None or day.isoformat() != text:
        raise ValueError(
            _("“%(text)s” is not a date. Write it as year-month-day, such as 2026-11-24.") % {"text": text}
        )
    return day


def _subtree(tree: UnitTree, code: str) -> frozenset[int]:
    unit = tree.by_code().get(code)
    if unit is None:
        raise UnknownUnit(
            _("There is no unit with the code “%(code)s”. The page “Units” lists all codes.") % {"code": code}
        )
    return tree.subtree(unit.pk)


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "kind": gap.kind.value,
        "innovation": gap.innovation,
        "unit": gap.unit.code,
        "holder": _holder(gap),
        "since": gap.since.isoformat() if gap.since else None,
        "due": gap.due.isoformat() if gap.due else None,
        "days_left": gap.days_left,
        "deliberate": gap.deliberate,
        "reason": gap.reason or None,
    }


def _holder(gap: Gap) -> str:
    return gap.unit.code if gap.holder == Holder.UNIT else gap.holder.value


def _lines(found: ReportingGap) -> list[str]:
    lines = [_("As of %(day)s") % {"day": found.as_of.isoformat()}, ""]
    lines += [f"{count:>6}  {ledger.label}" for ledger, count in found.ledgers.items()]
    rows = [
        (gap.kind.label, gap.innovation, gap.unit.code, _holder(gap), _text(gap.due), _text(gap.days_left))
        for gap in found.gaps
    ]
    heads = (_("Gap"), _("Innovation"), _("Unit"), _("Who must act"), _("Due"), _("Days left"))
    lines += ["", *in_columns([heads, *rows])]
    silent = ", ".join(unit.code for unit in found.silent_units)
    lines += ["", _("Silent units (%(count)d)") % {"count": len(found.silent_units)} + f": {silent or '–'}"]
    return lines


def _text(value: date | int | None) -> str:
    return _("unknown") if value is None else str(value)
