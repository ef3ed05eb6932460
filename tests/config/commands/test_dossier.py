"""`tifa dossier check` as somebody calls it."""

import json
from pathlib import Path

import pytest
import yaml

from tests.dossiers.making import proposal
from tifa.config.cli import main


def call(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(["dossier", *words])
    out, err = capsys.readouterr()
    return int(left.value.code or 0), out, err


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    path = tmp_path / "perahu.yaml"
    path.write_text(yaml.safe_dump(proposal(use_started="2021-05-07"), allow_unicode=True), encoding="utf-8")
    return path


def test_the_check_as_json(dossier: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _err = call(capsys, "check", str(dossier), "--instrument", "kipp-2023", "--json")

    content = json.loads(out)
    assert status == 0
    assert set(content) >= {"eligible", "reasons", "open", "items", "lint", "readiness"}
    assert (content["eligible"], content["reasons"], content["lint"]) == (True, [], [])
    assert content["closing"] == "2023-05-06"


def test_another_closing_day_is_taken(dossier: Path, capsys: pytest.CaptureFixture[str]) -> None:
    values = yaml.safe_load(dossier.read_text(encoding="utf-8"))
    values = {"use_started": values["use_started"]}
    dossier.write_text(yaml.safe_dump(values), encoding="utf-8")
    for closing, eligible_from in (("2023-05-06", "2023-05-07"), ("2023-05-07", None)):
        words = ("--instrument", "kipp-2022", "--closing", closing, "--json")
        _status, out, _err = call(capsys, "check", str(dossier), *words)
        rows = {row["id"]: row for row in [*json.loads(out)["reasons"], *json.loads(out)["open"]]}
        found = rows.get("umur_minimum")
        assert (found["eligible_from"] if found else None) == eligible_from


def test_the_check_as_people_read_it(dossier: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _err = call(capsys, "check", str(dossier), "--instrument", "kipp-2023")

    assert status == 0
    assert "Boleh ikut: ya" in out
    assert "Terisi: 8 dari 8" in out


@pytest.mark.parametrize(
    ("content", "words", "said"),
    [
        ("items: [1]", ("--instrument", "kipp-2023"), "items"),
        ("a: [", ("--instrument", "kipp-2023"), "perahu.yaml"),
        ("{}", ("--instrument", "kipp-1999"), "kipp-1999"),
        ("{}", ("--instrument", "kipp-2023", "--closing", "besok"), "besok"),
    ],
)
def test_bad_input_leaves_with_2_and_a_sentence(
    dossier: Path, capsys: pytest.CaptureFixture[str], content: str, words: tuple[str, ...], said: str
) -> None:
    dossier.write_text(content, encoding="utf-8")

    status, out, err = call(capsys, "check", str(dossier), *words)

    assert (status, out) == (2, "")
    assert said in err


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _out, err = call(capsys, "check", str(tmp_path / "tidak-ada.yaml"), "--instrument", "kipp-2023")

    assert status == 2
    assert "tidak-ada.yaml" in err
