"""Files that come in with a form, and files and tables that go out."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import get_language, override

from tifa.chain.forms.content import typed
from tifa.core.files import RefusedFile, check_upload
from tifa.core.models import StoredFile
from tifa.core.spreadsheets import SheetOut, stream_csv, write_workbook
from tifa.organisation.models import Person
from tifa.registry.services import keep_file

Table = Callable[[str, list[str], Iterable[list[Any]]], HttpResponseBase]


def keep_upload(request: HttpRequest, person: Person, name: str) -> tuple[str, str]:
    """Store an uploaded file at once, so that an error elsewhere in the form does not lose it.

    Returns the number of the file that the form holds from now on, which is the one it held before when no
    other was uploaded and it was not taken away; and why an upload was refused, or nothing.
    """
    held = "" if request.POST.get("remove_file") else typed(request.POST, [f"{name}_file"])[f"{name}_file"]
    upload = request.FILES.get(f"{name}_upload")
    if upload is None:
        return held, ""
    try:
        checked = check_upload(upload)
    except RefusedFile as refusal:
        return held, str(refusal)
    return str(keep_file(actor=person, upload=upload, checked=checked).pk), ""


def stored_response(stored: StoredFile | None) -> HttpResponseBase:
    """Hand out a stored file; it is saved by the browser and never shown inline."""
    if stored is None:
        raise Http404
    try:
        content = stored.file.open("rb")
    except FileNotFoundError as missing:
        raise Http404 from missing
    response = FileResponse(
        content, as_attachment=True, filename=stored.name, content_type=stored.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def table_response(fmt: str, name: str, headers: list[str], rows: Iterable[list[Any]]) -> HttpResponseBase:
    """Hand out a table as Excel or CSV; any other format does not exist."""
    if fmt not in TABLES:
        raise Http404
    return TABLES[fmt](name, headers, rows)


def download_urls(request: HttpRequest, name: str, **others: str) -> dict[str, str]:
    """Return the addresses under which the list of this page, narrowed as it is, can be downloaded."""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return {
        "excel_url": reverse(name, args=["xlsx"]) + query,
        "csv_url": reverse(name, args=["csv"]) + query,
        **{key: reverse(other) + query for key, other in others.items()},
    }


def _csv(name: str, headers: list[str], rows: Iterable[list[Any]]) -> HttpResponseBase:
    pieces = stream_csv(headers, _spoken(rows, get_language()))
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _spoken(rows: Iterable[list[Any]], language: str | None) -> Iterator[list[Any]]:
    # Rows are made while they are sent, when the language of the request does not hold any more.
    with override(language):
        yield from rows


def _xlsx(name: str, headers: list[str], rows: Iterable[list[Any]]) -> HttpResponseBase:
    # The response closes the file; in constant memory a workbook has to be on disk before it is sent.
    target = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115
    write_workbook(target, [SheetOut(name[:31], headers, rows)])
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=f"{name}.xlsx")


TABLES: dict[str, Table] = {"csv": _csv, "xlsx": _xlsx}
