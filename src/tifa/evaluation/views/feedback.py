"""What units read of their own entries after the publication, and which notes they get to read."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tifa.core.permissions import permission
from tifa.evaluation.forms import NotesForm
from tifa.evaluation.selectors.feedback import feedback_on, my_results, notes_to_release
from tifa.evaluation.selectors.outcomes import TONES, VERDICTS
from tifa.evaluation.selectors.reopening import reopenings_of
from tifa.evaluation.services.feedback import release_notes
from tifa.evaluation.services.locking import RoundRefused
from tifa.evaluation.views.access import watched_entry_or_404
from tifa.organisation.desk import person_of

PAGE_SIZE = 50


@permission("evaluation.view_feedback")
def feedback_list(request: HttpRequest) -> HttpResponse:
    """List the own entries in published rounds."""
    page = Paginator(my_results(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "evaluation/feedback_list.html", {"page_obj": page})


@permission("evaluation.view_feedback")
def feedback(request: HttpRequest, pk: int) -> HttpResponse:
    """Show strengths, released notes and the distance to the next level of an own entry."""
    entry = get_object_or_404(my_results(request.user), pk=pk)
    found = feedback_on(entry)
    if found is None:
        raise Http404
    fair = found.line.get("fair")
    context = {
        "entry": entry,
        "reopenings": list(reopenings_of(entry)),
        "feedback": found,
        "fair": fair,
        "verdict": VERDICTS[fair["verdict"]] if fair else None,
        "tone": TONES[fair["verdict"]] if fair else None,
    }
    return render(request, "evaluation/feedback.html", context)


@permission("evaluation.manage_rounds")
def notes_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Let Ortal choose which notes on an entry its unit may read."""
    entry = watched_entry_or_404(request, pk)
    if not request.user.has_perm("evaluation.view_scores", entry.round):
        raise PermissionDenied
    notes = notes_to_release(entry)
    form = NotesForm(request.POST or None, known=[score.pk for _label, score in notes])
    if request.method == "POST" and form.is_valid():
        try:
            release_notes(actor=person_of(request), entry=entry, released=form.cleaned_data["released"])
        except RoundRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request, _("Stored. The unit reads the released notes once the result is published.")
            )
        return redirect("evaluation:notes_release", entry.pk)
    context = {"entry": entry, "round": entry.round, "notes": notes, "form": form}
    return render(request, "evaluation/notes_release.html", context, status=422 if form.errors else 200)
