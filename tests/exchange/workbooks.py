"""Makes workbooks for tests from a few rows of words."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tifa.core.spreadsheets import SheetOut, write_workbook
from tifa.exchange.format import headers

Rows = Sequence[Mapping[str, Any]]

UNITS: Rows = (
    {"kode": "PKM.ABE", "nama": "Puskesmas Abepura", "jenis": "puskesmas", "induk": "DINKES"},
    {"kode": "KOTA", "nama": "Kota Jayapura", "jenis": "kota", "alias": "Port Numbay; Hollandia"},
    {"kode": "DINKES", "nama": "Dinas Kesehatan", "jenis": "opd", "induk": "KOTA"},
    {"kode": "ORTAL", "nama": "Bagian Organisasi", "jenis": "ortal", "induk": "KOTA"},
)
INNOVATIONS: Rows = (
    {
        "kode": "INV-1",
        "judul": "Perahu Sehat",
        "unit": "PKM.ABE",
        "fungsi": "pelayanan",
        "tahap": "penerapan",
        "mulai_uji_coba": date(2024, 1, 2),
        "mulai_penerapan": date(2025, 3, 1),
        "ringkasan": "Posyandu keliling.\nDua kali sebulan.",
        "urusan": "kesehatan",
        "sumber": "laporan",
    },
    {
        "kode": "INV-2",
        "judul": "Antre dari Rumah",
        "unit": "DINKES",
        "fungsi": "pengaturan",
        "tahap": "uji coba",
        "sumber": "temuan",
        "keterangan_sumber": "Berita",
        "tautan_sumber": "https://example.org/berita",
    },
)
HANDOFFS: Rows = (
    {"inovasi": "INV-1", "langkah": "dilaporkan", "tanggal": date(2026, 1, 5), "dari": "Puskesmas Abepura"},
    {"inovasi": "INV-1", "langkah": "diverifikasi", "tanggal": date(2026, 1, 9)},
    {
        "inovasi": "INV-1",
        "langkah": "ditahan",
        "tanggal": date(2026, 2, 1),
        "tenggat": date(2026, 6, 1),
        "alasan": "Bukti tahun kedua belum ada",
    },
    {"inovasi": "INV-2", "langkah": "dilaporkan", "tanggal": date(2026, 3, 1), "nomor_surat": "005/12"},
)
ROUNDS: Rows = (
    {
        "kode": "P-2026",
        "nama": "Putaran 2026",
        "instrumen": "kipp-2023",
        "dibuka": date(2026, 4, 1),
        "ditutup": date(2026, 5, 1),
    },
)
SCORES: Rows = (
    {"putaran": "P-2026", "inovasi": "INV-1", "penilai": "Penilai A", "bagian": "ringkasan", "nilai": 82.5},
    {
        "putaran": "P-2026",
        "inovasi": "INV-1",
        "penilai": "Penilai B",
        "bagian": "ringkasan",
        "nilai": "konflik",
        "catatan": "Pernah bekerja di sana",
    },
    {
        "putaran": "P-2026",
        "inovasi": "INV-2",
        "penilai": "Penilai A",
        "bagian": "ringkasan",
        "nilai": "tidak dapat dinilai",
    },
)
WHOLE: Mapping[str, Rows] = {
    "Unit": UNITS,
    "Inovasi": INNOVATIONS,
    "Penerusan": HANDOFFS,
    "Putaran": ROUNDS,
    "Nilai": SCORES,
}


def write(path: Path, sheets: Mapping[str, Rows] = WHOLE, *, drop: Sequence[str] = ()) -> Path:
    """Write a workbook; ``drop`` names headers that it does not have."""
    write_workbook(path, (_sheet(name, rows, drop) for name, rows in sheets.items()))
    return path


def changed(sheet: str, row: int, **cells: Any) -> Mapping[str, Rows]:
    """Return the whole workbook with some cells of one row changed."""
    rows = [dict(one) for one in WHOLE[sheet]]
    rows[row].update(cells)
    return {**WHOLE, sheet: rows}


def added(sheet: str, **cells: Any) -> Mapping[str, Rows]:
    """Return the whole workbook with a row more."""
    return {**WHOLE, sheet: [*WHOLE[sheet], cells]}


def _sheet(name: str, rows: Rows, drop: Sequence[str]) -> SheetOut:
    names = [header for header in headers(name) if header not in drop]
    return SheetOut(name, names, ([row.get(header) for header in names] for row in rows))
