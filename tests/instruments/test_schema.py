"""The schema explains itself, and lets only what it knows through."""

from pathlib import Path
from typing import Any

import pytest

from tifa.instruments import schema
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

    assert str(instrument.sections[0].weight.value) == "62.5"


@pytest.mark.parametrize("value", [0.1, True, "1e9", "NaN", "Infinity", " 1", "1,5", "", [], None])
def test_weight_takes_decimals_only(value: Any) -> None:
    known = {"value": value, "status": Status.LIKELY, "reference": "S1"}

    if value is None:
        assert KnownNumber.model_validate(known).value is None
    else:
        with pytest.raises(ValueError, match="expected a decimal number"):
            KnownNumber.model_validate(known)


def test_section_ids_repeat_between_groups() -> None:
    group = SMALLEST[SMALLEST.index("  - id: umum") : SMALLEST.index("calendar:")]
    section = SMALLEST[SMALLEST.index("  - id: dampak") : SMALLEST.index("  - id: kebaruan")]
    both = SMALLEST.replace(group, group + group.replace("umum", "khusus"))
    both += section.replace("umum", "khusus").replace("62.5", "100")

    instrument = parse_instrument(both, name="both.yaml")

    assert [one.id for one in instrument.sections_of("khusus")] == ["dampak"]
    assert [one.id for one in instrument.sections_of("umum")] == ["dampak", "kebaruan"]
