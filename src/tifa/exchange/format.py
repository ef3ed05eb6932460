"""The workbook of a city: its five sheets, their columns, and the words that cells may hold."""

from typing import Final

from tifa.chain.choices import FailedAt, Step
from tifa.core.spreadsheets import ColumnSpec, SheetSpec
from tifa.dossiers.choices import Award
from tifa.evaluation.choices import ScoreState
from tifa.organisation.choices import Function, UnitKind
from tifa.registry.choices import Source, Stage
from tifa.registry.models import SUMMARY_LENGTH

UNITS: Final = "Unit"
INNOVATIONS: Final = "Inovasi"
HANDOFFS: Final = "Penerusan"
ROUNDS: Final = "Putaran"
SCORES: Final = "Nilai"

ALIAS_MARK: Final = ";"
NAME_LENGTH: Final = 200
CODE_LENGTH: Final = 40

# What stands in the column `nilai` where there is no number.
SCORE_WORDS: Final = {
    "konflik": ScoreState.CONFLICT,
    "tidak dapat dinilai": ScoreState.NOT_ASSESSABLE,
}


def _code(header: str, *, required: bool = True) -> ColumnSpec:
    return ColumnSpec(header, required=required, max_length=CODE_LENGTH)


def _text(header: str, limit: int | None = None, *, required: bool = False) -> ColumnSpec:
    return ColumnSpec(header, required=required, max_length=limit)


def _word(header: str, words: list[str], *, required: bool = True) -> ColumnSpec:
    return ColumnSpec(header, required=required, choices=tuple(words))


def _date(header: str, *, required: bool = False) -> ColumnSpec:
    return ColumnSpec(header, "date", required=required)


SPECS: Final = (
    SheetSpec(
        UNITS,
        (
            _code("kode"),
            _text("nama", NAME_LENGTH, required=True),
            _word("jenis", UnitKind.values),
            _code("induk", required=False),
            _text("alias"),
            _date("berlaku_dari"),
            _date("berlaku_sampai"),
        ),
    ),
    SheetSpec(
        INNOVATIONS,
        (
            _code("kode"),
            _text("judul", NAME_LENGTH, required=True),
            _code("unit"),
            _word("fungsi", Function.values),
            _word("tahap", Stage.values),
            _date("mulai_uji_coba"),
            _date("mulai_penerapan"),
            _text("ringkasan", SUMMARY_LENGTH),
            _text("urusan", 120),
            _word("sumber", Source.values, required=False),
            _text("keterangan_sumber"),
            _text("tautan_sumber", 500),
        ),
    ),
    SheetSpec(
        HANDOFFS,
        (
            _code("inovasi"),
            _word("langkah", Step.values),
            _date("tanggal", required=True),
            _text("dari", NAME_LENGTH),
            _text("ke", NAME_LENGTH),
            _text("nomor_surat", 100),
            _date("tenggat"),
            _text("alasan"),
            _word("berakhir_di", FailedAt.values, required=False),
            ColumnSpec("nilai_kementerian", "decimal"),
            _word("penghargaan", Award.values, required=False),
        ),
    ),
    SheetSpec(
        ROUNDS,
        (
            _code("kode"),
            _text("nama", NAME_LENGTH, required=True),
            _text("instrumen", 60, required=True),
            _date("dibuka"),
            _date("ditutup"),
        ),
    ),
    SheetSpec(
        SCORES,
        (
            _code("putaran"),
            _code("inovasi"),
            _text("penilai", NAME_LENGTH, required=True),
            _text("bagian", 60, required=True),
            _text("nilai", required=True),
            _text("catatan"),
        ),
    ),
)


def headers(sheet: str) -> tuple[str, ...]:
    """Return the headers of a sheet in the order in which it is written."""
    return next(tuple(column.header for column in spec.columns) for spec in SPECS if spec.name == sheet)
