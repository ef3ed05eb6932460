"""What lifts the result most stands first, with the exact gain."""

from datetime import date
from fractions import Fraction

from tests.instruments.scoring.conftest import REGION
from tifa.instruments import load_instrument, score
from tifa.instruments.advice import next_band, next_steps
from tifa.instruments.loading import parse_instrument

DAY = date(2026, 1, 1)


def test_next_level_with_its_gain_and_evidence() -> None:
    region = parse_instrument(REGION, name="region.yaml")
    outcome = score(region, {"items": {"16": 1, "33": 1}}, on=DAY)

    steps = next_steps(region, outcome)

    assert [(step.item.id, step.gain) for step in steps] == [
        ("regulasi", Fraction(3)),
        ("manfaat", Fraction(2)),
    ]
    assert steps[0].level is not None
    assert steps[0].level.label.id == "Peraturan"
    assert [one.label.id for one in steps[0].evidence] == ["Salinan SK"]


def test_unanswered_item_starts_at_its_first_level() -> None:
    region = parse_instrument(REGION, name="region.yaml")

    steps = next_steps(region, score(region, {"items": {"16": 3}}, on=DAY))

    assert [(step.item.id, step.now, step.gain) for step in steps] == [("manfaat", None, Fraction(2))]


def test_nothing_is_left_at_the_top() -> None:
    skm = load_instrument("skm-2017")
    outcome = score(skm, {"items": {item.id: 4 for item in skm.items}}, on=DAY)

    assert outcome.result is not None
    assert next_steps(skm, outcome) == ()
    assert next_band(skm, outcome.result) is None


def test_next_band_says_how_much_is_lacking() -> None:
    skm = load_instrument("skm-2017")
    outcome = score(skm, {"items": {item.id: 3 for item in skm.items}}, on=DAY)

    assert outcome.result is not None
    above = next_band(skm, outcome.result)
    assert above is not None
    assert (above.band.code, above.lacking) == ("B", Fraction("1.61"))


def test_refused_result_gets_no_advice() -> None:
    skm = load_instrument("skm-2017")

    assert next_steps(skm, score(skm, {"items": {"U1": 3}}, on=DAY)) == ()
