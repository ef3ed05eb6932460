"""The results of a bundle as JSON, and how two of them are compared."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import ceil, log10, sqrt
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from tifa.evaluation.bundle.anonymity import LINKED
from tifa.stats.ranking import RankedEntry, Ranking, SectionMean

if TYPE_CHECKING:
    from tifa.stats.judging import JudgedJudge
    from tifa.stats.outcome import Fair, FairEntry, Outcome, Shift

Json: TypeAlias = dict[str, Any]
_FINE: Final = 1e-6
_PLACES: Final = 4
# What another processor may change: estimates by a hundred-thousandth of the scale, a chance by two draws of 2,000.
SCALE_SHARE: Final = 1e-5
CHANCE: Final = 0.001
_SPREAD: Final = Decimal("0.01")


@dataclass(frozen=True)
class Difference:
    """One value that is stated otherwise than it is recomputed; ``entry`` is empty when it is not about one."""

    file: str
    entry: str
    field: str
    stated: Any
    recomputed: Any


def results_of(found: "Outcome", width: float, rounding: str = ROUND_HALF_UP) -> Json:
    """Return what a bundle states of an outcome.

    Parameters
    ----------
    width
        Width of the scale, which sets the decimals.
    rounding
        How means of sections are rounded; the first bundles rounded a half to the even digit.
    """
    return {
        "plain": {
            "method": found.plain.method,
            "entries": [_plain(row) for row in found.plain.entries],
            "sections": section_levels(found.plain, rounding),
        },
        "fair": None if found.fair is None else _fair(found.fair, decimals_for(width)),
        "reason": found.reason,
    }


def decimals_for(width: float) -> int:
    """Return how many decimals show a millionth of the scale.

    Examples
    --------
    >>> decimals_for(100.0), decimals_for(5.0)
    (4, 6)
    """
    return max(0, ceil(-log10(max(width, _FINE) * _FINE)))


def section_levels(plain: Ranking, rounding: str) -> list[Json]:
    """Return mean and spread of each section over the entries that have a mean in it."""
    means: dict[str, list[Decimal]] = {}
    for row in plain.entries:
        for section in row.sections:
            values = means.setdefault(section.section, [])
            if section.mean is not None:
                values.append(section.mean)
    return [{"section": name, **_level(values, rounding)} for name, values in means.items()]


def differences(file: str, stated: Any, recomputed: Json, width: float) -> Iterator[Difference]:
    """Yield what differs, in the order of the recomputed results."""
    said, found = dict(_flat(stated)), dict(_flat(recomputed))
    for key in [*found, *(key for key in said if key not in found)]:
        left, right = said.get(key), found.get(key)
        if not _same(left, right, _tolerance(key[1], width)):
            yield Difference(file, key[0], key[1], left, right)


def _plain(row: RankedEntry) -> Json:
    return {
        "entry": row.entry,
        "rank": row.rank,
        "total": _text(row.total),
        "judges": row.judges,
        "missing": list(row.missing),
        "sections": [_section(one) for one in row.sections],
    }


def _section(one: SectionMean) -> Json:
    return {
        "section": one.section,
        "mean": _text(one.mean),
        "contribution": _text(one.contribution),
        "n": one.n,
        "no_score": one.conflicts + one.not_assessable,
    }


def _level(values: list[Decimal], rounding: str) -> Json:
    if not values:
        return {"mean": None, "spread": None}
    mean = sum(values, Decimal(0)) / len(values)
    spread = sqrt(sum(float(value - mean) ** 2 for value in values) / len(values))
    return {"mean": str(mean.quantize(_SPREAD, rounding)), "spread": round(spread, 2)}


def _fair(fair: "Fair", decimals: int) -> Json:
    judged = fair.judgement
    return {
        "method": judged.method,
        "model": fair.model,
        "top": fair.top,
        "entries": [_entry(row, decimals) for row in fair.entries],
        "band": [row.entry for row in fair.entries if row.verdict == "band"],
        "severities": _severities(judged.judges, decimals),
        "parameters": {name: _rounded(value, _PLACES) for name, value in judged.parameters.items()},
        "agreement": {
            "alpha": _rounded(_alpha(judged.agreement.alpha["review"]), _PLACES),
            "icc": {name: _rounded(value, _PLACES) for name, value in judged.agreement.icc.items()},
            "reliability": _rounded(judged.agreement.reliability, _PLACES),
        },
        "leaders": [
            {"entry": one.entry, "chances": [round(chance, _PLACES) for chance in one.chances]}
            for one in judged.leaders
        ],
        "needed": [{"judges": one.judges, "relative": round(one.relative, _PLACES)} for one in judged.needed],
        "plain_to_fair": _shift(fair.plain_to_fair),
        "without": [
            {
                "judge": one.judge,
                "fair": None if one.fair is None else _shift(one.fair),
                "plain": _shift(one.plain),
            }
            for one in fair.without
        ],
    }


def _entry(row: "FairEntry", decimals: int) -> Json:
    return {
        "entry": row.entry,
        "fair": round(row.fair, decimals),
        "low": round(row.low, decimals),
        "high": round(row.high, decimals),
        "place": row.place,
        "place_low": row.place_low,
        "place_high": row.place_high,
        "p_top": round(row.p_top, _PLACES),
        "verdict": row.verdict,
    }


def _severities(judges: "tuple[JudgedJudge, ...]", decimals: int) -> list[Json]:
    """Return severities without labels, the strictest first; a label that stands for one review is no judge."""
    known = [
        (one.severity, one.se)
        for one in judges
        if one.severity is not None and one.se is not None and one.judge.startswith(LINKED)
    ]
    return [
        {"severity": round(severity, decimals), "se": round(se, decimals)}
        for severity, se in sorted(known, reverse=True)
    ]


def _shift(one: "Shift") -> Json:
    return {
        "entering": list(one.entering),
        "leaving": list(one.leaving),
        "moved": one.moved,
        "farthest": one.farthest,
        "lost": list(one.lost),
    }


def _alpha(value: object) -> float | None:
    return value if isinstance(value, float) else None


def _rounded(value: float | None, places: int) -> float | None:
    return None if value is None else round(value, places)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _flat(value: Any, entry: str = "", path: str = "") -> Iterator[tuple[tuple[str, str], Any]]:
    """Yield every single value by the entry that it is about and the way to it."""
    if isinstance(value, Mapping):
        about = value.get("entry")
        inner = about if isinstance(about, str) else entry
        for name, one in value.items():
            yield from _flat(one, inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list) and value:
        for number, one in enumerate(value):
            yield from _flat(one, entry, f"{path}{_mark(one, number)}")
    else:
        yield (entry, path), value


def _mark(value: Any, number: int) -> str:
    if not isinstance(value, Mapping):
        return f"[{number}]"
    if isinstance(value.get("entry"), str):
        return ""
    name = value.get("section") or value.get("judge")
    return f"[{name}]" if isinstance(name, str) else f"[{number}]"


def _tolerance(field: str, width: float) -> float:
    last = field.rpartition(".")[2]
    if last in {"fair", "low", "high", "severity", "se"}:
        return width * SCALE_SHARE
    if last == "p_top" or field.startswith(
        ("fair.parameters", "fair.agreement", "fair.leaders", "fair.needed")
    ):
        return CHANCE
    return 0.0


def _same(left: Any, right: Any, tolerance: float) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, int | float) and isinstance(right, int | float):
        return abs(left - right) <= tolerance
    return type(left) is type(right) and bool(left == right)
