"""Open data of the public pages: the catalogue and published results as Excel and CSV."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse

from tifa.core.spreadsheets import SheetOut, stream_csv, write_workbook
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
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def catalogue_sheet(innovations: QuerySet[Innovation]) -> SheetOut:
    """Return the public facts of innovations as a sheet, read in one statement as it is written."""
    rows = innovations.values_list(*CATALOGUE_COLUMNS.values()).iterator(chunk_size=BATCH)
    return SheetOut("Inovasi", tuple(CATALOGUE_COLUMNS), rows)


def result_sheets(payload: Mapping[str, Any]) -> list[SheetOut]:
    """Return a published ranking as two sheets: the places, and the values they were computed from."""
    sections = [section["id"] for section in payload["sections"]]
    return [
        SheetOut(
            "Peringkat",
            ("peringkat", "kode", "judul", "unit", "nilai", "penilai", "konflik", *sections),
            (_place(entry, sections) for entry in payload["entries"]),
        ),
        SheetOut("Nilai", ("kode", "penilai", "bagian", "nilai"), _values(payload)),
    ]


def download(fmt: str, name: str, sheets: Sequence[SheetOut]) -> HttpResponseBase:
    """Answer with sheets as a file ``name``; CSV holds the first sheet only."""
    return _WRITERS[fmt](name, sheets)


def _csv(name: str, sheets: Sequence[SheetOut]) -> HttpResponseBase:
    content = stream_csv(sheets[0].headers, sheets[0].rows)
    response = StreamingHttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _xlsx(name: str, sheets: Sequence[SheetOut]) -> HttpResponseBase:
    buffer = io.BytesIO()
    write_workbook(buffer, sheets)
    buffer.seek(0)
    return FileResponse(buffer, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


_WRITERS: dict[str, Callable[[str, Sequence[SheetOut]], HttpResponseBase]] = {"csv": _csv, "xlsx": _xlsx}


def _place(entry: Mapping[str, Any], sections: Sequence[str]) -> tuple[Any, ...]:
    means = {section["section"]: _number(section["mean"]) for section in entry["sections"]}
    return (
        entry["rank"],
        entry["code"],
        entry["title"],
        entry["unit"],
        _number(entry["total"]),
        entry["judges"],
        entry["conflicts"],
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
    return value if value in {"conflict", "not_assessable"} else Decimal(value)
