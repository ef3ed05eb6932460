"""The cases beside the packs come out as a person worked them out."""

from collections.abc import Mapping
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import pytest

from tifa.instruments import load_instrument, rubric
from tifa.instruments.cases import Case, all_cases, differences
from tifa.instruments.reading import read_yaml
from tifa.stats.ranking import METHOD, EntryScores, SectionScore, SectionWeight, State, rank

PACKS = Path(str(files("tifa.packs")))
FILES = [
    file
    for path in sorted(PACKS.glob("*/cases/*.yaml"))
    if "method" in (file := read_yaml(path.read_text(encoding="utf-8")).values)
]
CASES = [(file["instrument"], file["method"], case) for file in FILES for case in file["cases"]]


def scored(case: Mapping[str, Any]) -> EntryScores:
    return EntryScores(
        case["case"],
        tuple(
            SectionScore(f"judge {number}", section, None, said)
            if said in get_args(State)
            else SectionScore(f"judge {number}", section, Decimal(said))
            for section, row in case["scores"].items()
            for number, said in enumerate(row, start=1)
        ),
    )


@pytest.mark.parametrize(("instrument_id", "method", "case"), CASES, ids=[case["case"] for *_, case in CASES])
def test_case_gives_the_total_that_was_worked_out(
    instrument_id: str, method: str, case: Mapping[str, Any]
) -> None:
    made = rubric(load_instrument(instrument_id), case["group"])
    weights = [SectionWeight(section.id, section.weight) for section in made.sections]

    [row] = rank([scored(case)], weights).entries

    assert method == METHOD
    assert (None if row.total is None else str(row.total)) == case["total"]
    assert list(row.missing) == case["missing"]


@pytest.mark.parametrize("case", [*all_cases()], ids=lambda case: f"{case.instrument}: {case.sentence}")
def test_case_gives_what_was_worked_out(case: Case) -> None:
    assert differences(case) == []


def test_every_pack_has_cases_and_a_changelog() -> None:
    folders = [path for path in PACKS.iterdir() if path.is_dir() and [*path.glob("*.yaml")]]

    assert folders
    assert [path for path in folders if not [*path.glob("cases/*.yaml")]] == []
    assert [path for path in folders if not (path / "CHANGELOG.md").is_file()] == []
