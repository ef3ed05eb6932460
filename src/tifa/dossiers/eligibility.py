"""Whether an innovation may enter an edition, as far as the edition's data tell."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tifa.core.clock import months_after
from tifa.dossiers.draft import Award, Draft
from tifa.instruments import Instrument, spoken
from tifa.instruments.schema import AwardRule, Condition, Status, Window

State = Literal["met", "failed", "unknown", "judged"]


@dataclass(frozen=True)
class Verdict:
    """What one rule of admission says: met, failed, unknown, or to be judged by a person.

    ``eligible_from`` is the first closing day with which a rule of age would be met.
    """

    id: str
    state: State
    sentence: str
    status: Status
    reference: str = ""
    eligible_from: date | None = None


def verdicts(instrument: Instrument, draft: Draft, closing: date | None) -> tuple[Verdict, ...]:
    """Return what each rule of an edition says of a dossier.

    Parameters
    ----------
    instrument, draft
        The edition and the dossier.
    closing
        The day on which registration closes, from which an age is counted back; None when no source tells it.
    """
    return (
        *_of_edition(instrument),
        *_of_conditions(instrument, draft, closing),
        *_of_form(instrument, draft),
    )


def closing_day(instrument: Instrument) -> date | None:
    """Return the day on which registration closes in the organiser's time zone, None when it is unknown."""
    moment = instrument.calendar.closes.at(date.max).value if instrument.calendar else None
    return None if moment is None else moment.date()


def _of_edition(instrument: Instrument) -> Iterator[Verdict]:
    cancelled = instrument.cancelled
    if cancelled is not None:
        yield Verdict(
            "cancelled", "failed", spoken(cancelled.label), cancelled.status, cancelled.reference or ""
        )


def _of_conditions(instrument: Instrument, draft: Draft, closing: date | None) -> Iterator[Verdict]:
    held = [one for one in instrument.conditions if not one.groups or draft.group in one.groups]
    softer = {one.instead_of: one for one in held if one.instead_of}
    for condition in held:
        if condition.instead_of:
            continue
        state, said, earliest = _judged(condition, draft, closing)
        other = softer.get(condition.id)
        if state == "failed" and other is not None and _judged(other, draft, closing)[0] == "met":
            state, said = "judged", _("It counts only in this case: %s") % spoken(other.label)
        sentence = " ".join(part for part in (spoken(condition.label), said) if part)
        yield Verdict(condition.id, state, sentence, condition.status, condition.reference or "", earliest)


def _judged(condition: Condition, draft: Draft, closing: date | None) -> tuple[State, str, date | None]:
    if condition.award is not None:
        return (*_by_awards(condition.award, draft.awards), None)
    if condition.first_use is not None:
        return (*_by_window(condition.first_use, draft.use_started), None)
    if condition.counted_from == "registration_close" and condition.limit is not None:
        return _by_age(condition.limit.value, draft.use_started, closing)
    return "judged", _("Nothing can compute this; whoever decides looks at it."), None


def _by_age(months: int | None, started: date | None, closing: date | None) -> tuple[State, str, date | None]:
    if months is None:
        return "unknown", _("No source tells the number."), None
    if started is None:
        return "unknown", _("Since when it is in use is not said; fill in use_started."), None
    earliest = months_after(started, months)
    if closing is None:
        return "unknown", _("The closing day is unknown; give it with --closing."), earliest
    if earliest <= closing:
        return "met", "", None
    said = _(
        "In use since %(started)s; %(months)d months are full on %(earliest)s, after the closing day %(closing)s."
    ) % {
        "started": _shown(started),
        "months": months,
        "earliest": _shown(earliest),
        "closing": _shown(closing),
    }
    return "failed", said, earliest


def _by_window(window: Window, started: date | None) -> tuple[State, str]:
    if started is None:
        return "unknown", _("Since when it is in use is not said; fill in use_started.")
    if window.first <= started <= window.last:
        return "met", ""
    found = _("In use since %s.") % _shown(started)
    if started < window.first and window.older_when is not None:
        return "judged", found
    return "failed", found


def _by_awards(rule: AwardRule, awards: tuple[Award, ...] | None) -> tuple[State, str]:
    if awards is None:
        return "unknown", _("Whether it was given awards before is not told yet.")
    own = [one for one in awards if one.award == rule.award]
    bounded = rule.first_year is not None or rule.last_year is not None
    undated = sum(one.year is None for one in own) if bounded else 0
    certain = sum(one.year is None or _in_years(rule, one.year) for one in own) - undated
    possible = certain + undated
    fewer, least = rule.fewer_than, rule.at_least
    if (fewer is not None and certain >= fewer) or (least is not None and possible < least):
        years = ", ".join(str(one.year) for one in own if one.year is not None) or "–"
        return "failed", _("Earlier awards of this kind: %(count)d (%(years)s).") % {
            "count": len(own),
            "years": years,
        }
    if (fewer is not None and possible >= fewer) or (least is not None and certain < least):
        return "unknown", _("The year of an earlier award is not said.")
    return "met", ""


def _in_years(rule: AwardRule, year: int) -> bool:
    return (rule.first_year or year) <= year <= (rule.last_year or year)


def _of_form(instrument: Instrument, draft: Draft) -> Iterator[Verdict]:
    categories, goals = instrument.categories, instrument.goals
    if categories is not None and draft.category is None:
        sentence = _("No category is chosen.")
        yield Verdict("category", "failed", sentence, categories.status, categories.reference or "")
    if goals is not None and goals.required and not draft.goals:
        sentence = _("No Sustainable Development Goal is named.")
        yield Verdict("goals", "failed", sentence, goals.status, goals.reference or "")
    for one in instrument.attachments:
        if one.id in draft.attachments or (one.groups and draft.group not in one.groups):
            continue
        name, reference = f"attachment:{one.id}", one.reference or ""
        if one.required:
            sentence = _("Missing: %s.") % spoken(one.label)
            yield Verdict(name, "failed", sentence, one.status, reference)
        elif one.required_when is not None:
            sentence = _("%(what)s is needed when %(case)s.") % {
                "what": spoken(one.label),
                "case": spoken(one.required_when),
            }
            yield Verdict(name, "judged", sentence, one.status, reference)


def _shown(day: date) -> str:
    return date_format(day, "j F Y")
