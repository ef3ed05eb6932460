"""Workbooks out: what comes out goes in again and gives the same database."""

import io
import string
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.exchange.workbooks import write
from tests.factories import Town, make_handoff, make_innovation, make_person, make_unit
from tifa.chain.choices import ANSWERS, FailedAt, Step
from tifa.chain.models import HandOff
from tifa.dossiers.choices import Award
from tifa.evaluation.models import PanelMember, Round, Score, ScoreSheet
from tifa.exchange.exporting import export_all
from tifa.exchange.format import headers
from tifa.exchange.importing import apply_workbook
from tifa.organisation.choices import Function, Role, UnitKind
from tifa.organisation.models import Membership, Person, Unit, UnitAlias
from tifa.registry.choices import Source, Stage
from tifa.registry.models import Innovation

pytestmark = pytest.mark.django_db

Drawn = dict[str, Any]
SECTIONS = ("ringkasan", "kebaruan", "signifikansi")
LETTERS = string.ascii_letters + string.digits + " -+=@'\"<>&;,.:/()\n\t" + "é“”’–Ñ日"

codes = st.text(string.ascii_uppercase + string.digits + ".-/_", min_size=1, max_size=12)


def texts(least: int = 0, most: int = 60) -> st.SearchStrategy[str]:
    return (
        st.text(LETTERS, min_size=least, max_size=most).map(str.strip).filter(lambda text: len(text) >= least)
    )


aliases = texts(1, 20).filter(lambda text: ";" not in text)
dates = st.dates(date(1950, 1, 1), date(2100, 12, 31))
maybe = st.none() | dates


def in_order(pair: tuple[date | None, date | None]) -> bool:
    return pair[0] is None or pair[1] is None or pair[0] <= pair[1]


periods = st.tuples(maybe, maybe).filter(in_order)


@st.composite
def cities(draw: Callable[..., Any]) -> Drawn:
    units = draw(st.lists(codes, min_size=1, max_size=6, unique=True))
    innovations = draw(st.lists(codes, max_size=4, unique=True))
    rounds = draw(st.lists(codes, max_size=2, unique=True)) if innovations else []
    return {
        "units": [
            {
                "kode": code,
                "nama": draw(texts(1)),
                "jenis": draw(st.sampled_from(UnitKind.values)),
                "induk": draw(st.sampled_from([None, *units[:number]])),
                "alias": "; ".join(draw(st.lists(aliases, max_size=3, unique=True))) or None,
                "berlaku_dari": (period := draw(periods))[0],
                "berlaku_sampai": period[1],
            }
            for number, code in enumerate(units)
        ],
        "innovations": [_innovation(draw, code, units) for code in innovations],
        "handoffs": [
            _handoff(draw, draw(st.sampled_from(innovations))) for _ in range(draw(st.integers(0, 8)))
        ]
        if innovations
        else [],
        "rounds": [
            {
                "kode": code,
                "nama": draw(texts(1)),
                "instrumen": "kipp-2023",
                "dibuka": (period := draw(periods))[0],
                "ditutup": period[1],
            }
            for code in rounds
        ],
        "scores": [
            _score(draw, code, innovation, judge, section)
            for code in rounds
            for innovation in innovations
            for judge in ("Penilai A", "Penilai B")
            for section in SECTIONS
            if draw(st.booleans())
        ],
    }


def _innovation(draw: Callable[..., Any], code: str, units: list[str]) -> Drawn:
    trial, use = draw(periods)
    return {
        "kode": code,
        "judul": draw(texts(1)),
        "unit": draw(st.sampled_from(units)),
        "fungsi": draw(st.sampled_from(Function.values)),
        "tahap": draw(st.sampled_from(Stage.values)),
        "mulai_uji_coba": trial,
        "mulai_penerapan": use,
        "ringkasan": draw(texts()),
        "urusan": draw(texts()),
        "sumber": draw(st.sampled_from(Source.values)),
        "keterangan_sumber": draw(texts()),
        "tautan_sumber": draw(st.sampled_from(["", "https://example.org/a?b=1&c=%20", "http://example.id"])),
    }


def _handoff(draw: Callable[..., Any], code: str) -> Drawn:
    step = draw(st.sampled_from(Step.values))
    held = step == Step.HELD
    return {
        "inovasi": code,
        "langkah": step,
        "tanggal": draw(st.sampled_from([date(2026, 1, 1), date(2026, 1, 2), date(2027, 5, 5)])),
        "dari": draw(texts()),
        "ke": draw(texts()),
        "nomor_surat": draw(texts()),
        "tenggat": draw(dates if held else maybe),
        "alasan": draw(texts(1 if held or step == Step.DECLINED else 0)),
        "berakhir_di": draw(st.sampled_from(["", *FailedAt.values])) if step == Step.REJECTED else "",
        "nilai_kementerian": draw(st.none() | st.decimals(0, 99_999, places=4)) if step in ANSWERS else None,
        "penghargaan": draw(st.sampled_from(["", *Award.values])) if step == Step.AWARDED else "",
    }


