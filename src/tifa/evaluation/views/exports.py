"""Hands out scores and rankings as files."""

import json

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from tifa.core.downloads import content_response, table_response
from tifa.core.permissions import permission
from tifa.core.spreadsheets import SheetOut
from tifa.evaluation.documents import round_pdf
from tifa.evaluation.exports import (
    RANKING_WIDTHS,
    SCORE_DECIMALS,
    SCORE_WIDTHS,
    ranking_decimals,
    ranking_headers,
    ranking_table,
    score_headers,
    score_table,
)
from tifa.evaluation.selectors.copies import published_rows, ranking_in
from tifa.evaluation.selectors.publications import current_publication
from tifa.evaluation.selectors.ranking import ranked_rows, ranking_for
from tifa.evaluation.selectors.rounds import round_progress
from tifa.evaluation.selectors.rubrics import rubric_of
from tifa.evaluation.views.access import round_or_404


@permission("evaluation.view_rounds")
def round_export(request: HttpRequest, pk: int, fmt: str) -> HttpResponseBase:
    """Hand out every score of a round, in one streamed statement."""
    round_ = round_or_404(request, pk)
    if not request.user.has_perm("evaluation.view_scores", round_):
        raise Http404
    rows = score_table(request.user, round_, rubric_of(round_))
    return table_response(
        fmt, f"{round_.code}-nilai", [SheetOut("Nilai", score_headers(), rows, SCORE_WIDTHS, SCORE_DECIMALS)]
    )


@permission("evaluation.view_rounds")
def ranking_export(request: HttpRequest, pk: int, fmt: str) -> HttpResponseBase:
    """Hand out the published ranking as it was frozen; as JSON with all that is needed to compute it again."""
    round_ = round_or_404(request, pk)
    publication = current_publication(round_)
    if publication is None:
        raise Http404
    payload = publication.payload
    name = f"{round_.code}-peringkat"
    if fmt == "json":
        text = json.dumps(payload | {"digest": publication.digest}, ensure_ascii=False, indent=1)
        return content_response(text.encode(), f"{name}.json", "application/json")
    sheet = SheetOut(
        "Peringkat",
        ranking_headers(payload),
        ranking_table(payload),
        RANKING_WIDTHS,
        ranking_decimals(payload),
    )
    return table_response(fmt, name, [sheet])


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
        ranking=ranking_in(publication.payload) if publication else ranking_for(request.user, round_),
        rows=published_rows(publication.payload) if publication else ranked_rows(round_),
        publication=publication,
    )
    return content_response(content, f"{round_.code}.pdf", "application/pdf")
