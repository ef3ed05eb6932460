"""The rubric of KIPP 2023 is the published one."""

from decimal import Decimal

import pytest

from tifa.instruments import NoRubric, load_instrument, rubric

# The weights of the general group, as published in the writing deck of 2023.
PUBLISHED = {
    "ringkasan": 0,
    "latar_belakang_tujuan": 10,
    "kebaruan": 15,
    "implementasi": 5,
    "signifikansi": 30,
    "adaptabilitas": 20,
    "sumber_daya": 5,
    "strategi_keberlanjutan": 15,
}


def test_weights_of_kipp_2023_are_the_published_ones() -> None:
    made = rubric(load_instrument("kipp-2023"))

    assert {section.id: section.weight for section in made.sections} == PUBLISHED
    assert sum(section.weight for section in made.sections) == made.total_weight == Decimal(100)
    assert (made.minimum, made.maximum) == (Decimal(0), Decimal(100))


def test_unknown_word_limit_stays_unknown() -> None:
    [novelty] = [one for one in rubric(load_instrument("kipp-2023")).sections if one.id == "kebaruan"]

    assert novelty.max_words is None


def test_rubric_speaks_both_languages_and_names_its_sources() -> None:
    sections = rubric(load_instrument("kipp-2023")).sections

    assert [one.number for one in sections] == list(range(1, 9))
    assert all(one.label_id and one.label_en and one.guidance_id and one.guidance_en for one in sections)
    assert {one.reference for one in sections} == {"S19"}
    assert [one.max_words for one in sections] == [200, 300, None, 200, 600, 300, 200, 500]


def test_group_with_unknown_weights_is_not_scored() -> None:
    with pytest.raises(NoRubric, match="unknown"):
        rubric(load_instrument("kipp-2023"), "khusus")


def test_group_that_does_not_exist_is_named() -> None:
    with pytest.raises(NoRubric, match="umum"):
        rubric(load_instrument("kipp-2023"), "replikasi")
