"""`tifa dossier`: checks a dossier under an edition before it is sent."""

import argparse
import sys
from collections.abc import Iterator

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tifa.config.commands.values import BadRequest, print_result, read_day, read_values
from tifa.core.clock import today
from tifa.dossiers import BadDossier, Check, Length, check_dossier, check_to_json, read_draft
from tifa.instruments import BrokenInstrument, UnknownInstrument, load_instrument, spoken

HELP = gettext_lazy(
    "check a dossier: who may enter, what is too long or missing, what is careless or unproven"
)
BAD_INPUT = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions and their options."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    checked = actions.add_parser("check", help=_("check a dossier under an edition"))
    checked.add_argument("dossier", metavar="DOSSIER", help=_("YAML or JSON; - reads standard input"))
    checked.add_argument(
        "--instrument",
        metavar="ID",
        required=True,
        help=_("the edition, as `tifa instruments list` names it"),
    )
    checked.add_argument(
        "--closing", metavar="DATE", help=_("the closing day, YYYY-MM-DD (default: that of the edition)")
    )
    checked.add_argument("--json", action="store_true", help=_("print JSON"))


def run(options: argparse.Namespace) -> int:
    """Check; bad input leaves with 2 and a sentence for each part that does not fit."""
    with translation.override(settings.LANGUAGE_CODE):
        try:
            closing = read_day(options.closing) if options.closing else None
            instrument = load_instrument(options.instrument)
            draft = read_draft(instrument, read_values(options.dossier))
        except (UnknownInstrument, BrokenInstrument, BadRequest, BadDossier) as error:
            text = str(error) if not isinstance(error, UnknownInstrument) else error.args[0]
            print(f"tifa dossier: {text}", file=sys.stderr)
            return BAD_INPUT
        check = check_dossier(instrument, draft, on=today(), closing=closing)
        return print_result(options, check_to_json(check), _lines(check))


def _lines(check: Check) -> Iterator[str]:
    yield f"{spoken(check.instrument.title)} ({check.instrument.id})"
    closing = date_format(check.closing, "j F Y") if check.closing else _("unknown")
    yield _("Closing day: %s") % closing
    yield _("May enter: yes") if check.eligible else _("May enter: no")
    words = {"failed": _("no"), "unknown": _("unknown"), "judged": _("to be judged")}
    for verdict in check.verdicts:
        if verdict.state != "met":
            yield f"  {words[verdict.state]}: {verdict.sentence} ({_status(verdict.status.value)})"
    yield ""
    yield from (f"  {_length(one)}" for one in check.lengths)
    yield ""
    found = check.readiness
    yield _("Filled: %(filled)d of %(items)d") % {"filled": found.filled, "items": found.items}
    if found.claimed is not None:
        yield _("Score claimed: %(claimed)s; with proof: %(verified)s") % {
            "claimed": found.claimed,
            "verified": found.verified,
        }
    for gain in found.gains:
        yield f"  + {float(gain.points):g}: {spoken(gain.item.label)}"
    for finding in check.lint:
        yield f"  ! {finding.item or _('dossier')}: {finding.sentence}"


def _length(one: Length) -> str:
    limit = "" if one.words is None else f" {one.words}/{'?' if one.limit is None else one.limit}"
    over = " · " + _("%d words too many") % one.over if one.over else ""
    missing = " · " + (_("missing, and required") if one.required else _("missing")) if one.missing else ""
    return f"{one.label}:{limit}{over}{missing}"


def _status(value: str) -> str:
    return {"confirmed": _("confirmed"), "likely": _("likely"), "local": _("local"), "unknown": _("unknown")}[
        value
    ]
