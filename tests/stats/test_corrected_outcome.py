"""After a publication only what was said anew is scored anew; everybody else keeps every number but the place."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.stats.simulated import World, make
from tests.stats.test_outcome import reviews_of, terms_of
from tifa.stats.outcome import FairEntry, Outcome, outcome
from tifa.stats.ratings import Panel
from tifa.stats.reviews import Review, Terms


@pytest.fixture(scope="module")
def panel() -> Panel:
    return make(World(entries=30, judges=6, criteria=3, halo=0.5), 3).panel


@pytest.fixture(scope="module", params=[1, 17], ids=["mfrm", "linear"])
def base(request: pytest.FixtureRequest, panel: Panel) -> tuple[list[Review], Terms, Outcome]:
    reviews = reviews_of(panel, scale=request.param)
    terms = terms_of(panel, scale=request.param, top=3)
    return reviews, terms, outcome(panel.entries, reviews, terms)


def rows(found: Outcome) -> dict[str, FairEntry]:
    assert found.fair is not None
    return {row.entry: row for row in found.fair.entries}


def own(row: FairEntry) -> tuple[float, float, float]:
    return row.fair, row.low, row.high


def raised(review: Review, best: Decimal) -> Review:
    return replace(review, values=dict.fromkeys(review.values, best))


def test_nothing_said_anew_changes_nothing(panel: Panel, base: tuple[list[Review], Terms, Outcome]) -> None:
    reviews, terms, before = base

    after = outcome(panel.entries, reviews, terms, published=list(reviews))

    assert after == before


def test_an_appeal_moves_its_entry_alone(panel: Panel, base: tuple[list[Review], Terms, Outcome]) -> None:
    reviews, terms, before = base
    last = before.fair.entries[-1].entry if before.fair else ""
    appealed = [raised(review, terms.maximum) if review.entry == last else review for review in reviews]

    after = outcome(panel.entries, appealed, terms, published=reviews)

    old, new = rows(before), rows(after)
    assert own(new[last])[0] > own(old[last])[0]
    assert new[last].place < old[last].place
    assert {name: own(row) for name, row in new.items() if name != last} == {
        name: own(row) for name, row in old.items() if name != last
    }
    assert before.fair is not None
    assert after.fair is not None
    assert after.fair.judgement.judges == before.fair.judgement.judges
    assert after.fair.judgement.parameters == before.fair.judgement.parameters


def test_a_late_sheet_counts_with_what_is_known_of_its_judge(
    panel: Panel, base: tuple[list[Review], Terms, Outcome]
) -> None:
    reviews, terms, _before = base
    late = reviews[0]
    before = outcome(panel.entries, reviews[1:], terms)

    known = outcome(panel.entries, reviews, terms, published=reviews[1:])
    strange = outcome(
        panel.entries,
        [replace(late, judge="u-new", linked=False), *reviews[1:]],
        terms,
        published=reviews[1:],
    )

    old, new, other = rows(before), rows(known), rows(strange)
    assert own(new[late.entry]) != own(old[late.entry])
    assert new[late.entry].high - new[late.entry].low < old[late.entry].high - old[late.entry].low
    assert own(new[late.entry]) != own(other[late.entry])
    assert all(own(new[name]) == own(old[name]) == own(other[name]) for name in new if name != late.entry)


def test_an_entry_that_left_lets_the_others_move_up(
    panel: Panel, base: tuple[list[Review], Terms, Outcome]
) -> None:
    reviews, terms, before = base
    first = before.fair.entries[0].entry if before.fair else ""
    rest = [review for review in reviews if review.entry != first]

    after = outcome([name for name in panel.entries if name != first], rest, terms, published=reviews)

    old, new = rows(before), rows(after)
    assert first not in new
    assert all(own(new[name]) == own(old[name]) for name in new)
    assert sorted(row.place for row in new.values()) == sorted(
        row.place - 1 for row in old.values() if row.place > 1
    )


def test_fewer_entries_than_the_top_are_all_the_top(
    panel: Panel, base: tuple[list[Review], Terms, Outcome]
) -> None:
    reviews, terms, _before = base
    kept = panel.entries[:2]

    after = outcome(kept, [one for one in reviews if one.entry in kept], terms, published=reviews)

    assert after.fair is not None
    assert after.fair.top == 2


def test_what_could_not_be_corrected_stays_plain(panel: Panel) -> None:
    reviews = [replace(one, linked=False, judge=f"{one.judge}-{one.entry}") for one in reviews_of(panel)]

    after = outcome(panel.entries, reviews[1:], terms_of(panel), published=reviews)

    assert (after.fair, after.reason) == (None, "few-judges")
