"""The worked examples of the pages on methods are recomputed."""

import re
from pathlib import Path

import pytest

from tifa.instruments.cases import Case, differences
from tifa.instruments.reading import read_yaml
from tifa.instruments.scoring import count_words

METHODS = Path(__file__).resolve().parents[2] / "docs" / "methods"
BLOCK = re.compile(r"^```yaml\n(.+?)^```", re.MULTILINE | re.DOTALL)
EXAMPLES = [
    (page.name, read_yaml(block).values)
    for page in sorted(METHODS.glob("*.md"))
    for block in BLOCK.findall(page.read_text(encoding="utf-8"))
    if block.startswith("instrument:")
]


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[name for name, _ in EXAMPLES])
def test_worked_example_gives_what_the_page_says(name: str, example: dict[str, object]) -> None:
    assert differences(Case(name, str(example["instrument"]), name, example)) == []


def test_pages_with_an_index_have_a_worked_example() -> None:
    pages = {page for page, _ in EXAMPLES}

    assert pages >= {"satisfaction-index.md", "innovation-index.md", "service-index.md", "minimum-service.md"}


def test_words_are_counted_as_the_page_says() -> None:
    text = (METHODS / "word-count.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+?) \| (\d+) \|$", text, re.MULTILINE)

    assert len(rows) == 6
    assert [count_words(words) for words, _ in rows] == [int(count) for _, count in rows]
