"""The docs name every setting and every command, and nothing that does not exist."""

import re
from pathlib import Path

from tifa.config.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
VARIABLE = re.compile(r"TIFA_[A-Z_]+[A-Z]")


def _used() -> set[str]:
    sources = (ROOT / "src" / "tifa" / "config").rglob("*.py")
    quoted = re.compile(r'"(TIFA_[A-Z_]+)"')
    return {name for path in sources for name in quoted.findall(path.read_text(encoding="utf-8"))}


def test_every_setting_is_documented() -> None:
    documented = set(VARIABLE.findall(PAGE))

    assert _used() - documented == set()
    assert documented - _used() == set()


def test_every_command_is_documented() -> None:
    missing = [name for name in COMMANDS if f"`tifa {name}" not in PAGE]

    assert missing == []


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]

    assert broken == []
