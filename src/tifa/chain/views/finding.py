"""Ortal records an innovation that no unit reported."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tifa.chain.forms.content import typed
from tifa.chain.forms.report import DRAFT_NAMES, FindingForm
from tifa.chain.selectors.reporting import affairs_named, services_named, units_to_find_in
from tifa.chain.services.reporting import EvidenceContent, record_finding
from tifa.chain.views.files import keep_upload
from tifa.core.permissions import permission
from tifa.organisation.choices import DECIDING_ROLES
from tifa.organisation.desk import Desk, desk_of
from tifa.organisation.selectors import units_of
from tifa.registry.models import Innovation
from tifa.registry.selectors import kept_files
from tifa.registry.services import InnovationContent


@permission("chain.record_finding")
def finding_create(request: HttpRequest) -> HttpResponse:
    """Show the form of a finding, and record it."""
    desk = desk_of(request)
    if request.method != "POST":
        return _page(request, desk, _form(desk))
    values = typed(request.POST, DRAFT_NAMES)
    values["evidence_file"], refusal = keep_upload(request, desk.person, "evidence")
    form = _form(desk, values)
    valid = form.is_valid()
    if refusal:
        form.add_error("evidence_upload", refusal)
    elif valid:
        try:
            innovation = _record(desk, form)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(
                request,
                _("“%(title)s” is recorded as a finding. %(unit)s is asked to report it.")
                % {"title": innovation.title, "unit": innovation.unit.name},
            )
            return redirect("chain:innovation_detail", innovation.code)
    return _page(request, desk, form)


def _record(desk: Desk, form: FindingForm) -> Innovation:
    evidence = form.evidence()
    return record_finding(
        author=desk.person,
        content=InnovationContent(**form.content()),
        evidence=EvidenceContent(**evidence) if evidence else None,
        on=desk.today,
        draft=None,
    )


def _form(desk: Desk, data: dict[str, str] | None = None) -> FindingForm:
    return FindingForm(
        data,
        units=units_to_find_in(desk.person, on=desk.today, tree=desk.tree),
        files=kept_files(desk.person),
        today=desk.today,
    )


def _page(request: HttpRequest, desk: Desk, form: FindingForm) -> HttpResponse:
    units = units_of(desk.person, DECIDING_ROLES, desk.tree)
    context = {"form": form, "services": services_named(units), "affairs": affairs_named(units)}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "chain/finding_create.html", context, status=status)
