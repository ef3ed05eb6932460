"""Open data of the public pages: the catalogue and published results as Excel and CSV."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from tifa.core.spreadsheets import SheetOut
from tifa.registry.models import Innovation

BATCH = 2000
# The headers are those of the city's own workbook, the same in every language, so that programs can rely on them.
CATALOGUE_COLUMNS = {
    "kode": "code",
    "judul": "title",
    "kode_unit": "unit__code",
    "unit": "unit__name",
    "fungsi": "function",
    "tahap": "stage",
    "mulai_uji_coba": "trial_started",
    "mulai_penerapan": "use_started",
    "ringkasan": "summary",
    "urusan": "affairs",
    "layanan": "service",
    "tautan_sumber": "source_url",
    "penanda": "marking",
    "terbit": "published_on",
}

CATALOGUE_WIDTHS = (15, 42, 20, 34, 14, 12, 16, 16, 60, 28, 34, 40, 12, 12)
RANKING_WIDTHS = (10, 15, 42, 34, 10, 10, 10)
MEAN_COLUMN, JUDGES_COLUMN, VALUE_COLUMN = 4, 5, 3


OFFICIAL_COLUMNS = ("tempat_resmi", "lanjut")
FAIR_COLUMNS = {
    "nilai_wajar": "fair",
    "wajar_dari": "low",
    "wajar_sampai": "high",
    "tempat": "place",
    "tempat_dari": "place_low",
    "tempat_sampai": "place_high",
    "peluang_teratas": "p_top",
}


def catalogue_sheet(innovations: QuerySet[Innovation]) -> SheetOut:
    """Return the public facts of innovations as a sheet, read in one statement as it is written."""
    rows = innovations.values_list(*CATALOGUE_COLUMNS.values()).iterator(chunk_size=BATCH)
    return SheetOut("Inovasi", tuple(CATALOGUE_COLUMNS), rows, CATALOGUE_WIDTHS)


def result_sheets(payload: Mapping[str, Any]) -> list[SheetOut]:
    """Return a published ranking as two sheets: the places, and the values they were computed from."""
    sections = [section["id"] for section in payload["sections"]]
    # Copies of the first format told how many judges had a conflict; later ones have fair scores instead.
    own = ("konflik",) if payload["format"] == "tifa-ranking/1" else tuple(FAIR_COLUMNS)
    own += OFFICIAL_COLUMNS if "official" in payload else ()
    first, places = JUDGES_COLUMN + 1 + len(own), payload["method"]["places"]
    means = (MEAN_COLUMN, *range(first, first + len(sections)))
    return [
        SheetOut(
            "Peringkat",
            ("peringkat", "kode", "judul", "unit", "nilai", "penilai", *own, *sections),
            (_place(entry, sections) for entry in payload["entries"]),
            RANKING_WIDTHS,
            dict.fromkeys(means, places),
        ),
        SheetOut(
            "Nilai",
            ("kode", "penilai", "bagian", "nilai"),
            _values(payload),
            widths=(15, 14, 28, 16),
            decimals={VALUE_COLUMN: places},
        ),
    ]


def _place(entry: Mapping[str, Any], sections: Sequence[str]) -> tuple[Any, ...]:
    means = {section["section"]: _number(section["mean"]) for section in entry["sections"]}
    fair = entry.get("fair") or {}
    return (
        entry["rank"],
        entry["code"],
        entry["title"],
        entry["unit"],
        _number(entry["total"]),
        entry["judges"],
        *(
            [entry["conflicts"]]
            if "conflicts" in entry
            else [fair.get(name) for name in FAIR_COLUMNS.values()]
        ),
        *([entry["place"], "ya" if entry["selected"] else "tidak"] if "place" in entry else []),
        *(means.get(section) for section in sections),
    )


def _values(payload: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    for entry in payload["entries"]:
        for sheet in entry["scores"]:
            for section, value in sheet["values"].items():
                yield entry["code"], sheet["judge"], section, _number_or_state(value)


def _number(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _number_or_state(value: str) -> Decimal | str:
    return value if value in {"conflict", "not_assessable", "no_score"} else Decimal(value)
