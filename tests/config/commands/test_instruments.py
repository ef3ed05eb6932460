"""`tifa instruments`, as people and programs call it."""

import io
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pytest

from tifa.config.commands import instruments
from tifa.instruments import digest, load_instrument

ANSWERS = """\
items: {persyaratan: 3.868, prosedur: 3.67, waktu: 3.758, biaya: 3.879, produk: 3.879, kompetensi: 3.868,
        perilaku: 3.835, sarana: 3.549, pengaduan: 3.725}
"""


def call(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    parser = ArgumentParser()
    instruments.add_arguments(parser)
    status = instruments.run(parser.parse_args(words))
    said = capsys.readouterr()
    return status, said.out, said.err


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    status, out, err = call(capsys, *words, "--json")
    assert (status, err) == (0, "")
    return json.loads(out)


@pytest.fixture
def answers(tmp_path: Path) -> str:
    path = tmp_path / "answers.yaml"
    path.write_text(ANSWERS, encoding="utf-8")
    return str(path)


def test_list_names_every_edition_with_its_digest(capsys: pytest.CaptureFixture[str]) -> None:
    rows = printed(capsys, "list")

    assert {row["id"]: row["digest"] for row in rows}["skm-2017"] == digest(load_instrument("skm-2017"))
    assert {"kipp-2023", "iga-2026", "skm-2004", "ipp-2022", "spm-2018", "jayapura"} <= {
        row["id"] for row in rows
    }


def test_show_gives_the_instrument_and_how_to_answer(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _err = call(capsys, "show", "skm-2017")

    assert status == 0
    assert "persyaratan: 4 # U1. Persyaratan; 1-4" in out
    assert printed(capsys, "show", "skm-2017")["id"] == "skm-2017"


def test_form_of_answers_that_show_prints_can_be_scored(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    _status, out, _err = call(capsys, "show", "iga-2026")
    lines = out.splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith("Cara menjawab"))
    form = "\n".join(line[2:] for line in lines[start + 1 :])
    path = tmp_path / "form.yaml"
    path.write_text(form, encoding="utf-8")

    assert printed(capsys, "score", "iga-2026", str(path))["result"] == "indeks"


def test_score_gives_value_grade_and_other_ways(capsys: pytest.CaptureFixture[str], answers: str) -> None:
    made = printed(capsys, "score", "skm-2017", answers, "--on", "2026-01-01")

    assert (made["value"], made["grade"], made["state"], made["on"]) == (94.53, "A", "final", "2026-01-01")
    assert {one["id"]: one["value"] for one in made["alternatives"]} == {
        "bobot_0_111": 94.44,
        "bobot_0_11": 93.59,
    }
    assert "explanation" not in made


def test_score_explains_itself(capsys: pytest.CaptureFixture[str], answers: str) -> None:
    tree = printed(capsys, "score", "skm-2017", answers, "--explain")["explanation"]

    assert [child["id"] for child in tree["children"]] == ["ni"]
    assert len(tree["children"][0]["children"]) == 9
    _status, out, _err = call(capsys, "score", "skm-2017", answers, "--explain")
    assert "Persyaratan: 3.868 × 0.1111 = 0.4298" in out


def test_score_reads_json_from_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = json.dumps({"items": {item.id: 3.1 for item in load_instrument("skm-2017").items}})
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    assert printed(capsys, "score", "skm-2017", "-")["value"] == 77.5


def test_same_answers_under_another_edition(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "ikm.yaml"
    path.write_text("items: {ikm: 82}\n", encoding="utf-8")

    made = printed(capsys, "score", "skm-2017", str(path), "--under", "skm-2004")

    assert (made["grade"], made["under"][0]["grade"]) == ("B", "A")


def test_check_finds_all_packs_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, "check") == {"faults": []}


def test_check_of_a_broken_file_leaves_with_2(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "2027.yaml"
    path.write_text("id: kipp-2027\n", encoding="utf-8")

    status, out, _err = call(capsys, "check", str(path))

    assert status == 2
    assert "2027.yaml, line 1, kind: found nothing" in out


def test_diff_speaks_in_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    rows = printed(capsys, "diff", "skm-2014", "skm-2017")

    assert any("Sarana" in row["sentence"] for row in rows)


@pytest.mark.parametrize(("population", "size"), [("100", 80), ("1000", 278)])
def test_rank_sample(capsys: pytest.CaptureFixture[str], population: str, size: int) -> None:
    made = printed(capsys, "rank-sample", "skm-2017", "--population", population)

    assert {one["id"]: one["size"] for one in made["samples"]}["krejcie_morgan"] == size


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("show", "kipp-1999"), "There is no instrument 'kipp-1999'; there are: "),
        (("score", "skm-2017", "/nowhere.yaml"), "/nowhere.yaml tidak dapat dibaca"),
        (("score", "skm-2017", "ANSWERS", "--on", "kemarin"), "“kemarin” bukan tanggal"),
        (("diff", "skm-2017", "skm-1999"), "There is no instrument 'skm-1999'"),
        (("rank-sample", "skm-2017", "--population", "0"), "Populasi “0”"),
        (("rank-sample", "skm-2017", "--population", "1e3"), "Populasi “1e3”"),
        (("rank-sample", "kipp-2023", "--population", "10"), "kipp-2023 has no rule"),
    ],
)
def test_bad_input_is_named_and_leaves_with_2(
    capsys: pytest.CaptureFixture[str], answers: str, words: tuple[str, ...], sentence: str
) -> None:
    status, out, err = call(capsys, *(answers if word == "ANSWERS" else word for word in words))

    assert (status, out) == (2, "")
    assert sentence in err


@pytest.mark.parametrize(
    "content", [b"", b"- 1", b"items: {U1: 9}", b"\xff\xfe", b'{"items":', b"items: {U1: &a 1, U2: *a}"]
)
def test_bad_answers_leave_with_2(capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.yaml"
    path.write_bytes(content)

    status, _out, err = call(capsys, "score", "skm-2017", str(path))

    assert status == 2
    assert err.startswith("tifa instruments: ")


def test_schema_is_the_published_one(capsys: pytest.CaptureFixture[str]) -> None:
    _status, out, _err = call(capsys, "schema")
    published = Path(__file__).resolve().parents[3] / "docs" / "instruments" / "schema.json"

    assert json.loads(out) == json.loads(published.read_text(encoding="utf-8"))
