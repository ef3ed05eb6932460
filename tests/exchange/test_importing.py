"""Workbooks in: what is written, what is refused, and what stays."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.exchange.workbooks import WHOLE, Rows, added, changed, write
from tifa.chain.models import HandOff
from tifa.core import audit
from tifa.core.models import Event
from tifa.evaluation.choices import RoundState, ScoreState
from tifa.evaluation.models import Round, Score
from tifa.exchange.importing import apply_workbook, check_workbook
from tifa.exchange.report import ImportReport, Tally
from tifa.organisation.models import Unit, UnitAlias
from tifa.registry.models import Innovation

pytestmark = pytest.mark.django_db


def take(path: Path) -> ImportReport:
    return apply_workbook(actor=None, path=path)


def taken(folder: Path, sheets: Mapping[str, Rows] = WHOLE, drop: tuple[str, ...] = ()) -> ImportReport:
    return take(write(folder / "buku.xlsx", sheets, drop=drop))


OUTCOMES = ("berakhir_di", "nilai_kementerian", "penghargaan")


def faults(report: ImportReport) -> list[tuple[str, int, str]]:
    return [(error.sheet, error.row, error.column) for error in report.errors]


def test_apply_workbook_writes_every_sheet(tmp_path: Path) -> None:
    report = taken(tmp_path)

    assert report.applied
    assert report.as_json()["errors"] == []
    assert report.sheets == {
        "Unit": Tally(4),
        "Inovasi": Tally(2),
        "Penerusan": Tally(4),
        "Putaran": Tally(1),
        "Nilai": Tally(3),
    }
    unit = Unit.objects.get(code="PKM.ABE")
    assert (unit.parent and unit.parent.code, unit.kind) == ("DINKES", "puskesmas")
    assert list(UnitAlias.objects.values_list("unit__code", "text")) == [
        ("KOTA", "Hollandia"),
        ("KOTA", "Port Numbay"),
    ]
    innovation = Innovation.objects.get(code="INV-1")
    assert innovation.summary == "Posyandu keliling.\nDua kali sebulan."
    assert innovation.verified_on == innovation.published_on == date(2026, 1, 9)
    assert Innovation.objects.get(code="INV-2").published_on is None
    assert list(HandOff.objects.filter(innovation=innovation).values_list("step", flat=True)) == [
        "dilaporkan",
        "diverifikasi",
        "ditahan",
    ]
    assert Round.objects.get().state == RoundState.CLOSED
    assert set(Score.objects.values_list("state", "value")) == {
        (ScoreState.SCORED, Decimal("82.50")),
        (ScoreState.CONFLICT, None),
        (ScoreState.NOT_ASSESSABLE, None),
    }
    assert audit.verify().intact


def test_apply_workbook_records_one_event_a_row_and_one_for_the_file(tmp_path: Path) -> None:
    report = taken(tmp_path)

    actions = sorted(Event.objects.values_list("action", flat=True))
    assert actions == sorted(
        ["workbook.imported"]
        + ["unit.created"] * 4
        + ["innovation.recorded"] * 2
        + ["handoff.dilaporkan", "handoff.diverifikasi", "handoff.ditahan", "handoff.dilaporkan"]
        + ["round.imported", "scores.imported"]
    )
    assert Event.objects.get(action="workbook.imported").detail["sha256"] == report.digest


def test_same_workbook_twice_changes_nothing_and_says_so(tmp_path: Path) -> None:
    taken(tmp_path)
    before = (Event.objects.count(), list(Innovation.objects.values_list("pk", "version")))

    report = taken(tmp_path)

    assert report.applied
    assert not report.differs
    assert sum(tally.unchanged for tally in report.sheets.values()) == 14
    assert report.notices
    assert (Event.objects.count(), list(Innovation.objects.values_list("pk", "version"))) == before


def test_check_workbook_writes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "buku.xlsx")

    with CaptureQueriesContext(connection) as queries:
        report = check_workbook(path)

    assert (report.applied, report.acceptable, report.differs) == (False, True, True)
    assert not [
        query for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE", "SAVEPOINT"))
    ]
    assert Unit.objects.count() == 0


def test_error_in_the_last_sheet_undoes_everything(tmp_path: Path) -> None:
    report = taken(tmp_path, changed("Nilai", 2, nilai=101))

    assert faults(report) == [("Nilai", 4, "nilai")]
    assert (Unit.objects.count(), Innovation.objects.count(), Event.objects.count()) == (0, 0, 0)


def test_changed_cells_are_written_and_recorded(tmp_path: Path) -> None:
    taken(tmp_path)

    report = taken(tmp_path, changed("Inovasi", 0, judul="Perahu Sehat II", unit="KOTA"))

    assert report.sheets["Inovasi"] == Tally(0, 1, 1)
    innovation = Innovation.objects.get(code="INV-1")
    assert (innovation.title, innovation.unit.code, innovation.version) == ("Perahu Sehat II", "KOTA", 2)
    event = Event.objects.get(action="innovation.revised")
    assert (event.detail["before"]["title"], event.detail["after"]["title"]) == (
        "Perahu Sehat",
        "Perahu Sehat II",
    )


def test_changed_unit_moves_and_gets_other_aliases(tmp_path: Path) -> None:
    taken(tmp_path)

    report = taken(tmp_path, changed("Unit", 1, alias="Hollandia;Kotabaru"))
    moved = taken(tmp_path, changed("Unit", 0, induk="KOTA"))

    assert report.sheets["Unit"] == Tally(0, 1, 3)
    assert moved.sheets["Unit"] == Tally(0, 2, 2)
    assert Unit.objects.get(code="PKM.ABE").parent == Unit.objects.get(code="KOTA")


def test_missing_column_leaves_what_is_stored(tmp_path: Path) -> None:
    taken(tmp_path)

    report = taken(
        tmp_path, drop=("alias", "ringkasan", "sumber", "alasan", "tenggat", "catatan", "dibuka", "ditutup")
    )

    assert report.as_json()["errors"] == []
    assert not report.differs


def test_new_innovation_without_source_is_a_report(tmp_path: Path) -> None:
    taken(tmp_path, changed("Inovasi", 1, sumber=None))

    assert Innovation.objects.get(code="INV-2").source == "laporan"


def test_steps_of_one_day_keep_the_order_of_the_workbook(tmp_path: Path) -> None:
    day = date(2026, 7, 1)
    first = [{"inovasi": "INV-2", "langkah": step, "tanggal": day} for step in ("dilaporkan", "dipilih")]
    taken(tmp_path, {**WHOLE, "Penerusan": first})
    between = [first[0], {**first[0], "langkah": "diverifikasi", "ke": "Ortal"}, first[1]]

    report = taken(tmp_path, {**WHOLE, "Penerusan": between})
    again = taken(tmp_path, {**WHOLE, "Penerusan": between})

    assert report.applied
    steps = HandOff.objects.filter(innovation__code="INV-2").values_list("step", "to_party")
    assert list(steps) == [("dilaporkan", ""), ("diverifikasi", "Ortal"), ("dipilih", "")]
    assert not again.differs
    assert Innovation.objects.get(code="INV-2").published_on == day


def test_innovation_that_is_shown_before_its_verification_stays_shown(tmp_path: Path) -> None:
    taken(tmp_path, {**WHOLE, "Penerusan": []})
    shown = Innovation.objects.filter(code="INV-2")
    shown.update(published_on=date(2025, 5, 5))
    reported = {"inovasi": "INV-2", "langkah": "dilaporkan", "tanggal": date(2026, 7, 1)}
    verified = {"inovasi": "INV-2", "langkah": "diverifikasi", "tanggal": date(2026, 7, 9)}

    taken(tmp_path, {"Penerusan": [reported]})
    before = shown.values_list("published_on", "verified_on").get()
    taken(tmp_path, {"Penerusan": [reported, verified]})
    after = shown.values_list("published_on", "verified_on").get()

    assert before == (date(2025, 5, 5), None)
    assert after == (date(2025, 5, 5), date(2026, 7, 9))


def test_equal_steps_of_one_day_are_told_apart_by_their_number(tmp_path: Path) -> None:
    rows = [
        {"inovasi": "INV-1", "langkah": "dikembalikan", "tanggal": date(2026, 7, 1), "alasan": reason}
        for reason in ("pertama", "kedua")
    ]
    taken(tmp_path, {**WHOLE, "Penerusan": rows})
    rows[1]["alasan"] = "kedua, diperbaiki"

    report = taken(tmp_path, {**WHOLE, "Penerusan": rows})

    assert report.sheets["Penerusan"] == Tally(0, 1, 1)
    assert list(HandOff.objects.values_list("reason", flat=True)) == ["pertama", "kedua, diperbaiki"]


def test_what_a_step_carries_besides_the_workbook_moves_with_it(tmp_path: Path) -> None:
    day = date(2026, 7, 1)
    both = [{"inovasi": "INV-1", "langkah": step, "tanggal": day} for step in ("diterima", "finalis")]
    taken(tmp_path, {**WHOLE, "Penerusan": both})
    HandOff.objects.filter(step="finalis").update(aside=True, score=Decimal("81.5"))

    taken(tmp_path, {**WHOLE, "Penerusan": both[::-1]}, drop=OUTCOMES)

    rows = HandOff.objects.order_by("pk").values_list("step", "aside", "score")
    assert list(rows) == [("finalis", True, Decimal("81.5")), ("diterima", False, None)]


def test_outcomes_come_in_and_an_older_workbook_leaves_them(tmp_path: Path) -> None:
    rejected = {"inovasi": "INV-1", "langkah": "ditolak", "tanggal": date(2026, 7, 1), "alasan": "Telat"}
    outcome = {"berakhir_di": "administrasi", "nilai_kementerian": "61,25"}
    taken(tmp_path, {**WHOLE, "Penerusan": [{**rejected, **outcome}]})

    again = taken(tmp_path, {**WHOLE, "Penerusan": [rejected]}, drop=OUTCOMES)

    step = HandOff.objects.get()
    assert (step.failed_at, step.score, step.reason) == ("administrasi", Decimal("61.25"), "Telat")
    assert again.sheets["Penerusan"] == Tally(0, 0, 1)


def test_later_workbook_may_refer_to_what_is_stored(tmp_path: Path) -> None:
    taken(tmp_path)
    later = {
        "Inovasi": [{**WHOLE["Inovasi"][1], "kode": "INV-3"}],
        "Penerusan": [{"inovasi": "INV-2", "langkah": "diverifikasi", "tanggal": date(2026, 3, 9)}],
        "Nilai": [{**WHOLE["Nilai"][0], "inovasi": "INV-2", "penilai": "Penilai C", "nilai": 70}],
    }

    report = taken(tmp_path, later)

    assert report.as_json()["errors"] == []
    assert Innovation.objects.get(code="INV-2").published_on == date(2026, 3, 9)
    assert Score.objects.count() == 4


def test_round_without_dates_takes_its_scores(tmp_path: Path) -> None:
    report = taken(tmp_path, changed("Putaran", 0, dibuka=None, ditutup=None))
    again = taken(tmp_path, changed("Putaran", 0, dibuka=None, ditutup=None))

    assert report.as_json()["errors"] == []
    round_ = Round.objects.get()
    assert (round_.state, round_.opened_on, bool(round_.instrument_copy)) == (RoundState.OPEN, None, True)
    assert not again.differs


WRONG: dict[str, tuple[Mapping[str, Rows], tuple[str, int, str]]] = {
    "unit kind": (changed("Unit", 0, jenis="klinik"), ("Unit", 2, "jenis")),
    "unit without name": (changed("Unit", 0, nama=None), ("Unit", 2, "nama")),
    "unknown parent": (changed("Unit", 0, induk="TIDAK.ADA"), ("Unit", 2, "induk")),
    "circle of units": (changed("Unit", 1, induk="PKM.ABE"), ("Unit", 2, "induk")),
    "part of itself": (changed("Unit", 1, induk="KOTA"), ("Unit", 3, "induk")),
    "unit twice": (added("Unit", kode="KOTA", nama="Kota", jenis="kota"), ("Unit", 6, "kode")),
    "form of a code": (added("Unit", kode="A B", nama="A", jenis="opd"), ("Unit", 6, "kode")),
    "long code": (added("Unit", kode="A" * 41, nama="A", jenis="opd"), ("Unit", 6, "kode")),
    "unit ends before it begins": (
        changed("Unit", 0, berlaku_dari=date(2020, 1, 2), berlaku_sampai=date(2020, 1, 1)),
        ("Unit", 2, "berlaku_sampai"),
    ),
    "long alias": (changed("Unit", 0, alias="a; " + "b" * 201), ("Unit", 2, "alias")),
    "unknown unit": (changed("Inovasi", 0, unit="TIDAK.ADA"), ("Inovasi", 2, "unit")),
    "function": (changed("Inovasi", 0, fungsi="layanan"), ("Inovasi", 2, "fungsi")),
    "stage": (changed("Inovasi", 0, tahap="selesai"), ("Inovasi", 2, "tahap")),
    "source": (changed("Inovasi", 0, sumber="koran"), ("Inovasi", 2, "sumber")),
    "use before trial": (
        changed("Inovasi", 0, mulai_penerapan=date(2023, 1, 1)),
        ("Inovasi", 2, "mulai_penerapan"),
    ),
    "a date that is none": (
        changed("Inovasi", 0, mulai_penerapan="31/02/2025"),
        ("Inovasi", 2, "mulai_penerapan"),
    ),
    "web address": (
        changed("Inovasi", 0, tautan_sumber="javascript:alert(1)"),
        ("Inovasi", 2, "tautan_sumber"),
    ),
    "long title": (changed("Inovasi", 0, judul="x" * 201), ("Inovasi", 2, "judul")),
    "innovation twice": (added("Inovasi", **WHOLE["Inovasi"][0]), ("Inovasi", 4, "kode")),
    "unknown innovation": (changed("Penerusan", 0, inovasi="INV-9"), ("Penerusan", 2, "inovasi")),
    "unknown step": (changed("Penerusan", 0, langkah="hilang"), ("Penerusan", 2, "langkah")),
    "step without date": (changed("Penerusan", 0, tanggal=None), ("Penerusan", 2, "tanggal")),
    "held without reason": (changed("Penerusan", 2, alasan=None), ("Penerusan", 4, "alasan")),
    "held without due": (changed("Penerusan", 2, tenggat=None), ("Penerusan", 4, "tenggat")),
    "award of a step without one": (
        changed("Penerusan", 0, penghargaan="top99"),
        ("Penerusan", 2, "penghargaan"),
    ),
    "unknown award": (changed("Penerusan", 0, penghargaan="juara"), ("Penerusan", 2, "penghargaan")),
    "end of what was not rejected": (
        changed("Penerusan", 0, berakhir_di="visitasi"),
        ("Penerusan", 2, "berakhir_di"),
    ),
    "score of the ministry too early": (
        changed("Penerusan", 0, nilai_kementerian=80),
        ("Penerusan", 2, "nilai_kementerian"),
    ),
    "negative score of the ministry": (
        added(
            "Penerusan", inovasi="INV-1", langkah="diterima", tanggal=date(2026, 9, 1), nilai_kementerian=-1
        ),
        ("Penerusan", 6, "nilai_kementerian"),
    ),
    "unknown instrument": (changed("Putaran", 0, instrumen="kipp-1999"), ("Putaran", 2, "instrumen")),
    "closes before it opens": (changed("Putaran", 0, ditutup=date(2026, 3, 1)), ("Putaran", 2, "ditutup")),
    "round twice": (added("Putaran", **WHOLE["Putaran"][0]), ("Putaran", 3, "kode")),
    "unknown round": (changed("Nilai", 0, putaran="P-0"), ("Nilai", 2, "putaran")),
    "score of an unknown innovation": (changed("Nilai", 0, inovasi="INV-9"), ("Nilai", 2, "inovasi")),
    "unknown section": (changed("Nilai", 0, bagian="dampak-palsu"), ("Nilai", 2, "bagian")),
    "score too high": (changed("Nilai", 0, nilai=100.01), ("Nilai", 2, "nilai")),
    "score below zero": (changed("Nilai", 0, nilai=-1), ("Nilai", 2, "nilai")),
    "three decimals": (changed("Nilai", 0, nilai=82.125), ("Nilai", 2, "nilai")),
    "a word that is no state": (changed("Nilai", 0, nilai="bagus"), ("Nilai", 2, "nilai")),
    "no number at all": (changed("Nilai", 0, nilai="NaN"), ("Nilai", 2, "nilai")),
    "empty score": (changed("Nilai", 0, nilai=None), ("Nilai", 2, "nilai")),
    "score twice": (added("Nilai", **{**WHOLE["Nilai"][0], "nilai": 1}), ("Nilai", 5, "bagian")),
}


@pytest.mark.parametrize("kind", WRONG)
def test_wrong_cell_is_named(tmp_path: Path, kind: str) -> None:
    sheets, place = WRONG[kind]

    report = taken(tmp_path, sheets)

    assert faults(report) == [place]
    error = report.as_json()["errors"][0]
    assert error["expected"]
    assert error["sheet"] in error["message"]
    assert not report.applied
    assert Unit.objects.count() == 0


def test_all_errors_are_collected_in_the_order_of_the_workbook(tmp_path: Path) -> None:
    sheets = {
        **WHOLE,
        "Unit": [*WHOLE["Unit"], {"kode": "B", "nama": "B", "jenis": "salah", "induk": "TIDAK.ADA"}],
        "Nilai": [{**WHOLE["Nilai"][0], "nilai": 200}],
    }

    report = taken(tmp_path, sheets)

    assert faults(report) == [("Unit", 6, "jenis"), ("Unit", 6, "induk"), ("Nilai", 2, "nilai")]


def test_more_than_a_thousand_errors_are_counted(tmp_path: Path) -> None:
    rows = [{"inovasi": "INV-9", "langkah": "dilaporkan", "tanggal": date(2026, 1, 1)}] * 1500

    report = taken(tmp_path, {"Penerusan": rows})

    assert (len(report.errors), report.error_count) == (1000, 1500)


def test_closed_round_does_not_open_again(tmp_path: Path) -> None:
    taken(tmp_path)

    report = taken(tmp_path, changed("Putaran", 0, ditutup=None))

    assert faults(report) == [("Putaran", 2, "ditutup")]


def test_scores_of_a_published_round_stay(tmp_path: Path) -> None:
    taken(tmp_path)
    Round.objects.update(state=RoundState.PUBLISHED)

    same = taken(tmp_path)
    other = taken(tmp_path, changed("Nilai", 0, nilai=90))

    assert same.acceptable
    assert faults(other) == [("Nilai", 2, "nilai")]


def test_what_lies_outside_the_own_units_is_refused(tmp_path: Path) -> None:
    taken(tmp_path)
    path = write(tmp_path / "buku.xlsx", changed("Inovasi", 1, judul="Lain"))

    report = check_workbook(path, reach=frozenset({"DINKES", "PKM.ABE"}))
    foreign = check_workbook(path, reach=frozenset({"PKM.ABE"}))

    assert faults(report) == [("Unit", 3, "kode"), ("Unit", 5, "kode")]
    assert ("Inovasi", 3, "unit") in faults(foreign)
    assert ("Penerusan", 5, "inovasi") in faults(foreign)


def test_new_unit_below_an_own_unit_is_within_reach(tmp_path: Path) -> None:
    taken(tmp_path)
    rows = [
        {"kode": "PUSTU.2", "nama": "Dua", "jenis": "lain", "induk": "PUSTU.1"},
        {"kode": "PUSTU.1", "nama": "Satu", "jenis": "lain", "induk": "PKM.ABE"},
    ]

    report = check_workbook(write(tmp_path / "unit.xlsx", {"Unit": rows}), reach=frozenset({"PKM.ABE"}))

    assert report.acceptable


def test_noise_of_a_sum_is_not_a_third_decimal(tmp_path: Path) -> None:
    taken(tmp_path, changed("Nilai", 0, nilai=0.1 + 0.2))

    assert Score.objects.get(value__isnull=False).value == Decimal("0.30")


def test_thousands_of_rows_take_few_statements(tmp_path: Path) -> None:
    count = 300
    big = {
        **WHOLE,
        "Inovasi": [{**WHOLE["Inovasi"][0], "kode": f"INV-{number}"} for number in range(1, count + 1)],
        "Penerusan": [
            {"inovasi": f"INV-{number}", "langkah": "diverifikasi", "tanggal": date(2026, 1, 9)}
            for number in range(1, count + 1)
        ],
    }
    path = write(tmp_path / "besar.xlsx", big)

    with CaptureQueriesContext(connection) as queries:
        report = take(path)

    assert report.applied
    assert len(queries) < 100
    assert Innovation.objects.filter(published_on=date(2026, 1, 9)).count() == count
