"""Reads rounds, their entries, panels and conflicts as those who run or watch them may."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest

from tifa.evaluation.choices import RoundState
from tifa.evaluation.models import Assignment, Conflict, Entry, PanelMember, Round, ScoreSheet
from tifa.evaluation.rules import WATCHING_ROLES
from tifa.organisation.models import Person
from tifa.organisation.rules import has_role
from tifa.organisation.selectors import judges, units_of
from tifa.registry.selectors import verified_innovations

Viewer = Person | AnonymousUser


@dataclass(frozen=True)
class JudgeProgress:
    """How far one judge is; ``expected`` leaves out the entries of a conflict.

    One who was withdrawn owes nothing more: what they submitted is all that is expected.
    """

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
    def panel(self) -> "PanelSize":
        """Return the size of the panel."""
        return size_of([judge.member for judge in self.judges])

    @property
    def late_judges(self) -> tuple[JudgeProgress, ...]:
        """Return the judges who still owe a sheet."""
        return tuple(judge for judge in self.judges if not judge.done)


def key_of(person: Viewer) -> int:
    """Return the primary key of a person, and of nobody 0: judges without an account have none either."""
    return person.pk or 0


@dataclass(frozen=True)
class PanelSize:
    """How many judges judge, and the keys of those who were withdrawn."""

    active: int
    withdrawn: frozenset[int]


def rounds_for(person: Viewer) -> QuerySet[Any]:
    """Return the rounds that a person may run or watch, with the counts of their entries and judges.

    An entry that a person must not see is not counted either. The frozen instrument is left out: it is long, and a list does not show it.
    """
    if not has_role(person, WATCHING_ROLES):
        return Round.objects.none()
    entries = Entry.objects.filter(withdrawn_at=None).exclude(pk__in=hidden_entries(person))
    return (
        Round.objects.defer("instrument_copy")
        .annotate(
            entry_count=count_of(entries, "round"),
            judge_count=count_of(PanelMember.objects.filter(withdrawn_at=None), "round"),
        )
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


def hidden_entries(person: Viewer) -> Any:
    """Return the keys of the entries that a person must not see: theirs by conflict, until the result is published.

    It names no outer row, so a database makes the short list once and not for every row that it is held against.
    """
    return (
        Conflict.objects.filter(member__person_id=key_of(person))
        .exclude(entry__round__state=RoundState.PUBLISHED)
        .order_by()
        .values("entry")
    )


def has_submitted(round_: Round) -> bool:
    """Return whether a judge has submitted a score sheet in a round."""
    return ScoreSheet.objects.filter(entry__round=round_, submitted_at__isnull=False).exists()


def visible_entries(person: Viewer, round_: Round) -> QuerySet[Entry]:
    """Return the entries of a round that a person may watch, with who has judged how far.

    A person who judges in the round and has a conflict with an entry does not see it, in whatever role,
    until the result is published; a leader of one unit sees the entries of its subtree.
    """
    entries = Entry.objects.filter(
        round=round_, innovation__unit__in=units_of(person, WATCHING_ROLES)
    ).select_related("innovation__unit")
    if round_.state != RoundState.PUBLISHED:
        entries = entries.exclude(pk__in=hidden_entries(person))
    return entries.order_by("innovation__code", "pk")


def with_progress(entries: QuerySet[Entry], round_: Round, panel: PanelSize) -> QuerySet[Any]:
    """Return ``entries`` with the counts of submitted sheets, drafts and conflicts, and of judges expected.

    Where the round is divided, an entry needs the sheets of those who are assigned to it, and never fewer than the
    round asks for. Of a withdrawn judge only what was submitted is expected, and of a withdrawn entry too.
    """
    sheets = ScoreSheet.objects.filter(without_conflict())
    submitted = count_of(sheets.filter(submitted_at__isnull=False), "entry")
    return entries.annotate(
        submitted=submitted,
        drafts=count_of(_counted_drafts(round_, sheets), "entry"),
        conflict_count=count_rows(Conflict, "entry"),
    ).annotate(
        expected=Case(
            When(withdrawn_at__isnull=False, then=F("submitted")),
            default=_judges_needed(round_, panel),
            output_field=IntegerField(),
        )
    )


def _judges_needed(round_: Round, panel: PanelSize) -> Any:
    if round_.reviews_each is not None:
        return Greatest(count_rows(Assignment, "entry"), Value(round_.reviews_each))
    if not panel.withdrawn:
        return Value(panel.active) - F("conflict_count")
    gone = list(panel.withdrawn)
    active = count_of(Conflict.objects.exclude(member__in=gone), "entry")
    kept = count_of(
        ScoreSheet.objects.filter(without_conflict(), member__in=gone, submitted_at__isnull=False), "entry"
    )
    return Value(panel.active) - active + kept


def _counted_drafts(round_: Round, sheets: QuerySet[ScoreSheet]) -> QuerySet[ScoreSheet]:
    """Return the drafts that may still be submitted; the others are kept, and wait for nobody."""
    drafts = sheets.filter(submitted_at=None, member__withdrawn_at=None, entry__withdrawn_at=None)
    if round_.reviews_each is None:
        return drafts
    return drafts.filter(
        Exists(Assignment.objects.filter(entry=OuterRef("entry"), member=OuterRef("member")))
    )


COMPLETE = Q(submitted__gte=F("expected"))
BEGUN = Q(submitted__gt=0) | Q(drafts__gt=0)


def round_progress(person: Viewer, round_: Round, entries: QuerySet[Entry] | None = None) -> RoundProgress:
    """Return how far a round is, in three statements whatever its size.

    Entries that the person must not see count nowhere, not for any judge. ``entries`` spares asking again for what the person may see, where the
    caller has it.
    """
    hidden = hidden_entries(person)
    panel = list(panel_of(round_, hidden))
    entries = visible_entries(person, round_) if entries is None else entries
    counted = (
        with_progress(entries.filter(withdrawn_at=None), round_, size_of(panel))
        .order_by()
        .aggregate(
            entries=Count("pk"),
            complete=Count("pk", filter=COMPLETE),
            begun=Count("pk", filter=Q(submitted__gt=0)),
        )
    )
    total = Entry.objects.filter(round=round_, withdrawn_at=None).exclude(pk__in=hidden).count()
    judges = tuple(
        JudgeProgress(
            member,
            _expected_of(member, round_, total),
            member.submitted,
            member.drafts,
            member.conflict_count,
        )
        for member in panel
    )
    return RoundProgress(counted["entries"], counted["complete"], counted["begun"], judges)


def _expected_of(member: Any, round_: Round, total: int) -> int:
    if member.withdrawn_at is not None:
        return int(member.submitted)
    if round_.reviews_each is not None:
        return int(member.assigned)
    return int(total - member.open_conflicts + member.submitted_elsewhere)


def panel_of(round_: Round, hidden: Any = None) -> QuerySet[Any]:
    """Return the judges of a round with the counts of their sheets, assignments and conflicts.

    ``hidden`` are keys of entries that are left out of every count.
    """
    left_out = Q() if hidden is None else ~Q(entry__in=hidden)
    sheets = ScoreSheet.objects.filter(without_conflict()).filter(left_out)
    submitted = sheets.filter(submitted_at__isnull=False)
    conflicts = Conflict.objects.filter(left_out)
    return (
        PanelMember.objects.filter(round=round_)
        .select_related("person")
        .annotate(
            submitted=count_of(submitted, "member"),
            drafts=count_of(_counted_drafts(round_, sheets), "member"),
            sheet_count=count_rows(ScoreSheet, "member"),
            conflict_count=count_of(conflicts, "member"),
            open_conflicts=count_of(conflicts.filter(entry__withdrawn_at=None), "member"),
            submitted_elsewhere=count_of(submitted.filter(entry__withdrawn_at__isnull=False), "member"),
            assigned=count_of(Assignment.objects.filter(left_out), "member"),
        )
        .order_by("name", "pk")
    )


def size_of(panel: Sequence[PanelMember]) -> PanelSize:
    """Return the size of a panel that was read already."""
    withdrawn = frozenset(member.pk for member in panel if member.withdrawn_at is not None)
    return PanelSize(sum(1 for member in panel if member.withdrawn_at is None), withdrawn)


def panel_size(round_: Round) -> PanelSize:
    """Return how many judges a round has."""
    return size_of(list(PanelMember.objects.filter(round=round_).only("pk", "withdrawn_at")))


def conflicts_of(person: Viewer, round_: Round) -> QuerySet[Conflict]:
    """Return the conflicts with the entries that a person may see, the newest first."""
    return (
        Conflict.objects.filter(entry__in=visible_entries(person, round_).order_by().values("pk"))
        .select_related("entry__innovation__unit", "member")
        .order_by("-declared_at", "-pk")
    )


def candidates(person: Viewer, round_: Round, on: date) -> QuerySet[Any]:
    """Return the innovations that may enter a round: those that Ortal has verified, with the entry they have.

    Somebody who judges in the round does not see the entries that a conflict hides from them.
    """
    hidden = Entry.objects.filter(round=round_, pk__in=hidden_entries(person)).values("innovation")
    sheets = ScoreSheet.objects.filter(entry__round=round_, entry__innovation=OuterRef("pk"))
    return (
        verified_innovations(on)
        .exclude(pk__in=hidden)
        .annotate(
            entered=Exists(Entry.objects.filter(round=round_, innovation=OuterRef("pk"))),
            judged=Exists(sheets),
        )
        .order_by("code", "pk")
    )


def nameable_people(round_: Round) -> QuerySet[Person]:
    """Return the people who may be named as judges of a round, and those who are; not those who were withdrawn."""
    seats = PanelMember.objects.filter(round=round_, person__isnull=False)
    named = seats.filter(withdrawn_at=None).values("person")
    gone = seats.filter(withdrawn_at__isnull=False).values("person")
    return (
        Person.objects.filter(Q(pk__in=judges().values("pk")) | Q(pk__in=named))
        .exclude(pk__in=gone)
        .order_by("name", "pk")
    )


def count_rows(model: type[Model], key: str) -> Coalesce:
    """Return how many rows of a model point to the outer row by ``key``."""
    return count_of(model._default_manager.all(), key)


def count_of(rows: QuerySet[Any], key: str) -> Coalesce:
    """Return how many of ``rows`` point to the outer row by ``key``."""
    counted = rows.filter(**{key: OuterRef("pk")}).order_by().values(key).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
