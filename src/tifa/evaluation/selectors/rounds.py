"""Reads rounds, their entries, panels and conflicts as those who run or watch them may."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import (
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from tifa.evaluation.choices import RoundState
from tifa.evaluation.models import Conflict, Entry, PanelMember, Round, ScoreSheet
from tifa.evaluation.rules import WATCHING_ROLES
from tifa.organisation.models import Person
from tifa.organisation.rules import has_role
from tifa.organisation.selectors import judges, units_of
from tifa.registry.selectors import verified_innovations

Viewer = Person | AnonymousUser


@dataclass(frozen=True)
class JudgeProgress:
    """How far one judge is; ``expected`` leaves out the entries of a declared conflict."""

    member: PanelMember
    expected: int
    submitted: int
    drafts: int
    conflicts: int

    @property
    def scale(self) -> int:
        """Return the full length of a progress bar; one of nothing has none."""
        return max(self.expected, 1)

    @property
    def done(self) -> bool:
        """Whether nothing is left to do."""
        return self.submitted >= self.expected


@dataclass(frozen=True)
class RoundProgress:
    """How far a round is."""

    entries: int
    complete: int
    begun: int
    judges: tuple[JudgeProgress, ...]

    @property
    def expected(self) -> int:
        """Return how many score sheets the round needs."""
        return sum(judge.expected for judge in self.judges)

    @property
    def submitted(self) -> int:
        """Return how many score sheets came in."""
        return sum(judge.submitted for judge in self.judges)

    @property
    def drafts(self) -> int:
        """Return how many score sheets were begun and not submitted."""
        return sum(judge.drafts for judge in self.judges)

    @property
    def untouched(self) -> int:
        """Return how many entries no judge has submitted a sheet for."""
        return self.entries - self.begun

    @property
    def late_judges(self) -> tuple[JudgeProgress, ...]:
        """Return the judges who still owe a sheet."""
        return tuple(judge for judge in self.judges if not judge.done)


def key_of(person: Viewer) -> int:
    """Return the primary key of a person, and of nobody 0: judges without an account have none either."""
    return person.pk or 0


def rounds_for(person: Viewer) -> QuerySet[Any]:
    """Return the rounds that a person may run or watch, with the counts of their entries and judges.

    The frozen instrument is left out: it is long, and a list does not show it.
    """
    if not has_role(person, WATCHING_ROLES):
        return Round.objects.none()
    return (
        Round.objects.defer("instrument_copy")
        .annotate(entry_count=_count(Entry, "round"), judge_count=_count(PanelMember, "round"))
        .order_by(F("opened_on").desc(nulls_first=True), "code")
    )


def round_for(person: Viewer) -> QuerySet[Round]:
    """Return the same rounds with their frozen instrument, for the page of one."""
    if not has_role(person, WATCHING_ROLES):
        return Round.objects.none()
    return Round.objects.all()


def without_conflict(sheet: str = "") -> Any:
    """Return the condition that a score sheet's judge has declared no conflict with its entry.

    ``sheet`` is the path to the score sheet, such as ``sheet__`` from a score.
    """
    return ~Exists(
        Conflict.objects.filter(entry=OuterRef(f"{sheet}entry"), member=OuterRef(f"{sheet}member"))
    )


def visible_entries(person: Viewer, round_: Round) -> QuerySet[Entry]:
    """Return the entries of a round that a person may watch, with who has judged how far.

    A person who judges in the round and has a conflict with an entry does not see it, in whatever role,
    until the result is published; a leader of one unit sees the entries of its subtree.
    """
    entries = Entry.objects.filter(
        round=round_, innovation__unit__in=units_of(person, WATCHING_ROLES)
    ).select_related("innovation__unit")
    if round_.state != RoundState.PUBLISHED:
        entries = entries.exclude(
            Exists(Conflict.objects.filter(entry=OuterRef("pk"), member__person_id=key_of(person)))
        )
    return entries.order_by("innovation__code", "pk")


def with_progress(entries: QuerySet[Entry], judges: int) -> QuerySet[Any]:
    """Return ``entries`` with the counts of submitted sheets, drafts and conflicts, and of judges expected."""
    sheets = ScoreSheet.objects.filter(without_conflict())
    return entries.annotate(
        submitted=_count_of(sheets.filter(submitted_at__isnull=False), "entry"),
        drafts=_count_of(sheets.filter(submitted_at=None), "entry"),
        conflict_count=_count(Conflict, "entry"),
    ).annotate(expected=ExpressionWrapper(Value(judges) - F("conflict_count"), output_field=IntegerField()))


COMPLETE = Q(submitted__gte=F("expected"))
BEGUN = Q(submitted__gt=0) | Q(drafts__gt=0)


def round_progress(person: Viewer, round_: Round, entries: QuerySet[Entry] | None = None) -> RoundProgress:
    """Return how far a round is, in three statements whatever its size.

    ``entries`` spares asking again for what the person may see, where the caller has it.
    """
    panel = list(panel_of(round_))
    entries = visible_entries(person, round_) if entries is None else entries
    counted = (
        with_progress(entries, len(panel))
        .order_by()
        .aggregate(
            entries=Count("pk"),
            complete=Count("pk", filter=COMPLETE),
            begun=Count("pk", filter=Q(submitted__gt=0)),
        )
    )
    total = Entry.objects.filter(round=round_).count()
    judges = tuple(
        JudgeProgress(
            member, total - member.conflict_count, member.submitted, member.drafts, member.conflict_count
        )
        for member in panel
    )
    return RoundProgress(counted["entries"], counted["complete"], counted["begun"], judges)


def panel_of(round_: Round) -> QuerySet[Any]:
    """Return the judges of a round with the counts of their sheets and conflicts."""
    sheets = ScoreSheet.objects.filter(without_conflict())
    return (
        PanelMember.objects.filter(round=round_)
        .select_related("person")
        .annotate(
            submitted=_count_of(sheets.filter(submitted_at__isnull=False), "member"),
            drafts=_count_of(sheets.filter(submitted_at=None), "member"),
            sheet_count=_count(ScoreSheet, "member"),
            conflict_count=_count(Conflict, "member"),
        )
        .order_by("name", "pk")
    )


def panel_size(round_: Round) -> int:
    """Return how many judges a round has."""
    return PanelMember.objects.filter(round=round_).count()


def conflicts_of(person: Viewer, round_: Round) -> QuerySet[Conflict]:
    """Return the declared conflicts with the entries that a person may see, the newest first."""
    return (
        Conflict.objects.filter(entry__in=visible_entries(person, round_).order_by().values("pk"))
        .select_related("entry__innovation", "member")
        .order_by("-declared_at", "-pk")
    )


def candidates(round_: Round, on: date) -> QuerySet[Any]:
    """Return the innovations that may enter a round: those that Ortal has verified, with the entry they have."""
    sheets = ScoreSheet.objects.filter(entry__round=round_, entry__innovation=OuterRef("pk"))
    return verified_innovations(on).annotate(
        entered=Exists(Entry.objects.filter(round=round_, innovation=OuterRef("pk"))),
        judged=Exists(sheets),
    )


def nameable_people(round_: Round) -> QuerySet[Person]:
    """Return the people who may be named as judges of a round, and those who are."""
    named = Person.objects.filter(panels__round=round_).values("pk")
    return Person.objects.filter(Q(pk__in=judges().values("pk")) | Q(pk__in=named)).order_by("name", "pk")


def _count(model: type[Model], key: str) -> Coalesce:
    return _count_of(model._default_manager.all(), key)


def _count_of(rows: QuerySet[Any], key: str) -> Coalesce:
    counted = rows.filter(**{key: OuterRef("pk")}).order_by().values(key).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
