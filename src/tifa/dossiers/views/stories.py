"""The story of an innovation: its parts, each changed on a page of its own."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tifa.core.differences import pieces
from tifa.core.forms import renew
from tifa.core.permissions import permission
from tifa.dossiers.choices import Block
from tifa.dossiers.forms import AwardsForm, StoryForm
from tifa.dossiers.selectors.dossiers import awards_of, sides_of, story_of
from tifa.dossiers.selectors.neighbours import neighbours_of
from tifa.dossiers.services.writing import StaleText, save_story, tell_awards
from tifa.dossiers.views.access import innovation_or_404
from tifa.organisation.desk import desk_of


@permission("dossiers.view")
def innovation_dossiers(request: HttpRequest, code: str) -> HttpResponse:
    """Show the story of an innovation and the editions side by side; keep which awards it was given before."""
    desk = desk_of(request)
    innovation, rights = innovation_or_404(desk, code)
    told, history, stale = story_of(innovation), awards_of(innovation), None
    form = AwardsForm(
        request.POST or None,
        awards=history.awards if history else [],
        initial={"version": history.version if history else 0},
    )
    if request.method == "POST":
        if not rights.write:
            raise PermissionDenied
        if form.is_valid():
            try:
                tell_awards(
                    actor=desk.person,
                    innovation=innovation,
                    awards=form.awards(),
                    version=form.cleaned_data["version"],
                    now=timezone.now(),
                )
            except StaleText as caught:
                stale, history = caught, awards_of(innovation)
                renew(form, stale.version)
            else:
                messages.success(request, _("The earlier awards are kept."))
                return redirect("dossiers:innovation", innovation.code)
    context = {
        "innovation": innovation,
        "history": history,
        "awards": form,
        "stale": stale,
        "rights": rights,
        "story": [(block, told.get(block)) for block in Block],
        "neighbours": neighbours_of(innovation, desk.person, desk.tree),
        "sides": sides_of(innovation, on=desk.today),
    }
    status = 409 if stale else 422 if form.errors else 200
    return render(request, "dossiers/innovation.html", context, status=status)


@permission("dossiers.write")
def story_edit(request: HttpRequest, code: str, block: str) -> HttpResponse:
    """Change one part of the story; two who wrote at once see both texts."""
    desk = desk_of(request)
    innovation, rights = innovation_or_404(desk, code)
    if block not in Block.values:
        raise Http404
    if not rights.write:
        raise PermissionDenied
    part = Block(block)
    stored = story_of(innovation).get(part)
    initial = {"version": stored.version if stored else 0, "text": stored.text if stored else ""}
    form = StoryForm(request.POST or None, initial=initial)
    context = {"innovation": innovation, "kind": part, "form": form, "stored": stored}
    if request.method == "POST" and form.is_valid():
        try:
            save_story(
                actor=desk.person,
                innovation=innovation,
                block=part,
                text=form.cleaned_data["text"],
                version=form.cleaned_data["version"],
                now=timezone.now(),
            )
        except StaleText as stale:
            renew(form, stale.version)
            context |= {"stale": stale, "pieces": list(pieces(stale.stored[part], form.cleaned_data["text"]))}
            return render(request, "dossiers/story_edit.html", context, status=409)
        messages.success(request, _("The story is kept. Forms that begin from now on use it."))
        return redirect("dossiers:innovation", innovation.code)
    return render(request, "dossiers/story_edit.html", context, status=422 if form.errors else 200)
