"""`tifa discover`: the shape that it promises, the database as registry, and bad input."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pytest

from tests.factories import Town, make_innovation
from tifa.config.commands import discover

TEXT = """Dinas Sosial Kota Jayapura meluncurkan Ketuk Warga (Kelola Tenaga Untuk Kunjungan Warga), Senin (4/3/2024).

Dinas Kesehatan berencana membuat aplikasi Antar Obat tahun depan."""
REGISTRY = """
- {id: reg-1, name: KETUK-WARGA, owner: Dinas Sosial Kota Jayapura, description: Kunjungan rumah., aliases: []}
- {id: reg-2, name: Ketuk Pintu Warga, owner: RSUD Jayapura, description: Perawat., aliases: []}
"""
KEYS = [
    "name",
    "expansion",
    "owner",
    "year",
    "status",
    "own",
    "sentence",
    "confidence",
    "match",
    "match_confidence",
    "near",
]


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    path = tmp_path / "registry.yaml"
    path.write_text(REGISTRY, encoding="utf-8")
    return path


@pytest.fixture
def news(tmp_path: Path) -> Path:
    path = tmp_path / "berita.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def run(*words: object) -> int:
    parser = ArgumentParser()
    discover.add_arguments(parser)
    return discover.run(parser.parse_args([str(word) for word in words]))


def rows(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def test_json_has_exactly_the_promised_shape(
    news: Path, registry: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run(news, "--region", "Kota Jayapura", "--registry", registry, "--json")

    [row] = rows(capsys)
    [candidate] = row["candidates"]
    assert status == 0
    assert list(row) == ["item", "candidates", "others"]
    assert list(candidate) == KEYS
    assert candidate | {"confidence": 0, "near": []} == {
        "name": "Ketuk Warga",
        "expansion": "Kelola Tenaga Untuk Kunjungan Warga",
        "owner": "Dinas Sosial Kota Jayapura",
        "year": 2024,
        "status": "launched",
        "own": True,
        "sentence": TEXT.splitlines()[0],
        "confidence": 0,
        "match": "reg-1",
        "match_confidence": 1.0,
        "near": [],
    }
    assert [near["match"] for near in candidate["near"]] == ["reg-2"]
    assert [(one["name"], one["status"], one["reason"]) for one in row["others"]] == [
        ("Antar Obat", "planned", "planned")
    ]


def test_each_item_of_a_list_has_its_own_region(
    tmp_path: Path, registry: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "daftar.yaml"
    text = "Dinas Sosial memakai aplikasi Ketuk Warga."
    path.write_text(
        f"- {{id: a, region: Kota Jayapura, text: {text}}}\n- {{id: b, region: Kota Sorong, text: {text}}}\n- {{id: c, text: Rapat.}}\n",
        encoding="utf-8",
    )

    run(path, "--registry", registry, "--json")

    found = {row["item"]: [one["match"] for one in row["candidates"]] for row in rows(capsys)}
    assert found == {"a": ["reg-1"], "b": [None], "c": []}


def test_same_text_twice_gives_the_same(
    news: Path, registry: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(news, "--registry", registry, "--json")
    first = capsys.readouterr().out
    run(news, "--registry", registry, "--json")

    assert capsys.readouterr().out == first


def test_database_is_a_registry(town: Town, news: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_innovation(town.puskesmas, code="INV-A", title="Ketuk Warga")
    make_innovation(town.puskesmas, code="INV-B", title="Kelas Ibu")

    status = run(news, "--database", "--json")

    [row] = rows(capsys)
    assert (status, [one["match"] for one in row["candidates"]]) == (0, ["INV-A"])


def test_terminal_gets_a_list(
    news: Path, registry: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)

    run(news, "--region", "Kota Jayapura", "--registry", registry)

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "berita.txt"
    assert "Ketuk Warga (Kelola Tenaga Untuk Kunjungan Warga)  [= reg-1]" in lines[1]
    assert lines[-1].split() == ["–", "Antar", "Obat", "[planned]"]


def test_folder_tells_what_it_left_out(
    tmp_path: Path, news: Path, registry: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "foto.png").write_bytes(b"\x89PNG")
    registry.rename(tmp_path.parent / "registry.yaml")

    status = run(tmp_path, "--registry", tmp_path.parent / "registry.yaml")

    out, err = capsys.readouterr()
    assert (status, [row["item"] for row in json.loads(out)]) == (0, ["berita.txt"])
    assert err.startswith("tifa discover: left out: foto.png: ")


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("tidak-ada.txt", None, "cannot be read"),
        ("kosong.txt", b"", "empty"),
        ("rusak.yaml", b"- {id: 1", "this is not YAML"),
        ("ganda.yaml", b"- {id: a, text: x}\n- {id: a, text: y}", "a second time"),
    ],
)
def test_bad_input_is_a_sentence_and_status_two(
    tmp_path: Path,
    registry: Path,
    capsys: pytest.CaptureFixture[str],
    file: str,
    content: bytes | None,
    told: str,
) -> None:
    if content is not None:
        (tmp_path / file).write_bytes(content)

    status = run(tmp_path / file, "--registry", registry, "--json")

    out, err = capsys.readouterr()
    assert (status, out) == (2, "")
    assert err.startswith("tifa discover: ")
    assert file in err
    assert told in err


@pytest.mark.parametrize("content", [None, b"id: x", b"\xff\xfe\x00", b"- {id: a}"])
def test_bad_registry_is_a_sentence_and_status_two(
    tmp_path: Path, news: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    path = tmp_path / "daftar.yaml"
    if content is not None:
        path.write_bytes(content)

    assert run(news, "--registry", path) == 2
    assert "daftar.yaml" in capsys.readouterr().err
