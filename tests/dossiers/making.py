"""Plain makers of dossiers."""

from datetime import date
from typing import Any

from tifa.dossiers import Check, check_dossier, read_draft
from tifa.instruments import load_instrument

ON = date(2026, 11, 26)
EVERYTHING = ["pernyataan_implementasi", "pernyataan_identitas", "pernyataan_replikasi", "video"]
SENTENCES = (
    "Warga lima kampung di pulau menunggu perahu selama dua jam sebelum sampai di puskesmas.",
    "Kader mendaftarkan pasien lewat radio, dan perahu berangkat setiap pagi menurut daftar itu.",
    "Waktu tunggu turun dari dua jam menjadi tiga puluh menit menurut catatan petugas tahun lalu.",
    "Dua kelurahan lain memakai cara yang sama sejak awal tahun dengan perahu milik mereka sendiri.",
    "Biaya bahan bakar dibayar dari anggaran distrik, dan dua pengemudi digaji oleh puskesmas.",
    "Peraturan kampung menetapkan jadwal, sehingga perahu tetap jalan bila kepala puskesmas berganti.",
    "Masalahnya sama di setiap kota yang wilayahnya terpisah oleh teluk atau danau yang dalam.",
    "Evaluasi dilakukan inspektorat setiap semester dengan wawancara dan hitungan kunjungan.",
)


def proposal(**changes: Any) -> dict[str, Any]:
    """Return a proposal for KIPP 2023 in which nothing is to be mended."""
    names = (
        "ringkasan",
        "latar_belakang_tujuan",
        "kebaruan",
        "implementasi",
        "signifikansi",
        "adaptabilitas",
        "sumber_daya",
        "strategi_keberlanjutan",
    )
    long = {
        name: " ".join(f"{SENTENCES[(place + at) % 8][:-1]} bagian {place} kalimat {at}." for at in range(9))
        for place, name in enumerate(names)
    }
    return {
        "title": "Perahu Sehat",
        "category": "kesehatan",
        "goals": [3],
        "use_started": "2020-01-15",
        "awards": [],
        "attachments": EVERYTHING,
        "items": long,
        **changes,
    }


def checked(values: Any, instrument: str = "kipp-2023", closing: date | None = None) -> Check:
    """Check a dossier."""
    edition = load_instrument(instrument)
    return check_dossier(edition, read_draft(edition, values), on=ON, closing=closing)


def states(check: Check) -> dict[str, str]:
    """Return what each rule says."""
    return {verdict.id: verdict.state for verdict in check.verdicts}


def kinds(check: Check) -> list[tuple[str, str | None]]:
    """Return what is to be mended, and where."""
    return [(finding.kind, finding.item) for finding in check.lint]
