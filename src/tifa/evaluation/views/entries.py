"""Chooses the innovations of a round."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tifa.core.clock import today
from tifa.core.permissions import permission
from tifa.evaluation.forms import EntriesForm
from tifa.evaluation.models import Round
from tifa.evaluation.selectors.rounds import candidates
from tifa.evaluation.services.locking import RoundRefused
from tifa.evaluation.services.panel import set_entries
from tifa.evaluation.views.access import round_or_404
from tifa.organisation.desk import person_of

PAGE_SIZE = 50


@permission("evaluation.manage_rounds")
def round_entries(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the verified innovations with a tick for those in the round; store the ticks of one page."""
    round_ = round_or_404(request, pk)
    found = _filtered(request, candidates(request.user, round_, today()))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    if request.method == "POST":
        return _store(request, round_, found)
    context = {
        "round": round_,
        "page_obj": page,
        "query": request.GET.get("q", ""),
        "choice": request.GET.get("choice", ""),
    }
    return render(request, "evaluation/round_entries.html", context)


def _filtered(request: HttpRequest, found: QuerySet[Any]) -> QuerySet[Any]:
    query, choice = request.GET.get("q", "").strip(), request.GET.get("choice", "")
    if query:
        found = found.filter(
            Q(title__icontains=query) | Q(code__icontains=query) | Q(unit__name__icontains=query)
        )
    if choice in {"in", "out"}:
        found = found.filter(entered=choice == "in")
    return found


def _store(request: HttpRequest, round_: Round, found: QuerySet[Any]) -> HttpResponse:
    everything = request.POST.get("action") == "all"
    known = list(found.values_list("pk", flat=True))
    form = EntriesForm(request.POST, known=known)
    if form.is_valid():
        add = known if everything else form.added()
        remove = [] if everything else form.removed()
        try:
            count = set_entries(actor=person_of(request), round_=round_, add=add, remove=remove, on=today())
        except RoundRefused as refusal:
            messages.error(request, str(refusal))
        else:
            text = ngettext("%(count)d entry changed.", "%(count)d entries changed.", count)
            messages.success(request, text % {"count": count})
    else:
        messages.error(request, _("The list has changed meanwhile. Look at it again, then choose."))
    return redirect(request.get_full_path())
