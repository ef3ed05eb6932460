"""Finds what a person may open, or answers that there is no such page."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from tifa.evaluation.models import Entry, PanelMember, Round
from tifa.evaluation.selectors.dividing import with_judges
from tifa.evaluation.selectors.judging import my_entry
from tifa.evaluation.selectors.rounds import panel_size, round_for, visible_entries, with_progress

LONGEST_KEY = 18


def round_or_404(request: HttpRequest, pk: int) -> Round:
    """Return a round that the person may run or watch."""
    return get_object_or_404(round_for(request.user), pk=pk)


def divisible_round_or_404(request: HttpRequest, pk: int) -> Round:
    """Return a round whose work the person may divide: they run it and do not judge in it."""
    round_ = round_or_404(request, pk)
    if not request.user.has_perm("evaluation.divide_work", round_):
        raise Http404
    return round_


def divisible_entry_or_404(request: HttpRequest, pk: int) -> Entry:
    """Return an entry of such a round, with its innovation and who is assigned."""
    entry: Entry = get_object_or_404(
        with_judges(Entry.objects.select_related("innovation__unit", "round")), pk=pk
    )
    divisible_round_or_404(request, entry.round_id)
    return entry


def watched_entry_or_404(request: HttpRequest, pk: int) -> Entry:
    """Return an entry that the person may watch, with its round and its counts."""
    entry = get_object_or_404(Entry.objects.select_related("round"), pk=pk)
    visible = visible_entries(request.user, entry.round)
    entries = with_progress(visible, entry.round, panel_size(entry.round))
    found: Entry = get_object_or_404(entries, pk=pk)
    found.round = entry.round
    return found


def judged_entry_or_404(request: HttpRequest, pk: int) -> Entry:
    """Return an entry that the person judges, with its proposal: named for its round, without a conflict of interest."""
    return get_object_or_404(my_entry(request.user).select_related("proposal"), pk=pk)


def member_or_404(round_: Round, key: str | None) -> PanelMember:
    """Return the judge of a round that a form names."""
    if key is None or not key.isdecimal() or len(key) > LONGEST_KEY:
        raise Http404
    return get_object_or_404(PanelMember, round=round_, pk=int(key))
