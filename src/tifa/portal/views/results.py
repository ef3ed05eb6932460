"""Published rankings, as they were frozen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tifa.core.downloads import content_response, table_response
from tifa.core.permissions import public
from tifa.evaluation.models import RankingPublication
from tifa.evaluation.selectors.publications import (
    bundle_of,
    city_public_key,
    publication_by_code,
    publication_in,
    publications_of,
)
from tifa.instruments import list_instruments
from tifa.portal.exports import result_sheets
from tifa.portal.selectors.results import (
    agreed_in,
    current_results,
    entry_results,
    pictures_of,
    reopened_in,
)

PAGE_SIZE = 25
METHOD_NAMES: Final[Mapping[str, str | Promise]] = {"weighted-mean/1": _("Weighted mean")}


@dataclass(frozen=True)
class ResultRow:
    """One published ranking in the list; ``standard`` is None when its pack is not installed any more."""

    publication: RankingPublication
    standard: str | None
    method: str | Promise


@public
def results(request: HttpRequest) -> HttpResponse:
    """List the newest published ranking of each round."""
    page = Paginator(current_results(), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "portal/results.html", {"page_obj": page, "rows": _named(page)})


@public
def result(request: HttpRequest, code: str, key: int | None = None) -> HttpResponse:
    """Show a published result, each line with how it came about; with ``key`` also one that was corrected."""
    publication = _publication_or_404(code, key)
    chain = list(publications_of(code))
    payload: dict[str, Any] = publication.payload
    page = Paginator(payload["entries"], PAGE_SIZE).get_page(request.GET.get("page"))
    language = get_language() or "id"
    shown = list(page.object_list)
    context = {
        "publication": publication,
        "chain": chain if len(chain) > 1 else [],
        "successor": next((one for one in chain if one.corrects_id == publication.pk), None),
        "payload": payload,
        "page_obj": page,
        "entries": entry_results(payload, shown, language),
        "method": _said(payload["method"]["description"], language),
        "recompute": _said(payload["recompute"], language),
        "reopened": reopened_in(payload),
        **agreed_in(payload),
        **pictures_of(payload, shown),
    }
    return render(request, "portal/result.html", context)


@public
def result_download(request: HttpRequest, code: str, fmt: str, key: int | None = None) -> HttpResponseBase:
    """Give a published result: the frozen copy itself as JSON, as tables, or the bundle to verify."""
    publication = _publication_or_404(code, key)
    name = f"hasil-{code.replace('/', '-')}"
    if fmt == "zip":
        return _bundle(publication, name)
    if fmt != "json":
        return table_response(fmt, name, result_sheets(publication.payload))
    response = JsonResponse(publication.payload, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response


@public
def result_key(request: HttpRequest) -> HttpResponse:
    """Give the public key that published results are signed with."""
    pem = city_public_key()
    if pem is None:
        raise Http404
    return content_response(pem, "kunci-publik.pem", "application/x-pem-file")


def _bundle(publication: RankingPublication, name: str) -> HttpResponse:
    content = bundle_of(publication)
    if content is None:
        raise Http404
    return content_response(content, f"{name}.zip", "application/zip")


def _named(publications: Iterable[RankingPublication]) -> list[ResultRow]:
    english = get_language() == "en"
    titles = {one.id: one.title.en if english else one.title.id for one in list_instruments()}
    return [
        ResultRow(one, titles.get(one.round.instrument_id), METHOD_NAMES.get(one.method, one.method))
        for one in publications
    ]


def _publication_or_404(code: str, key: int | None) -> RankingPublication:
    publication = publication_by_code(code) if key is None else publication_in(code, key)
    if publication is None:
        raise Http404
    return publication


def _said(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or next(iter(texts.values()))
