"""The official order in a bundle: computed from the stated results by the rule that was published before the scoring."""

from collections.abc import Mapping
from typing import Any, Final

from tifa.stats.official import Candidate, selected, standings
from tifa.stats.reviews import top_of

Json = dict[str, Any]
METHODS: Final = ("mean", "fair")
TIES: Final = ("share", "section", "lot")
BANDS: Final = ("order", "all", "panel")


def official_of(results: Mapping[str, Any], rubric: Mapping[str, Any], method: Mapping[str, Any]) -> Json:
    """Return the official places of a result, and who goes on.

    Where no fair score could be estimated the plain mean counts; ``method`` of the result says which one did.
    """
    rule, fair = method["official"], results["fair"]
    used = "fair" if rule["method"] == "fair" and fair else "mean"
    chances = {row["entry"]: row for row in fair["entries"]} if fair else {}
    order = [one["id"] for one in sorted(rubric["sections"], key=lambda one: -float(one["weight"]))]
    candidates = [
        Candidate(
            row["entry"],
            _score(row, chances.get(row["entry"]), used),
            _means(row, order),
            chances[row["entry"]]["verdict"] if row["entry"] in chances else None,
        )
        for row in results["plain"]["entries"]
    ]
    places = standings(candidates, rule["ties"], rule["lot"])
    ranked = sum(row["rank"] is not None for row in results["plain"]["entries"])
    top = method["top"] or (fair["top"] if fair else top_of(ranked))
    return {
        "method": used,
        "top": top,
        "entries": [{"entry": one.entry, "place": one.place, "by": one.by} for one in places],
        "selected": list(selected(candidates, places, rule["band"], top, rule["decided"])),
    }


def _score(row: Mapping[str, Any], fair: Mapping[str, Any] | None, used: str) -> float | None:
    """Return what orders: the fair score, or the rank by the exact mean, since equal ranks are equal means."""
    if used == "fair":
        return None if fair is None else float(fair["fair"])
    return None if row["rank"] is None else -float(row["rank"])


def _means(row: Mapping[str, Any], order: list[str]) -> tuple[float | None, ...]:
    means = {one["section"]: one["mean"] for one in row["sections"]}
    return tuple(None if means.get(name) is None else float(means[name]) for name in order)
