"""What was found in texts, for whoever decides on it; and the texts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.text import Truncator

from tifa.chain.choices import CandidateState, TextStatus
from tifa.chain.models import Candidate, Document, Feed, Host, Reading
from tifa.organisation.choices import DECIDING_ROLES, Function
from tifa.organisation.models import Person, Unit
from tifa.organisation.selectors import UnitTree, units_of
from tifa.registry.choices import Stage
from tifa.registry.models import Innovation
from tifa.registry.selectors import decidable_innovations

NEARBY = 5
STAGES: Mapping[str, Stage] = {
    TextStatus.PLANNED: Stage.INITIATIVE,
    TextStatus.TRIAL: Stage.TRIAL,
    TextStatus.LAUNCHED: Stage.USE,
    TextStatus.IMPLEMENTED: Stage.USE,
}


@dataclass(frozen=True)
class Looking:
    """What Ortal looks for in the queue; empty values do not narrow."""

    state: str = CandidateState.WAITING
    query: str = ""
    unit: Unit | None = None
    without_unit: bool = False
    kind: str = ""
    year: int | None = None
    status: str = ""
    confidence: float = 0.0


def visible_candidates(person: Person, tree: UnitTree) -> QuerySet[Candidate]:
    """Return the candidates of the units on which a person decides, and those that fit no unit yet."""
    reach = units_of(person, DECIDING_ROLES, tree)
    if not reach:
        return Candidate.objects.none()
    return (
        Candidate.objects.filter(Q(unit__in=reach) | Q(unit=None))
        .select_related("document", "unit", "match", "innovation", "decided_by")
        .defer("document__text")
        .order_by("-confidence", "pk")
    )


def waiting_candidates(person: Person, tree: UnitTree) -> int:
    """Return how many candidates wait for a person's decision."""
    rows = visible_candidates(person, tree).select_related(None).order_by()
    return rows.filter(state=CandidateState.WAITING).count()


def candidates_by(person: Person, looking: Looking, tree: UnitTree) -> QuerySet[Candidate]:
    """Return what waits in one state, narrowed, the best first."""
    return _narrowed(visible_candidates(person, tree), looking, tree).filter(state=looking.state)


def state_counts(person: Person, looking: Looking, tree: UnitTree) -> dict[str, int]:
    """Return how many there are in each state, narrowed in the same way."""
    rows = _narrowed(visible_candidates(person, tree), looking, tree)
    found = dict(rows.select_related(None).order_by().values_list("state").annotate(n=Count("pk")))
    return {state.value: found.get(state.value, 0) for state in CandidateState}


def candidate_years(person: Person, tree: UnitTree) -> list[int]:
    """Return the years that texts tell, the newest first."""
    rows = visible_candidates(person, tree).select_related(None).exclude(year=None).order_by("-year")
    return [year for year in rows.values_list("year", flat=True).distinct() if year is not None]


def twins_of(candidate: Candidate, person: Person, tree: UnitTree) -> QuerySet[Candidate]:
    """Return the undecided candidates of other texts that have the same name and no other unit.

    Of a candidate without a unit, one that has a unit is no twin: the same name may belong to two units.
    """
    same = visible_candidates(person, tree).filter(key=candidate.key, state=CandidateState.WAITING)
    return same.filter(Q(unit=candidate.unit_id) | Q(unit=None)).exclude(pk=candidate.pk)


def next_candidate(person: Person, after: Candidate, looking: Looking, tree: UnitTree) -> Candidate | None:
    """Return the candidate that follows in the queue, else the first that waits, else nothing."""
    rows = candidates_by(person, looking, tree).exclude(pk=after.pk)
    behind = Q(confidence__lt=after.confidence) | Q(confidence=after.confidence, pk__gt=after.pk)
    return rows.filter(behind).first() or rows.first()


def near_ones(candidate: Candidate, person: Person, tree: UnitTree) -> list[tuple[Innovation, float]]:
    """Return the innovations that a candidate is or resembles, as far as the person may see them."""
    told = {str(one["code"]): float(one["confidence"]) for one in candidate.near}
    if candidate.match is not None:
        told = {candidate.match.code: candidate.match_confidence or 0.0, **told}
    found = decidable_innovations(person, tree).filter(code__in=told)
    return sorted(((one, told[one.code]) for one in found), key=lambda pair: (-pair[1], pair[0].code))[
        :NEARBY
    ]


def visible_documents(person: Person, tree: UnitTree) -> QuerySet[Document]:
    """Return the texts that a person took in, and those that speak of their units."""
    told = visible_candidates(person, tree).filter(document=OuterRef("pk")).order_by()
    return Document.objects.filter(Q(reading__person=person) | Exists(told)).select_related("reading")


def my_readings(person: Person) -> QuerySet[Reading]:
    """Return the batches that a person sent, with how many new texts and candidates each gave."""
    return (
        Reading.objects.filter(person=person)
        .select_related("feed")
        .annotate(
            texts=Count("documents", distinct=True), found=Count("documents__candidates", distinct=True)
        )
        .order_by("-started_at", "-pk")
    )


def feeds() -> QuerySet[Feed]:
    """Return the news feeds by name."""
    return Feed.objects.select_related("added_by").order_by("title", "pk")


def hosts() -> QuerySet[Host]:
    """Return the hosts that may be asked."""
    return Host.objects.select_related("added_by").order_by("name")


def named_hosts() -> dict[str, bool]:
    """Return the hosts with whether each may stand inside the own network."""
    return dict(Host.objects.values_list("name", "inside"))


def as_finding(candidate: Candidate) -> dict[str, Any]:
    """Return what a text tells as the beginning of a finding; Ortal corrects it before it is recorded."""
    document = candidate.document
    title = candidate.name
    if candidate.expansion and candidate.expansion.casefold() != candidate.name.casefold():
        title = f"{candidate.name} ({candidate.expansion})"
    day = f", {document.published_on:%d-%m-%Y}" if document.published_on else ""
    return {
        "title": title[:200],
        "unit": candidate.unit.code if candidate.unit else "",
        "function": Function.SERVICE.value,
        "stage": STAGES[candidate.status].value,
        "summary": candidate.sentence[:4000],
        "source_note": Truncator(f"{document.title}{day}: “{candidate.sentence}”").chars(1000),
        "source_url": document.url if document.url.startswith(("http://", "https://")) else "",
    }


def region() -> str:
    """Return the name of the city whose innovations are looked for."""
    return str(settings.CITY_NAME)


def told_on(document: Document, today: date) -> date:
    """Return the day of which a text tells: its own date, or the day on which it came."""
    return document.published_on or today


def _narrowed(rows: QuerySet[Candidate], looking: Looking, tree: UnitTree) -> QuerySet[Candidate]:
    for word in looking.query.split()[:8]:
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(expansion__icontains=word)
            | Q(sentence__icontains=word)
            | Q(document__title__icontains=word)
        )
    if looking.without_unit:
        rows = rows.filter(unit=None)
    elif looking.unit is not None:
        rows = rows.filter(unit__in=tree.subtree(looking.unit.pk))
    for name, value in (
        ("document__kind", looking.kind),
        ("year", looking.year),
        ("status", looking.status),
    ):
        if value:
            rows = rows.filter(**{name: value})
    return rows.filter(confidence__gte=looking.confidence) if looking.confidence else rows
