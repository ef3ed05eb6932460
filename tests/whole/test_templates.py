"""Every template compiles, and none carries an inline style or script."""

import re
from pathlib import Path

import pytest
from django.template import engines

import tifa

PACKAGE = Path(tifa.__file__).parent
TEMPLATES = sorted(
    path.relative_to(folder).as_posix()
    for folder in PACKAGE.glob("*/templates")
    for path in folder.rglob("*")
    if path.suffix in {".html", ".txt"}
)
FORBIDDEN = {
    "inline style": re.compile(r"\sstyle="),
    "inline handler": re.compile(r"\son[a-z]+="),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)"),
    "another host": re.compile(r"""(?:src|href|action)=["'](?:https?:)?//"""),
}


def test_there_are_templates() -> None:
    assert len(TEMPLATES) > 30


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_compiles(name: str) -> None:
    engines["django"].get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_keeps_the_content_policy(name: str) -> None:
    text = next(
        folder / name for folder in PACKAGE.glob("*/templates") if (folder / name).exists()
    ).read_text(encoding="utf-8")

    assert [kind for kind, pattern in FORBIDDEN.items() if pattern.search(text)] == []
