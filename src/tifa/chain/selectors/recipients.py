"""Who is told about a unit, and what each person may read and wants by mail."""

from collections.abc import Collection, Iterable

from tifa.chain.models import MessageSettings
from tifa.chain.selectors.campaigns import delegated_units
from tifa.organisation.choices import VIEWING_ROLES, Role
from tifa.organisation.models import Membership, Person
from tifa.organisation.selectors import UnitTree, units_of

TOLD_ROLES = (Role.OPERATOR, Role.HEAD, Role.ORTAL, Role.LEADER)


class Recipients:
    """Finds the people of a unit; all roles are read in one statement when it is made."""

    def __init__(self, tree: UnitTree) -> None:
        self._tree = tree
        self._people: dict[tuple[int, str], list[Person]] = {}
        rows = Membership.objects.filter(role__in=TOLD_ROLES, person__is_active=True)
        for one in rows.select_related("person").order_by("person_id", "pk"):
            self._people.setdefault((one.unit_id, one.role), []).append(one.person)

    def nearest(self, unit: int, role: Role) -> list[Person]:
        """Return who has a role in a unit, else in the nearest unit above it where anybody has."""
        for key in self._tree.ancestors(unit):
            if found := self._people.get((key, role)):
                return found
        return []

    def reporters(self, unit: int) -> list[Person]:
        """Return the operators of a unit, its heads when there are none."""
        return self.nearest(unit, Role.OPERATOR) or self.nearest(unit, Role.HEAD)

    def both(self, unit: int) -> list[Person]:
        """Return operators and heads of a unit, nobody twice."""
        people = [*self.nearest(unit, Role.OPERATOR), *self.nearest(unit, Role.HEAD)]
        return list({person.pk: person for person in people}.values())

    def leaders(self, unit: int) -> list[Person]:
        """Return every leader in whose part of the tree a unit lies."""
        people = [
            person
            for key in self._tree.ancestors(unit)
            for person in self._people.get((key, Role.LEADER), ())
        ]
        return list({person.pk: person for person in people}.values())


def readable_units(person: Person, tree: UnitTree) -> frozenset[int]:
    """Return the units about which a person may be told anything."""
    return units_of(person, VIEWING_ROLES, tree) | delegated_units(person, tree)


def settings_of(people: Iterable[Person]) -> dict[int, MessageSettings]:
    """Return how people want to be told; whoever chose nothing gets what everybody gets."""
    keys: Collection[int] = {person.pk for person in people}
    found = {one.person_id: one for one in MessageSettings.objects.filter(person__in=keys)}
    return {key: found.get(key) or MessageSettings(person_id=key) for key in keys}