def _score(draw: Callable[..., Any], code: str, innovation: str, judge: str, section: str) -> Drawn:
    number = st.decimals(0, 100, places=2)
    return {
        "putaran": code,
        "inovasi": innovation,
        "penilai": judge,
        "bagian": section,
        "nilai": draw(number | st.sampled_from(["konflik", "tidak dapat dinilai"])),
        "catatan": draw(texts()),
    }


def state() -> dict[str, list[Any]]:
    """Return all that a workbook carries, in the order of the chain."""
    return {
        "units": list(
            Unit.objects.order_by("code").values_list(
                "code", "name", "kind", "parent__code", "valid_from", "valid_to"
            )
        ),
        "aliases": sorted(UnitAlias.objects.values_list("unit__code", "text")),
        "innovations": list(
            Innovation.objects.order_by("code").values_list(
                "code",
                "title",
                "unit__code",
                "function",
                "stage",
                "trial_started",
                "use_started",
                "summary",
                "affairs",
                "source",
                "source_note",
                "source_url",
                "published_on",
            )
        ),
        "handoffs": list(
            HandOff.objects.order_by("innovation__code", "on", "pk").values_list(
                "innovation__code", "step", "on", "from_party", "to_party", "letter_number", "due", "reason"
            )
        ),
        "rounds": list(
            Round.objects.order_by("code").values_list(
                "code", "name", "instrument_id", "opened_on", "closed_on", "state", "instrument_digest"
            )
        ),
        "scores": sorted(
            Score.objects.values_list(
                "sheet__entry__round__code",
                "sheet__entry__innovation__code",
                "sheet__member__name",
                "section",
                "state",
                "value",
                "note",
            ),
            key=str,
        ),
    }


class Undo(Exception):
    """Leaves a transaction without a trace."""


def exported(folder: Path, name: str) -> bytes:
    path = folder / name
    export_all(path)
    return path.read_bytes()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("round-trip")


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(city=cities())
def test_import_of_an_export_gives_an_equal_database(folder: Path, city: Drawn) -> None:
    sheets = {
        "Unit": city["units"],
        "Inovasi": city["innovations"],
        "Penerusan": city["handoffs"],
        "Putaran": city["rounds"],
        "Nilai": city["scores"],
    }
    first = _in_empty_database(lambda: _taken(write(folder / "buku.xlsx", sheets), folder))
    second = _in_empty_database(lambda: _taken(folder / "keluar.xlsx", folder, keep=True))

    assert second == first


def _in_empty_database(work: Callable[[], Any]) -> Any:
    found: Any = None
    try:
        with transaction.atomic():
            found = work()
            raise Undo
    except Undo:
        return found


def _taken(path: Path, folder: Path, *, keep: bool = False) -> tuple[dict[str, list[Any]], bytes]:
    report = apply_workbook(actor=None, path=path)
    assert report.as_json()["errors"] == []
    found = state()
    data = exported(folder, "lagi.xlsx" if keep else "keluar.xlsx")
    again = apply_workbook(actor=None, path=folder / ("lagi.xlsx" if keep else "keluar.xlsx"))
    assert not again.differs
    assert state() == found
    return found, data


def test_export_has_the_five_sheets_with_their_headers() -> None:
    target = io.BytesIO()
    export_all(target)

    book = load_workbook(target)

    assert {page.title: tuple(cell.value for cell in page[1]) for page in book} == {
        name: headers(name) for name in ("Unit", "Inovasi", "Penerusan", "Putaran", "Nilai")
    }


def test_text_that_begins_like_a_formula_stays_text(town: Town, tmp_path: Path) -> None:
    for number, start in enumerate("=+-@"):
        make_innovation(town.kampung, code=f"F-{number}", title=f"{start}1+1")

    exported(tmp_path, "keluar.xlsx")

    page = load_workbook(tmp_path / "keluar.xlsx")["Inovasi"]
    assert [(row[1].data_type, row[1].value) for row in page.iter_rows(min_row=2)] == [
        ("s", f"{start}1+1") for start in "=+-@"
    ]


def test_broken_lines_and_spaces_of_a_form_are_no_change(town: Town, tmp_path: Path) -> None:
    innovation = make_innovation(town.kampung, summary="satu\r\ndua ")
    make_handoff(innovation, Step.RETURNED, date(2026, 1, 1), reason="a\r\nb")
    exported(tmp_path, "keluar.xlsx")

    report = apply_workbook(actor=None, path=tmp_path / "keluar.xlsx")

    assert report.applied
    assert not report.differs


