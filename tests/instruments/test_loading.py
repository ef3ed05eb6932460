"""Packs load, keep their digest, and a broken one is refused with its place."""

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest

from tifa.instruments import (
    BrokenInstrument,
    UnknownInstrument,
    digest,
    instrument_from_json,
    instrument_to_json,
    list_instruments,
    load_instrument,
)
from tifa.instruments.loading import parse_instrument

SMALLEST = (Path(__file__).parent / "smallest.yaml").read_text(encoding="utf-8")
BROKEN = sorted(Path(str(files("tifa.packs"))).glob("*/broken/*.yaml"))
KNOWN = [summary.id for summary in list_instruments()]


@pytest.mark.parametrize("instrument_id", KNOWN)
def test_every_pack_loads_and_survives_freezing(instrument_id: str) -> None:
    instrument = load_instrument(instrument_id)

    frozen = json.loads(json.dumps(instrument_to_json(instrument)))

    assert instrument_from_json(frozen) == instrument
    assert digest(instrument_from_json(frozen)) == digest(instrument)


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_broken_pack_is_refused_with_its_place(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    expected = re.search(r"^# expected: (.+)$", text, re.MULTILINE)
    assert expected is not None

    with pytest.raises(BrokenInstrument) as caught:
        parse_instrument(text, name=path.name)

    assert str(caught.value) == f"{path.name}, {expected[1]}"


def test_unknown_instrument_names_those_that_there_are() -> None:
    with pytest.raises(UnknownInstrument, match="kipp-2023"):
        load_instrument("kipp-1999")


def test_smallest_instrument_is_sound() -> None:
    # Each broken file is this one with one mistake.
    assert parse_instrument(SMALLEST, name="smallest.yaml").id == "kipp-2099"


def test_all_faults_are_named_at_once() -> None:
    text = SMALLEST.replace("ordinal: null", "ordinal: 0").replace("maximum: 100", "maximum: seratus")

    with pytest.raises(BrokenInstrument) as caught:
        parse_instrument(text, name="two.yaml")

    assert str(caught.value).splitlines() == [
        "two.yaml, line 5, ordinal: found 0; expected at least 1.",
        "two.yaml, line 27, scale → maximum: found 'seratus'; expected a decimal number such as 12.5.",
    ]


@pytest.mark.parametrize(
    "text", ["", "# nothing", "[]", "kipp", "a: b\n---\nc: d", "? [a]: b", "\x00", "[" * 5000]
)
def test_text_that_is_no_instrument_is_refused(text: str) -> None:
    with pytest.raises(BrokenInstrument, match=r"^other\.yaml, .+\.$"):
        parse_instrument(text, name="other.yaml")


def test_words_that_yaml_takes_for_something_else_stay_words() -> None:
    text = SMALLEST.replace("{id: Contoh, en: Example}", "{id: no, en: on}")

    title = parse_instrument(text, name="words.yaml").title

    assert (title.id, title.en) == ("no", "on")


def test_stored_copy_that_was_changed_is_refused() -> None:
    copy = instrument_to_json(load_instrument("kipp-2023"))
    copy["items"][4]["weight"]["value"] = "40"

    with pytest.raises(BrokenInstrument) as caught:
        instrument_from_json(copy)

    assert str(caught.value) == (
        "the stored copy, groups → umum → total_weight → value: "
        "found 100, while the weights of its items sum to 110; expected the same sum."
    )


def test_digest_does_not_depend_on_the_order_of_keys() -> None:
    copy = instrument_to_json(load_instrument("kipp-2023"))
    turned = {name: copy[name] for name in reversed(copy)}

    assert digest(instrument_from_json(turned)) == digest(load_instrument("kipp-2023"))


def test_copy_leaves_out_what_says_nothing() -> None:
    # So a field that the schema gains later does not change the digest of a copy that was frozen before.
    copy = instrument_to_json(parse_instrument(SMALLEST, name="smallest.yaml"))

    assert "theme" not in copy
    assert "note" not in copy["items"][0]
    assert copy["ordinal"] is None
