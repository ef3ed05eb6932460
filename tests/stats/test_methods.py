"""The worked table of the method's page is what the code gives."""

from decimal import Decimal
from pathlib import Path

from tifa.stats.ranking import METHOD, EntryScores, SectionScore, SectionWeight, rank

PAGE = Path(__file__).resolve().parents[2] / "docs" / "methods" / "weighted-mean.md"
SECTIONS = (SectionWeight("background", Decimal(40)), SectionWeight("impact", Decimal(60)))
PLACES = (("1", "background"), ("2", "background"), ("1", "impact"), ("2", "impact"))


def test_worked_table_is_recomputed() -> None:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")][1:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    entries = [
        EntryScores(
            name,
            tuple(
                SectionScore(
                    judge,
                    section,
                    None if cell == "–" else Decimal(cell),
                    "conflict" if cell == "–" else "scored",
                )
                for (judge, section), cell in zip(PLACES, cells[:4], strict=True)
            ),
        )
        for name, *cells in rows
    ]

    ranked = {row.entry: row for row in rank(entries, SECTIONS).entries}

    for name, *cells in rows:
        row = ranked[name]
        assert [
            str(row.total) if row.total is not None else "–",
            str(row.rank) if row.rank else "–",
        ] == cells[4:]


def test_page_names_the_method() -> None:
    assert METHOD in PAGE.read_text(encoding="utf-8")
