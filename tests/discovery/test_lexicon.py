"""The term lists are data that a civil servant can read, and they hold no name of an example."""

import re
from pathlib import Path

import pytest
import yaml

from tifa.discovery.lexicon import TERMS, load_lexicon, squeezed

HERE = Path(__file__).parent
PACKAGE = Path(str(TERMS)).parent
FILES = sorted(Path(str(TERMS)).glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_file_says_its_purpose(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("# Purpose: ")


def test_each_weight_is_of_a_feature_that_the_code_knows() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.glob("*.py"))
    made = {"pair_said", "pair_bracket", "pair_beside", "pair_apart"}
    made |= {f"form_{form}" for form in ("capital", "quoted", "prefixed", "numbered", "plain")}

    unknown = [
        name
        for name in load_lexicon().weights
        if name not in made and f'"{name.removeprefix("long_")}"' not in code and f'"{name}"' not in code
    ]

    assert unknown == []


def test_no_term_is_a_name_of_the_labelled_texts() -> None:
    lexicon = load_lexicon()
    terms = {squeezed(term) for name in lexicon.raw for term in lexicon.lines(name)}
    items = yaml.safe_load((HERE / "labelled.yaml").read_text(encoding="utf-8"))
    labelled = {
        squeezed(name)
        for item in items
        for one in item["innovations"]
        for name in (one["name"], one.get("expansion"))
        if name
    }

    assert labelled & terms == set()


def test_no_name_of_the_labelled_texts_stands_in_the_code() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    items = yaml.safe_load((HERE / "labelled.yaml").read_text(encoding="utf-8"))

    found = [
        one["name"]
        for item in items
        for one in item["innovations"]
        if re.search(rf"\b{re.escape(one['name'])}\b", code)
    ]

    assert found == []
