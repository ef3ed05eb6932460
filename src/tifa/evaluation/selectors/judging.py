"""Reads what a judge may see: their own rounds, entries and score sheets."""

from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from tifa.evaluation.choices import RoundState
from tifa.evaluation.models import Assignment, Conflict, Entry, PanelMember, Round, Score, ScoreSheet
from tifa.evaluation.selectors.rounds import Viewer, key_of

NOT_BEGUN, DRAFT, SUBMITTED = "not_begun", "draft", "submitted"


@dataclass(frozen=True)
class Sheet:
    """A judge's score sheet as it is stored; version 0 means that nothing is stored yet."""

    version: int
    stored: ScoreSheet | None
    scores: dict[str, Score]

    @property
    def submitted(self) -> bool:
        """Whether the judge has handed it in."""
        return self.stored is not None and self.stored.submitted_at is not None


@dataclass(frozen=True)
class Place:
    """Where an entry stands among those that a judge has in a round, and the keys of its neighbours."""

    number: int
    count: int
    submitted: int
    before: int | None
    after: int | None


def judging_rounds(person: Viewer) -> QuerySet[Any]:
    """Return the rounds in which a person judges, with how many entries they have and have done.

    Entries of a conflict count nowhere, and a judge who was withdrawn has no round any more.
    """
    seat = PanelMember.objects.filter(round=OuterRef("pk"), person_id=key_of(person), withdrawn_at=None)
    return (
        Round.objects.defer("instrument_copy")
        .exclude(state=RoundState.DRAFT)
        .filter(Exists(seat))
        .annotate(
            expected=_count(_entries(person), "round"),
            submitted=_count(_own_sheets(person).filter(submitted_at__isnull=False), "entry__round"),
            drafts=_count(_own_sheets(person).filter(submitted_at=None), "entry__round"),
        )
        .order_by(F("opened_on").desc(nulls_last=True), "code")
    )


def my_entries(person: Viewer) -> QuerySet[Any]:
    """Return the entries that a person judges, in all rounds that have opened.

    An entry with a conflict is not among them, so it is neither listed, counted, opened nor exported. Nor is one that
    is assigned to others, where the round is divided.
    """
    own = ScoreSheet.objects.filter(entry=OuterRef("pk"), member__person_id=key_of(person))
    return (
        _entries(person)
        .exclude(round__state=RoundState.DRAFT)
        .annotate(
            sheet_state=Case(
                When(Exists(own.filter(submitted_at__isnull=False)), then=Value(SUBMITTED)),
                When(Exists(own), then=Value(DRAFT)),
                default=Value(NOT_BEGUN),
                output_field=CharField(),
            )
        )
        .select_related("innovation__unit")
        .order_by("innovation__code", "pk")
    )


def my_entry(person: Viewer) -> QuerySet[Entry]:
    """Return the same entries with their round and its frozen instrument, for the page of one."""
    return _entries(person).exclude(round__state=RoundState.DRAFT).select_related("round", "innovation__unit")


def sheet_for(person: Viewer, entry: Entry) -> Sheet:
    """Return a judge's own score sheet of an entry, in one statement."""
    scores = list(
        Score.objects.filter(sheet__entry=entry, sheet__member__person_id=key_of(person)).select_related(
            "sheet"
        )
    )
    stored = scores[0].sheet if scores else None
    return Sheet(stored.version if stored else 0, stored, {score.section: score for score in scores})


def next_entry(person: Viewer, round_: Round, after: str) -> Entry | None:
    """Return the next entry that a judge has not submitted, after the innovation code ``after``, then from the start."""
    waiting = my_entries(person).filter(round=round_).exclude(sheet_state=SUBMITTED)
    following: Entry | None = waiting.filter(innovation__code__gt=after).first() or waiting.first()
    return following


def place_of(person: Viewer, entry: Entry) -> Place:
    """Return where an entry stands in the list of its judge, in one statement."""
    rows = list(my_entries(person).filter(round=entry.round).values_list("pk", "sheet_state"))
    keys = [pk for pk, _state in rows]
    at = keys.index(entry.pk)
    return Place(
        number=at + 1,
        count=len(keys),
        submitted=sum(state == SUBMITTED for _pk, state in rows),
        before=keys[at - 1] if at else None,
        after=keys[at + 1] if at + 1 < len(keys) else None,
    )


def _entries(person: Viewer) -> QuerySet[Entry]:
    """Return the entries of a judge; one that was withdrawn stays with those who had submitted their sheet."""
    seat = PanelMember.objects.filter(round=OuterRef("round"), person_id=key_of(person), withdrawn_at=None)
    submitted = ScoreSheet.objects.filter(
        entry=OuterRef("pk"), member__person_id=key_of(person), submitted_at__isnull=False
    )
    return Entry.objects.filter(
        Exists(seat) & ~_conflicted(person, "pk") & (Q(round__reviews_each=None) | _assigned(person, "pk")),
        Q(withdrawn_at=None) | Exists(submitted),
    )


def _own_sheets(person: Viewer) -> QuerySet[ScoreSheet]:
    return ScoreSheet.objects.filter(
        Q(member__person_id=key_of(person)) & ~_conflicted(person, "entry"),
        Q(entry__round__reviews_each=None) | _assigned(person, "entry"),
        Q(entry__withdrawn_at=None) | Q(submitted_at__isnull=False),
    )


def _conflicted(person: Viewer, entry: str) -> Exists:
    return Exists(Conflict.objects.filter(entry=OuterRef(entry), member__person_id=key_of(person)))


def _assigned(person: Viewer, entry: str) -> Exists:
    return Exists(Assignment.objects.filter(entry=OuterRef(entry), member__person_id=key_of(person)))


def _count(rows: QuerySet[Entry] | QuerySet[ScoreSheet], key: str) -> Coalesce:
    counted = rows.filter(**{key: OuterRef("pk")}).order_by().values(key).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
