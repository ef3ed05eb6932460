"""Hands out scores and rankings as files."""

import json
import tempfile
from collections.abc import Callable, Iterable
from typing import Any

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)

from tifa.core.permissions import permission
from tifa.core.spreadsheets import SheetOut, stream_csv, write_workbook
from tifa.evaluation.documents import round_pdf
from tifa.evaluation.exports import ranking_headers, ranking_table, score_headers, score_table
from tifa.evaluation.selectors.publications import current_publication
from tifa.evaluation.selectors.ranking import ranked_rows, ranking_of
from tifa.evaluation.selectors.rounds import round_progress
from tifa.evaluation.selectors.rubrics import rubric_of
from tifa.evaluation.services.ranking import published_rows, ranking_in
from tifa.evaluation.views.access import round_or_404

Table = Callable[[str, list[str], Iterable[list[Any]]], HttpResponseBase]


@permission("evaluation.view_rounds")
def round_export(request: HttpRequest, pk: int, fmt: str) -> HttpResponseBase:
    """Hand out every score of a round, in one streamed statement."""
    round_ = round_or_404(request, pk)
    if fmt not in TABLES or not request.user.has_perm("evaluation.view_scores", round_):
        raise Http404
    rows = score_table(request.user, round_, rubric_of(round_))
    return TABLES[fmt](f"{_file_name(round_.code)}-nilai", score_headers(), rows)


@permission("evaluation.view_rounds")
def ranking_export(request: HttpRequest, pk: int, fmt: str) -> HttpResponseBase:
    """Hand out the published ranking as it was frozen; as JSON with all that is needed to compute it again."""
    round_ = round_or_404(request, pk)
    publication = current_publication(round_)
    if publication is None:
        raise Http404
    name = f"{_file_name(round_.code)}-peringkat"
    if fmt == "json":
        content = json.dumps(
            publication.payload | {"digest": publication.digest}, ensure_ascii=False, indent=1
        )
        return _attachment(HttpResponse(content, content_type="application/json"), f"{name}.json")
    if fmt not in TABLES:
        raise Http404
    return TABLES[fmt](name, ranking_headers(publication.payload), ranking_table(publication.payload))


@permission("evaluation.view_rounds")
def round_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the printed report of a round; after publication it is the frozen ranking."""
    round_ = round_or_404(request, pk)
    if not request.user.has_perm("evaluation.view_scores", round_):
        raise Http404
    publication = current_publication(round_)
    content = round_pdf(
        round_,
        rubric=rubric_of(round_),
        progress=round_progress(request.user, round_),
        ranking=ranking_in(publication.payload) if publication else ranking_of(round_),
        rows=published_rows(publication.payload) if publication else ranked_rows(round_),
        publication=publication,
    )
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{_file_name(round_.code)}.pdf"'
    return response


def _csv(name: str, headers: list[str], rows: Iterable[list[Any]]) -> HttpResponseBase:
    response = StreamingHttpResponse(stream_csv(headers, rows), content_type="text/csv; charset=utf-8")
    return _attachment(response, f"{name}.csv")


def _xlsx(name: str, headers: list[str], rows: Iterable[list[Any]]) -> HttpResponseBase:
    # The response closes the file; in constant memory a workbook has to be on disk before it is sent.
    target = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115
    write_workbook(target, [SheetOut(name[:31], headers, rows)])
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=f"{name}.xlsx")


TABLES: dict[str, Table] = {"csv": _csv, "xlsx": _xlsx}


def _attachment(response: HttpResponseBase, filename: str) -> HttpResponseBase:
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def _file_name(code: str) -> str:
    return code.replace("/", "-")
