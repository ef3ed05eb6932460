"""Hands out tables and stored files; whatever it is, the browser saves it and never shows it inline."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import get_language, override

from tifa.core.models import StoredFile
from tifa.core.spreadsheets import SheetOut, stream_csv, write_workbook

Part = TypeVar("Part")
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def table_response(fmt: str, name: str, sheets: Sequence[SheetOut]) -> HttpResponseBase:
    """Hand out sheets as Excel, or the first of them as CSV; any other format does not exist."""
    if fmt not in _WRITERS:
        raise Http404
    return _WRITERS[fmt](name.replace("/", "-"), sheets)


def content_response(content: bytes, name: str, content_type: str) -> HttpResponse:
    """Hand out a document that was just made."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name.replace("/", "-")}"'
    return response


def pieces_response(pieces: Iterator[bytes], name: str, content_type: str) -> StreamingHttpResponse:
    """Hand out a document that is made while it is sent, in the language of the request."""
    response = StreamingHttpResponse(_in_language(pieces, get_language()), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name.replace("/", "-")}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def stored_response(stored: StoredFile | None) -> HttpResponseBase:
    """Hand out a stored file under the name that it came with."""
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


def _csv(name: str, sheets: Sequence[SheetOut]) -> HttpResponseBase:
    pieces = stream_csv(sheets[0].headers, _in_language(iter(sheets[0].rows), get_language()))
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _in_language(parts: Iterator[Part], language: str | None) -> Iterator[Part]:
    # Parts are made while they are sent, when the language of the request does not hold any more.
    while True:
        with override(language):
            part = next(parts, None)
        if part is None:
            return
        yield part


def _xlsx(name: str, sheets: Sequence[SheetOut]) -> HttpResponseBase:
    # The response closes the file; in constant memory a workbook has to be on disk before it is sent.
    target = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115
    write_workbook(target, sheets)
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=f"{name}.xlsx", content_type=WORKBOOK_TYPE)


_WRITERS: dict[str, Callable[[str, Sequence[SheetOut]], HttpResponseBase]] = {"csv": _csv, "xlsx": _xlsx}
