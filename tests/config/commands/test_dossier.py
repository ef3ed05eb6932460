"""`tifa dossier check` as somebody calls it."""

import json
from pathlib import Path

import pytest
import yaml
from django.utils import timezone

from tests.dossiers.making import proposal
from tests.factories import Town, make_innovation, make_person
from tifa.config.cli import main
from tifa.dossiers.models import Dossier
from tifa.dossiers.services.writing import save_answer, start_dossier
from tifa.instruments import load_instrument
from tifa.organisation.choices import Role


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


@pytest.fixture
def written(town: Town) -> Dossier:
    person = make_person("operator@example.org", Role.OPERATOR, town.puskesmas)
    dossier = start_dossier(
        actor=person,
        innovation=make_innovation(town.puskesmas, code="INV-2026-0001", title="Perahu Sehat"),
        instrument=load_instrument("kipp-2023"),
        group="umum",
        now=timezone.now(),
    )
    texts = {"ringkasan": "Warga mendaftar dari rumah."}
    save_answer(actor=person, dossier=dossier, item="ringkasan", texts=texts, version=0, now=timezone.now())
    return dossier


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fmt", "head"), [("docx", b"PK"), ("pdf", b"%PDF"), ("zip", b"PK"), ("xlsx", b"PK")]
)
def test_a_written_dossier_is_handed_out(
    written: Dossier, tmp_path: Path, capsys: pytest.CaptureFixture[str], fmt: str, head: bytes
) -> None:
    target = tmp_path / f"proposal.{fmt}"

    status, out, _err = call(
        capsys, "export", "INV-2026-0001:kipp-2023", "--format", fmt, "--output", str(target)
    )

    assert (status, out.strip()) == (0, str(target))
    assert target.read_bytes().startswith(head)
    again = tmp_path / f"lagi.{fmt}"
    assert call(capsys, "export", str(written.pk), "--format", fmt, "--output", str(again))[0] == 0


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["999", "INV-2026-0001:kipp-1900", "x" * 40, "1" * 40])
def test_a_dossier_that_is_not_there_is_named(
    written: Dossier, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    status, _out, err = call(capsys, "export", name, "--format", "pdf")

    assert status == 2
    assert name in err


@pytest.mark.django_db
def test_a_place_that_cannot_be_written_is_named(
    written: Dossier, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "tidak" / "ada.pdf"

    status, _out, err = call(capsys, "export", str(written.pk), "--format", "pdf", "--output", str(place))

    assert status == 2
    assert str(place) in err
