"""The services of the city for its citizens: what one needs, how long it takes, what it costs."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from tifa.core.clock import today
from tifa.core.downloads import content_response
from tifa.core.permissions import public
from tifa.instruments import load_instrument
from tifa.organisation.selectors import unit_tree
from tifa.standards.documents import sheet_pdf
from tifa.standards.models import Service, Standard
from tifa.standards.selectors import binding_standard, components_of, found_among, public_services

PAGE_SIZE = 50
LONGEST_QUERY = 100


@public
def services(request: HttpRequest) -> HttpResponse:
    """List the services with a standard that holds, narrowed to words."""
    words = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    rows = found_among(public_services(today()), words)
    context = {"page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")), "words": words}
    return render(request, "portal/services.html", context)


@public
def service(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what must be published of the standard of a service."""
    found, standard = _published(pk)
    context = {
        "service": found,
        "standard": standard,
        "components": [
            one
            for one in components_of(load_instrument(standard.instrument_id), standard.components)
            if one.public
        ],
        "steps": [step for step in standard.steps.all() if step.number],
    }
    return render(request, "portal/service.html", context)


@public
def service_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the same as a sheet for the wall."""
    found, standard = _published(pk)
    name = f"standar-pelayanan-{found.pk}.pdf"
    return content_response(sheet_pdf(found, standard, unit_tree()), name, "application/pdf")


def _published(pk: int) -> tuple[Service, Standard]:
    found = get_object_or_404(public_services(today()), pk=pk)
    standard = binding_standard(found)
    if standard is None:
        raise Http404
    return found, standard
