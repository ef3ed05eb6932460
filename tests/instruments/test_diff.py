"""What changed between two editions is told in sentences."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from tests.instruments.scoring.conftest import REGION
from tifa.instruments import differences_between, list_instruments, load_instrument
from tifa.instruments.loading import parse_instrument

SMALLEST = (Path(__file__).parent / "smallest.yaml").read_text(encoding="utf-8")
EDITIONS = [
    (one.predecessor, one.id)
    for one in (load_instrument(summary.id) for summary in list_instruments())
    if one.predecessor is not None
]


def sentences(old: str, new: str) -> list[str]:
    with translation.override("en"):
        found = differences_between(parse_instrument(old, name="old"), parse_instrument(new, name="new"))
    return [one.sentence for one in found]


def test_equal_editions_have_no_difference() -> None:
    assert sentences(SMALLEST, SMALLEST) == []


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("value: 600", "value: 500", "The limit of words of “Impact”: was 600, is now 500."),
        ("en: Novelty", "en: News", "“Novelty” is now called “News”."),
        ("2099-05-02", "2099-05-03", "The last day as first announced: was 2099-05-02, is now 2099-05-03."),
        ("en: Everyone.", "en: Nobody.", "Who belongs to the group “General” is now: Nobody."),
    ],
)
def test_change_is_told(before: str, after: str, sentence: str) -> None:
    assert sentences(SMALLEST, SMALLEST.replace(before, after, 1)) == [sentence]


def test_weight_that_became_unknown_is_told() -> None:
    new = SMALLEST.replace(
        "weight: {value: 37.5, status: confirmed, reference: S1}", "weight: {value: null, status: unknown}"
    )

    assert sentences(SMALLEST, new) == ["The weight of “Novelty”: was 37.5, is now unknown."]


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("upper: 0.49", "upper: 0.48", "“Category”, band C: was 0-0.49, is now 0-0.48."),
        ("floor: {value: 3", "floor: {value: 4", "“Mean”, the smallest divisor: was 3, is now 4."),
        ("divided_by: {value: 20", "divided_by: {value: 25", "“Index”, the divisor: was 20, is now 25."),
        (
            "{id: Perda, en: Bylaw}",
            "{id: Perda, en: Law}",
            "“Regulation”, level 3: was “Bylaw”, is now “Law”.",
        ),
        (
            "upper: 200",
            "upper: 100",
            "“Benefit”, People, level 1: was “1–200 (1–200)”, is now “1–200 (1–100)”.",
        ),
        ("required: true", "required: false", "“Regulation” need not be answered any more."),
    ],
)
def test_change_of_an_index_is_told(before: str, after: str, sentence: str) -> None:
    assert sentences(REGION, REGION.replace(before, after, 1)) == [sentence]


@pytest.mark.parametrize(("old", "new"), EDITIONS)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_edition_tells_what_changed(old: str, new: str, language: str) -> None:
    with translation.override(language):
        found = differences_between(load_instrument(old), load_instrument(new))

    assert found
    assert all(
        one.chapter and one.sentence and not re.search(r"None[-–]|[-–]None|was None|now None", one.sentence)
        for one in found
    )
