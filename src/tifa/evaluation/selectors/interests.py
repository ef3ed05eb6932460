"""Finds which judges belong to the unit of an entry, to its branch, or lead it."""

from collections.abc import Collection, Iterator, Mapping

from django.utils.translation import gettext_lazy as _

from tifa.organisation.choices import Role
from tifa.organisation.models import Membership
from tifa.organisation.selectors import UnitTree, unit_tree
from tifa.registry.interests import Interest, InterestSource


def is_one_branch(tree: UnitTree, one: int, other: int) -> bool:
    """Return whether two units are the same, or one lies above the other, below the root of the government.

    Whoever belongs to a department belongs to its health centres, and the other way round: they report to each other.
    The root is in no branch. Ortal, the leader and most judges are members of the city itself; if that made them
    partial, nobody could judge, and an entry of the city itself could be judged by strangers only. A person who has
    another membership further down is measured by that one.
    """
    if any(tree.units[unit].parent_id is None for unit in (one, other)):
        return False
    return one in tree.ancestors(other) or other in tree.ancestors(one)


def own_branch(innovations: Mapping[int, int], people: Collection[int]) -> Iterator[Interest]:
    """Yield the people with any role in the unit of an innovation or in its branch."""
    tree = unit_tree()
    for person, unit in _memberships(people):
        related = _related(tree, unit)
        for innovation, of_unit in innovations.items():
            if of_unit in related:
                yield Interest(innovation, person, tree.units[unit].name)


def line_manager(innovations: Mapping[int, int], people: Collection[int]) -> Iterator[Interest]:
    """Yield the heads of the unit of an innovation, whatever it is, and of the units above it below the root."""
    tree = unit_tree()
    for person, unit in _memberships(people, Role.HEAD):
        below = {unit} if tree.units[unit].parent_id is None else tree.subtree(unit)
        for innovation, of_unit in innovations.items():
            if of_unit in below:
                yield Interest(innovation, person, tree.units[unit].name)


LINE_MANAGER = InterestSource("manager", _("Leads the unit or one above it"), line_manager)
OWN_BRANCH = InterestSource("branch", _("Belongs to the unit or its branch"), own_branch)


def _memberships(people: Collection[int], role: Role | None = None) -> list[tuple[int, int]]:
    rows = Membership.objects.filter(person__in=people)
    if role:
        rows = rows.filter(role=role)
    return list(rows.order_by("person_id", "unit__code").values_list("person_id", "unit_id").distinct())


def _related(tree: UnitTree, unit: int) -> frozenset[int]:
    return frozenset(other for other in tree.units if is_one_branch(tree, unit, other))
