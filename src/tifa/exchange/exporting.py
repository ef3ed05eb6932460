"""Writes everything back as the workbook that an import reads."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from django.db.models import Q, QuerySet

from tifa.chain.models import HandOff
from tifa.core.spreadsheets import SheetOut, write_workbook
from tifa.evaluation.choices import ScoreState
from tifa.evaluation.models import Round, Score
from tifa.evaluation.selectors.rounds import rounds_for, without_conflict
from tifa.exchange.format import (
    ALIAS_MARK,
    HANDOFFS,
    INNOVATIONS,
    ROUNDS,
    SCORE_WORDS,
    SCORES,
    UNITS,
    headers,
)
from tifa.exchange.selectors import sight_of
from tifa.organisation.models import Person
from tifa.organisation.selectors import aliases_by_unit, unit_tree
from tifa.registry.models import Innovation

CHUNK = 2000
WORD_OF = {state: word for word, state in SCORE_WORDS.items()}
SEPARATOR = f"{ALIAS_MARK} "
# How wide the columns are, in characters, and with how many places scores are shown.
WIDTHS = {
    UNITS: (20, 42, 14, 20, 40, 13, 13),
    INNOVATIONS: (15, 42, 20, 14, 12, 16, 16, 60, 28, 10, 40, 40),
    HANDOFFS: (15, 15, 12, 24, 24, 22, 12, 60, 14, 18, 14),
    ROUNDS: (18, 44, 14, 12, 12),
    SCORES: (18, 15, 20, 28, 16, 60),
}
DECIMALS = {SCORES: {4: 2}, HANDOFFS: {9: 4}}

Cells = tuple[Any, ...]


def export_all(target: BinaryIO | Path, *, person: Person | None = None) -> None:
    """Write all five sheets; the same data gives the same bytes.

    Parameters
    ----------
    target
        A file to write to, or its path.
    person
        Who takes it along: the units, and the innovations, steps, rounds and scores that their pages show.
        None means whoever runs the machine, and everything.
    """
    sight = None if person is None else sight_of(person)
    sheets = (
        (UNITS, _units()),
        (INNOVATIONS, _innovations(sight)),
        (HANDOFFS, _handoffs(sight)),
        (ROUNDS, _rounds(_visible_rounds(person))),
        (SCORES, _scores(sight, _readable_rounds(person))),
    )
    write_workbook(
        target,
        (SheetOut(name, headers(name), rows, WIDTHS[name], DECIMALS.get(name, {})) for name, rows in sheets),
    )


def _units() -> Iterator[Cells]:
    """Yield every unit below its parent; the tree is public."""
    tree = unit_tree()
    aliases = aliases_by_unit(tree.units.values())
    for _depth, unit in tree.in_order():
        parent = tree.units[unit.parent_id].code if unit.parent_id else None
        names = SEPARATOR.join(aliases.get(unit.pk, ()))
        yield (unit.code, unit.name, unit.kind, parent, names, unit.valid_from, unit.valid_to)


def _innovations(sight: frozenset[str] | None) -> Iterable[Cells]:
    rows = Innovation.objects.filter(_within(sight, "unit__code")).order_by("code")
    return rows.values_list(
        "code",
        "title",
        "unit__code",
        "function",
        "stage",
        "trial_started",
        "use_started",
        "summary",
        "affairs",
        "source",
        "source_note",
        "source_url",
    ).iterator(chunk_size=CHUNK)


def _handoffs(sight: frozenset[str] | None) -> Iterable[Cells]:
    rows = HandOff.objects.filter(_within(sight, "innovation__unit__code"))
    return (
        rows.order_by("innovation__code", "on", "pk")
        .values_list(
            "innovation__code",
            "step",
            "on",
            "from_party",
            "to_party",
            "letter_number",
            "due",
            "reason",
            "failed_at",
            "score",
            "award",
        )
        .iterator(chunk_size=CHUNK)
    )


def _rounds(rounds: QuerySet[Round]) -> Iterable[Cells]:
    return rounds.order_by("code").values_list("code", "name", "instrument_id", "opened_on", "closed_on")


def _scores(sight: frozenset[str] | None, rounds: Sequence[Round]) -> Iterator[Cells]:
    """Yield what counts: sheets that were submitted, by judges without a conflict; a draft is its judge's alone."""
    rows = (
        Score.objects.filter(
            _within(sight, "sheet__entry__innovation__unit__code"),
            without_conflict("sheet__"),
            sheet__entry__round__in=rounds,
            sheet__submitted_at__isnull=False,
        )
        .exclude(state=ScoreState.NOT_YET)
        .order_by(
            "sheet__entry__round__code", "sheet__entry__innovation__code", "sheet__member__name", "section"
        )
        .values_list(
            "sheet__entry__round__code",
            "sheet__entry__innovation__code",
            "sheet__member__name",
            "section",
            "value",
            "note",
            "state",
        )
    )
    for *key, value, note, state in rows.iterator(chunk_size=CHUNK):
        yield (*key, WORD_OF[ScoreState(state)] if value is None else value, note)


def _visible_rounds(person: Person | None) -> QuerySet[Round]:
    if person is None or person.is_superuser:
        return Round.objects.all()
    return rounds_for(person)


def _readable_rounds(person: Person | None) -> list[Round]:
    """Return the rounds whose scores a person may see: nobody sees those of others while they judge."""
    rounds = _visible_rounds(person).defer("instrument_copy")
    return [one for one in rounds if person is None or person.has_perm("evaluation.view_scores", one)]


def _within(sight: frozenset[str] | None, field: str) -> Q:
    return Q() if sight is None else Q(**{f"{field}__in": sight})
