"""Packs load, keep their digest, and a broken one is refused with its place."""

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

BROKEN = sorted(Path(str(files("tifa.packs"))).glob("*/broken/*.yaml"))
KNOWN = [summary.id for summary in list_instruments()]


@pytest.mark.parametrize("instrument_id", KNOWN)
def test_every_pack_loads_and_survives_freezing(instrument_id: str) -> None:
    instrument = load_instrument(instrument_id)

    assert digest(instrument_from_json(instrument_to_json(instrument))) == digest(instrument)


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_broken_pack_is_refused_with_its_place(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    expected = re.search(r"^# expected: (.+)$", text, re.MULTILINE)
    assert expected is not None

    with pytest.raises(BrokenInstrument) as caught:
        parse_instrument(text, name=path.name)

    assert str(caught.value).startswith(path.name)
    assert expected[1] in str(caught.value)


def test_unknown_instrument_names_those_that_there_are() -> None:
    with pytest.raises(UnknownInstrument, match="kipp-2023"):
        load_instrument("kipp-1999")


def test_digest_does_not_change_unnoticed() -> None:
    # Rounds keep this digest: a correction of the pack needs a new revision and a line in its changelog.
    assert load_instrument("kipp-2023").revision == 1
    assert (
        digest(load_instrument("kipp-2023"))
        == "d268417c1ed8807cd595915c60c7ceea58e613e66dc7cadb1ca40d613d66efc5"
    )
