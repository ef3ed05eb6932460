"""Reads units and what a person's roles reach."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from tifa.organisation.choices import Role, UnitKind
from tifa.organisation.models import Membership, Person, Unit, UnitAlias
from tifa.organisation.rules import roles_of

GOVERNMENTS = frozenset({UnitKind.PROVINCE, UnitKind.REGENCY, UnitKind.CITY})


@dataclass(frozen=True)
class UnitChoice:
    """A unit that may be chosen; ``depth`` counts from the highest unit of the choice."""

    unit: Unit
    depth: int


@dataclass(frozen=True)
class UnitTree:
    """The whole tree in memory: a city has a few hundred units, so one statement reads them all."""

    units: dict[int, Unit]
    children: dict[int | None, tuple[int, ...]] = field(repr=False)

    def subtree(self, unit_id: int) -> frozenset[int]:
        """Return the ids of a unit and of everything below it."""
        found: list[int] = []
        waiting = [unit_id] if unit_id in self.units else []
        while waiting:
            current = waiting.pop()
            found.append(current)
            waiting.extend(self.children.get(current, ()))
        return frozenset(found)

    def ancestors(self, unit_id: int) -> tuple[int, ...]:
        """Return the ids from the unit itself up to the root."""
        path: list[int] = []
        current: int | None = unit_id
        while current is not None and current in self.units:
            path.append(current)
            current = self.units[current].parent_id
        return tuple(path)

    def in_order(self) -> list[tuple[int, Unit]]:
        """Return the units with their depth, each before what is below it, by code."""
        listed: list[tuple[int, Unit]] = []
        waiting = [(0, key) for key in reversed(self.children.get(None, ()))]
        while waiting:
            depth, key = waiting.pop()
            listed.append((depth, self.units[key]))
            waiting.extend((depth + 1, child) for child in reversed(self.children.get(key, ())))
        return listed

    def own_government(self) -> frozenset[int] | None:
        """Return the ids of the government that runs this installation, None when that is everything.

        It is the tree that holds the organisation section. Another root that is a province, regency or city is
        another government: its innovations are known for comparison, and are nobody's gap here.
        """
        roots = self.children.get(None, ())
        home = [
            root
            for root in roots
            if any(self.units[key].kind == UnitKind.ORTAL for key in self.subtree(root))
        ]
        others = [root for root in roots if root not in home and self.units[root].kind in GOVERNMENTS]
        if not home or not others:
            return None
        return frozenset(self.units).difference(*(self.subtree(root) for root in others))

    def by_code(self) -> dict[str, Unit]:
        """Return the units by their code."""
        return {unit.code: unit for unit in self.units.values()}


def unit_tree() -> UnitTree:
    """Read all units in one statement."""
    units = {unit.pk: unit for unit in Unit.objects.order_by("code")}
    children: dict[int | None, list[int]] = {}
    for unit in units.values():
        children.setdefault(unit.parent_id, []).append(unit.pk)
    return UnitTree(units, {parent: tuple(ids) for parent, ids in children.items()})


def units_with_aliases() -> QuerySet[Unit]:
    """Return all units by code, their aliases read in one further statement."""
    return Unit.objects.select_related("parent").prefetch_related(
        Prefetch("aliases", UnitAlias.objects.order_by("text", "pk"))
    )


def ortal_unit(tree: UnitTree) -> Unit | None:
    """Return the organisation section, or nothing when no unit is of that kind."""
    return next((unit for _, unit in tree.in_order() if unit.kind == UnitKind.ORTAL), None)


def valid_on(day: date) -> Q:
    """Return the condition that a unit exists on ``day``."""
    return (Q(valid_from=None) | Q(valid_from__lte=day)) & (Q(valid_to=None) | Q(valid_to__gte=day))


def is_valid_on(unit: Unit, day: date) -> bool:
    """Return whether ``unit`` exists on ``day``."""
    return (unit.valid_from is None or unit.valid_from <= day) and (
        unit.valid_to is None or unit.valid_to >= day
    )


def unit_choices(tree: UnitTree, ids: Collection[int], *, on: date | None = None) -> tuple[UnitChoice, ...]:
    """Return units in the order of the tree; with ``on`` only those that exist on that day."""
    listed = [(depth, unit) for depth, unit in tree.in_order() if unit.pk in ids]
    top = min((depth for depth, _ in listed), default=0)
    return tuple(
        UnitChoice(unit, depth - top) for depth, unit in listed if on is None or is_valid_on(unit, on)
    )


def letterhead_of(unit: Unit, tree: UnitTree) -> tuple[str, ...]:
    """Return the lines at the top of a letter of a unit: its government, what it is part of, and itself."""
    path = [tree.units[key] for key in reversed(tree.ancestors(unit.pk))]
    names = [one.name for one in path if one.kind not in GOVERNMENTS]
    return (_("Government of %(city)s") % {"city": settings.CITY_NAME}, *(names or [unit.name]))


def head_of(unit: Unit) -> Person | None:
    """Return who heads a unit; None when nobody is named, or several are."""
    heads = list(
        Person.objects.filter(memberships__unit=unit, memberships__role=Role.HEAD, is_active=True).distinct()[
            :2
        ]
    )
    return heads[0] if len(heads) == 1 else None


def units_of(
    person: Person | AnonymousUser, roles: Collection[Role], tree: UnitTree | None = None
) -> frozenset[int]:
    """Return the ids of the units that a person reaches by one of the roles, subtrees included.

    A page that has read the ``tree`` already hands it in and saves a statement.
    """
    tops = {unit_id for role, unit_id in roles_of(person) if role in roles}
    if not tops:
        return frozenset()
    tree = tree or unit_tree()
    return frozenset().union(*(tree.subtree(top) for top in tops))


def people() -> QuerySet[Person]:
    """Return everybody with their roles, in one further statement."""
    return Person.objects.prefetch_related(Prefetch("memberships", Membership.objects.select_related("unit")))


def find_people(query: str = "", role: str = "") -> QuerySet[Person]:
    """Return the people whose name or address holds every word, or who have a role, with all their roles."""
    found = people()
    for word in query.split():
        found = found.filter(Q(name__icontains=word) | Q(email__icontains=word))
    if role:
        found = found.filter(Exists(Membership.objects.filter(person=OuterRef("pk"), role=role)))
    return found.order_by("name", "pk")


def members_of(unit: Unit) -> QuerySet[Membership]:
    """Return who has a role in a unit itself."""
    return (
        Membership.objects.filter(unit=unit).select_related("person").order_by("role", "person__name", "pk")
    )


def judges() -> QuerySet[Person]:
    """Return the people who may be named as judges."""
    return Person.objects.filter(is_active=True, memberships__role=Role.JUDGE).distinct()


def aliases_by_unit(units: Iterable[Unit]) -> dict[int, tuple[str, ...]]:
    """Return the aliases of units in alphabetical order."""
    found: dict[int, list[str]] = {}
    for alias in UnitAlias.objects.filter(unit__in=[unit.pk for unit in units]):
        found.setdefault(alias.unit_id, []).append(alias.text)
    return {key: tuple(texts) for key, texts in found.items()}
