"""The ranking is exact, and behaves as a ranking should."""

import random
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tifa.stats.ranking import (
    EntryScores,
    RankingError,
    SectionScore,
    SectionWeight,
    State,
    rank,
)
from tifa.stats.rounding import rounded

SECTIONS = (SectionWeight("a", Decimal(0)), SectionWeight("b", Decimal(75)), SectionWeight("c", Decimal(25)))
VALUES = st.decimals(0, 100, places=2)


def entry(name: str, *scores: tuple[str, str, str]) -> EntryScores:
    return EntryScores(
        name, tuple(SectionScore(judge, section, Decimal(value)) for judge, section, value in scores)
    )


@st.composite
def entries(draw: Callable[..., object]) -> list[EntryScores]:
    made = []
    for number in range(draw(st.integers(1, 5))):  # type: ignore[call-overload]  # drawn as int
        scores = tuple(
            SectionScore(f"j{judge}", section.section, draw(VALUES))  # type: ignore[arg-type]  # drawn as Decimal
            for judge in range(3)
            for section in SECTIONS
            if draw(st.booleans())
        )
        made.append(EntryScores(f"e{number}", scores))
    return made


def test_total_is_the_weighted_mean_of_section_means() -> None:
    scores = entry("perahu", ("x", "b", "80"), ("y", "b", "90"), ("x", "c", "60"))

    [row] = rank([scores], SECTIONS).entries

    # b: (80 + 90) / 2 = 85; c: 60; (75 x 85 + 25 x 60) / 100 = 78.75
    assert row.total == Decimal("78.75")
    assert [section.mean for section in row.sections] == [None, Decimal("85.00"), Decimal("60.00")]
    assert [section.contribution for section in row.sections] == [None, Decimal("63.75"), Decimal("15.00")]
    assert (row.rank, row.judges, row.missing) == (1, 2, ())


def test_missing_section_leaves_an_entry_without_total_and_last() -> None:
    ranking = rank([entry("a", ("x", "b", "100")), entry("z", ("x", "b", "1"), ("x", "c", "1"))], SECTIONS)

    assert [(row.entry, row.rank, row.total, row.missing) for row in ranking.entries] == [
        ("z", 1, Decimal("1.00"), ()),
        ("a", None, None, ("c",)),
    ]


def test_states_are_not_numbers() -> None:
    states: tuple[State, ...] = ("conflict", "not_assessable")
    silent = tuple(SectionScore(state, "b", None, state) for state in states)
    plain = entry("e", ("x", "b", "70"), ("x", "c", "70"))

    [row] = rank([replace(plain, scores=plain.scores + silent)], SECTIONS).entries

    assert row.total == Decimal("70.00")
    assert (row.sections[1].n, row.sections[1].conflicts, row.sections[1].not_assessable) == (1, 1, 1)
    assert row.judges == 1


def test_equal_totals_share_a_rank() -> None:
    made = [
        entry(name, ("x", "b", value), ("x", "c", value))
        for name, value in zip("abcd", ("50", "70", "70", "90"), strict=True)
    ]

    assert [(row.entry, row.rank) for row in rank(made, SECTIONS).entries] == [
        ("d", 1),
        ("b", 2),
        ("c", 2),
        ("a", 4),
    ]


def test_order_follows_what_is_exact_not_what_is_shown() -> None:
    close = [
        entry("a", ("x", "b", "70.00"), ("y", "b", "70.00"), ("z", "b", "70.01"), ("x", "c", "70")),
        entry("b", ("x", "b", "70.00"), ("y", "b", "70.00"), ("z", "b", "70.00"), ("x", "c", "70")),
    ]

    ranked = rank(close, SECTIONS).entries

    assert [row.rank for row in ranked] == [1, 2]
    assert ranked[0].total == ranked[1].total == Decimal("70.00")


@pytest.mark.parametrize(
    ("value", "expected"),
    [(Fraction(1, 8), "0.13"), (Fraction(-1, 8), "-0.13"), (Fraction(1, 3), "0.33"), (Fraction(7), "7.00")],
)
def test_rounded_goes_half_up(value: Fraction, expected: str) -> None:
    assert rounded(value, 2) == Decimal(expected)


@pytest.mark.parametrize(
    ("scores", "sections", "expected"),
    [
        ((SectionScore("x", "d", Decimal(1)),), SECTIONS, "no section 'd'"),
        ((SectionScore("x", "b", None),), SECTIONS, "state"),
        ((SectionScore("x", "b", Decimal(1), "conflict"),), SECTIONS, "state"),
        ((SectionScore("x", "b", Decimal(1)),) * 2, SECTIONS, "twice"),
        ((), (SectionWeight("b", Decimal(0)),), "No section"),
        ((), (SectionWeight("b", Decimal(-1)),), "is -1; expected a number of 0 or more"),
        ((), (SECTIONS[1], SECTIONS[1]), "twice"),
        ((), (SectionWeight("b", Decimal("NaN")),), "weight of section 'b' is NaN"),
        ((SectionScore("x", "b", Decimal("Infinity")),), SECTIONS, "expected a number"),
        ((SectionScore("x", "b", Decimal("sNaN")),), SECTIONS, "expected a number"),
        ((SectionScore("x", "b", None, "draft"),), SECTIONS, "the state is 'draft'"),  # type: ignore[arg-type]  # wrong on purpose
    ],
)
def test_contradictions_are_named(
    scores: tuple[SectionScore, ...], sections: tuple[SectionWeight, ...], expected: str
) -> None:
    with pytest.raises(RankingError, match=expected):
        rank([EntryScores("e", scores)], sections)


