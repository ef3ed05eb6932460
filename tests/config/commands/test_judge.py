"""`tifa judge`: the shape that it promises, its options, and bad input."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.stats.simulated import World, make
from tifa import __version__
from tifa.config.commands import judge

KEYS = [
    "method",
    "version",
    "digest",
    "converged",
    "connected",
    "subsets",
    "deviance",
    "parameters",
    "entries",
    "judges",
    "criteria",
    "thresholds",
    "agreement",
    "flags",
]
ENTRY = [
    "entry",
    "n_reviews",
    "raw",
    "fair",
    "fair_lo",
    "fair_hi",
    "measure",
    "se",
    "rank",
    "rank_lo",
    "rank_hi",
    "p_top",
]


def run(*words: str) -> int:
    parser = ArgumentParser()
    judge.add_arguments(parser)
    return judge.run(parser.parse_args(words))


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    panel = make(World(entries=30, judges=6, criteria=3, halo=0.5, topics=2), 3).panel
    lines = ["entry,judge,topic," + ",".join(panel.criteria)]
    for entry, judge_, scores in zip(panel.entry_of, panel.judge_of, panel.scores, strict=True):
        cells = [panel.entries[entry], panel.judges[judge_], panel.topics[panel.topic_of[entry]]]
        lines.append(",".join([*cells, *(f"{score:g}" for score in scores)]))
    path = tmp_path / "ratings.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert run(*words, "--json") == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_json_has_exactly_the_promised_shape(wide: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = printed(capsys, str(wide))

    assert list(found) == KEYS
    assert (found["method"], found["version"]) == ("severity-mfrm/1", __version__)
    assert len(found["digest"]) == 64
    assert (found["converged"], found["connected"]) == (True, True)
    assert [len(one["entries"]) for one in found["subsets"]] == [30]
    assert [list(one) for one in found["entries"]] == [ENTRY] * 30
    assert [list(one) for one in found["judges"]] == [["judge", "severity", "se", "infit", "outfit", "n"]] * 6
    assert [list(one) for one in found["criteria"]] == [["criterion", "difficulty", "se"]] * 3
    assert len(found["thresholds"]) == 5
    assert sum(found["thresholds"]) == pytest.approx(0, abs=1e-9)
    assert list(found["agreement"]) == ["alpha", "icc", "reliability", "separation"]
    assert [one["rank"] for one in found["entries"]] == sorted(one["rank"] for one in found["entries"])
    assert sum(one["p_top"] for one in found["entries"]) == pytest.approx(3)


def test_long_and_shuffled_tables_give_the_same_result(
    wide: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header, *lines = wide.read_text(encoding="utf-8").splitlines()
    criteria = header.split(",")[3:]
    rows = [
        f"{entry},{judge_},{criterion},{score},{topic}"
        for entry, judge_, topic, *scores in (line.split(",") for line in lines)
        for criterion, score in zip(criteria, scores, strict=True)
    ]
    long = tmp_path / "long.csv"
    shuffled = [rows[i] for i in np.random.default_rng(1).permutation(len(rows))]
    long.write_text("\n".join(["entry,judge,criterion,score,topic", *shuffled]), encoding="utf-8")

    assert printed(capsys, str(long)) == printed(capsys, str(wide))


@pytest.mark.parametrize(
    ("words", "method"),
    [
        (["--model", "linear"], "severity-linear/1"),
        (["--model", "linear", "--topics"], "severity-linear/1"),
        (["--model", "raw"], "weighted-mean/1"),
        (["--steps", "partial-credit"], "severity-mfrm/1"),
        (["--no-halo", "--topics", "--top", "5", "--seed", "7"], "severity-mfrm/1"),
    ],
)
def test_options_are_taken(
    words: list[str], method: str, wide: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = printed(capsys, str(wide), *words)

    assert found["method"] == method
    assert list(found) == KEYS
    assert found["entries"][0]["rank"] == 1


def test_weights_change_the_scores(wide: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    weights = tmp_path / "weights.csv"
    weights.write_text("criterion,weight\nc0,80\nc1,10\nc2,10\n", encoding="utf-8")

    plain, weighed = printed(capsys, str(wide)), printed(capsys, str(wide), "--weights", str(weights))

    assert plain["digest"] != weighed["digest"]
    assert [one["raw"] for one in plain["entries"]] != [one["raw"] for one in weighed["entries"]]


def test_table_is_readable(wide: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(wide)) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"method severity-mfrm/1, version {__version__}, digest ")
    assert lines[2].split() == ["rank", "90", "%", "P(top)", "fair", "95", "%", "raw", "reviews", "entry"]
    assert len(lines) >= 3 + 30 + 2 + 6


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "entry,judge,criterion,score\ne,x,a,four\n",
            "line 2, column 'score': found 'four'; expected a number or an empty cell.",
        ),
        ("entry,judge,criterion,score\ne,x,a,\n", "There is no score, so nothing can be judged."),
        ("", "line 1: found an empty first line; expected a header such as entry,judge,criterion,score."),
    ],
)
def test_bad_table_is_named_on_standard_error(
    content: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(content, encoding="utf-8")

    assert run(str(path), "--json") == 2

    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", f"{path}: {message}\n")


def test_fine_scale_is_refused_with_advice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "fine.csv"
    path.write_text(
        "entry,judge,a\n" + "".join(f"e{i % 9},j{i // 9},{i * 3}\n" for i in range(27)), encoding="utf-8"
    )

    assert run(str(path)) == 2

    assert "at most 10. Use the linear model (--model linear)" in capsys.readouterr().err
    assert printed(capsys, str(path), "--model", "linear")["method"] == "severity-linear/1"


def test_files_that_cannot_be_read_are_named(
    wide: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "latin.csv"
    other.write_bytes(b"entry,judge,a\n\xe9,x,1\n")
    weights = tmp_path / "weights.csv"
    weights.write_text("criterion\n", encoding="utf-8")

    statuses = [
        run("missing.csv"),
        run(str(other)),
        run(str(wide), "--weights", str(weights)),
        run(str(wide), "--seed", "-1"),
    ]

    assert statuses == [2] * 4
    assert capsys.readouterr().err.splitlines() == [
        "missing.csv: cannot be read (No such file or directory); expected a CSV file.",
        f"{other}: byte 15 is not UTF-8; save the table as “CSV UTF-8”.",
        f"{weights}: line 1: found the columns criterion; expected the header criterion,weight.",
        "--seed: found -1; expected a whole number of 0 or more.",
    ]
