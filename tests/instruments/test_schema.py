"""The schema explains itself, and lets only what it knows through."""

from pathlib import Path
from typing import Any

import pytest

from tifa.instruments import schema
from tifa.instruments.faults import parts_in
from tifa.instruments.loading import parse_instrument
from tifa.instruments.schema import Instrument, KnownNumber, Part, Status

SMALLEST = (Path(__file__).parent / "smallest.yaml").read_text(encoding="utf-8")
PARTS = [
    part
    for part in vars(schema).values()
    if isinstance(part, type) and issubclass(part, Part) and part != Part
]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_field_has_a_description(part: type[Part]) -> None:
    assert [name for name, field in part.model_fields.items() if not field.description] == []


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_part_is_strict_and_frozen(part: type[Part]) -> None:
    config: Any = part.model_config

    assert (config["extra"], config["strict"], config["frozen"]) == ("forbid", True, True)


def test_schema_can_be_exported() -> None:
    assert Instrument.model_json_schema()["additionalProperties"] is False


@pytest.mark.parametrize("text", ["62.5", '"62.5"'])
def test_decimal_stays_as_written(text: str) -> None:
    instrument = parse_instrument(SMALLEST.replace("62.5", text), name="smallest.yaml")

    [weight, _other] = [item.weight for item in instrument.items]
    assert weight is not None
    assert str(weight.value) == "62.5"


@pytest.mark.parametrize("value", [0.1, True, "1e9", "NaN", "Infinity", " 1", "1,5", "", [], None])
def test_weight_takes_decimals_only(value: Any) -> None:
    known = {"value": value, "status": Status.LIKELY, "reference": "S1"}

    if value is None:
        assert KnownNumber.model_validate(known).value is None
    else:
        with pytest.raises(ValueError, match="expected a decimal number"):
            KnownNumber.model_validate(known)


def test_item_may_stand_in_the_forms_of_two_groups() -> None:
    group = SMALLEST[SMALLEST.index("  - id: umum") : SMALLEST.index("calendar:")]
    both = SMALLEST.replace(group, group + group.replace("umum", "khusus"))
    both = both.replace("groups: [umum]", "groups: [umum, khusus]", 1).replace("62.5", "100", 1)
    both = both.replace("value: 37.5", "value: 0", 1)

    instrument = parse_instrument(both, name="both.yaml")

    assert [one.id for one in instrument.items_of("khusus")] == ["dampak"]
    assert [one.id for one in instrument.items_of("umum")] == ["dampak", "kebaruan"]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_field_has_an_example_or_a_part_of_its_own(part: type[Part]) -> None:
    bare = [
        name
        for name, field in part.model_fields.items()
        if not field.examples and not list(parts_in(field.annotation))
    ]

    assert bare == []
