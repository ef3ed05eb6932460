"""`tifa instruments`: the published standards: list, show, check, compare and score them."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tifa.core.clock import today
from tifa.instruments import (
    BadAnswers,
    BrokenInstrument,
    NoSample,
    Outcome,
    UnknownInstrument,
    differences_between,
    digest,
    instrument_to_json,
    list_instruments,
    load_instrument,
    outcome_to_json,
    sample_sizes,
    score,
    spoken,
)
from tifa.instruments.cases import all_cases, differences
from tifa.instruments.description import described
from tifa.instruments.loading import broken_packs, parse_instrument
from tifa.instruments.reading import UnreadableYaml, read_yaml
from tifa.instruments.schema import Instrument
from tifa.instruments.scoring import Node

HELP = gettext_lazy("list, show, check, compare and score the published standards")
BAD_INPUT = 2
LARGEST = 64 * 2**20


class BadRequest(ValueError):
    """What was asked for cannot be done; the message says why."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions and their options."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listed = actions.add_parser("list", help=_("all editions"))
    shown = actions.add_parser("show", help=_("one edition, and how to answer it"))
    checked = actions.add_parser("check", help=_("check all packs with their cases, or one file"))
    compared = actions.add_parser("diff", help=_("what changed from one edition to another"))
    scored = actions.add_parser("score", help=_("score answers"))
    sampled = actions.add_parser("rank-sample", help=_("how many people a survey must ask"))
    schema = actions.add_parser("schema", help=_("print the JSON Schema of a pack"))
    shown.add_argument("id", metavar="ID")
    checked.add_argument("path", metavar="PATH", nargs="?", help=_("a pack (YAML); without it all packs"))
    compared.add_argument("old", metavar="A")
    compared.add_argument("new", metavar="B")
    scored.add_argument("id", metavar="ID")
    scored.add_argument("answers", metavar="ANSWERS", help=_("YAML or JSON; - reads standard input"))
    scored.add_argument(
        "--on", metavar="DATE", help=_("the day whose values hold, YYYY-MM-DD (default: today)")
    )
    scored.add_argument("--explain", action="store_true", help=_("show how each number came about"))
    scored.add_argument(
        "--under", metavar="ID", action="append", default=[], help=_("also score it under another edition")
    )
    sampled.add_argument("id", metavar="ID")
    sampled.add_argument(
        "--population", metavar="N", required=True, help=_("how many people used the service")
    )
    for action in (listed, shown, checked, compared, scored, sampled, schema):
        action.add_argument("--json", action="store_true", help=_("print JSON"))


def run(options: argparse.Namespace) -> int:
    """Do one action; bad input leaves with 2 and a sentence."""
    with translation.override(settings.LANGUAGE_CODE):
        try:
            return _ACTIONS[options.action](options)
        except (UnknownInstrument, BrokenInstrument, BadAnswers, BadRequest, NoSample) as error:
            text = str(error) if not isinstance(error, UnknownInstrument) else error.args[0]
            print(f"tifa instruments: {text}", file=sys.stderr)
            return BAD_INPUT


def _list(options: argparse.Namespace) -> int:
    rows = [
        {
            "id": one.id,
            "title": spoken(one.title),
            "year": one.year,
            "kind": one.kind,
            "cancelled": one.cancelled,
            "digest": one.digest,
        }
        for one in list_instruments()
    ]
    return _print(options, rows, (f"{row['id']:<24} {row['year']}  {row['title']}" for row in rows))


def _show(options: argparse.Namespace) -> int:
    instrument = load_instrument(options.id)
    content = instrument_to_json(instrument) | {"digest": digest(instrument)}
    return _print(options, content, described(instrument))


def _check(options: argparse.Namespace) -> int:
    faults = list(_faults_of_file(Path(options.path)) if options.path else _faults_of_all())
    count = 1 if options.path else len(list_instruments()) if not faults else 0
    good = _("All is in order: %d edition(s) were checked.") % count
    _print(options, {"faults": faults}, faults or [good])
    return BAD_INPUT if faults else 0


def _faults_of_file(path: Path) -> Iterator[str]:
    try:
        parse_instrument(_read(str(path)), name=path.name)
    except BrokenInstrument as error:
        yield from str(error).splitlines()


def _faults_of_all() -> Iterator[str]:
    for fault in broken_packs().values():
        yield from fault.splitlines()
    for case in all_cases():
        for difference in differences(case):
            yield f"{case.file}, “{case.sentence}”: {difference}"


