"""The worked example of the method's page is what the code gives."""

from pathlib import Path

from tifa.discovery.bodies import Reader
from tifa.discovery.engine import METHOD, discover, score_of
from tifa.discovery.groups import find_groups
from tifa.discovery.lexicon import load_lexicon
from tifa.discovery.text import read_text

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "methods" / "discovery.md").read_text(encoding="utf-8")
REGION = "Kota Jayapura"


def test_worked_example_is_recomputed() -> None:
    example = PAGE.partition("**Worked example.** “")[2].partition("”")[0]
    rows = [
        [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        for line in PAGE.partition("| Cue | Weight |")[2].splitlines()
        if line.startswith("| ")
    ]
    lexicon = load_lexicon()

    reader = Reader(read_text(example), lexicon, REGION)
    [features] = [
        group.features
        for group in find_groups(reader)
        if reader.text.between(group.mentions[0].first, group.mentions[0].last) == "Ketuk Warga"
    ]
    weighed = {
        name: f"{lexicon.weights[name]:g}" + ("" if value == 1 else f" × {value:g}")
        for name, value in features.items()
        if lexicon.weights.get(name)
    }
    [found] = discover(example, REGION)

    assert {row[0]: row[1] for row in rows} == weighed | {
        "sum": f"{score_of(features, lexicon):.2f}",
        "threshold": f"{lexicon.weights['threshold']:g}",
        "confidence": str(found.confidence),
    }


def test_page_names_the_method() -> None:
    assert f"`{METHOD}`" in PAGE
