"""What changed between two editions is told in sentences."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from tests.instruments.scoring.conftest import REGION
from tifa.instruments import differences_between, list_instruments, load_instrument
from tifa.instruments.loading import parse_instrument
from tifa.instruments.schema import Label
from tifa.instruments.schema.values import Part

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
        ("upper: 0.49", "upper: 0.48", "“Category”, band C: was 0-0.49 (Low), is now 0-0.48 (Low)."),
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


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (
            "missing: zero",
            "missing: skip",
            "“Maturity”, what an unanswered item does: was counts 0, is now left out.",
        ),
        ("places: 0", "places: 1", "“Maturity”, the decimals: was 0, is now 1."),
        ("bands: kategori\n", "\n", "“Index”, the table that names it: was kategori, is now not there."),
        ("label: {id: Kurang, en: Low}", "label: {id: Buruk, en: Bad}", None),
        (
            "id: kesehatan, label: {id: Kesehatan, en: Health}, counts: true",
            "id: kesehatan, label: {id: Kesehatan, en: Health}",
            "“Health”, whether the condition of a count looks for it: was yes, is now no.",
        ),
        ("starts: 2099-07-01, value: 4", "starts: 2099-07-01, value: 5", None),
        ("formats: [pdf]", "formats: [jpg]", None),
    ],
)
def test_change_that_was_passed_over_is_told(before: str, after: str, sentence: str | None) -> None:
    (found,) = sentences(REGION, REGION.replace(before, after, 1))

    assert sentence is None or found == sentence


# Editions are told apart by these; and notes, sources and statuses say how a value is known, not what it is.
NOT_COMPARED = {
    "about", "base", "figures", "gaps", "id", "kind", "note", "ordinal", "predecessor", "readings", "reference", "revision", "sources",
    "status", "title", "year",
}  # fmt: skip


def _other(value: Any) -> Iterator[Any]:
    """Yield values that differ from a value of an instrument in one place."""
    if isinstance(value, Label):
        yield value.model_copy(update={"id": f"{value.id}x", "en": f"{value.en}x"})
    elif isinstance(value, Part):
        yield from (changed for _field, changed in _changed(value))
    elif isinstance(value, tuple):
        yield from ((*value[:at], *value[at + 1 :]) for at in range(len(value))[:1])
        yield from (
            (*value[:at], one, *value[at + 1 :]) for at in range(len(value)) for one in _other(value[at])
        )
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int | Decimal):
        yield value + 1
    elif isinstance(value, date):
        yield value + timedelta(days=1)
    elif isinstance(value, str):
        yield f"{value}x"


def _changed(part: Part) -> Iterator[tuple[str, Any]]:
    for field in type(part).model_fields:
        if field not in NOT_COMPARED:
            for value in _other(getattr(part, field)):
                yield field, part.model_copy(update={field: value})


def test_no_change_is_passed_over() -> None:
    old = parse_instrument(REGION, name="region")

    silent = [field for field, new in _changed(old) if not differences_between(old, new)]

    assert silent == []


@pytest.mark.parametrize("name", ["skm-2017", "kipp-2023"])
def test_no_change_around_the_items_is_passed_over(name: str) -> None:
    # Each list with one part: they are compared one by one.
    whole = load_instrument(name)
    around = dict.fromkeys(("items", "results", "bands"), ())
    lists = {field: value[:1] for field, value in whole if isinstance(value, tuple) and field not in around}
    old = whole.model_copy(update=around | lists)

    silent = [field for field, new in _changed(old) if not differences_between(old, new)]

    assert silent == []


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
