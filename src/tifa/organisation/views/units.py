"""The units of the city, for everybody who signs in."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tifa.core.clock import today
from tifa.core.permissions import permission
from tifa.organisation.choices import Role
from tifa.organisation.models import Unit
from tifa.organisation.rules import has_role
from tifa.organisation.selectors import (
    UnitTree,
    aliases_by_unit,
    is_valid_on,
    members_of,
    unit_tree,
)

PAGE_SIZE = 100


@dataclass(frozen=True)
class UnitRow:
    """A unit with its way down the tree, its other names, and whether it exists today."""

    unit: Unit
    path: str
    aliases: tuple[str, ...]
    valid: bool


@permission("organisation.view_units")
def unit_list(request: HttpRequest) -> HttpResponse:
    """List the units in the order of the tree, searched by name, code or alias."""
    query = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    tree = unit_tree()
    rows = _rows(tree)
    words = query.casefold().split()
    found = [row for row in rows if all(word in _searched(row) for word in words)]
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "organisation/unit_list.html", {"page_obj": page, "query": query})


@permission("organisation.view_units")
def unit_detail(request: HttpRequest, code: str) -> HttpResponse:
    """Show one unit; administrators see who has which role in it."""
    tree = unit_tree()
    unit = tree.by_code().get(code)
    if unit is None:
        raise Http404
    sees_people = has_role(request.user, {Role.ADMINISTRATOR})
    context = {
        "unit": unit,
        "above": [tree.units[key] for key in reversed(tree.ancestors(unit.pk)[1:])],
        "below": [tree.units[key] for key in tree.children.get(unit.pk, ())],
        "aliases": aliases_by_unit([unit]).get(unit.pk, ()),
        "valid": is_valid_on(unit, today()),
        "sees_people": sees_people,
        "members": members_of(unit) if sees_people else [],
    }
    return render(request, "organisation/unit_detail.html", context)


def _rows(tree: UnitTree) -> list[UnitRow]:
    aliases = aliases_by_unit(tree.units.values())
    day = today()
    return [
        UnitRow(unit, _path(tree, unit), aliases.get(unit.pk, ()), is_valid_on(unit, day))
        for _, unit in tree.in_order()
    ]


def _path(tree: UnitTree, unit: Unit) -> str:
    return " › ".join(tree.units[key].name for key in reversed(tree.ancestors(unit.pk)[1:]))


def _searched(row: UnitRow) -> str:
    return " ".join((row.unit.name, row.unit.code, *row.aliases)).casefold()
