"""Reads what is moderated: how far judges are apart, what they said, and scores before and after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from statistics import median
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from tifa.evaluation.choices import RoundState
from tifa.evaluation.models import (
    Entry,
    ModerationNote,
    PanelMember,
    RankingPublication,
    Revision,
    Round,
    Score,
    ScoreSheet,
    Settlement,
)
from tifa.evaluation.selectors.figures import NO_FIGURES, EntryFigures, figures_of
from tifa.evaluation.selectors.judging import my_entry
from tifa.evaluation.selectors.letters import letters_for
from tifa.evaluation.selectors.reopening import is_reopened
from tifa.evaluation.selectors.rounds import Viewer, key_of, visible_entries, without_conflict
from tifa.evaluation.selectors.rubrics import label_of
from tifa.instruments import Rubric

# An entry is looked at when its judges are twice as far apart as those of the middle entry, and at least a tenth of
# the scale: in a round where all agree, nothing is far.
TIMES_MEDIAN = 2
SHARE_OF_SCALE = Decimal("0.1")


@dataclass(frozen=True)
class Case:
    """An entry on the board: how far its judges are apart, whether that is far, and how far its moderation is."""

    entry: Any
    figures: EntryFigures
    far: bool

    @property
    def settled(self) -> bool:
        """Whether its moderation is over."""
        return bool(self.entry.settled)


@dataclass(frozen=True)
class Board:
    """The entries of a round, those that are far apart first, and from which distance on that is."""

    cases: tuple[Case, ...]
    middle: Decimal | None
    limit: Decimal

    @property
    def open(self) -> int:
        """Return how many far entries are not settled yet."""
        return sum(case.far and not case.settled for case in self.cases)


@dataclass(frozen=True)
class Mark:
    """One score: as it is, and as it was when it was revised, else None."""

    now: Decimal | None
    before: str | None
    state: str


@dataclass(frozen=True)
class Voice:
    """One judge of an entry, without a name for other judges: a letter, their marks by section, and why they revised."""

    letter: str
    name: str
    own: bool
    marks: tuple[Mark, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Said:
    """Something that was said of an entry; ``who`` is a letter, or empty for Ortal."""

    who: str
    own: bool
    text: str
    at: datetime


def board_of(person: Viewer, round_: Round, rubric: Rubric) -> Board:
    """Return the entries of a round that a person may watch, in a constant number of statements."""
    figures = figures_of(round_, rubric)
    settled = Settlement.objects.filter(entry=OuterRef("pk"))
    entries = (
        visible_entries(person, round_)
        .filter(withdrawn_at=None)
        .annotate(
            settled=Exists(settled),
            said=Count("notes", distinct=True),
            revised=Count("sheets__revisions", distinct=True),
        )
    )
    spreads = [one.spread for one in figures.values() if one.spread is not None]
    middle = median(spreads) if spreads else None
    limit = (rubric.maximum - rubric.minimum) * SHARE_OF_SCALE
    if middle is not None:
        limit = max(limit, TIMES_MEDIAN * middle)
    cases = [_case(entry, figures.get(entry.pk, NO_FIGURES), limit) for entry in entries]
    cases.sort(key=lambda case: (not case.far, -(case.figures.spread or 0), case.entry.innovation.code))
    return Board(tuple(cases), middle, limit)


def moderated_entries(person: Viewer, round_: Round) -> QuerySet[Entry]:
    """Return the entries of which a judge has submitted a sheet, and which they may talk about."""
    return _own_submitted(person).filter(round=round_).select_related("innovation")


def moderated_entry(person: Viewer) -> QuerySet[Entry]:
    """Return the entries that a judge may talk about.

    Their sheet is in, and the round is in moderation or the entry is taken up again after the publication.
    """
    return _own_submitted(person).filter(
        Q(round__state=RoundState.MODERATING) | Q(is_reopened(), round__state=RoundState.PUBLISHED)
    )


def voices_of(entry: Entry, rubric: Rubric, person: Viewer) -> tuple[Voice, ...]:
    """Return the judges of an entry with their marks, in an order that tells nothing; two statements."""
    sheets = (
        ScoreSheet.objects.filter(without_conflict(), entry=entry, submitted_at__isnull=False)
        .select_related("member")
        .prefetch_related("revisions")
    )
    scores: dict[int, dict[str, Score]] = {}
    for score in Score.objects.filter(sheet__in=[sheet.pk for sheet in sheets]):
        scores.setdefault(score.sheet_id, {})[score.section] = score
    letters = letters_of(entry, [sheet.member_id for sheet in sheets])
    voices = [
        Voice(
            letters[sheet.member_id],
            sheet.member.name,
            sheet.member.person_id == key_of(person),
            tuple(_mark(section.id, scores.get(sheet.pk, {}), sheet) for section in rubric.sections),
            tuple(revision.reason for revision in sheet.revisions.all()),
        )
        for sheet in sheets
    ]
    return tuple(sorted(voices, key=lambda voice: voice.letter))


def said_of(entry: Entry, person: Viewer) -> tuple[Said, ...]:
    """Return what was said of an entry, in order; judges stand with their letter, Ortal with none."""
    members = dict(
        PanelMember.objects.filter(round=entry.round_id, person__isnull=False).values_list("person", "pk")
    )
    submitted = ScoreSheet.objects.filter(without_conflict(), entry=entry, submitted_at__isnull=False)
    letters = letters_of(entry, list(submitted.values_list("member", flat=True)))
    return tuple(
        Said(
            letters.get(members.get(note.author_id, 0), ""),
            note.author_id == key_of(person),
            note.text,
            note.said_at,
        )
        for note in ModerationNote.objects.filter(entry=entry)
    )


def letters_of(entry: Entry, members: Sequence[int]) -> Mapping[int, str]:
    """Return a letter for each judge of an entry: drawn for this entry, so that it is nobody's elsewhere."""
    return letters_for(f"{entry.round_id}:{entry.pk}", members)


def section_names(rubric: Rubric) -> tuple[str, ...]:
    """Return the names of the sections with their numbers."""
    return tuple(f"{section.number}. {label_of(section)}" for section in rubric.sections)


def revised_in(round_: Round) -> dict[str, int]:
    """Return how many sheets of how many entries were revised in moderation, as a publication tells it."""
    published = RankingPublication.objects.filter(round=round_, published_at__lt=OuterRef("revised_at"))
    revised = Revision.objects.filter(~Exists(published), sheet=OuterRef("pk"))
    rows = ScoreSheet.objects.filter(
        without_conflict(), Exists(revised), entry__round=round_, entry__withdrawn_at=None
    )
    pairs = set(rows.values_list("pk", "entry"))
    return {"sheets": len(pairs), "entries": len({entry for _sheet, entry in pairs})}


def _own_submitted(person: Viewer) -> QuerySet[Entry]:
    own = ScoreSheet.objects.filter(
        entry=OuterRef("pk"), member__person_id=key_of(person), submitted_at__isnull=False
    )
    return my_entry(person).filter(Q(Exists(own)), withdrawn_at=None).order_by("innovation__code", "pk")


def _case(entry: Any, figures: EntryFigures, limit: Decimal) -> Case:
    return Case(entry, figures, figures.spread is not None and figures.spread >= limit)


def _mark(section: str, scores: Mapping[str, Score], sheet: ScoreSheet) -> Mark:
    score = scores.get(section)
    first = next((one for one in sheet.revisions.all() if section in one.before), None)
    return Mark(
        score.value if score else None,
        None if first is None else first.before[section],
        score.get_state_display() if score else "",
    )
