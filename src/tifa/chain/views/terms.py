"""The words that the city taught the reading: seen, added, taken out."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tifa.chain.choices import TermKind
from tifa.chain.forms.content import typed
from tifa.chain.forms.discovery import TermForm
from tifa.chain.selectors.reporting import units_to_find_in
from tifa.chain.selectors.terms import local_terms, term_counts
from tifa.chain.services.terms import add_term, remove_term
from tifa.core.permissions import permission
from tifa.organisation.desk import desk_of, person_of
from tifa.registry.models import InnovationAlias
from tifa.registry.selectors import decidable_innovations
from tifa.registry.services import remove_alias

PAGE_SIZE = 50


@permission("chain.discover")
def term_list(request: HttpRequest) -> HttpResponse:
    """Show the words by kind, and add one."""
    desk = desk_of(request)
    kind = request.GET.get("kind", "")
    kind = kind if kind in TermKind.values else ""
    units = units_to_find_in(desk.person, on=desk.today, tree=desk.tree)
    data = typed(request.POST, ("kind", "text", "unit")) if request.method == "POST" else None
    form = TermForm(data, units=units, initial={"kind": kind or TermKind.IGNORE})
    if data is not None and form.is_valid():
        said = form.cleaned_data
        try:
            term = add_term(
                actor=desk.person,
                kind=TermKind(said["kind"]),
                text=said["text"],
                unit=said["unit"],
                now=timezone.now(),
            )
        except ValidationError as error:
            form.add_error("text", error.messages)
        else:
            messages.success(request, _("The next reading knows “%(word)s”.") % {"word": term.text})
            return redirect(f"{reverse('chain:term_list')}?kind={term.kind}")
    counts = term_counts()
    context = {
        "form": form,
        "page_obj": Paginator(local_terms(kind), PAGE_SIZE).get_page(request.GET.get("page")),
        "tabs": [
            {"kind": "", "label": _("All"), "count": sum(counts.values())},
            *({"kind": one.value, "label": one.label, "count": counts[one.value]} for one in TermKind),
        ],
        "kind": kind,
    }
    return render(request, "chain/term_list.html", context, status=422 if form.errors else 200)


@permission("chain.discover")
@require_POST
def term_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a word out of the lists of the city."""
    term = get_object_or_404(local_terms(), pk=pk)
    remove_term(actor=person_of(request), term=term)
    messages.success(request, _("The next reading does not know “%(word)s” any more.") % {"word": term.text})
    return redirect("chain:term_list")


@permission("chain.discover")
@require_POST
def alias_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take another name of an innovation away."""
    desk = desk_of(request)
    mine = decidable_innovations(desk.person, desk.tree).order_by()
    alias = get_object_or_404(
        InnovationAlias.objects.select_related("innovation").filter(innovation__in=mine), pk=pk
    )
    remove_alias(actor=desk.person, alias=alias)
    messages.success(request, _("The name “%(name)s” is taken away.") % {"name": alias.text})
    return redirect("chain:innovation_detail", alias.innovation.code)