@given(entries())
def test_order_of_input_does_not_matter(made: list[EntryScores]) -> None:
    shuffled = [replace(one, scores=tuple(reversed(one.scores))) for one in reversed(made)]

    assert rank(made, SECTIONS) == rank(shuffled, SECTIONS)


@given(entries())
def test_names_of_judges_do_not_matter(made: list[EntryScores]) -> None:
    renamed = [
        replace(one, scores=tuple(replace(score, judge=f"other {score.judge}") for score in one.scores))
        for one in made
    ]

    assert rank(made, SECTIONS) == rank(renamed, SECTIONS)


@given(entries())
def test_totals_lie_on_the_scale(made: list[EntryScores]) -> None:
    totals = [row.total for row in rank(made, SECTIONS).entries if row.total is not None]

    assert all(0 <= total <= 100 for total in totals)


@given(entries(), st.integers(0, 200))
def test_a_higher_score_never_lowers_a_total(made: list[EntryScores], pick: int) -> None:
    first = made[0]
    if not first.scores:
        return
    place = pick % len(first.scores)
    raised = list(first.scores)
    raised[place] = replace(raised[place], value=Decimal(100))

    before = next(row for row in rank(made, SECTIONS).entries if row.entry == first.entry)
    after = rank([replace(first, scores=tuple(raised))], SECTIONS).entries[0]

    assert before.total is None or (after.total is not None and after.total >= before.total)


@given(entries(), st.sampled_from(["conflict", "not_assessable"]), st.sampled_from(SECTIONS))
def test_a_state_changes_no_number(made: list[EntryScores], state: State, section: SectionWeight) -> None:
    silent = SectionScore("silent", section.section, None, state)
    with_state = [replace(one, scores=(*one.scores, silent)) for one in made]

    def numbers(given: list[EntryScores]) -> list[tuple[object, ...]]:
        return [
            (
                row.entry,
                row.rank,
                row.total,
                row.judges,
                row.missing,
                [(one.mean, one.n) for one in row.sections],
            )
            for row in rank(given, SECTIONS).entries
        ]

    assert numbers(with_state) == numbers(made)
    assert all(row.conflicts == (state == "conflict") for row in rank(with_state, SECTIONS).entries)


@given(entries(), st.lists(st.decimals(0, 50, places=3), min_size=3, max_size=3), st.integers(0, 4))
def test_totals_are_those_of_plain_fractions(
    made: list[EntryScores], weights: list[Decimal], places: int
) -> None:
    sections = [
        SectionWeight(section.section, weight) for section, weight in zip(SECTIONS, weights, strict=True)
    ]
    if not any(weights):
        return

    for row in rank(made, sections, places=places).entries:
        [scores] = [one.scores for one in made if one.entry == row.entry]
        exact = plain_total(scores, sections)
        assert row.total == (None if exact is None else rounded(exact, places))


def plain_total(scores: tuple[SectionScore, ...], sections: list[SectionWeight]) -> Fraction | None:
    total = Fraction(0)
    for section in (one for one in sections if one.weight):
        values = [
            Fraction(one.value) for one in scores if one.section == section.section and one.value is not None
        ]
        if not values:
            return None
        total += Fraction(section.weight) * sum(values) / len(values)
    return total / sum(Fraction(section.weight) for section in sections)


def test_long_numbers_stay_exact() -> None:
    # 40 digits are more than a Decimal keeps in a sum by itself.
    values = (Decimal("0." + "1" * 40), Decimal(50))
    made = EntryScores("e", tuple(SectionScore(f"j{n}", "b", value) for n, value in enumerate(values)))

    [row] = rank([made], [SectionWeight("b", Decimal(1))], places=41).entries

    assert row.total == Decimal("25.0" + "5" * 40)


def test_entry_that_stands_twice_is_refused() -> None:
    with pytest.raises(RankingError, match="perahu stands twice among the entries"):
        rank([entry("perahu"), entry("noken"), entry("perahu")], SECTIONS)


def test_places_below_zero_are_refused() -> None:
    with pytest.raises(RankingError, match="-1 decimal places"):
        rank([], SECTIONS, places=-1)


def test_nothing_to_rank_gives_an_empty_ranking() -> None:
    assert rank([], SECTIONS).entries == ()


def test_a_large_round_is_ranked_in_less_than_a_second() -> None:
    draw = random.Random(20261124)
    sections = [
        SectionWeight(f"s{number}", Decimal(weight))
        for number, weight in enumerate((0, 10, 15, 5, 30, 20, 5, 15))
    ]
    made = [
        EntryScores(
            f"e{number}",
            tuple(
                SectionScore(f"j{judge}", section.section, Decimal(draw.randrange(10001)).scaleb(-2))
                for judge in range(3)
                for section in sections
            ),
        )
        for number in range(3000)
    ]

    begun = time.process_time()
    ranking = rank(made, sections)

    assert time.process_time() - begun < 1
    assert len(ranking.entries) == 3000
