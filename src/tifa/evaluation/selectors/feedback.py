"""What the unit of an entry learns from a published result; nobody else's notes and figures are among it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tifa.evaluation.choices import RoundState
from tifa.evaluation.models import Entry, Score
from tifa.evaluation.selectors.publications import current_publication
from tifa.evaluation.selectors.rounds import without_conflict
from tifa.evaluation.selectors.rubrics import label_of, rubric_of
from tifa.organisation.choices import Role
from tifa.organisation.models import Person
from tifa.organisation.selectors import units_of

APPLICANTS: Final = frozenset({Role.OPERATOR, Role.HEAD})
# A section is compared in spreads of the round: a third is nothing to speak of, a whole one is clear.
_WORDS: Final = (
    (Decimal(-1), _("clearly below the round")),
    (Decimal("-0.33"), _("below the round")),
    (Decimal("0.33"), _("about as the round")),
    (Decimal(1), _("above the round")),
)
_BEST: Final = _("clearly above the round")


@dataclass(frozen=True)
class SectionFeedback:
    """One section: the own mean beside that of the round, in figures and in words, with the released notes."""

    label: str
    weight: Decimal
    mean: Decimal | None
    level: Decimal | None
    words: str | Promise | None
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Distance:
    """How far an entry is from the last place of the top, and from the first that is surely in."""

    top: int
    to_top: Decimal
    to_sure: Decimal | None


@dataclass(frozen=True)
class Feedback:
    """What a unit reads of its own entry."""

    line: Mapping[str, Any]
    count: int
    sections: tuple[SectionFeedback, ...]
    distance: Distance | None


def my_results(person: Person | AnonymousUser) -> QuerySet[Entry]:
    """Return the entries of published rounds for whose units a person reports; rights follow the tree."""
    return (
        Entry.objects.filter(
            round__state=RoundState.PUBLISHED,
            withdrawn_at=None,
            innovation__unit__in=units_of(person, APPLICANTS),
        )
        .select_related("round", "innovation__unit")
        .defer("round__instrument_copy")
        .order_by("-round__closed_on", "innovation__code", "pk")
    )


def feedback_on(entry: Entry) -> Feedback | None:
    """Return the feedback on an entry from the frozen result; None when that result does not hold it."""
    publication = current_publication(entry.round)
    if publication is None:
        return None
    payload = publication.payload
    line = next((one for one in payload["entries"] if one["code"] == entry.innovation.code), None)
    if line is None:
        return None
    return Feedback(
        line, len(payload["entries"]), _sections(payload, line, _notes(entry)), _distance(payload, line)
    )


def notes_to_release(entry: Entry) -> list[tuple[str, Score]]:
    """Return the notes on an entry with the names of their sections, in the order of the rubric."""
    labels = {section.id: label_of(section) for section in rubric_of(entry.round).sections}
    order = list(labels)
    scores = sorted(_counting(entry), key=lambda one: (order.index(one.section), one.pk))
    return [(labels[one.section], one) for one in scores]


def _counting(entry: Entry) -> QuerySet[Score]:
    return Score.objects.filter(
        without_conflict("sheet__"), sheet__entry=entry, sheet__submitted_at__isnull=False
    ).exclude(note="")


def _notes(entry: Entry) -> dict[str, tuple[str, ...]]:
    """Return the released notes by section, in the order of their words: no order tells who wrote them."""
    found: dict[str, list[str]] = {}
    for section, note in _counting(entry).filter(note_released=True).values_list("section", "note"):
        found.setdefault(section, []).append(note)
    return {section: tuple(sorted(notes)) for section, notes in found.items()}


def _sections(
    payload: Mapping[str, Any], line: Mapping[str, Any], notes: Mapping[str, tuple[str, ...]]
) -> tuple[SectionFeedback, ...]:
    label = "label_en" if (get_language() or "").startswith("en") else "label_id"
    means = {one["section"]: _decimal(one["mean"]) for one in line["sections"]}
    return tuple(
        SectionFeedback(
            label=one[label],
            weight=Decimal(one["weight"]),
            mean=means.get(one["id"]),
            level=_decimal(one.get("mean")),
            words=_words(means.get(one["id"]), _decimal(one.get("mean")), one.get("spread")),
            notes=notes.get(one["id"], ()),
        )
        for one in payload["sections"]
    )


def _words(mean: Decimal | None, level: Decimal | None, spread: float | None) -> str | Promise | None:
    if mean is None or level is None:
        return None
    if not spread:
        return _WORDS[2][1]
    apart = (mean - level) / Decimal(str(spread))
    return next((word for limit, word in _WORDS if apart < limit), _BEST)


def _distance(payload: Mapping[str, Any], line: Mapping[str, Any]) -> Distance | None:
    """Return how far the fair score is from the top; None when there is none, or the entry is surely in."""
    own, fair = line.get("fair"), payload.get("fair")
    if not own or not fair or own["verdict"] == "in":
        return None
    rows = [one["fair"] for one in payload["entries"] if one.get("fair")]
    last = min(one["fair"] for one in rows if one["place"] <= fair["top"])
    sure = [one["fair"] for one in rows if one["verdict"] == "in"]
    return Distance(
        top=fair["top"],
        to_top=_positive(last - own["fair"]),
        to_sure=_positive(min(sure) - own["fair"]) if sure else None,
    )


def _positive(value: float) -> Decimal:
    return max(Decimal(str(round(value, 4))), Decimal(0))


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))
