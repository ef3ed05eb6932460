"""Who is at work on a page: the person, the day, and the units."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from tifa.core.clock import today
from tifa.organisation.models import Person
from tifa.organisation.selectors import UnitTree, unit_tree


@dataclass(frozen=True)
class Desk:
    """A person at work on a day, with the tree of units."""

    person: Person
    today: date
    tree: UnitTree


def person_of(request: HttpRequest) -> Person:
    """Return who is signed in."""
    person = request.user
    if not isinstance(person, Person):
        raise PermissionDenied
    return person


def desk_of(request: HttpRequest) -> Desk:
    """Return the person, the day and the units; the place where a page reads the clock."""
    return Desk(person_of(request), today(), unit_tree())
