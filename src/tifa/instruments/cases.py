"""Runs the cases beside a pack: answers that a person worked out, with the figures that they must give."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from tifa.instruments.loading import PACKS, load_instrument
from tifa.instruments.reading import read_yaml
from tifa.instruments.scoring import BadAnswers, Outcome, score

USUAL_DAY = date(2026, 1, 1)


@dataclass(frozen=True)
class Case:
    """One case: where it stands, its sentence, the answers, and what is expected of them."""

    file: str
    instrument: str
    sentence: str
    values: Mapping[str, Any]


def all_cases() -> Iterator[Case]:
    """Return the cases of all packs that are scored by their own results."""
    for path in sorted(Path(str(PACKS)).glob("*/cases/*.yaml")):
        file = read_yaml(path.read_text(encoding="utf-8")).values
        if "method" not in file:
            name = f"{path.parent.parent.name}/cases/{path.name}"
            for case in file["cases"]:
                yield Case(name, file["instrument"], case["case"], case)


def differences(case: Case) -> list[str]:
    """Return what a case gives otherwise than expected, one sentence each; none when all is equal."""
    expect, answers = case.values["expect"], case.values["answers"]
    on = date.fromisoformat(case.values["on"]) if "on" in case.values else USUAL_DAY
    try:
        outcome = score(load_instrument(case.instrument), answers, on=on)
    except BadAnswers as error:
        refused = expect.get("refused")
        return [] if refused is not None and refused in str(error) else [f"refused: {error}"]
    if "refused" in expect:
        return [f"accepted, but expected to be refused: {expect['refused']}"]
    tolerance = Decimal(str(case.values.get("tolerance", 0)))
    return [
        f"{name}: found {found}, expected {wanted}"
        for name, found, wanted in _compared(outcome, expect)
        if not _equal(found, wanted, tolerance)
    ]


def _compared(outcome: Outcome, expect: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    found = _facts_of(outcome)
    for name in ("result", "value", "grade", "state", "status"):
        if name in expect:
            yield name, found[name], expect[name]
    for name, wanted in expect.get("results", {}).items():
        node = outcome.results.get(name)
        yield f"results.{name}", node.shown if node else None, wanted
    for name, wanted in expect.get("grades", {}).items():
        bands = {below.id: below.band for node in outcome.results.values() for below in node.walk()}
        band = bands.get(name)
        yield f"grades.{name}", band.code if band else None, wanted
    for name, wanted in expect.get("alternatives", {}).items():
        values = {one.alternative.id: one.node.shown for one in outcome.compared}
        yield f"alternatives.{name}", values.get(name), wanted
    if "findings" in expect:
        yield "findings", [f"{one.item}: {one.kind}" for one in outcome.findings], expect["findings"]
    for wanted in expect.get("reasons", []):
        yield "reasons", wanted if wanted in found["reasons"] else found["reasons"], wanted


def _facts_of(outcome: Outcome) -> Mapping[str, Any]:
    node = outcome.result
    if node is None:
        return {
            "result": None,
            "value": None,
            "grade": None,
            "state": "refused",
            "status": None,
            "reasons": "",
        }
    return {
        "result": node.id,
        "value": node.shown,
        "grade": node.band.code if node.band else None,
        "state": node.state,
        "status": node.status.value,
        "reasons": " ".join([*node.reasons, *node.doubts]),
    }


def _equal(found: Any, wanted: Any, tolerance: Decimal) -> bool:
    if isinstance(found, Decimal) and wanted is not None:
        return abs(found - Decimal(str(wanted))) <= tolerance
    return bool(found == wanted or (found is not None and str(found) == str(wanted)))
