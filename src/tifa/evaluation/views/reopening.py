"""Takes up an entry again after the publication."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tifa.core.permissions import permission
from tifa.evaluation.choices import ReopeningKind, RoundState
from tifa.evaluation.forms import AnswerForm, ReopeningForm
from tifa.evaluation.models import Entry, Reopening
from tifa.evaluation.selectors.reopening import reopenings_of
from tifa.evaluation.services.locking import RoundRefused
from tifa.evaluation.services.reopening import end_unchanged, has_changed, reopen
from tifa.evaluation.views.access import watched_entry_or_404
from tifa.organisation.desk import person_of


@permission("evaluation.manage_rounds")
def entry_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an entry up again, say what can be done with it meanwhile, or end it without a change."""
    entry = watched_entry_or_404(request, pk)
    if entry.round.state != RoundState.PUBLISHED:
        raise Http404
    if not request.user.has_perm("evaluation.view_scores", entry.round):
        raise PermissionDenied
    past = list(reopenings_of(entry))
    current = next((one for one in past if one.ended_at is None), None)
    form: ReopeningForm | AnswerForm = (ReopeningForm if current is None else AnswerForm)(
        request.POST or None
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _do(request, entry, current, form)
        except RoundRefused as refusal:
            form.add_error(None, str(refusal))
    context = {
        "round": entry.round,
        "entry": entry,
        "current": current,
        "changed": current is not None and has_changed(current),
        "past": [one for one in past if one.ended_at is not None],
        "form": form,
    }
    return render(request, "evaluation/entry_reopen.html", context, status=422 if form.errors else 200)


def _do(
    request: HttpRequest, entry: Entry, current: Reopening | None, form: ReopeningForm | AnswerForm
) -> HttpResponse:
    said, now = form.cleaned_data, timezone.now()
    if current is None:
        reopen(
            actor=person_of(request),
            entry=entry,
            kind=ReopeningKind(said["kind"]),
            reason=said["reason"],
            now=now,
        )
        messages.success(request, _("The entry is taken up again. All others stay as they were published."))
        return redirect("evaluation:entry_reopen", entry.pk)
    end_unchanged(actor=person_of(request), reopening=current, answer=said["answer"], now=now)
    messages.success(request, _("It has ended. The published result stays as it is."))
    return redirect("evaluation:entry_detail", entry.pk)
