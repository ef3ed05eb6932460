"""The published and computed numbers of `reference/judging.yaml`."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from tifa.stats.ratings import FloatArray, Panel, panel_from_arrays


@cache
def published() -> dict[str, Any]:
    path = Path(__file__).with_name("reference") / "judging.yaml"
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def ref1() -> Panel:
    rows = np.array(published()["ref1"]["data"])
    return panel_from_arrays(rows[:, 0] - 1, rows[:, 1] - 1, rows[:, 2:].astype(np.float64))


def guilford() -> Panel:
    data = published()["guilford_creativity"]["data"]
    rows = [
        (junior, senior, scores)
        for senior, of in enumerate(data.values())
        for junior, scores in enumerate(of.values())
    ]
    return panel_from_arrays(
        [junior for junior, _, _ in rows],
        [senior for _, senior, _ in rows],
        np.array([scores for _, _, scores in rows], dtype=np.float64),
    )


def table(rows: list[list[float | None]]) -> FloatArray:
    return np.array([[np.nan if cell is None else cell for cell in row] for row in rows], dtype=np.float64)
