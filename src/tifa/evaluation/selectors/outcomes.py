"""Says in words what a computed or published result means; it reads JSON and computes no estimate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

REASONS: Final[dict[str, str | Promise]] = {
    "few-entries": gettext_lazy("fewer than two entries have a score in every section that counts"),
    "few-judges": gettext_lazy("fewer than three judges can be compared through entries that they share"),
    "single-reviews": gettext_lazy(
        "no entry was judged by two judges, so judge and entry cannot be told apart"
    ),
    "nothing-to-separate": gettext_lazy("the scores do not differ more than chance explains"),
    "not-settled": gettext_lazy("the computation did not settle"),
}
MODELS: Final[dict[str, str | Promise]] = {
    "mfrm": gettext_lazy("many-facet Rasch model with a review effect, for scales of at most ten steps"),
    "linear": gettext_lazy("linear model on the weighted score of each review, for fine scales"),
}
VERDICTS: Final[dict[str, str | Promise]] = {
    "in": gettext_lazy("surely in the top"),
    "band": gettext_lazy("open: the data cannot tell"),
    "out": gettext_lazy("surely outside the top"),
}
TONES: Final = {"in": "ok", "band": "wait", "out": "neutral"}
_LEVELS: Final = (
    (0.4, gettext_lazy("low")),
    (0.6, gettext_lazy("moderate")),
    (0.8, gettext_lazy("good")),
)
_GOOD: Final = 0.8
_HIGH: Final = gettext_lazy("high")


@dataclass(frozen=True)
class Told:
    """A result in words.

    ``short`` are sentences for everybody; ``changes`` answer whether the result would change; ``agreement`` are pairs
    of a figure and what it means.
    """

    top: int
    short: tuple[str, ...]
    changes: tuple[str, ...]
    agreement: tuple[tuple[str, str], ...]
    model: str | Promise
    band: tuple[str, ...]


def told_of(fair: Mapping[str, Any], chances: Sequence[Mapping[str, Any]], titles: Mapping[str, str]) -> Told:
    """Return what a fair result says; ``chances`` are its entries, ``titles`` their names by code."""
    return Told(
        top=fair["top"],
        short=tuple(_short(fair, chances)),
        changes=tuple(_changes(fair, titles)),
        agreement=tuple(_agreement(fair)),
        model=MODELS[fair["model"]],
        band=tuple(titles.get(code, code) for code in fair["band"]),
    )


def reason_of(reason: str | None) -> str:
    """Return why there is no fair score, as part of a sentence."""
    return str(REASONS.get(reason or "", REASONS["not-settled"]))


def _short(fair: Mapping[str, Any], chances: Sequence[Mapping[str, Any]]) -> list[str]:
    top, whole = fair["top"], len(chances)
    sure = sum(one["verdict"] == "in" for one in chances)
    band = len(fair["band"])
    found = [
        _("Surely among the best %(top)s of %(whole)s: %(sure)s. “Surely” means a chance of at least 90 %%.")
        % {"top": top, "whole": whole, "sure": sure}
    ]
    if band:
        found.append(
            _(
                "For %(band)s entries the scores cannot tell whether they belong to the best %(top)s. They count as "
                "equal: decide between them by discussion or by lot, not by the second decimal."
            )
            % {"band": band, "top": top}
        )
    else:
        found.append(_("No entry is in doubt at the edge of the top."))
    severities = fair["severities"]
    if len(severities) > 1:
        found.append(_spread(fair["model"], severities[0]["severity"] - severities[-1]["severity"]))
    return found


def _spread(model: str, width: float) -> str:
    shown = {"width": _shown(width, 1)}
    if model == "linear":
        return (
            _(
                "The strictest judge scores %(width)s points lower than the most lenient one; the fair score evens that out."
            )
            % shown
        )
    return (
        _(
            "The strictest and the most lenient judge are %(width)s logits apart; the fair score evens that out."
        )
        % shown
    )


def _changes(fair: Mapping[str, Any], titles: Mapping[str, str]) -> list[str]:
    plain = fair["plain_to_fair"]
    if plain["entering"] or plain["leaving"]:
        first = _(
            "Plain mean or fair score: it matters. With the fair score these enter the top: %(entering)s; these "
            "leave it: %(leaving)s. %(moved)s places change, the farthest by %(farthest)s."
        )
    else:
        first = _(
            "Plain mean or fair score: the top stays the same. %(moved)s places change, the farthest by %(farthest)s."
        )
    found = [
        first
        % {
            "entering": _names(plain["entering"], titles),
            "leaving": _names(plain["leaving"], titles),
            "moved": plain["moved"],
            "farthest": plain["farthest"],
        }
    ]
    shifts = [one["fair"] for one in fair["without"] if one["fair"]]
    if shifts:
        found.append(_left_out(shifts, titles))
    return found


def _left_out(shifts: Sequence[Mapping[str, Any]], titles: Mapping[str, str]) -> str:
    touched = [one for one in shifts if one["entering"] or one["leaving"]]
    if not touched:
        return _("Without any one of the judges the top by fair score stays the same.")
    names = sorted({code for one in touched for code in (*one["entering"], *one["leaving"])})
    return _(
        "Leaving out one judge at a time changes the top by fair score in %(changed)s of %(all)s cases; at most "
        "%(most)s of the best are exchanged. Concerned are: %(names)s."
    ) % {
        "changed": len(touched),
        "all": len(shifts),
        "most": max(len(one[way]) for one in touched for way in ("entering", "leaving")),
        "names": _names(names, titles),
    }


def _agreement(fair: Mapping[str, Any]) -> list[tuple[str, str]]:
    figures = fair["agreement"]
    icc = figures["icc"]
    rows = [
        (
            figures["reliability"],
            _("Reliability of the fair scores"),
            _("how much of the differences between fair scores is real and not chance"),
        ),
        (
            icc["single"],
            _("Agreement of single judges (ICC)"),
            _("how much of the differences between single judges' scores comes from the entries"),
        ),
        (
            icc["corrected"],
            _("Agreement of the mean after correction (ICC)"),
            _("the same for the mean of an entry's judges once severity is evened out"),
        ),
        (figures["alpha"], _("Krippendorff's alpha"), _("agreement of the reviews beyond chance")),
    ]
    return [
        (
            label,
            _("%(value)s, %(level)s: %(meaning)s")
            % {"value": _shown(value, 2), "level": _level(value), "meaning": meaning},
        )
        for value, label, meaning in rows
        if value is not None
    ] + _needed(fair)


def _needed(fair: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what other numbers of judges would give; results of before do not tell."""
    rows = fair.get("needed") or []
    if not rows:
        return []
    told = ", ".join(
        _("%(judges)s judges %(value)s") % {"judges": one["judges"], "value": _shown(one["relative"], 2)}
        for one in rows
    )
    enough = next((one["judges"] for one in rows if one["relative"] >= _GOOD), None)
    sentence = (
        _("%(judges)s judges for each entry would be enough for a good result (0.80).") % {"judges": enough}
        if enough
        else _("Even %(judges)s judges for each entry would not be enough for a good result (0.80).")
        % {"judges": rows[-1]["judges"]}
    )
    return [(_("How many judges would be needed?"), f"{sentence} {told}")]


def _shown(value: float, places: int) -> str:
    """Return a number in the reader's language, rounded half up; number_format alone would cut."""
    return number_format(Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP), places)


def _level(value: float) -> str:
    return str(next((word for limit, word in _LEVELS if value < limit), _HIGH))


def _names(codes: Sequence[str], titles: Mapping[str, str]) -> str:
    shown = [f"“{titles.get(code, code)}”" for code in codes[:8]]
    return ", ".join([*shown, "…"] if len(codes) > len(shown) else shown) or "–"
