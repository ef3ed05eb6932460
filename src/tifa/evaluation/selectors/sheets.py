"""Reads score sheets line by line, for pages and exports."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tifa.evaluation.models import Entry, Round, Score, ScoreSheet
from tifa.evaluation.selectors.rounds import Viewer, visible_entries, without_conflict
from tifa.evaluation.selectors.rubrics import label_of
from tifa.instruments import Rubric, RubricSection


@dataclass(frozen=True)
class ScoreLine:
    """One section and what a judge said of it, None when nothing."""

    section: RubricSection
    score: Score | None

    @property
    def label(self) -> str:
        """Return the name of the section."""
        return label_of(self.section)


@dataclass(frozen=True)
class SubmittedSheet:
    """One judge's submitted sheet of an entry."""

    pk: int
    judge: str
    submitted_at: datetime | None
    lines: tuple[ScoreLine, ...]


def score_lines(rubric: Rubric, scores: Mapping[str, Score]) -> tuple[ScoreLine, ...]:
    """Return the lines of a sheet in the order of the rubric."""
    return tuple(ScoreLine(section, scores.get(section.id)) for section in rubric.sections)


def sheets_of(entry: Entry, rubric: Rubric) -> tuple[SubmittedSheet, ...]:
    """Return the submitted sheets of an entry that count, in one statement."""
    scores: dict[int, dict[str, Score]] = {}
    for score in (
        Score.objects.filter(
            without_conflict("sheet__"), sheet__entry=entry, sheet__submitted_at__isnull=False
        )
        .select_related("sheet__member")
        .order_by("sheet__member__name", "sheet_id", "pk")
    ):
        scores.setdefault(score.sheet_id, {})[score.section] = score
    return tuple(_sheet(rubric, by_section) for by_section in scores.values())


@dataclass(frozen=True)
class SheetHead:
    """What all lines of a score sheet share."""

    code: str
    title: str
    unit: str
    judge: str
    submitted_at: datetime | None


ScoreRow = tuple[SheetHead, str, str, Decimal | None, str]


def score_rows(person: Viewer, round_: Round) -> Iterator[ScoreRow]:
    """Yield every score of a round that a person may see: sheet, section, state, value, note.

    One statement reads the sheets, a second one streams the scores, so a title crosses the wire once and not
    eight times.
    """
    entries = visible_entries(person, round_).order_by().values("pk")
    sheets = ScoreSheet.objects.filter(without_conflict(), entry__in=entries)
    heads = {
        key: SheetHead(code, title, unit, judge, submitted_at)
        for key, code, title, unit, judge, submitted_at in sheets.values_list(
            "pk",
            "entry__innovation__code",
            "entry__innovation__title",
            "entry__innovation__unit__name",
            "member__name",
            "submitted_at",
        )
    }
    rows = (
        Score.objects.filter(without_conflict("sheet__"), sheet__entry__in=entries)
        .order_by("sheet__entry__innovation__code", "sheet__member__name", "sheet_id", "pk")
        .values_list("sheet_id", "section", "state", "value", "note")
    )
    for key, section, state, value, note in rows.iterator(chunk_size=2000):
        if key in heads:  # a sheet that was begun between the two statements is left to the next export
            yield heads[key], section, state, value, note


def _sheet(rubric: Rubric, scores: Mapping[str, Score]) -> SubmittedSheet:
    sheet = next(iter(scores.values())).sheet
    return SubmittedSheet(sheet.pk, sheet.member.name, sheet.submitted_at, score_lines(rubric, scores))
