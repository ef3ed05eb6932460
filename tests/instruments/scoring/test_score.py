"""Answers are scored exactly; what is unknown or missing is said, never guessed."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tifa.instruments import BadAnswers, Instrument, Outcome, load_instrument, outcome_to_json, score
from tifa.instruments.schema import RatioItem

DAY = date(2099, 1, 1)
LATER = date(2099, 7, 1)
FULL = {"regulasi": 3, "manfaat": 2}
ELEMENTS = [item.id for item in load_instrument("skm-2017").items]


def region_of(*members: Mapping[str, Any], daerah: int = 2) -> dict[str, Any]:
    return {"items": {"1": daerah}, "innovations": list(members)}


def member(urusan: str, **items: Any) -> dict[str, Any]:
    return {"urusan": urusan, "items": items or FULL}


def shown(outcome: Outcome, name: str) -> Decimal | None:
    return outcome.results[name].shown


def test_member_alone_has_its_own_result(region: Instrument) -> None:
    outcome = score(region, {"items": {"16": 3, "33": {"level": 2, "basis": "orang"}}}, on=DAY)

    assert outcome.result is not None
    assert (outcome.result.id, outcome.result.value) == ("kematangan", Fraction(13))
    assert [*outcome.results] == ["kematangan"]


def test_empty_items_count_nothing_where_the_standard_says_so(region: Instrument) -> None:
    outcome = score(region, {"items": {"16": 1}}, on=DAY)

    assert outcome.result is not None
    assert outcome.result.value == 3
    assert [(one.kind, one.item) for one in outcome.findings] == [
        ("missing", "manfaat"),
        ("missing", "rancangan"),
    ]


def test_region_adds_up_its_members(region: Instrument) -> None:
    outcome = score(region, region_of(member("kesehatan"), member("Pendidikan")), on=DAY)

    # 1.5 x 2 = 3; (13 + 13) / max(3, 2) = 26/3; 0.5 x 2 = 1, as two affairs occur; (3 + 26/3 + 1) / 20
    assert outcome.result is not None
    assert outcome.result.value == Fraction(38, 60)
    assert [shown(outcome, name) for name in ("pemda", "rata", "jumlah", "indeks")] == [
        Decimal("3.00"),
        Decimal("8.67"),
        Decimal("1.00"),
        Decimal("0.63"),
    ]
    assert [one.result.value for one in outcome.members if one.result] == [13, 13]


def test_condition_that_is_not_met_takes_the_count_away(region: Instrument) -> None:
    outcome = score(region, region_of(member("kesehatan"), member("pariwisata"), member("Kesehatan")), on=DAY)

    assert shown(outcome, "jumlah") == Decimal("0.00")


def test_count_is_capped(region: Instrument) -> None:
    members = [member("kesehatan"), *[member("pendidikan")] * 5]

    assert shown(score(region, region_of(*members), on=DAY), "jumlah") == Decimal("2.00")


def test_region_without_innovations_is_not_one_with_none(region: Instrument) -> None:
    assert score(region, {"items": {"1": 2}}, on=DAY).result.state == "refused"  # type: ignore[union-attr]
    assert shown(score(region, {"items": {"1": 2}, "innovations": []}, on=DAY), "rata") == Decimal("0.00")


def test_values_change_within_the_edition(region: Instrument) -> None:
    before, after = (score(region, {"items": {"16": 3}}, on=day) for day in (DAY, LATER))

    assert [one.result.value for one in (before, after) if one.result] == [9, 12]
    assert after.result is not None
    assert after.result.status == "likely"


def test_other_way_to_compute_stands_beside_the_result(region: Instrument) -> None:
    outcome = score(region, region_of(member("kesehatan"), member("pendidikan")), on=DAY)

    assert [(one.alternative.id, one.node.value) for one in outcome.compared] == [
        ("tanpa_lantai", Fraction(3 + 13 + 1, 20))
    ]


def test_boundary_that_the_publication_prints_twice_is_reported(region: Instrument) -> None:
    outcome = score(region, {"items": {"1": {"number": "5.23"}}, "innovations": []}, on=DAY)

    assert [one.kind for one in outcome.findings] == ["boundary"]
    assert outcome.result is not None
    assert outcome.result.state == "provisional"


def test_level_chosen_at_a_boundary_counts_and_is_reported(region: Instrument) -> None:
    outcome = score(region, {"items": {"1": {"number": 5.23, "level": 2}}, "innovations": []}, on=DAY)

    assert shown(outcome, "pemda") == Decimal("3.00")
    assert [one.kind for one in outcome.findings] == ["boundary"]


def test_number_in_a_gap_of_the_publication_has_no_level(region: Instrument) -> None:
    outcome = score(region, {"items": {"1": {"number": 9.2}}, "innovations": []}, on=DAY)

    assert [one.kind for one in outcome.findings] == ["boundary"]


def test_level_that_contradicts_its_number_is_reported(region: Instrument) -> None:
    outcome = score(region, {"items": {"33": {"basis": "orang", "level": 2, "number": 7}}}, on=DAY)

    assert ("outside", "manfaat") in [(one.kind, one.item) for one in outcome.findings]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("0", "C"),
        ("0.484", "C"),
        ("0.49", None),
        ("0.4949", None),
        ("0.495", "B"),
        ("0.79", "B"),
        ("0.80", None),
        ("0.805", "A"),
        ("2", "A"),
    ],
)
def test_value_is_rounded_half_up_before_it_is_named(
    region: Instrument, value: str, code: str | None
) -> None:
    result = score(region, {"items": {"indeks": value}, "innovations": []}, on=DAY).result

    assert result is not None
    assert (result.band.code if result.band else None) == code
    assert result.state == ("provisional" if code is None else "final")


def test_text_is_held_against_its_limits(region: Instrument) -> None:
    over, under, fits = (
        score(region, {"items": {"rancangan": "kata " * count, "16": 1}}, on=DAY) for count in (12, 2, 10)
    )

    assert [dict(one.figures) for one in over.findings if one.kind == "over_limit"] == [
        {"words": 12, "limit": 10, "over": 2}
    ]
    assert [one.figures["under"] for one in under.findings if one.kind == "under_limit"] == [1]
    assert [one.kind for one in fits.findings] == ["missing"]


def test_every_bad_answer_is_named_at_once(region: Instrument) -> None:
    with pytest.raises(BadAnswers) as caught:
        score(
            region,
            {
                "items": {"1": 4, "daerha": 1},
                "innovations": [{"items": {"16": "banyak"}}, "x", {"urusan": "kesehatan", "itmes": {}}],
                "jumlh": 1,
            },
            on=DAY,
        )

    assert [fault.path for fault in caught.value.faults] == [
        "jumlh",
        "items.1",
        "items.daerha",
        "innovations[1].items.16",
        "innovations[2]",
        "innovations[3].itmes",
    ]


@pytest.mark.parametrize(
    "values", [None, [], "x", 3, {"items": []}, {"responses": {}}, {"responses": []}, {"items": {"U1": True}}]
)
def test_answers_of_another_shape_are_refused(values: Any) -> None:
    with pytest.raises(BadAnswers):
        score(load_instrument("skm-2017"), values, on=DAY)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e999", "-1", 0.99, 4.01, "4,5,6", "tiga", [], {}])
def test_number_off_the_scale_is_refused(value: Any) -> None:
    with pytest.raises(BadAnswers, match=r"items\.U1"):
        score(load_instrument("skm-2017"), {"items": {"U1": value}}, on=DAY)


def test_comma_and_point_are_the_same() -> None:
    values = dict.fromkeys(ELEMENTS, "3,5")

    result = score(load_instrument("skm-2017"), {"items": values}, on=DAY).result

    assert result is not None
    assert result.shown == Decimal("87.50")


def test_item_without_an_answer_refuses_the_index() -> None:
    result = score(load_instrument("skm-2017"), {"items": dict.fromkeys(ELEMENTS[1:], 4)}, on=DAY).result

    assert result is not None
    assert (result.value, result.state) == (None, "refused")
    assert result.reasons == ("Belum dijawab: Persyaratan.",)


def test_responses_are_averaged_over_those_who_answered() -> None:
    first, second = dict.fromkeys(ELEMENTS, 4), dict.fromkeys(ELEMENTS, 3)
    second["biaya"] = None  # type: ignore[assignment]

    outcome = score(load_instrument("skm-2017"), {"responses": [first, second]}, on=DAY)

    means = {node.id: (node.value, node.n) for node in outcome.results["ni"].children}
    assert means["biaya"] == (Fraction(4), 1)
    assert means["waktu"] == (Fraction(7, 2), 2)
    assert outcome.respondents == 2


@pytest.mark.parametrize("values", [{"responses": 5}, {"responses": True}, {"responses": 3.5}])
def test_responses_that_are_no_list_are_refused_with_a_sentence(values: Any) -> None:
    region = load_instrument("iga-2026")

    with pytest.raises(BadAnswers) as caught:
        score(region, values, on=DAY)

    (fault,) = caught.value.faults
    assert (fault.path, fault.found) == ("responses", str(values["responses"]))
    assert str(caught.value) == f"responses: {fault.sentence}"
    assert "satu blok untuk tiap responden" in fault.sentence


@pytest.mark.parametrize("value", [["kesehatan"], {"id": "kesehatan"}, [], {}])
def test_field_of_a_member_that_is_no_text_is_refused(region: Instrument, value: Any) -> None:
    with pytest.raises(BadAnswers) as caught:
        score(region, region_of({"urusan": value, "items": {}}), on=DAY)

    (fault,) = caught.value.faults
    assert fault.path == "innovations[1].urusan"


def test_answer_to_an_edition_that_asks_nothing_is_refused_with_a_reason() -> None:
    with pytest.raises(BadAnswers) as caught:
        score(load_instrument("kipp-2025"), {"items": {"1": 80}}, on=DAY)

    assert [fault.path for fault in caught.value.faults] == ["items.1"]
    assert ": ." not in str(caught.value)


@pytest.mark.parametrize(("rounding", "shown"), [("half_up", "66.67"), ("down", "66.66")])
def test_answers_are_rounded_as_the_instrument_says(rounding: str, shown: str) -> None:
    spm = load_instrument("spm-2018").model_copy(update={"rounding": rounding})
    item = next(one for one in spm.items if isinstance(one, RatioItem))

    outcome = score(spm, {"items": {item.id: {item.reached.id: 2, item.target.id: 3}}}, on=DAY)

    leaves = [node for result in outcome.results.values() for node in result.walk() if node.id == item.id]
    assert {str(node.shown) for node in leaves} == {shown}


def test_half_an_answer_of_one_person_is_refused() -> None:
    with pytest.raises(BadAnswers, match=r"responses\[1\]\.waktu"):
        score(load_instrument("skm-2017"), {"responses": [{"waktu": 3.5}]}, on=DAY)


def test_json_of_an_outcome_has_the_whole_tree(region: Instrument) -> None:
    made = outcome_to_json(score(region, region_of(member("kesehatan")), on=DAY), explain=True)

    tree = made["explanation"]
    assert (made["result"], made["value"], made["state"]) == ("indeks", 0.37, "final")
    assert [child["id"] for child in tree["children"]] == ["pemda", "rata", "jumlah"]
    assert tree["children"][0]["children"][0]["contribution"] == 3.0


answers = st.fixed_dictionaries({name: st.integers(1, 4) for name in ELEMENTS})


@given(st.lists(answers, min_size=1, max_size=8), st.randoms())
def test_order_of_respondents_and_of_answers_does_not_matter(rows: list[dict[str, int]], random: Any) -> None:
    instrument = load_instrument("skm-2017")
    turned = [dict(sorted(row.items(), key=lambda _pair: random.random())) for row in rows]
    random.shuffle(turned)

    one, other = (score(instrument, {"responses": given}, on=DAY).result for given in (rows, turned))

    assert one is not None
    assert other is not None
    assert one.value == other.value


@given(answers, st.sampled_from(ELEMENTS))
def test_higher_answer_never_lowers_the_index(row: dict[str, int], raised: str) -> None:
    instrument = load_instrument("skm-2017")
    higher = row | {raised: min(4, row[raised] + 1)}

    low, high = (score(instrument, {"items": given}, on=DAY).result for given in (row, higher))

    assert low is not None and low.value is not None  # noqa: PT018
    assert high is not None and high.value is not None  # noqa: PT018
    assert low.value <= high.value


@given(answers)
def test_index_is_25_times_the_mean(row: dict[str, int]) -> None:
    result = score(load_instrument("skm-2017"), {"items": row}, on=DAY).result

    assert result is not None
    assert result.value == 25 * Fraction(sum(row.values()), 9)
