"""What scoring gives: a tree from the result down to each answer, which explains itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from tifa.instruments.language import spoken
from tifa.instruments.loading import digest
from tifa.instruments.schema import Alternative, Band, Instrument, Label, Status
from tifa.instruments.scoring.facts import Facts, Finding

State = Literal["final", "provisional", "refused"]
NO_FACTS = Facts(None, {})
RANK = {Status.CONFIRMED: 0, Status.LOCAL: 0, Status.LIKELY: 1, Status.UNKNOWN: 2}


def weakest(*statuses: Status) -> Status:
    """Return the status of a value that rests on all of these; what a city set itself does not weaken."""
    return max(statuses, key=lambda status: RANK[status], default=Status.CONFIRMED)


@dataclass(frozen=True)
class Node:
    """One value with how it came about.

    ``value`` is exact and None when there is no value; ``shown`` is rounded as the standard says. ``weight`` and
    ``contribution`` say what it adds to the value above it. ``reasons`` say why there is no value, ``doubts`` why it
    is not final.
    """

    id: str
    label: Label
    kind: str
    value: Fraction | None
    shown: Decimal | None
    status: Status
    formula: str = ""
    reference: str = ""
    note: Label | None = None
    weight: Fraction | None = None
    contribution: Fraction | None = None
    band: Band | None = None
    reasons: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    n: int | None = None
    children: tuple["Node", ...] = ()

    @property
    def state(self) -> State:
        """Return whether the value is final, provisional, or refused."""
        if self.value is None:
            return "refused"
        return "provisional" if self.doubts else "final"

    def walk(self) -> Iterator["Node"]:
        """Return the node and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class Compared:
    """The result that another way to compute gives for the same answers."""

    alternative: Alternative
    node: Node


@dataclass(frozen=True)
class Outcome:
    """The result of one set of answers under one edition on one day."""

    instrument: Instrument
    group: str | None
    on: date
    result: Node | None
    results: Mapping[str, Node] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    compared: tuple[Compared, ...] = ()
    respondents: int | None = None
    name: str = ""
    facts: Facts = NO_FACTS
    members: tuple["Outcome", ...] = ()


def outcome_to_json(outcome: Outcome, *, explain: bool = False) -> dict[str, Any]:
    """Return an outcome as JSON values; with ``explain`` the whole tree is in it."""
    made: dict[str, Any] = {
        "instrument": outcome.instrument.id,
        "revision": outcome.instrument.revision,
        "digest": digest(outcome.instrument),
        "group": outcome.group,
        "on": outcome.on.isoformat(),
        "respondents": outcome.respondents,
        **_result(outcome.result),
        "results": {name: _short(node) for name, node in outcome.results.items()},
        "findings": [
            {"kind": one.kind, "item": one.item, "message": one.message, **one.figures}
            for one in outcome.findings
        ],
        "alternatives": [
            {"id": one.alternative.id, "label": spoken(one.alternative.label), **_short(one.node)}
            for one in outcome.compared
        ],
    }
    if outcome.members:
        made["members"] = [{"name": one.name, **_result(one.result)} for one in outcome.members]
    if explain and outcome.result is not None:
        made["explanation"] = node_to_json(outcome.result)
    return made


def node_to_json(node: Node) -> dict[str, Any]:
    """Return a node with everything below it as JSON values."""
    return {
        "id": node.id,
        "label": spoken(node.label),
        "kind": node.kind,
        "value": _number(node.shown),
        "exact": None if node.value is None else str(node.value),
        "weight": _plain(node.weight),
        "contribution": _plain(node.contribution),
        "formula": node.formula,
        "band": _band(node.band),
        "state": node.state,
        "status": node.status.value,
        "reference": node.reference or None,
        "n": node.n,
        "reasons": list(node.reasons),
        "doubts": list(node.doubts),
        "children": [node_to_json(child) for child in node.children],
    }


def _result(node: Node | None) -> dict[str, Any]:
    if node is None:
        return {"result": None, "value": None, "band": None, "grade": None, "state": "refused", "reasons": []}
    return {"result": node.id, **_short(node)}


def _short(node: Node) -> dict[str, Any]:
    return {
        "value": _number(node.shown),
        "grade": node.band.code if node.band else None,
        "band": _band(node.band),
        "state": node.state,
        "status": node.status.value,
        "reasons": [*node.reasons, *node.doubts],
    }


def _band(band: Band | None) -> dict[str, str] | None:
    if band is None:
        return None
    made = {"code": band.code, "label": spoken(band.label)}
    return made | ({"also": spoken(band.also)} if band.also else {})


def _number(value: Decimal | None) -> float | None:
    """Return a rounded decimal as a JSON number; its few places survive the way through binary."""
    return None if value is None else float(value)


def _plain(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
