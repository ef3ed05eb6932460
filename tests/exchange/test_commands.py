"""`tifa import` and `tifa export`: what they print, and how they leave."""

import argparse
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from tests.exchange.workbooks import changed, write
from tifa.config.commands import export_workbook, import_workbook
from tifa.organisation.models import Unit
from tifa.registry.models import Innovation

pytestmark = pytest.mark.django_db

SHEET = "xl/worksheets/sheet1.xml"
CELL = b'<c r="A2" t="inlineStr"><is><t>%s</t></is></c>'


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def bring(path: Path | str, *words: str) -> int:
    parser = argparse.ArgumentParser()
    import_workbook.add_arguments(parser)
    return import_workbook.run(parser.parse_args([str(path), *words]))


def carry(*words: str) -> int:
    parser = argparse.ArgumentParser()
    export_workbook.add_arguments(parser)
    return export_workbook.run(parser.parse_args(list(words)))


def test_import_tells_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = bring(write(tmp_path / "buku.xlsx"))

    out, err = capsys.readouterr()
    assert (status, err) == (0, "")
    assert "buku.xlsx is taken over." in out
    assert Innovation.objects.count() == 2


def test_second_import_says_that_nothing_changes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bring(write(tmp_path / "buku.xlsx"))
    capsys.readouterr()

    status = bring(tmp_path / "buku.xlsx")

    out, _err = capsys.readouterr()
    assert status == 0
    assert out.startswith("The workbook says nothing that is not stored already; nothing changes.")


def test_dry_run_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = bring(write(tmp_path / "buku.xlsx"), "--dry-run", "--json")

    report = json.loads(capsys.readouterr().out)
    assert status == 0
    assert (report["applied"], report["sheets"]["Unit"]) == (
        False,
        {"created": 4, "changed": 0, "unchanged": 0},
    )
    assert Unit.objects.count() == 0


def test_json_has_the_promised_shape(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = bring(write(tmp_path / "buku.xlsx", changed("Nilai", 0, nilai=101)), "--json")

    out, err = capsys.readouterr()
    report = json.loads(out)
    assert (status, err) == (2, "")
    assert list(report) == ["file", "digest", "applied", "sheets", "errors", "error_count", "notices"]
    assert list(report["sheets"]) == ["Unit", "Inovasi", "Penerusan", "Putaran", "Nilai"]
    assert report["error_count"] == 1
    [error] = report["errors"]
    assert {name: error[name] for name in ("sheet", "row", "column", "found")} == {
        "sheet": "Nilai",
        "row": 2,
        "column": "nilai",
        "found": "101",
    }
    assert error["expected"].startswith("a number from 0 to 100")
    assert len(report["digest"]) == 64


def test_errors_come_as_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = bring(write(tmp_path / "buku.xlsx", changed("Inovasi", 0, unit="TIDAK.ADA")))

    out, err = capsys.readouterr()
    lines = err.splitlines()
    assert (status, out) == (2, "")
    assert lines[0] == "tifa: buku.xlsx has 1 error. Nothing was taken over."
    assert lines[1].split() == ["Sheet", "Row", "Column", "Found", "Expected"]
    assert lines[2].startswith("Inovasi  2    unit    TIDAK.ADA  the code of a unit")


def _member(name: str, data: bytes) -> Callable[[Path], None]:
    def add(path: Path) -> None:
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, data)

    return add


def _sheet(inside: bytes) -> Callable[[Path], None]:
    def replace(path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        before, _head, after = parts[SHEET].partition(b"</sheetData>")
        parts[SHEET] = before + inside + b"</sheetData>" + after
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in parts.items():
                archive.writestr(name, data)

    return replace


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


HOSTILE: dict[str, Callable[[Path], Any]] = {
    "empty": lambda path: path.write_bytes(b""),
    "wrong type": lambda path: path.write_bytes(b"%PDF-1.7\n" * 100),
    "old Excel": lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    "cut short": lambda path: path.write_bytes(path.read_bytes()[:-200]),
    "macros": _member("xl/vbaProject.bin", b"x"),
    "external links": _member("xl/externalLinks/externalLink1.xml", b"<x/>"),
    "formula": _sheet(b'<row r="90"><c r="A90"><f>1+1</f><v>2</v></c></row>'),
    "ten million rows": _sheet(b'<row r="10000000"><c r="A10000000"><v>2</v></c></row>'),
    "zip bomb": _member("xl/theme/theme9.xml", b" " * (420 * 2**20)),
    "giant string": _sheet(b'<row r="90">' + CELL % (b"x" * 40_000_000) + b"</row>"),
    "a folder": _folder,
    "missing": lambda path: path.unlink(),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_file_is_refused_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    path = write(tmp_path / "buku.xlsx")
    HOSTILE[kind](path)

    status = bring(path)
    told = capsys.readouterr().err
    again = bring(path, "--json")

    report = json.loads(capsys.readouterr().out)
    assert (status, again) == (2, 2)
    assert told.startswith("tifa: buku.xlsx: ")
    assert told.rstrip().endswith(".")
    assert report["errors"][0]["message"] in told
    assert (report["error_count"], report["applied"]) == (1, False)
    assert Unit.objects.count() == 0


def test_export_writes_what_import_reads(tmp_path: Path) -> None:
    bring(write(tmp_path / "buku.xlsx"))

    status = carry("all", str(tmp_path / "keluar.xlsx"))
    again = carry("all", str(tmp_path / "lagi.XLSX"))

    assert (status, again) == (0, 0)
    assert (tmp_path / "keluar.xlsx").read_bytes() == (tmp_path / "lagi.XLSX").read_bytes()
    assert bring(tmp_path / "keluar.xlsx") == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["buku.xlsx", "keluar.xlsx", "lagi.XLSX"]


def test_export_to_a_place_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = carry("all", str(tmp_path / "tidak" / "ada.xlsx"))
    folder = carry("all", str(tmp_path))

    told = capsys.readouterr().err.splitlines()
    assert (missing, folder) == (2, 2)
    assert "ada.xlsx cannot be written" in told[0]
    assert "this is a folder" in told[1]


@pytest.mark.parametrize("name", ["keluar.csv", "keluar", "keluar.xls", ".xlsx"])
def test_export_under_the_name_of_another_kind_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    status = carry("all", str(tmp_path / name))

    assert status == 2
    assert "give it a name that ends in .xlsx" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_export_that_fails_leaves_the_old_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bring(write(tmp_path / "buku.xlsx"))
    Innovation.objects.update(source_note="x" * 40_000)
    target = tmp_path / "keluar.xlsx"
    target.write_bytes(b"yang lama")

    status = carry("all", str(target))

    assert status == 2
    assert target.read_bytes() == b"yang lama"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["buku.xlsx", "keluar.xlsx"]


def test_export_of_something_else_is_refused() -> None:
    with pytest.raises(SystemExit) as left:
        carry("apa", "keluar.xlsx")

    assert left.value.code == 2
