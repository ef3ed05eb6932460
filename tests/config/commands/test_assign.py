"""`tifa assign`: the shape that it promises, and bad input."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pytest

from tifa.config.commands import assign

PROBLEM: dict[str, Any] = {
    "proposals": ["noken", "perahu", "sagu"],
    "judges": ["x", "y", "z"],
    "reviews_each": 2,
    "load": [2, 2],
    "conflicts": [["sagu", "x"]],
    "affinity": [[1, 0, 0.5], [0.2, 0.9, 0.1], [0.3, 0.4, 0.8]],
    "bridge": 0,
}


def run(*words: str) -> int:
    parser = ArgumentParser()
    assign.add_arguments(parser)
    return assign.run(parser.parse_args(words))


def written(folder: Path, problem: object) -> str:
    path = folder / "problem.json"
    path.write_text(json.dumps(problem), encoding="utf-8")
    return str(path)


def test_json_has_exactly_the_promised_shape(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(written(tmp_path, PROBLEM), "--json") == 0

    found = json.loads(capsys.readouterr().out)
    # sagu takes y and z; x then takes both others, and y and z one each: 1 + 0.5 + 0.2 + 0.9 + 0.4 + 0.8.
    assert found == {
        "pairs": [
            ["noken", "x"],
            ["noken", "z"],
            ["perahu", "x"],
            ["perahu", "y"],
            ["sagu", "y"],
            ["sagu", "z"],
        ],
        "total": pytest.approx(3.8),
        "loads": {"x": 2, "y": 2, "z": 2},
        "components": 1,
        "efficiency": pytest.approx(1.0),
        "infeasible_because": [],
    }


def test_infeasible_problem_is_answered_with_reasons(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = PROBLEM | {"load": [0, 1]}

    assert run(written(tmp_path, problem), "--json") == 0

    found = json.loads(capsys.readouterr().out)
    assert found["pairs"] == []
    assert found["infeasible_because"] == [
        "3 proposals need 6 reviews and 3 judges may take 3: raise the most reviews of a judge from 1 to 2, or add 3 judges."
    ]


def test_only_names_and_reviews_are_needed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    problem = {key: PROBLEM[key] for key in ("proposals", "judges", "reviews_each")}

    assert run(written(tmp_path, problem)) == 0

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 8
    assert lines[-1] == "total affinity 0.000, loads 2 to 2, 1 connected group(s), efficiency 1.00"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"judges": None}, "judges: Input should be a valid array; found None."),
        ({"load": [1]}, "load.1: Field required; found [1]."),
        ({"note": 1}, "note: Extra inputs are not permitted; found 1."),
        ({"affinity": [[1, 0], [0, 1], [1, 1]]}, "affinity: row 1 has 2 numbers; expected 3, one a judge."),
        (
            {"affinity": []},
            "The affinities are (0, 3); expected a row for each of 3 proposals with 3 numbers, one a judge.",
        ),
        ({"conflicts": [["sagu", "w"]]}, "The conflict ['sagu', 'w'] names 'w', which is no judge."),
        ({"reviews_each": 0}, "Found 0 reviews for each proposal; expected 1 or more."),
    ],
)
def test_bad_problem_is_named(
    change: dict[str, Any], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, PROBLEM | change)

    assert run(path, "--json") == 2

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"{path}: {message}")


def test_no_json_and_no_file_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "problem.json"
    path.write_text("{", encoding="utf-8")

    statuses = [run(str(path)), run("missing.json")]

    assert statuses == [2, 2]
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith(f"{path}: the file: Invalid JSON: EOF while parsing")
    assert second == "missing.json: cannot be read (No such file or directory); expected a JSON file."