def _diff(options: argparse.Namespace) -> int:
    found = differences_between(load_instrument(options.old), load_instrument(options.new))
    rows = [{"chapter": one.chapter, "sentence": one.sentence} for one in found]
    lines = [f"{one.chapter}: {one.sentence}" for one in found] or [_("Nothing changed.")]
    return _print(options, rows, lines)


def _score(options: argparse.Namespace) -> int:
    on = _day(options.on) if options.on else today()
    instrument, values = load_instrument(options.id), _answers(options.answers)
    outcome = score(instrument, values, on=on)
    others = [score(load_instrument(name), values, on=on) for name in options.under]
    content = outcome_to_json(outcome, explain=options.explain)
    if others:
        content["under"] = [outcome_to_json(other) for other in others]
    lines = [*_outcome_lines(outcome, explain=options.explain)]
    for other in others:
        lines += ["", *_outcome_lines(other, explain=False)]
    return _print(options, content, lines)


def _rank_sample(options: argparse.Namespace) -> int:
    if not options.population.isdecimal() or not 1 <= int(options.population) <= 10**9:
        expected = _("The population is “%s”; expected a whole number from 1 to 1000000000.")
        raise BadRequest(expected % options.population)
    sizes = sample_sizes(load_instrument(options.id), int(options.population))
    content = {
        "instrument": options.id,
        "population": int(options.population),
        "samples": [
            {
                "id": one.rule.id,
                "label": spoken(one.rule.label),
                "size": one.size,
                "computed": one.computed,
                "status": one.rule.status.value,
            }
            for one in sizes
        ],
    }
    return _print(
        options, content, (f"{one.size:>8}  {spoken(one.rule.label)} ({one.rule.status})" for one in sizes)
    )


def _schema(_options: argparse.Namespace) -> int:
    print(json.dumps(Instrument.model_json_schema(), ensure_ascii=False, indent=2))
    return 0


_ACTIONS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "list": _list,
    "show": _show,
    "check": _check,
    "diff": _diff,
    "score": _score,
    "rank-sample": _rank_sample,
    "schema": _schema,
}


def _outcome_lines(outcome: Outcome, *, explain: bool) -> Iterator[str]:
    instrument = outcome.instrument
    yield f"{spoken(instrument.title)} ({instrument.id}, {digest(instrument)[:12]})"
    for node in outcome.results.values():
        yield f"  {_node_line(node)}"
    for one in outcome.members:
        if one.result is not None:
            yield f"    {one.name}: {_node_line(one.result)}"
    for finding in outcome.findings:
        yield f"  ! {finding.message}"
    for compared in outcome.compared:
        yield f"  ~ {spoken(compared.alternative.label)}: {_node_line(compared.node)}"
    if explain and outcome.result is not None:
        yield ""
        yield from _tree(outcome.result, 0)


def _node_line(node: Node) -> str:
    band = f" {node.band.code} ({spoken(node.band.label)})" if node.band else ""
    value = "–" if node.shown is None else f"{node.shown}"
    states = {"final": "", "provisional": " · " + _("provisional"), "refused": " · " + _("no result")}
    return " ".join([f"{spoken(node.label)}: {value}{band}{states[node.state]}", *node.reasons, *node.doubts])


def _tree(node: Node, depth: int) -> Iterator[str]:
    value = "–" if node.shown is None else str(node.shown)
    times = "" if node.weight is None else f" × {_decimal(node.weight)}"
    gives = "" if node.contribution is None else f" = {_decimal(node.contribution)}"
    formula = f"  [{node.formula}]" if node.formula else ""
    yield f"{'  ' * depth}{spoken(node.label)}: {value}{times}{gives}{formula}"
    for child in node.children:
        yield from _tree(child, depth + 1)


def _decimal(value: Any) -> str:
    return f"{float(value):.4f}".rstrip("0").rstrip(".")


def _answers(path: str) -> Any:
    text = _read(path)
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


def _read(path: str) -> str:
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


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        expected = _("“%(text)s” is not a date. Write it as year-month-day, such as 2026-11-24.")
        raise BadRequest(expected % {"text": text}) from error


def _print(options: argparse.Namespace, content: Any, lines: Any) -> int:
    if options.json:
        print(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        print("\n".join(lines))
    return 0
