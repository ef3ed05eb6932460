"""The form of a report, and the page that brings two texts of it together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tifa.chain.forms.content import typed
from tifa.chain.forms.report import DRAFT_NAMES, INNOVATION_NAMES, ReportForm
from tifa.chain.models import ReportDraft
from tifa.chain.selectors.reporting import (
    affairs_named,
    as_typed,
    receiver_of_reports,
    services_named,
    units_to_report_for,
)
from tifa.organisation.choices import REPORTING_ROLES, Function
from tifa.organisation.desk import Desk
from tifa.organisation.selectors import units_of
from tifa.registry.choices import EvidenceKind, Stage
from tifa.registry.selectors import evidence_of, kept_files

DRAFT = "draft"
INNOVATION = "innovation"


@dataclass(frozen=True)
class Difference:
    """One field with what was typed here and what is stored; ``stored`` is None where the two agree."""

    field: BoundField
    mine: str
    stored: str | None


def report_form(
    desk: Desk, *, data: Mapping[str, Any] | None = None, initial: Mapping[str, Any] | None = None
) -> ReportForm:
    """Return the form of a report for the units of the person."""
    return ReportForm(
        data,
        initial=initial,
        units=units_to_report_for(desk.person, on=desk.today, tree=desk.tree),
        files=kept_files(desk.person),
        today=desk.today,
    )


def show_report(request: HttpRequest, desk: Desk, draft: ReportDraft, form: ReportForm) -> HttpResponse:
    """Show a draft with who will get it and the words used before."""
    units = units_of(desk.person, REPORTING_ROLES, desk.tree)
    context = {
        "draft": draft,
        "innovation": draft.innovation,
        "evidence": list(evidence_of(draft.innovation)) if draft.innovation else [],
        "form": form,
        "receiver": receiver_of_reports(desk.tree, on=desk.today),
        "services": services_named(units),
        "affairs": affairs_named(units),
        "autosave_key": f"report-{desk.person.pk}-{draft.pk}",
    }
    return render(
        request, "chain/report_edit.html", context, status=422 if form.is_bound and form.errors else 200
    )


def chosen_values(data: Mapping[str, Any], draft: ReportDraft) -> dict[str, str]:
    """Return what was sent; where the stored text was chosen on the merge page, that text."""
    values = typed(data, DRAFT_NAMES)
    source, keep = data.get("stored_from"), data.get("keep")
    if source not in {DRAFT, INNOVATION} or keep == "mine":
        return values
    stored, names = _stored(draft, source)
    taken = {name for name in names if keep == "stored" or data.get(f"keep-{name}") == "stored"}
    return values | {name: str(stored.get(name) or "") for name in taken}


def merge_page(
    request: HttpRequest,
    desk: Desk,
    draft: ReportDraft,
    values: Mapping[str, str],
    stored: Mapping[str, Any],
    *,
    from_innovation: bool = False,
) -> HttpResponse:
    """Show what is stored beside what was typed; nothing is thrown away until the person has chosen."""
    names = INNOVATION_NAMES if from_innovation else DRAFT_NAMES
    newest = {"innovation_version": stored["innovation_version"]} if from_innovation else {}
    form = report_form(desk, initial={**values, **newest})
    context = {
        "draft": draft,
        "form": form,
        "differences": list(_differences(form, values, stored, names)),
        "stored_from": INNOVATION if from_innovation else DRAFT,
        "agreeing": [field for field in form if field.name not in names],
    }
    return render(request, "chain/report_merge.html", context, status=409)


def _stored(draft: ReportDraft, source: str) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    if source == INNOVATION and draft.innovation is not None:
        return as_typed(draft.innovation), INNOVATION_NAMES
    return draft.content, DRAFT_NAMES


def _differences(
    form: ReportForm, values: Mapping[str, str], stored: Mapping[str, Any], names: tuple[str, ...]
) -> Iterator[Difference]:
    for field in form:
        if field.name not in names or field.name == "innovation_version":
            continue
        mine, theirs = values.get(field.name, ""), str(stored.get(field.name) or "")
        words = None if mine == theirs else _in_words(form, field.name, theirs)
        yield Difference(field, _in_words(form, field.name, mine), words)


def _in_words(form: ReportForm, name: str, value: str) -> str:
    labels: dict[str, dict[str, Any]] = {
        "function": dict(Function.choices),
        "stage": dict(Stage.choices),
        "evidence_kind": dict(EvidenceKind.choices),
        "unit": {code: unit.name for code, unit in form.units.items()},
    }
    if name == "evidence_file" and value.isdigit():
        stored = form.kept.filter(pk=int(value)).first()
        return stored.name if stored else ""
    return str(labels.get(name, {}).get(value, value))
