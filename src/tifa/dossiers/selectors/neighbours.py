"""Innovations of the city and its history whose title or summary is nearly that of another one."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from tifa.core.clock import today
from tifa.core.likeness import nearest
from tifa.dossiers.choices import Block
from tifa.dossiers.lint import marks
from tifa.dossiers.models import Story
from tifa.organisation.models import Person
from tifa.organisation.selectors import UnitTree
from tifa.registry.models import Innovation
from tifa.registry.selectors import published_innovations, visible_innovations

MOST = 5
# Two texts as alike as asked share nearly all words: one of the longest stands in both. Shorter words stand everywhere.
LOOKED_FOR, LONG = 5, 6
# A text of so many signs or fewer is too short to tell a copy from a coincidence.
SHORT = 40
# Signs that are no letters count in a length, and not in a likeness.
SIGNS = 0.1


@dataclass(frozen=True)
class Neighbour:
    """An innovation nearly like another one in its title or its summary, how alike in percent.

    ``innovation`` is None when it belongs to a unit that the person does not see and is not public: then nothing of it
    is told but that it exists. ``in_room`` says that the person may open it in the workspace, not only its public page.
    """

    innovation: Innovation | None
    in_room: bool
    by_title: bool
    likeness: int


def neighbours_of(innovation: Innovation, person: Person, tree: UnitTree) -> list[Neighbour]:
    """Return the innovations that are nearly the same, the most alike first; one that is alike twice stands once."""
    found: dict[int, tuple[bool, float]] = {}
    for key, by_title, value in (*_by_title(innovation), *_by_summary(innovation)):
        if value > found.get(key, (False, 0.0))[1]:
            found[key] = (by_title, value)
    if not found:
        return []
    mine = _among(visible_innovations(person, tree), found)
    public = _among(published_innovations(today()), found)
    order = sorted(found, key=lambda key: (-found[key][1], key))
    return [
        Neighbour(mine.get(key, public.get(key)), key in mine, found[key][0], round(found[key][1]))
        for key in order[:MOST]
    ]


def _among(rows: QuerySet[Innovation], keys: Collection[int]) -> dict[int, Innovation]:
    return {one.pk: one for one in rows.order_by().filter(pk__in=keys).select_related("unit")}


def _by_title(innovation: Innovation) -> Iterator[tuple[int, bool, float]]:
    rows = list(Innovation.objects.exclude(pk=innovation.pk).order_by("pk").values_list("pk", "title"))
    least = marks().same_title
    for place, value in nearest(innovation.title, [title for _key, title in rows], least=least, most=MOST):
        yield rows[place][0], True, value


def _by_summary(innovation: Innovation) -> Iterator[tuple[int, bool, float]]:
    told = Story.objects.filter(innovation=innovation, block=Block.SUMMARY).values_list("text", flat=True)
    for text in {innovation.summary, *told}:
        if len(text) > SHORT:
            rows = _candidates(innovation, text)
            for place, value in nearest(
                text, [other for _key, other in rows], least=marks().same_summary, most=MOST
            ):
                yield rows[place][0], False, value


def _candidates(innovation: Innovation, text: str) -> Sequence[tuple[int, str]]:
    """Return the summaries that can be nearly the same: of about that length, with one of its longest words."""
    words = sorted({word for word in text.split() if len(word) >= LONG}, key=lambda one: (-len(one), one))
    share = marks().same_summary / 100
    # The likeness is twice what both share over the sum of both lengths, so the shorter has at least this part of it.
    shortest, longest = len(text) * share / (2 - share), len(text) * (2 - share) / share
    found: list[tuple[int, str]] = []
    for rows, name in (
        (Innovation.objects.exclude(pk=innovation.pk).values_list("pk", "summary"), "summary"),
        (
            Story.objects.filter(block=Block.SUMMARY)
            .exclude(innovation=innovation)
            .values_list("innovation", "text"),
            "text",
        ),
    ):
        near = (
            rows.order_by("pk")
            .alias(signs=Length(name))
            .filter(signs__gte=int(shortest * (1 - SIGNS)), signs__lte=int(longest * (1 + SIGNS)) + 1)
        )
        if words:
            near = near.filter(
                reduce(or_, (Q(**{f"{name}__icontains": word}) for word in words[:LOOKED_FOR]))
            )
        found.extend(near)
    return found
