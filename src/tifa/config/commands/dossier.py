"""`tifa dossier`: checks a dossier under an edition before it is sent, and hands out a written one."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tifa.config.commands.values import BadRequest, print_result, read_day, read_values
from tifa.config.database import prepare_database
from tifa.core.clock import today
from tifa.core.spreadsheets import write_workbook
from tifa.dossiers import BadDossier, Check, Length, check_dossier, check_to_json, read_draft
from tifa.dossiers.documents import (
    Proposal,
    proposal_docx,
    proposal_of,
    proposal_pdf,
    proposal_sheets,
)
from tifa.dossiers.models import Dossier
from tifa.dossiers.packing import packed, zip_pieces
from tifa.dossiers.selectors.dossiers import answers_of
from tifa.instruments import BrokenInstrument, UnknownInstrument, load_instrument, spoken

HELP = gettext_lazy(
    "check a dossier: who may enter, what is too long or missing, what is careless or unproven"
)
BAD_INPUT = 2
LONGEST_KEY = 18
FORMATS = ("docx", "pdf", "zip", "xlsx")


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
    handed = actions.add_parser("export", help=_("write the proposal of a dossier into a file"))
    handed.add_argument(
        "dossier",
        metavar="ID",
        help=_(
            "the number of the dossier, as in its address, or CODE:EDITION such as INV-2026-0001:kipp-2023"
        ),
    )
    handed.add_argument("--format", choices=FORMATS, required=True, help=_("what is written"))
    handed.add_argument(
        "--output", metavar="FILE", help=_("where it is written (default: named after the dossier)")
    )


def run(options: argparse.Namespace) -> int:
    """Do what was asked; bad input leaves with 2 and a sentence for each part that does not fit."""
    if options.action == "export":
        return _export(options)
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


def _export(options: argparse.Namespace) -> int:
    prepare_database()
    with translation.override(settings.LANGUAGE_CODE):
        dossier = _found(options.dossier)
        if dossier is None:
            said = _("There is no dossier “%(name)s”. Give its number, or CODE:EDITION.")
            print(f"tifa dossier: {said % {'name': options.dossier}}", file=sys.stderr)
            return BAD_INPUT
        try:
            proposal = proposal_of(dossier, load_instrument(dossier.instrument_id), answers_of(dossier))
            name = f"{dossier.innovation.code}-{dossier.instrument_id}.{options.format}".replace("/", "-")
            target = Path(options.output or name)
            with target.open("wb") as file:
                _written(file, options.format, proposal, dossier)
        except (UnknownInstrument, BrokenInstrument) as error:
            print(f"tifa dossier: {error.args[0]}", file=sys.stderr)
            return BAD_INPUT
        except OSError as error:
            said = _("%(file)s cannot be written: %(reason)s.")
            print(f"tifa dossier: {said % {'file': target, 'reason': error.strerror}}", file=sys.stderr)
            return BAD_INPUT
        print(target)
    return 0


def _found(name: str) -> Dossier | None:
    rows = Dossier.objects.select_related("innovation__unit")
    if name.isdecimal() and len(name) <= LONGEST_KEY:
        return rows.filter(pk=int(name)).first()
    code, _colon, edition = name.rpartition(":")
    return rows.filter(innovation__code=code, instrument_id=edition).first()


def _written(file: BinaryIO, fmt: str, proposal: Proposal, dossier: Dossier) -> None:
    if fmt == "zip":
        file.writelines(zip_pieces([packed(dossier)]))
    elif fmt == "xlsx":
        write_workbook(file, proposal_sheets(proposal))
    else:
        file.write((proposal_docx if fmt == "docx" else proposal_pdf)(proposal))


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
    for gain in check.gains:
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
