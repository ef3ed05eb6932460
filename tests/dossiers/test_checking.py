"""Lengths, readiness, and how a dossier is read."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from tests.dossiers.making import checked, proposal
from tifa.dossiers import BadDossier, check_to_json, read_draft
from tifa.instruments import load_instrument


def test_lengths_are_held_against_the_limits_that_are_known() -> None:
    values = proposal()
    values["items"] |= {
        "implementasi": "kata " * 201,
        "adaptabilitas": {"questions": {"potensi": "kata " * 203}},
        "sumber_daya": "...",
    }
    del values["items"]["signifikansi"]

    lengths = {one.id: one for one in checked(values).lengths}

    assert (lengths["implementasi"].words, lengths["implementasi"].limit, lengths["implementasi"].over) == (
        201,
        200,
        1,
    )
    assert (lengths["adaptabilitas"].over, lengths["adaptabilitas.potensi"].over) == (0, 3)
    # Two local systems differ on the limit of the novelty.
    assert (lengths["kebaruan"].limit, lengths["kebaruan"].over, lengths["kebaruan"].status) == (
        None,
        None,
        "unknown",
    )
    assert {name for name, one in lengths.items() if one.missing} == {"signifikansi", "sumber_daya"}


def test_readiness_of_a_text_form_is_what_is_filled() -> None:
    values = proposal()
    del values["items"]["signifikansi"]

    check = checked(values)
    found = check.readiness

    assert (found.filled, found.items) == (7, 8)
    assert (found.weight_filled, found.weight) == (Fraction(70), Fraction(100))
    # Texts are scored by judges, so there is nothing to foresee.
    assert (found.claimed, found.verified, check.gains) == (None, None, ())


def test_claims_without_proof_count_only_as_claimed() -> None:
    items = {"regulasi": {"level": 2, "proof": "SK 12/2024"}, "sdm": {"number": 12}, "video": 3}

    check = checked({"items": items}, "iga-2026")
    found = check.readiness

    # Weights 3, 2 and 4: 3 x 2 + 2 x 2 + 4 x 3 = 22, of which 6 are proven.
    assert (found.claimed, found.verified) == (Decimal(22), Decimal(6))
    assert [(gain.item.id, gain.points) for gain in check.gains] == [
        ("video", Fraction(12)),
        ("sdm", Fraction(4)),
    ]


def test_the_check_as_json() -> None:
    content = check_to_json(checked(proposal(attachments=[])))

    assert content["eligible"] is False
    assert {reason["id"] for reason in content["reasons"]} >= {"attachment:video"}
    assert all(reason["sentence"] and reason["status"] for reason in content["reasons"])
    assert [one["id"] for one in content["open"]] == ["umur_minimum", "attachment:spbe"]
    first = content["items"][0]
    assert (first["id"], first["limit"], first["over"], first["missing"]) == ("ringkasan", 200, 0, False)


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ("teks", "whole file"),
        ({"judul": "x"}, "judul"),
        ({"group": "replikasi"}, "group"),
        ({"category": "laut"}, "category"),
        ({"use_started": "1 Mei 2021"}, "use_started"),
        ({"awards": "top99"}, "awards"),
        ({"awards": [{"year": 2020}]}, "awards[1]"),
        ({"awards": [{"award": "top99", "year": "dua ribu"}]}, "awards[1].year"),
        ({"awards": [{"award": "top99", "tahun": 2020}]}, "awards[1]"),
        ({"attachments": ["foto"]}, "attachments[1]"),
        ({"attachments": "video"}, "attachments"),
        ({"other_titles": [{"a": 1}]}, "other_titles"),
        ({"items": ["a"]}, "items"),
        ({"items": {"dampak": "x"}}, "items.dampak"),
        ({"items": {"implementasi": {"teks": "x"}}}, "items.implementasi"),
        ({"items": {"implementasi": ["x"]}}, "items.implementasi"),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(values: Any, place: str) -> None:
    with pytest.raises(BadDossier) as caught:
        read_draft(load_instrument("kipp-2023"), values)

    assert place in str(caught.value) or "seluruh" in str(caught.value)
