"""The worked table of the method's page is what the code gives."""

from decimal import Decimal
from pathlib import Path

import numpy as np

from tifa.stats.agreement import intraclass
from tifa.stats.assignment import AssignmentProblem, assign
from tifa.stats.judging import JudgingOptions, judge
from tifa.stats.linear import METHOD as LINEAR
from tifa.stats.mfrm import METHOD as MFRM
from tifa.stats.ranking import METHOD, EntryScores, SectionScore, SectionWeight, rank
from tifa.stats.ratings import Rating, panel_of

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


def table_under(page: Path, header: str) -> list[list[str]]:
    lines = page.read_text(encoding="utf-8").splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith(header))
    rows = []
    for line in lines[first + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def test_worked_table_of_severity_correction_is_recomputed() -> None:
    page = PAGE.with_name("severity-correction.md")
    rows = table_under(page, "| Entry | Review 1 |")
    ratings = [
        Rating(row[0], row[first], criterion, float(score))
        for row in rows
        for first in (1, 5)
        for criterion, score in zip("abc", row[first + 1 : first + 4], strict=True)
    ]

    judgement = judge(panel_of(ratings), JudgingOptions(top=2, seed=1))

    shown = [
        [
            row.entry,
            f"{row.raw:.2f}",
            f"{row.fair:.2f}",
            f"{row.fair_lo:.2f} to {row.fair_hi:.2f}",
            f"{row.p_top:.2f}",
            str(row.rank),
        ]
        for row in judgement.entries
    ]
    severities = [f"{one.severity:.2f}".replace("-", "\N{MINUS SIGN}") for one in judgement.judges]
    assert shown == [[row[0], *row[9:]] for row in rows]
    assert (
        f"(severity {severities[0]} and {severities[1]}), Citra is strict ({severities[2]})"
        in page.read_text(encoding="utf-8").replace("\n", " ")
    )
    assert MFRM in page.read_text(encoding="utf-8")
    assert LINEAR in page.read_text(encoding="utf-8")


def test_worked_table_of_agreement_is_recomputed() -> None:
    page = PAGE.with_name("agreement.md")
    scores = np.array([row[1:] for row in table_under(page, "| Entry | Judge 1 |")], dtype=np.float64)

    found = intraclass(scores)

    assert table_under(page, "| Coefficient |") == [
        ["One-way", f"{found.one_way.value:.3f}", f"{found.one_way_mean.value:.3f}"],
        ["Agreement", f"{found.agreement.value:.3f}", f"{found.agreement_mean.value:.3f}"],
        ["Consistency", f"{found.consistency.value:.3f}", f"{found.consistency_mean.value:.3f}"],
    ]


def test_worked_table_of_assignment_is_recomputed() -> None:
    page = PAGE.with_name("assignment.md")
    rows = table_under(page, "| Proposal |")
    names, judges = tuple(row[0] for row in rows), ("X", "Y", "Z")
    cells = {(row[0], judge_): cell for row in rows for judge_, cell in zip(judges, row[1:4], strict=True)}

    found = assign(
        AssignmentProblem(
            proposals=names,
            judges=judges,
            affinity=np.array([[float(cells[n, j].replace("–", "0")) for j in judges] for n in names]),
            reviews_each=2,
            conflicts=frozenset(pair for pair, cell in cells.items() if cell == "–"),
            bridge=0.0,
        )
    )

    chosen = [", ".join(judge_ for name, judge_ in found.pairs if name == row[0]) for row in rows]
    assert chosen == [row[4] for row in rows]
    assert f"= {found.total:.1f}." in page.read_text(encoding="utf-8")
