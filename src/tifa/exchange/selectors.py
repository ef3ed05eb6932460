"""Reads imports, and what of the registry a person may take in and out."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from tifa.exchange.models import ImportRun
from tifa.organisation.choices import VIEWING_ROLES, Role
from tifa.organisation.models import Person
from tifa.organisation.selectors import unit_tree, units_of

IMPORTING_ROLES = frozenset({Role.ORTAL, Role.ADMINISTRATOR})


def my_imports(person: Person | AnonymousUser) -> QuerySet[ImportRun]:
    """Return the imports that a person started, the newest first."""
    runs = ImportRun.objects.select_related("file").order_by("-started_at", "-pk")
    return runs.filter(person=person) if isinstance(person, Person) else runs.none()


def reach_of(person: Person) -> frozenset[str] | None:
    """Return the codes of the units whose things a person may bring in; None means all.

    Whoever has the role at the top of a tree brings everything in, also a tree that is new.
    """
    if person.is_superuser:
        return None
    tree = unit_tree()
    keys = units_of(person, IMPORTING_ROLES)
    if any(tree.units[key].parent_id is None for key in keys):
        return None
    return frozenset(tree.units[key].code for key in keys)


def sight_of(person: Person) -> frozenset[str] | None:
    """Return the codes of the units whose innovations a person's pages show; None means all."""
    if person.is_superuser:
        return None
    tree = unit_tree()
    return frozenset(tree.units[key].code for key in units_of(person, VIEWING_ROLES, tree))
