"""The published flow figures, read from their frozen copy."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tifa.chain.choices import GapKind
from tifa.chain.selectors.flow import Loss, StepTime
from tifa.chain.selectors.national import NationalFigure


@dataclass(frozen=True)
class PublishedFlow:
    """How long each step took, and how much of what was reported never left, here and in the whole country."""

    steps: tuple[StepTime, ...]
    total: Loss
    units: tuple[Loss, ...]
    years: tuple[Loss, ...]
    stuck: tuple[tuple[GapKind, int], ...]
    national: tuple[NationalFigure, ...]


def published_flow(payload: Mapping[str, Any]) -> PublishedFlow | None:
    """Return the figures of a frozen copy, or nothing when it was published before there were any."""
    figures = payload.get("flow")
    if figures is None:
        return None
    return PublishedFlow(
        steps=tuple(StepTime(**{**step, "kind": GapKind(step["kind"])}) for step in figures["steps"]),
        total=_loss(figures["total"]),
        units=tuple(_loss(loss) for loss in figures["units"]),
        years=tuple(_loss(loss) for loss in figures["years"]),
        stuck=tuple((GapKind(kind), count) for kind, count in figures["stuck"]),
        national=tuple(
            NationalFigure(**{**one, "sources": tuple(one["sources"])}) for one in figures["national"]
        ),
    )


def _loss(row: Mapping[str, Any]) -> Loss:
    return Loss(row["name"], row["code"], row["reported"], row["forwarded"])
