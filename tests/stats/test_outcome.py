"""What a panel says in the end: the same numbers as the parts, and honest when there is nothing to correct."""

import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from tests.stats.simulated import World, make
from tifa.stats.errors import JudgingError
from tifa.stats.judging import JudgingOptions, judge
from tifa.stats.linear import fit_linear
from tifa.stats.outcome import Outcome, outcome, shift
from tifa.stats.ranking import SectionWeight
from tifa.stats.ratings import Panel, criterion_weights
from tifa.stats.reviews import METHOD, Review, Terms

WEIGHTS = (10, 30, 60)
PAGE = Path(__file__).resolve().parents[2] / "docs" / "methods" / "fair-publication.md"


def reviews_of(panel: Panel, scale: int = 1) -> list[Review]:
    return [
        Review(
            panel.entries[e],
            panel.judges[j],
            {c: Decimal(int(x)) * scale for c, x in zip(panel.criteria, row, strict=True)},
        )
        for e, j, row in zip(panel.entry_of, panel.judge_of, panel.scores, strict=True)
    ]


def terms_of(panel: Panel, *, scale: int = 1, top: int | None = None) -> Terms:
    sections = tuple(SectionWeight(c, Decimal(w)) for c, w in zip(panel.criteria, WEIGHTS, strict=True))
    return Terms(sections, Decimal(0), Decimal(5 * scale), top=top, seed=5)


@pytest.fixture(scope="module")
def panel() -> Panel:
    return make(World(entries=30, judges=6, criteria=3, halo=0.5), 3).panel


@pytest.fixture(scope="module")
def found(panel: Panel) -> Outcome:
    return outcome(panel.entries, reviews_of(panel), terms_of(panel))


def test_numbers_are_those_of_the_parts(panel: Panel, found: Outcome) -> None:
    weights = dict(zip(panel.criteria, map(float, WEIGHTS), strict=True))
    told = judge(panel, JudgingOptions(model="mfrm", weights=weights, seed=5))

    assert found.fair is not None
    assert (found.fair.model, found.fair.top) == ("mfrm", 3)
    assert found.fair.judgement == told
    assert [(one.entry, one.fair, one.p_top, one.place) for one in found.fair.entries] == [
        (one.entry, one.fair, one.p_top, one.rank) for one in told.entries
    ]
    assert {row.entry: float(row.total or 0) for row in found.plain.entries} == pytest.approx(
        {one.entry: one.raw for one in told.entries}, abs=0.005
    )


def test_verdicts_follow_the_chances(found: Outcome) -> None:
    assert found.fair is not None
    for one in found.fair.entries:
        assert one.verdict == ("in" if one.p_top >= 0.9 else "band" if one.p_top > 0.1 else "out")


def test_fine_scales_take_the_linear_model(panel: Panel) -> None:
    found = outcome(panel.entries, reviews_of(panel, scale=17), terms_of(panel, scale=17))

    assert found.fair is not None
    assert found.fair.model == "linear"


def test_it_is_bit_equal_again_and_in_any_order(panel: Panel, found: Outcome) -> None:
    shuffled = reviews_of(panel)
    random.Random(1).shuffle(shuffled)

    assert outcome(panel.entries, shuffled, terms_of(panel)) == found


def test_without_a_judge_the_rest_is_judged_anew(panel: Panel, found: Outcome) -> None:
    assert found.fair is not None
    scaled = outcome(panel.entries, reviews_of(panel, scale=17), terms_of(panel, scale=17)).fair
    assert scaled is not None
    (one,) = [other for other in scaled.without if other.judge == panel.judges[2]]
    rest = panel.judge_of != 2
    smaller = make_panel(panel, rest)
    fit = fit_linear(
        smaller, criterion_weights(smaller, dict(zip(panel.criteria, map(float, WEIGHTS), strict=True)))
    )
    after = dict(zip(smaller.entries, fit.estimates.value, strict=True))
    before = {row.entry: -float(row.place) for row in scaled.entries}

    assert one.fair == shift(before, after, scaled.top)
    assert [other.judge for other in found.fair.without] == list(panel.judges)


def test_without_a_judge_nothing_fair_is_told_when_the_search_does_not_settle() -> None:
    said = {"e0": {"j3": 1}, "e1": {"j0": 0, "j1": 1, "j2": 1}, "e2": {"j0": 0, "j1": 0, "j2": 0, "j3": 0}}
    reviews = [
        Review(entry, judge, {"c": Decimal(value)})
        for entry, of in said.items()
        for judge, value in of.items()
    ]

    fair = outcome([*said], reviews, Terms((SectionWeight("c", Decimal(1)),), Decimal(0), Decimal(1))).fair

    assert fair is not None
    assert [(one.judge, one.fair is None) for one in fair.without] == [
        ("j0", True),
        ("j1", False),
        ("j2", False),
        ("j3", False),
    ]


