"""Reads who judges what, and the plans for it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet, Sum

from tifa.evaluation.choices import PlanState
from tifa.evaluation.models import Assignment, AssignmentPlan, Conflict, Entry, PanelMember, Round, ScoreSheet
from tifa.evaluation.selectors.plans import PlanResult, is_fit
from tifa.evaluation.selectors.rounds import count_of


@dataclass(frozen=True)
class Division:
    """Where the division of a round stands; ``short`` entries have fewer judges than the round asks for."""

    entries: int
    judges: int
    assigned: int
    short: int


@dataclass(frozen=True)
class PlannedEntry:
    """One entry and who would judge it, each with the answer whether the topic is theirs."""

    entry: Entry
    judges: tuple[tuple[str, bool | None], ...]


@dataclass(frozen=True)
class PlannedJudge:
    """One judge and how many entries they would have, so many of them on a topic of theirs; None when they name none."""

    member: PanelMember
    load: int
    fits: int | None


def division_of(round_: Round) -> Division:
    """Return where the division of a round stands, in two statements."""
    counted = (
        divided_entries(round_)
        .filter(withdrawn_at=None)
        .order_by()
        .aggregate(
            entries=Count("pk"),
            pairs=Sum("assigned"),
            short=Count("pk", filter=Q(assigned__lt=round_.reviews_each or 0)),
        )
    )
    judges = PanelMember.objects.filter(round=round_, withdrawn_at=None).count()
    return Division(counted["entries"], judges, counted["pairs"] or 0, counted["short"])


def divided_entries(round_: Round) -> QuerySet[Any]:
    """Return the entries of a round with how many judges are assigned to each."""
    return (
        Entry.objects.filter(round=round_)
        .select_related("innovation__unit")
        .annotate(assigned=count_of(Assignment.objects.all(), "entry"))
        .order_by("innovation__code", "pk")
    )


def with_judges(entries: QuerySet[Any]) -> QuerySet[Any]:
    """Return ``entries`` with who is assigned, in one further statement."""
    rows = Assignment.objects.select_related("member").order_by("member__name", "pk")
    return entries.prefetch_related(Prefetch("assignments", rows))


def is_short(round_: Round) -> Q:
    """Return the condition that an entry has fewer judges than its round asks for."""
    return Q(withdrawn_at=None, assigned__lt=round_.reviews_each or 0)


def seats_of(round_: Round) -> QuerySet[Any]:
    """Return the judges of a round with how many entries each has and has submitted."""
    submitted = ScoreSheet.objects.filter(submitted_at__isnull=False)
    return (
        PanelMember.objects.filter(round=round_)
        .annotate(
            assigned=count_of(Assignment.objects.all(), "member"),
            submitted=count_of(submitted, "member"),
            conflict_count=count_of(Conflict.objects.all(), "member"),
        )
        .order_by("name", "pk")
    )


def free_seats(entry: Entry) -> QuerySet[Any]:
    """Return the judges who do not have an entry yet, those with least work first; a conflict is told on asking."""
    return (
        PanelMember.objects.filter(round=entry.round_id, withdrawn_at=None)
        .exclude(assignments__entry=entry)
        .annotate(assigned=count_of(Assignment.objects.all(), "member"))
        .order_by(F("assigned").asc(), "name", "pk")
    )


def topics_of(round_: Round) -> list[str]:
    """Return the topics of the entries of a round, in alphabetical order."""
    rows = Entry.objects.filter(round=round_).exclude(topic="").order_by("topic")
    return list(rows.values_list("topic", flat=True).distinct())


def newest_plan(round_: Round) -> AssignmentPlan | None:
    """Return the plan that waits for an answer, or nothing; its long content is left out."""
    return (
        AssignmentPlan.objects.filter(round=round_)
        .exclude(state=PlanState.ACCEPTED)
        .defer("result")
        .order_by("-started_at", "-pk")
        .first()
    )


def planned_entries(
    result: PlanResult, entries: Sequence[Entry], panel: Sequence[PanelMember]
) -> list[PlannedEntry]:
    """Return the entries of one page with the judges that a plan gives them."""
    members = {member.pk: member for member in panel}
    shown = {entry.pk for entry in entries}
    judges: dict[int, list[PanelMember]] = {}
    for entry, member in result.pairs:
        if entry in shown and member in members:
            judges.setdefault(entry, []).append(members[member])
    return [
        PlannedEntry(
            entry,
            tuple(
                (member.name, is_fit(entry.topic, member.expertise))
                for member in sorted(judges.get(entry.pk, []), key=lambda one: one.name)
            ),
        )
        for entry in entries
    ]


def planned_judges(round_: Round, result: PlanResult, panel: Sequence[PanelMember]) -> list[PlannedJudge]:
    """Return the judges with the load that a plan gives them, and how much of it is on their topics; one statement."""
    topics = dict(Entry.objects.filter(round=round_).values_list("pk", "topic"))
    members = {member.pk: member for member in panel}
    fits = Counter(
        member
        for entry, member in result.pairs
        if member in members and is_fit(topics.get(entry, ""), members[member].expertise)
    )
    loads = result.loads
    return [
        PlannedJudge(member, loads[member.pk], fits[member.pk] if member.expertise else None)
        for member in panel
        if member.withdrawn_at is None or loads[member.pk]
    ]
