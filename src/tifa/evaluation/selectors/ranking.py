"""Reads all that counts in a round, and ranks it."""

from dataclasses import dataclass, replace
from decimal import Decimal

from tifa.evaluation.choices import ScoreState
from tifa.evaluation.models import Entry, Round, Score
from tifa.evaluation.selectors.rounds import Viewer, visible_entries, without_conflict
from tifa.evaluation.selectors.rubrics import rubric_of
from tifa.instruments import Rubric
from tifa.stats.ranking import EntryScores, Ranking, SectionScore, SectionWeight, State, rank

PLACES = 2


@dataclass(frozen=True)
class RankedRow:
    """One line of a ranking to look at before it is published."""

    code: str
    title: str
    unit: str
    rank: int | None
    total: Decimal | None


STATES: dict[str, State] = {
    ScoreState.SCORED: "scored",
    ScoreState.CONFLICT: "conflict",
    ScoreState.NOT_ASSESSABLE: "not_assessable",
}


def scores_of(round_: Round) -> tuple[EntryScores, ...]:
    """Return what the submitted sheets say of every entry, by the innovation's code, in two statements.

    Sheets of a conflict, drafts and withdrawn entries are left out; a judge is known by the key of their seat. The sheets
    of a withdrawn judge count.
    """
    rows = (
        Score.objects.filter(
            without_conflict("sheet__"),
            sheet__entry__round=round_,
            sheet__entry__withdrawn_at=None,
            sheet__submitted_at__isnull=False,
            state__in=STATES,
        )
        .order_by("sheet__entry_id", "sheet__member_id", "pk")
        .values_list("sheet__entry_id", "sheet__member_id", "section", "value", "state")
    )
    said: dict[int, list[SectionScore]] = {}
    for entry, member, section, value, state in rows.iterator(chunk_size=2000):
        said.setdefault(entry, []).append(SectionScore(str(member), section, value, STATES[state]))
    entries = Entry.objects.filter(round=round_, withdrawn_at=None).order_by("innovation__code")
    return tuple(
        EntryScores(code, tuple(said.get(key, ())))
        for key, code in entries.values_list("pk", "innovation__code")
    )


def ranking_of(round_: Round) -> Ranking:
    """Return the ranking of a round as it stands."""
    return rank(scores_of(round_), weights_of(rubric_of(round_)), places=PLACES)


def ranking_for(person: Viewer, round_: Round) -> Ranking:
    """Return of the ranking as it stands what a person may watch; with a part of the entries alone, no rank is told."""
    ranking = ranking_of(round_)
    seen = set(visible_entries(person, round_).values_list("innovation__code", flat=True))
    rows = tuple(row for row in ranking.entries if row.entry in seen)
    if len(rows) < len(ranking.entries):
        rows = tuple(replace(row, rank=None) for row in rows)
    return replace(ranking, entries=rows)


def ranked_rows(round_: Round) -> list[RankedRow]:
    """Return the ranking as it stands with titles and units, in three statements."""
    named = {
        entry.innovation.code: entry.innovation
        for entry in Entry.objects.filter(round=round_).select_related("innovation__unit")
    }
    return [
        RankedRow(row.entry, named[row.entry].title, named[row.entry].unit.name, row.rank, row.total)
        for row in ranking_of(round_).entries
    ]


def weights_of(rubric: Rubric) -> tuple[SectionWeight, ...]:
    """Return the sections of a rubric with their weights, as the ranking wants them."""
    return tuple(SectionWeight(section.id, section.weight) for section in rubric.sections)
