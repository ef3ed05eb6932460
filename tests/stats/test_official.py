"""The official order: equal entries, the lot, and who goes on."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from tifa.stats.official import Candidate, Standing, TieRule, Verdict, selected, standings

NAMES = ("a", "b", "c", "d")
EACH: tuple[Verdict, ...] = ("in", "band", "out")
VERDICTS = st.sampled_from(EACH)
SCORES = st.one_of(st.none(), st.integers(0, 3).map(float))
CANDIDATES = st.lists(st.tuples(SCORES, st.tuples(SCORES, SCORES), VERDICTS), min_size=1, max_size=12).map(
    lambda rows: [
        Candidate(f"e{at:02}", score, means, verdict) for at, (score, means, verdict) in enumerate(rows)
    ]
)
TIES = st.sampled_from(["share", "section", "lot"])


def places(
    *scores: float | None, ties: TieRule = "share", sections: Sequence[tuple[float, ...]] = ()
) -> list[Standing]:
    rows = [
        Candidate(name, score, sections[at] if sections else ())
        for at, (name, score) in enumerate(zip(NAMES, scores, strict=False))
    ]
    return list(standings(rows, ties, "seed"))


def test_equal_scores_share_the_place_and_the_next_one_counts_them() -> None:
    found = places(80, 90, 80, None)

    assert [(one.entry, one.place) for one in found] == [("b", 1), ("a", 2), ("c", 2), ("d", None)]


def test_the_largest_sections_decide_between_equal_scores() -> None:
    found = places(80, 80, 80, 70, ties="section", sections=[(7, 9), (8, 1), (7, 9), (9, 9)])

    assert [(one.entry, one.place, one.by) for one in found] == [
        ("b", 1, "section"),
        ("a", 2, "section"),
        ("c", 2, "section"),
        ("d", 4, None),
    ]


def test_what_sections_cannot_tell_apart_shares_the_place() -> None:
    assert [(one.place, one.by) for one in places(80, 80, ties="section", sections=[(7,), (7,)])] == [
        (1, None)
    ] * 2


def test_the_lot_follows_from_the_seed_alone() -> None:
    rows = [Candidate(name, 80.0) for name in NAMES]
    orders = {tuple(one.entry for one in standings(rows, "lot", str(seed))) for seed in range(200)}

    assert standings(rows, "lot", "x") == standings(rows[::-1], "lot", "x")
    assert [one.place for one in standings(rows, "lot", "x")] == [1, 2, 3, 4]
    assert len(orders) == 24


def test_who_goes_on_by_each_rule() -> None:
    verdicts: tuple[Verdict, ...] = ("in", "band", "band", "out")
    rows = [
        Candidate(name, 90.0 - at, (), verdict)
        for at, (name, verdict) in enumerate(zip(NAMES, verdicts, strict=True))
    ]
    found = standings(rows, "share")

    assert selected(rows, found, "order", 2) == ("a", "b")
    assert selected(rows, found, "all", 2) == ("a", "b", "c")
    assert selected(rows, found, "panel", 2, {"c", "d"}) == ("a", "c")
    assert selected([Candidate("a", 1.0), Candidate("b", 1.0)], places(1, 1), "panel", 1) == ("a", "b")


@given(CANDIDATES, TIES, st.randoms())
def test_the_order_of_the_input_changes_nothing(rows: list[Candidate], ties: TieRule, chance: object) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # a random generator

    assert standings(rows, ties, "s") == standings(shuffled, ties, "s")


@given(CANDIDATES, TIES)
def test_places_follow_the_scores_and_nobody_is_lost(rows: list[Candidate], ties: TieRule) -> None:
    found = standings(rows, ties, "s")
    score = {one.entry: one.score for one in rows}
    place = {one.entry: one.place for one in found}

    assert sorted(place) == sorted(score)
    for one in rows:
        assert (place[one.entry] is None) == (one.score is None)
        for other in rows:
            if one.score is not None and other.score is not None and one.score > other.score:
                assert (place[one.entry] or 0) < (place[other.entry] or 0)
    known = sorted(value for value in place.values() if value is not None)
    assert all(value <= at for at, value in enumerate(known, start=1))
    if ties == "lot":
        assert known == list(range(1, len(known) + 1))