def make_panel(panel: Panel, rest: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> Panel:
    names = [panel.entries[e] for e in panel.entry_of[rest]]
    kept = sorted(set(names))
    judges = sorted({panel.judges[j] for j in panel.judge_of[rest]})
    return replace(
        panel,
        entries=tuple(kept),
        judges=tuple(judges),
        entry_of=np.array([kept.index(name) for name in names]),
        judge_of=np.array([judges.index(panel.judges[j]) for j in panel.judge_of[rest]]),
        topic_of=np.zeros(len(kept), dtype=np.intp),
        scores=panel.scores[rest] * 17,
    )


def test_what_does_not_weigh_does_not_count(panel: Panel) -> None:
    sections = (*terms_of(panel).sections, SectionWeight("summary", Decimal(0)))
    wild = [
        replace(one, values={**one.values, "summary": Decimal(number % 5)})
        for number, one in enumerate(reviews_of(panel))
    ]

    with_summary = outcome(panel.entries, wild, replace(terms_of(panel), sections=sections)).fair
    without = outcome(panel.entries, reviews_of(panel), terms_of(panel)).fair

    assert with_summary == without


def test_an_incomplete_entry_has_no_place(panel: Panel) -> None:
    lacking = panel.entries[4]
    cut = [
        replace(one, values={**one.values, panel.criteria[0]: None}) if one.entry == lacking else one
        for one in reviews_of(panel)
    ]

    found = outcome(panel.entries, cut, terms_of(panel))

    assert found.fair is not None
    assert lacking not in {one.entry for one in found.fair.entries}
    assert next(row.rank for row in found.plain.entries if row.entry == lacking) is None


def review(entry: str, judge_: str, value: int, *, linked: bool = True) -> Review:
    return Review(entry, judge_, {"a": Decimal(value)}, linked)


@pytest.mark.parametrize(
    ("reviews", "reason"),
    [
        ([review("x", j, 3) for j in "abc"], "few-entries"),
        ([review(e, j, 3 + (e == "x")) for e in "xy" for j in "ab"], "few-judges"),
        ([review(e, f"{e}{n}", n, linked=False) for e in "xy" for n in range(1, 4)], "few-judges"),
        (
            [review(e, j, n) for j, es in (("a", "uv"), ("b", "wx"), ("c", "yz")) for n, e in enumerate(es)],
            "single-reviews",
        ),
        ([review(e, j, 3) for e in "xyz" for j in "abc"], "nothing-to-separate"),
    ],
)
def test_where_severity_cannot_be_estimated_the_plain_mean_stands_alone(
    reviews: list[Review], reason: str
) -> None:
    entries = sorted({one.entry for one in reviews})

    found = outcome(entries, reviews, Terms((SectionWeight("a", Decimal(1)),), Decimal(0), Decimal(5)))

    assert (found.fair, found.reason) == (None, reason)
    assert all(row.rank for row in found.plain.entries)


def test_an_impossible_top_is_refused(panel: Panel) -> None:
    with pytest.raises(JudgingError, match="from 1 to 30"):
        outcome(panel.entries, reviews_of(panel), terms_of(panel, top=31))


def test_progress_is_told(panel: Panel) -> None:
    told: list[tuple[int, int]] = []

    outcome(panel.entries, reviews_of(panel), terms_of(panel), lambda done, total: told.append((done, total)))

    assert told == [(number, 7) for number in range(8)]


def table_after(heading: str) -> list[list[str]]:
    text = PAGE.read_text(encoding="utf-8")
    part = text[text.index(f"## {heading}") :].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines][1:]


def worked_reviews() -> list[Review]:
    return [
        review(name, str(number), int(cell))
        for name, *cells in table_after("Worked example")
        for number, cell in enumerate(cells[:4])
        if cell != "–"
    ]


WORKED = Terms((SectionWeight("a", Decimal(1)),), Decimal(0), Decimal(100), top=1)


def test_worked_table_of_the_page_is_recomputed() -> None:
    rows = table_after("Worked example")
    found = outcome([name for name, *_ in rows], worked_reviews(), WORKED)

    assert found.fair is not None
    fair = {one.entry: one for one in found.fair.entries}
    plain = {one.entry: one for one in found.plain.entries}
    for name, *cells in rows:
        own = fair[name]
        assert cells[4:] == [
            str(plain[name].total),
            str(plain[name].rank),
            f"{own.fair:.2f}",
            f"{own.low:.2f} to {own.high:.2f}",
            str(own.place),
        ]
    assert METHOD in PAGE.read_text(encoding="utf-8")


def test_worked_correction_of_the_page_is_recomputed() -> None:
    first = worked_reviews()
    rows = table_after("After the publication")
    said = {(name, str(2 + seat)): cell for name, *cells in rows for seat, cell in enumerate(cells[:2])}
    now = [
        review(one.entry, one.judge, int(said.get((one.entry, one.judge), str(one.values["a"]))))
        for one in first
    ]
    names = sorted({one.entry for one in first})
    found, whole = outcome(names, now, WORKED, published=first), outcome(names, now, WORKED)

    assert found.fair is not None
    assert whole.fair is not None
    fair = {one.entry: one for one in found.fair.entries}
    plain = {one.entry: one for one in found.plain.entries}
    for name, *cells in rows:
        own = fair[name]
        assert cells[2:] == [
            str(plain[name].total),
            f"{own.fair:.2f}",
            f"{own.low:.2f} to {own.high:.2f}",
            str(own.place),
        ]
    anew = {one.entry: f"{one.fair:.2f}" for one in whole.fair.entries}
    text = PAGE.read_text(encoding="utf-8")
    assert f"Computed anew as a whole A would have {anew['A']} and B {anew['B']}" in text