def test_parents_stand_before_children_and_steps_in_order(town: Town, tmp_path: Path) -> None:
    innovation = make_innovation(town.kampung, code="Z")
    make_handoff(innovation, Step.VERIFIED, date(2026, 2, 1))
    make_handoff(innovation, Step.REPORTED, date(2026, 1, 1))
    make_handoff(innovation, Step.SELECTED, date(2026, 2, 1))
    exported(tmp_path, "keluar.xlsx")

    book = load_workbook(tmp_path / "keluar.xlsx")

    units = [(row[0].value, row[3].value) for row in book["Unit"].iter_rows(min_row=2)]
    placed: set[Any] = {None}
    for code, parent in units:
        assert parent in placed
        placed.add(code)
    assert len(units) == 6
    assert [row[1].value for row in book["Penerusan"].iter_rows(min_row=2)] == [
        "dilaporkan",
        "diverifikasi",
        "dipilih",
    ]


def scored(innovation: Innovation, judge: Person | None = None, *, submitted: bool = True) -> None:
    round_, _created = Round.objects.get_or_create(
        code="P",
        defaults={
            "name": "P",
            "instrument_id": "kipp-2023",
            "instrument_digest": "0" * 64,
            "instrument_copy": {},
            "state": "open",
        },
    )
    entry = round_.entries.get_or_create(innovation=innovation)[0]
    member = PanelMember.objects.get_or_create(
        round=round_, name=judge.name if judge else "Tamu", defaults={"person": judge}
    )[0]
    sheet = ScoreSheet.objects.create(
        entry=entry, member=member, submitted_at=timezone.now() if submitted else None
    )
    Score.objects.create(sheet=sheet, section="kebaruan", state="scored", value=Decimal(70))
    Score.objects.create(sheet=sheet, section="ringkasan", state="not_yet", note="nanti")


def rows_of(folder: Path, person: Person | None) -> dict[str, int]:
    path = folder / "keluar.xlsx"
    export_all(path, person=person)
    return {page.title: page.max_row - 1 for page in load_workbook(path)}


def test_drafts_of_judges_stay_with_them(town: Town, tmp_path: Path) -> None:
    scored(make_innovation(town.kampung))
    scored(make_innovation(town.kampung), submitted=False)

    assert rows_of(tmp_path, None)["Nilai"] == 1


def test_judge_of_a_running_round_takes_no_scores_along(
    town: Town, ortal: Person, administrator: Person, tmp_path: Path
) -> None:
    innovation = make_innovation(town.kampung)
    scored(innovation)
    both = make_person("both@example.org", Role.ORTAL, town.city)
    scored(innovation, both)

    assert rows_of(tmp_path, ortal)["Nilai"] == 2
    assert rows_of(tmp_path, both)["Nilai"] == 0
    assert rows_of(tmp_path, administrator)["Nilai"] == 0


def test_export_holds_what_the_pages_of_each_person_show(
    town: Town, ortal: Person, administrator: Person, tmp_path: Path
) -> None:
    elsewhere = make_unit("92.00", "Kabupaten Lain", UnitKind.REGENCY)
    for unit in (town.kampung, town.puskesmas, elsewhere):
        make_handoff(make_innovation(unit), Step.REPORTED, date(2026, 1, 1), reason="rahasia")
    scored(Innovation.objects.get(unit=town.kampung))
    both = make_person("both@example.org", Role.ADMINISTRATOR, town.city)
    Membership.objects.create(person=both, unit=town.puskesmas, role=Role.OPERATOR)
    root = make_person("root@example.org", is_superuser=True)

    everything = {"Unit": 7, "Inovasi": 3, "Penerusan": 3, "Putaran": 1, "Nilai": 1}
    assert rows_of(tmp_path, administrator) == {
        "Unit": 7,
        "Inovasi": 0,
        "Penerusan": 0,
        "Putaran": 0,
        "Nilai": 0,
    }
    assert rows_of(tmp_path, both) == {"Unit": 7, "Inovasi": 1, "Penerusan": 1, "Putaran": 0, "Nilai": 0}
    assert rows_of(tmp_path, ortal) == {**everything, "Inovasi": 2, "Penerusan": 2}
    assert rows_of(tmp_path, root) == rows_of(tmp_path, None) == everything


def test_export_of_a_part_of_the_city_stays_in_it(town: Town, tmp_path: Path) -> None:
    for unit in (town.kampung, town.puskesmas):
        make_handoff(make_innovation(unit), Step.REPORTED, date(2026, 1, 1))
    partial = make_person("part@example.org", Role.ORTAL, town.department)

    assert rows_of(tmp_path, partial) == {"Unit": 6, "Inovasi": 1, "Penerusan": 1, "Putaran": 0, "Nilai": 0}
    assert rows_of(tmp_path, None)["Inovasi"] == 2
