"""Each kind of tampering is named: file, entry, field, stated, recomputed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.evaluation.bundle.making import (
    KEY,
    OTHER_KEY,
    bundle,
    changed,
    correction,
    edited,
    files_in,
    forged,
    older,
    stored,
)
from tifa.evaluation.bundle.content import UnreadableBundle
from tifa.evaluation.bundle.layout import (
    ENTRIES,
    INSTRUMENT,
    LISTED,
    MANIFEST,
    METHOD,
    OPTIONAL,
    PUBLISHED_RATINGS,
    RATINGS,
    README,
    RESULTS,
    RUBRIC,
    SIGNATURE,
)
from tifa.evaluation.bundle.layout import KEY as KEY_FILE
from tifa.evaluation.bundle.signing import KeyRefused, public_pem
from tifa.evaluation.bundle.verifying import verify


def test_an_honest_bundle_is_equal(tmp_path: Path) -> None:
    path = stored(tmp_path, bundle())

    for key in (None, public_pem(KEY)):
        verdict = verify(path, key)
        assert (verdict.equal, verdict.signed, verdict.differences) == (True, True, ())


def test_a_bundle_of_before_is_verified_as_it_was(tmp_path: Path) -> None:
    results = json.loads(files_in(older())[RESULTS])

    assert verify(stored(tmp_path, older())).equal
    assert not {"leaders", "needed"} & set(results["fair"])
    assert "official" not in results
    now = json.loads(files_in(bundle())[RESULTS])
    assert len(now["fair"]["leaders"]) == 6
    assert [row["place"] for row in now["official"]["entries"]] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    "rule",
    [
        "lot",
        {"method": "fair", "ties": "coin", "band": "all", "lot": "", "decided": []},
        {"method": "fair", "ties": "lot", "band": "all", "lot": "", "decided": [1]},
        {"method": "fair", "ties": "lot", "band": "all", "lot": None, "decided": []},
    ],
)
def test_a_rule_that_nobody_knows_is_named(tmp_path: Path, rule: object) -> None:
    archive = forged(bundle(), METHOD, edited(lambda method: method.update(official=rule)))

    with pytest.raises(UnreadableBundle, match=r"method\.json"):
        verify(stored(tmp_path, archive))


def test_another_lot_is_found(tmp_path: Path) -> None:
    archive = forged(bundle(), RESULTS, edited(lambda results: results["official"]["selected"].pop()))

    verdict = verify(stored(tmp_path, archive))
    assert [one.field.split("[")[0] for one in verdict.differences] == ["official.selected"]


def test_the_same_content_gives_the_same_bytes() -> None:
    assert bundle() == bundle()
    assert set(files_in(bundle())) == {*LISTED, MANIFEST, SIGNATURE} - OPTIONAL


def test_a_correction_is_verified_with_the_severities_of_the_first_publication(tmp_path: Path) -> None:
    first = bundle()
    before = json.loads(files_in(first)[RESULTS])
    archive = correction(first)
    after = json.loads(files_in(archive)[RESULTS])
    (tmp_path / "first").mkdir()

    verdict = verify(stored(tmp_path, archive), first=stored(tmp_path / "first", first))

    assert verdict.equal
    assert set(files_in(archive)) == {*LISTED, MANIFEST, SIGNATURE}
    old, new = ({row["entry"]: row for row in one["fair"]["entries"]} for one in (before, after))
    assert set(old) - set(new) == {"INV-1"}
    moved = {name for name in new if new[name]["fair"] != old[name]["fair"]}
    assert moved == {"INV-0"}
    assert after["fair"]["severities"] == before["fair"]["severities"]


def test_a_correction_that_did_not_keep_the_first_ratings_is_found(tmp_path: Path) -> None:
    first = bundle()
    (tmp_path / "first").mkdir()
    archive = forged(
        correction(first),
        PUBLISHED_RATINGS,
        lambda text: text.replace(b"INV-3,p-judge0", b"INV-3,p-judge9"),
    )

    alone = verify(stored(tmp_path, archive))
    beside = verify(stored(tmp_path, archive), first=stored(tmp_path / "first", first))

    assert not alone.equal
    assert (PUBLISHED_RATINGS, "sha256") in {(one.file, one.field) for one in beside.differences}


def test_what_corrects_nothing_has_no_first_publication(tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()

    verdict = verify(stored(tmp_path, bundle()), first=stored(tmp_path / "first", bundle()))

    assert [(one.file, one.field) for one in verdict.differences] == [
        (METHOD, "frozen"),
        (PUBLISHED_RATINGS, "sha256"),
    ]


def test_frozen_without_the_first_ratings_is_unreadable(tmp_path: Path) -> None:
    archive = forged(bundle(), METHOD, edited(lambda method: method.update(frozen="a" * 64)))

    with pytest.raises(UnreadableBundle, match="found one of the two"):
        verify(stored(tmp_path, archive))


def set_fair(value: Any) -> None:
    value["fair"]["entries"][0]["fair"] += 0.01


def set_total(value: Any) -> None:
    value["plain"]["entries"][1]["total"] = "99.99"


def set_chance(value: Any) -> None:
    value["fair"]["entries"][2]["p_top"] = 0.5


def set_place(value: Any) -> None:
    value["fair"]["entries"][0]["place_high"] += 1


def set_reason(value: Any) -> None:
    value["reason"] = "few-judges"


def drop_entry(value: Any) -> None:
    del value["fair"]["entries"][3]


def set_without(value: Any) -> None:
    value["fair"]["without"][0]["fair"]["moved"] += 1


@pytest.mark.parametrize(
    ("change", "entry", "field"),
    [
        (set_fair, "INV-5", "fair.entries.fair"),
        (set_total, "INV-4", "plain.entries.total"),
        (set_chance, "INV-3", "fair.entries.p_top"),
        (set_place, "INV-5", "fair.entries.place_high"),
        (set_reason, "", "reason"),
        (drop_entry, "INV-2", "fair.entries.entry"),
        (set_without, "", "fair.without[p-judge0].fair.moved"),
    ],
)
def test_a_changed_number_is_named_even_when_it_is_signed(
    tmp_path: Path, change: Callable[[Any], None], entry: str, field: str
) -> None:
    verdict = verify(stored(tmp_path, forged(bundle(), RESULTS, edited(change))), public_pem(KEY))

    first = verdict.differences[0]
    assert (verdict.equal, verdict.signed) == (False, True)
    assert (first.file, first.entry, first.field) == (RESULTS, entry, field)
    assert first.stated != first.recomputed


def test_a_changed_score_is_named_by_what_follows_from_it(tmp_path: Path) -> None:
    forgery = forged(
        bundle(), RATINGS, lambda text: text.replace(b"p-judge0,kebaruan,62", b"p-judge0,kebaruan,99", 1)
    )

    verdict = verify(stored(tmp_path, forgery), public_pem(KEY))

    assert {one.file for one in verdict.differences} == {RESULTS}
    assert "plain.entries.total" in {one.field for one in verdict.differences}


def test_a_changed_weight_differs_from_the_instrument(tmp_path: Path) -> None:
    def heavier(value: Any) -> None:
        value["sections"][2]["weight"] = "40"

    verdict = verify(stored(tmp_path, forged(bundle(), RUBRIC, edited(heavier))), public_pem(KEY))

    first = verdict.differences[0]
    assert (first.file, first.field, first.stated, first.recomputed) == (
        RUBRIC,
        "weight of kebaruan",
        "40",
        "15",
    )


def test_a_changed_instrument_differs_from_its_digest(tmp_path: Path) -> None:
    def retitled(value: Any) -> None:
        value["title"]["id"] += " (baru)"

    verdict = verify(stored(tmp_path, forged(bundle(), INSTRUMENT, edited(retitled))), public_pem(KEY))

    assert (verdict.differences[0].file, verdict.differences[0].field) == (RUBRIC, "digest")


def test_another_size_of_the_top_gives_other_results(tmp_path: Path) -> None:
    def larger(value: Any) -> None:
        value["top"] = 3

    verdict = verify(stored(tmp_path, forged(bundle(), METHOD, edited(larger))), public_pem(KEY))

    assert (verdict.differences[0].field, verdict.differences[0].stated) == ("fair.top", 2)


@pytest.mark.parametrize("name", [README, ENTRIES, RATINGS, KEY_FILE])
def test_a_changed_file_without_a_new_manifest_is_named_by_its_digest(tmp_path: Path, name: str) -> None:
    changes = {
        ENTRIES: lambda text: text.replace(b"Inovasi 1", b"Inovasi 9"),
        RATINGS: lambda text: text.replace(b",62", b",61", 1),
        KEY_FILE: lambda _: public_pem(OTHER_KEY),
    }

    verdict = verify(stored(tmp_path, changed(bundle(), name, changes.get(name, lambda text: text + b"!"))))

    assert (verdict.differences[0].file, verdict.differences[0].field) == (name, "sha256")


def test_a_changed_manifest_breaks_the_signature(tmp_path: Path) -> None:
    def redated(value: Any) -> None:
        value["publication"]["round"]["code"] = "LAIN"

    verdict = verify(stored(tmp_path, changed(bundle(), MANIFEST, edited(redated))))

    assert [(one.file, one.field) for one in verdict.differences] == [(SIGNATURE, "signature")]


@pytest.mark.parametrize("signature", [b"", b"AAAA", b"not base64!", "é".encode()])
def test_a_spoilt_signature_is_named(tmp_path: Path, signature: bytes) -> None:
    verdict = verify(stored(tmp_path, changed(bundle(), SIGNATURE, lambda _: signature)))

    assert (verdict.signed, verdict.differences[0].field) == (False, "signature")


def test_a_bundle_signed_by_somebody_else_is_refused_with_the_key_of_the_city(tmp_path: Path) -> None:
    path = stored(tmp_path, bundle(OTHER_KEY))

    assert verify(path).equal
    verdict = verify(path, public_pem(KEY))
    assert (verdict.equal, verdict.differences[0].field) == (False, "key")


def test_a_file_that_is_no_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyRefused, match="BEGIN PUBLIC KEY"):
        verify(stored(tmp_path, bundle()), b"hello")


def set_draws(value: Any) -> None:
    value["draws"] = 10**12


def set_seed(value: Any) -> None:
    value["seed"] = -1


def set_weight(value: Any) -> None:
    value["sections"][0]["weight"] = "1E+999999999"


def set_group(value: Any) -> None:
    value["group"] = "khusus"


@pytest.mark.parametrize(
    ("name", "change"),
    [
        (METHOD, edited(set_draws)),
        (METHOD, edited(set_seed)),
        (RUBRIC, edited(set_weight)),
        (RUBRIC, edited(set_group)),
        (RATINGS, lambda text: text + b"INV-0,p-judge0,kebaruan,1E+999999999\n"),
        (RATINGS, lambda text: text + b"INV-0,p-judge0,kebaruan,50\n"),
        (RATINGS, lambda text: text.replace(b",62", b",101", 1)),
        (RATINGS, lambda text: text + b"INV-99,p-judge0,kebaruan,50\n"),
        (RATINGS, lambda _: b"\xff\xfe"),
        (RESULTS, lambda _: b"[" * 100_000),
        (ENTRIES, lambda _: b"{}"),
        (INSTRUMENT, lambda _: b"{}"),
        (MANIFEST, lambda _: b'{"format": "tifa-bundle/9"}'),
    ],
)
def test_what_no_bundle_holds_is_unreadable(
    tmp_path: Path, name: str, change: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(UnreadableBundle, match=r"^[\w-]+\.(json|csv)"):
        verify(stored(tmp_path, changed(bundle(), name, change)))
