"""A judgement depends on the ratings alone: not on names, order, or a constant severity."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stats.simulated import World, make
from tifa.stats.errors import JudgingError
from tifa.stats.judging import Judgement, JudgingOptions, judge
from tifa.stats.ratings import Panel, Rating, panel_of

SMALL = World(entries=24, judges=6, criteria=3, halo=0.5)
FEW = settings(max_examples=8, deadline=None)


def ratings_of(panel: Panel) -> list[Rating]:
    return [
        Rating(
            panel.entries[entry],
            panel.judges[judge_],
            criterion,
            None if np.isnan(score) else float(score),
            panel.topics[panel.topic_of[entry]] if panel.topics else "",
        )
        for entry, judge_, scores in zip(panel.entry_of, panel.judge_of, panel.scores, strict=True)
        for criterion, score in zip(panel.criteria, scores, strict=True)
    ]


def by_name(judgement: Judgement) -> dict[str, tuple[float | None, ...]]:
    return {
        row.entry: (row.raw, row.fair, row.fair_lo, row.fair_hi, row.measure, row.se, row.rank, row.p_top)
        for row in judgement.entries
    }


@pytest.fixture(scope="module")
def ratings() -> list[Rating]:
    panel = make(SMALL, 3).panel
    panel.scores[np.random.default_rng(1).random(panel.scores.shape) < 0.05] = np.nan
    return ratings_of(panel)


@pytest.mark.parametrize("model", ["mfrm", "linear", "raw"])
@given(seed=st.integers(0, 10**6))
@FEW
def test_order_of_rows_changes_no_bit(model: str, seed: int, ratings: list[Rating]) -> None:
    shuffled = ratings.copy()
    random.Random(seed).shuffle(shuffled)
    options = JudgingOptions(model=model)  # type: ignore[arg-type]  # one of the three

    assert judge(panel_of(shuffled), options) == judge(panel_of(ratings), options)


@given(seed=st.integers(0, 10**6))
@FEW
def test_names_of_entries_and_judges_do_not_matter(seed: int, ratings: list[Rating]) -> None:
    names = [f"n{i}" for i in range(24)]
    random.Random(seed).shuffle(names)
    renamed = [
        replace(one, entry=names[int(one.entry[1:])], judge=names[int(one.judge[1:])]) for one in ratings
    ]

    before, after = by_name(judge(panel_of(ratings))), by_name(judge(panel_of(renamed)))

    for entry, row in before.items():
        assert after[names[int(entry[1:])]] == pytest.approx(row, abs=2e-3)


def test_severity_that_all_judges_share_changes_no_rank() -> None:
    made = make(World(entries=30, judges=6, criteria=3, steps=3, halo=0.5), 2).panel
    stricter = ratings_of(replace(made, scores=made.scores + 4))

    before, after = judge(panel_of(ratings_of(made))), judge(panel_of(stricter))

    assert [row.entry for row in before.entries] == [row.entry for row in after.entries]
    assert [one.severity for one in before.judges] == pytest.approx([one.severity for one in after.judges])


@given(judge_number=st.integers(0, 5), shift=st.floats(-30, 30))
@FEW
def test_linear_model_forgives_a_constant_of_one_judge(judge_number: int, shift: float) -> None:
    panel = make(World(entries=60, judges=6, criteria=2, severity=1.0), 5).panel
    moved = panel.scores * 10 + np.where(panel.judge_of == judge_number, shift, 0.0)[:, None]
    linear = JudgingOptions(model="linear")

    before = judge(replace(panel, scores=panel.scores * 10), linear)
    after = judge(replace(panel, scores=moved), linear)

    ranks = {row.entry: row.rank for row in before.entries}
    gaps = [abs((ranks[row.entry] or 0) - (row.rank or 0)) for row in after.entries]
    assert np.mean(gaps) < 2


def test_repeated_run_is_equal_to_the_last_bit(ratings: list[Rating]) -> None:
    assert judge(panel_of(ratings)) == judge(panel_of(ratings))


def test_seed_moves_only_what_is_drawn(ratings: list[Rating]) -> None:
    one, other = (judge(panel_of(ratings), JudgingOptions(seed=seed)) for seed in (1, 2))

    assert [row.fair for row in one.entries] == [row.fair for row in other.entries]
    assert [row.p_top for row in one.entries] != [row.p_top for row in other.entries]
    assert one.digest != other.digest


def test_raw_model_is_the_weighted_mean(ratings: list[Rating]) -> None:
    scores = [
        Rating("a", "x", "p", 4.0),
        Rating("a", "y", "p", 2.0),
        Rating("a", "x", "q", 1.0),
        Rating("b", "x", "p", 5.0),
    ]

    judgement = judge(panel_of(scores), JudgingOptions(model="raw", weights={"p": 3.0, "q": 1.0}))

    assert judgement.method == "weighted-mean/1"
    assert [(row.entry, row.raw, row.rank, row.fair) for row in judgement.entries] == [
        ("a", 2.5, 1, None),
        ("b", None, None, None),
    ]


def test_unscored_entries_and_silent_judges_are_listed_without_numbers(ratings: list[Rating]) -> None:
    judgement = judge(panel_of([*ratings, Rating("lost", "absent", "c0", None)]))

    last, judge_ = judgement.entries[-1], judgement.judges[-1]
    assert (last.entry, last.n_reviews, last.rank, last.measure) == ("lost", 0, None, None)
    assert (judge_.judge, judge_.n, judge_.severity) == ("absent", 0, None)
    assert [flag.message for flag in judgement.flags if flag.kind == "unscored"] == [
        "Entry 'lost' has no score and no rank."
    ]


def test_separate_groups_are_reported() -> None:
    made = [ratings_of(make(SMALL, seed).panel) for seed in (1, 2)]
    other = [replace(one, entry="x" + one.entry, judge="x" + one.judge) for one in made[1]]

    judgement = judge(panel_of([*made[0], *other]))

    assert [len(one.entries) for one in judgement.subsets] == [24, 24]
    assert [flag.size for flag in judgement.flags if flag.kind == "disconnected"] == [2.0]
    assert all(row.se is not None and np.isfinite(row.se) for row in judgement.entries)


def test_strange_judge_is_flagged() -> None:
    made = make(World(entries=200, judges=12, halo=0.5), 4).panel
    favours = (made.judge_of == 3)[:, None] & (np.arange(8) == 2)
    raised = replace(made, scores=np.where(favours, np.minimum(made.scores + 2, 5), made.scores))

    flags = judge(raised).flags

    found = [(flag.judge, flag.criterion) for flag in flags if flag.kind == "bias"]
    assert found[0] == ("j03", "c2")


def test_halo_is_tested() -> None:
    none, some = (judge(make(World(entries=100, judges=20, halo=halo), 4).panel) for halo in (0.0, 0.8))

    assert (none.parameters["halo_p"] or 0) > 0.01
    assert (some.parameters["halo_p"] or 0) < 1e-6


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (JudgingOptions(topics=True), "no rating has a topic"),
        (JudgingOptions(top=0), "top 0 was asked for; expected a number from 1 to 24"),
        (JudgingOptions(top=25, model="raw"), "top 25 was asked for"),
        (JudgingOptions(weights={"c0": 1.0}), "'c1' has no weight"),
    ],
)
def test_options_that_do_not_fit_are_refused(
    options: JudgingOptions, message: str, ratings: list[Rating]
) -> None:
    with pytest.raises(JudgingError, match=message):
        judge(panel_of(ratings), options)


def test_equal_scores_are_refused_by_both_models() -> None:
    same = [Rating(entry, judge_, "c", 3.0) for entry in "ab" for judge_ in "xy"]

    with pytest.raises(JudgingError, match="Every score is 3"):
        judge(panel_of(same))
    with pytest.raises(JudgingError, match="same score"):
        judge(panel_of(same), JudgingOptions(model="linear"))
