"""The index of the city: the published formula, and what one innovation more or less does to it."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tifa.dossiers.simulation import Member, Simulated, own_results, simulate
from tifa.instruments import load_instrument, score

ON = date(2026, 11, 27)
BASIC = ["pendidikan", "kesehatan", "pekerjaan umum dan penataan ruang", "Perumahan", "sosial"]


def members(count: int, value: int, affairs: list[str] = BASIC) -> list[Member]:
    return [Member(at, Fraction(value), {"urusan": affairs[at % len(affairs)]}) for at in range(1, count + 1)]


def index(inside: list[Member], left_out: tuple[Member, ...] = (), spd: int = 40) -> Simulated:
    return simulate(load_instrument("iga-2026"), inside, left_out, {"spd": Fraction(spd)}, on=ON)


@pytest.mark.parametrize(("count", "shown"), [(8, "38.55"), (12, "49.82")])
def test_index_is_that_of_the_published_formula(count: int, shown: str) -> None:
    # domain/iga.md, section 3: 8 innovations of 80 with SPD 40 give 38.55, 12 of them 49.82.
    assert str(index(members(count, 80)).node.shown) == shown


@pytest.mark.parametrize(("count", "least"), [(50, "65.6"), (100, "46.6")])
def test_least_value_that_helps_is_the_published_one(count: int, least: str) -> None:
    # The same section: from 12 on an addition helps when m > A - 0.38 (n + 1); with A = 85.
    found = index(members(count, 85)).least

    assert found is not None
    assert round(float(found), 1) == float(least)


def test_below_twelve_every_addition_helps() -> None:
    assert index(members(8, 80)).least is None


def test_a_missing_affair_takes_the_whole_count() -> None:
    four = index(members(20, 80, BASIC[:4]))
    five = index(members(20, 80))

    assert float(five.node.value or 0) - float(four.node.value or 0) == pytest.approx(0.152 * 20)
    missing = {one.id: one.then for one in four.covered if not one.count}
    assert set(missing) == {"trantibum", "sosial"}
    assert missing["sosial"] is not None
    assert float(missing["sosial"]) == pytest.approx(float(four.node.value or 0) + 0.152 * 21)


def test_effect_is_the_difference_with_and_without() -> None:
    weak, others = Member(99, Fraction(10), {"urusan": "kesehatan"}), members(20, 80)
    with_it, without = index([*others, weak]), index(others, (weak,))

    difference = (with_it.node.value or 0) - (without.node.value or 0)
    assert with_it.effects[99] == difference == without.effects[99]
    assert difference < 0


def test_other_rules_are_told_beside() -> None:
    compared = {one.alternative.id for one in index(members(12, 80)).compared}

    assert {"aturan_2027", "aturan_2028"} <= compared


def test_unknown_and_other_affairs_count_as_innovations_and_cover_nothing() -> None:
    found = index([*members(11, 80), Member(50, Fraction(80), {"urusan": ""}), Member(51, Fraction(80), {})])

    assert sum(one.count for one in found.covered) == 11


def test_what_the_city_answers_itself_is_found_in_the_edition() -> None:
    assert [one.id for one in own_results(load_instrument("iga-2026"))] == ["spd"]


@given(
    st.lists(
        st.tuples(st.integers(0, 111), st.sampled_from([*BASIC, "trantibum", "lainnya"])),
        min_size=1,
        max_size=30,
    )
)
def test_simulation_agrees_with_the_engine(rows: list[tuple[int, str]]) -> None:
    inside = [Member(at, Fraction(value), {"urusan": affair}) for at, (value, affair) in enumerate(rows)]
    edition = load_instrument("iga-2026")

    found = index(inside)
    engine = score(
        edition,
        {
            "items": {"spd": 40},
            "innovations": [
                {"urusan": one.fields["urusan"].lower(), "items": {"kematangan": int(one.value)}}
                for one in inside
            ],
        },
        on=ON,
    )

    assert engine.result is not None
    assert found.node.value == engine.result.value
