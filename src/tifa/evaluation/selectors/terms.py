"""Says in words what was announced of a round, and what of it was changed later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tifa.core.clock import today
from tifa.evaluation.choices import BandRule, Official, RoundState, TieRule
from tifa.evaluation.models import Amendment, Round

CHOICES: Mapping[str, Any] = {"official": Official, "ties": TieRule, "band": BandRule}
DATES = ("declare_until", "score_until", "publish_on")
FIELDS = ("official", "ties", "band", "top", "blind", *DATES)


@dataclass(frozen=True)
class Changed:
    """One amendment: the day, why, and each change with its words of before and after."""

    on: date
    reason: str
    lines: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Phase:
    """A part of a round with the day until which it was announced; ``days_left`` counts only in the running one."""

    name: str
    until: date | None
    state: str
    days_left: int | None = None


def terms_of(round_: Round) -> dict[str, Any]:
    """Return what was announced of a round, as a publication keeps it."""
    terms = {name: getattr(round_, name) for name in (*FIELDS, "lot")}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in terms.items()}


def told_terms(terms: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the rule of the official order in words: what is asked, and what holds."""
    counts = _word("official", terms["official"])
    if terms["official"] == Official.FAIR:
        counts = _("%(rule)s; where it cannot be estimated, the weighted mean") % {"rule": counts}
    equal = _word("ties", terms["ties"])
    if terms["ties"] == TieRule.LOT and terms["lot"]:
        equal = _("%(rule)s; seed: %(seed)s") % {"rule": equal, "seed": terms["lot"]}
    return [
        (_("What counts"), counts),
        (_("When entries are equal"), equal),
        (_("Who belongs to the best"), _word("top", terms["top"])),
        (_("When the scores cannot tell"), _word("band", terms["band"])),
        (_("What judges see"), _word("blind", terms["blind"])),
    ]


def agreed(round_: Round) -> dict[str, Any]:
    """Return what was agreed of a round, its phases and its amendments, for a template, in one statement."""
    return {
        "terms": told_terms(terms_of(round_)),
        "phases": phases_of(round_),
        "amendments": amendments_of(round_) if round_.state != RoundState.DRAFT else [],
    }


def amendments_of(round_: Round) -> list[Changed]:
    """Return what was changed after the opening, in order."""
    return [
        Changed(amendment.amended_at.date(), amendment.reason, told_changes(amendment.changes))
        for amendment in Amendment.objects.filter(round=round_)
    ]


def told_changes(changes: Mapping[str, Sequence[str]]) -> tuple[tuple[str, str, str], ...]:
    """Return each change as the name of what changed, and the words of before and after."""
    return tuple(
        (_name(name), _word(name, before), _word(name, after)) for name, (before, after) in changes.items()
    )


def phases_of(round_: Round) -> list[Phase]:
    """Return the parts of a round with their days, in order: past, the one that runs, and those to come."""
    at = [*RoundState].index(RoundState(round_.state))
    parts = [
        (_("Preparation"), round_.opened_on),
        (_("Scoring"), round_.score_until),
        (_("Moderation"), None),
        (_("Result"), round_.publish_on),
    ]
    return [
        Phase(
            name,
            until,
            "past" if number < at else "now" if number == at else "next",
            (until - today()).days if number == at and until and number else None,
        )
        for number, (name, until) in enumerate(parts)
    ]


def _name(name: str) -> str:
    field = Round._meta.get_field(name)
    return str(getattr(field, "verbose_name", name))


def _word(name: str, value: Any) -> str:
    """Return a value in words, whether it comes from a round, from a publication or from an amendment."""
    if name in CHOICES:
        return str(CHOICES[name](value).label)
    if name == "top":
        return _("a tenth of the entries") if value in {None, ""} else _("the best %(top)s") % {"top": value}
    if name == "blind":
        blind = value in {True, "True"}
        return (
            _("the innovation without the name of its unit") if blind else _("the innovation with its unit")
        )
    return date_format(date.fromisoformat(str(value)), "j F Y") if value else _("not said")
