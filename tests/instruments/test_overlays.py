"""A city varies a standard without copying it, and the standard stays as it is."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from tifa.instruments import BrokenInstrument, digest, instrument_to_json, load_instrument, loading
from tifa.instruments.loading import parse_instrument
from tifa.instruments.overlays import MisplacedChange, overlaid

OVERLAY = """\
id: kota
base: kipp-2023
revision: 1
title: {id: Putaran kota, en: City round}
add:
  sources:
    - {id: L1, title: Usulan kota}
set:
  items.ringkasan.weight: {value: 5, status: local, reference: L1}
  items.signifikansi.weight: {value: 25, status: local, reference: L1}
"""


def test_overlay_sets_what_it_names_and_keeps_the_rest() -> None:
    base = load_instrument("kipp-2023")
    before = instrument_to_json(base)

    made = parse_instrument(OVERLAY, name="kota.yaml")

    weights = {item.id: item.weight.value for item in made.items_of("umum") if item.weight}
    assert (weights["ringkasan"], weights["signifikansi"], weights["kebaruan"]) == (
        Decimal(5),
        Decimal(25),
        Decimal(15),
    )
    assert made.base == "kipp-2023"
    assert instrument_to_json(load_instrument("kipp-2023")) == before


def test_weights_of_an_overlay_must_sum_up() -> None:
    with pytest.raises(BrokenInstrument, match="sum to 105"):
        parse_instrument(OVERLAY.replace("value: 25", "value: 30"), name="kota.yaml")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("set: {items.ringksan.weight: 1}", "at 'ringksan' expected one of: ringkasan, "),
        ("set: {itms.ringkasan.weight: 1}", "at 'itms' expected one of: id, "),
        ("set: []", "found no block of fields"),
        ("leave_out: [groups.umm]", "expected one of: umum, khusus"),
        ("leave_out: [tema]", "found 'tema'"),
        ("leave_out: tema", "found no list"),
        ("add: {title: []}", "expected a list of the standard"),
        ("add: {items: 3}", "expected a list of the standard"),
    ],
)
def test_change_of_what_is_not_there_is_named(change: str, sentence: str) -> None:
    with pytest.raises(BrokenInstrument) as caught:
        parse_instrument(f"id: kota\nbase: kipp-2023\n{change}\n", name="kota.yaml")

    assert str(caught.value).startswith("kota.yaml, line 3, ")
    assert sentence in str(caught.value)


def test_base_has_to_exist() -> None:
    with pytest.raises(BrokenInstrument, match=r"line 2, base: found 'kipp-1999'"):
        parse_instrument("id: kota\nbase: kipp-1999\nset: {}\n", name="kota.yaml")


def test_base_is_not_changed_in_place() -> None:
    base: dict[str, Any] = {"items": [{"id": "a", "weight": {"value": 1}}]}

    overlaid(base, {"base": "x", "set": {"items.a.weight": {"value": 2}}, "add": {"items": [{"id": "b"}]}})

    assert base == {"items": [{"id": "a", "weight": {"value": 1}}]}


def test_row_is_not_added_where_no_list_is() -> None:
    with pytest.raises(MisplacedChange):
        overlaid({"title": "x"}, {"base": "x", "add": {"title": [1]}})


@pytest.fixture
def own_folder(settings: LazySettings, tmp_path: Path) -> Iterator[Path]:
    settings.DATA_DIR = tmp_path
    folder = tmp_path / "packs" / "overlays"
    folder.mkdir(parents=True)
    _forget()
    yield folder
    _forget()


def _forget() -> None:
    for cached in (loading._paths, loading.broken_packs, loading.load_instrument):
        cached.cache_clear()


def test_city_keeps_packs_of_its_own(own_folder: Path) -> None:
    (own_folder / "kota.yaml").write_text(OVERLAY, encoding="utf-8")

    assert "kota" in [one.id for one in loading.list_instruments()]


def test_broken_pack_of_the_city_does_not_take_the_others_away(own_folder: Path) -> None:
    (own_folder / "kota.yaml").write_text("id: kota\nbase: kipp-1999\n", encoding="utf-8")

    assert [one.id for one in loading.list_instruments()].count("kipp-2023") == 1
    assert [*loading.broken_packs()] == ["kota"]


def test_pack_of_the_city_goes_before_one_of_the_program(own_folder: Path) -> None:
    before = digest(load_instrument("skm-2017"))
    folder = own_folder.parent / "skm"
    folder.mkdir()
    text = (Path(str(loading.PACKS)) / "skm" / "2017.yaml").read_text(encoding="utf-8")
    (folder / "2017.yaml").write_text(text.replace("revision: 1", "revision: 9"), encoding="utf-8")
    _forget()

    assert load_instrument("skm-2017").revision == 9
    assert digest(load_instrument("skm-2017")) != before
