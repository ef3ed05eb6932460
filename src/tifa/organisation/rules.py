"""Who may do what, by role; named predicates that `person.has_perm` reads."""

from collections.abc import Collection

import rules
from django.contrib.auth.models import AnonymousUser

from tifa.organisation.choices import Role
from tifa.organisation.models import Membership, Person


def roles_of(person: Person | AnonymousUser) -> frozenset[tuple[str, int]]:
    """Return the roles of a person with the unit of each; read once a request and kept on the person."""
    if not isinstance(person, Person):
        return frozenset()
    kept: frozenset[tuple[str, int]] | None = getattr(person, "_roles", None)
    if kept is None:
        kept = frozenset(Membership.objects.filter(person=person).values_list("role", "unit_id"))
        person._roles = kept  # type: ignore[attr-defined]  # a cache of one request, not a field
    return kept


def has_role(person: Person | AnonymousUser, roles: Collection[Role]) -> bool:
    """Return whether a person has one of the roles anywhere."""
    return any(role in roles for role, _ in roles_of(person))


@rules.predicate
def is_signed_in(person: Person) -> bool:
    """A person with an account."""
    return bool(person.is_authenticated)


@rules.predicate
def is_ortal(person: Person) -> bool:
    """Somebody of the organisation section."""
    return has_role(person, {Role.ORTAL})


@rules.predicate
def is_reporter(person: Person) -> bool:
    """An operator or head of some unit."""
    return has_role(person, {Role.OPERATOR, Role.HEAD})


@rules.predicate
def is_judge(person: Person) -> bool:
    """Somebody who may be named as a judge."""
    return has_role(person, {Role.JUDGE})


@rules.predicate
def is_leader(person: Person) -> bool:
    """The mayor, the secretary, or whoever they ask to look on."""
    return has_role(person, {Role.LEADER})


@rules.predicate
def is_auditor(person: Person) -> bool:
    """Somebody who checks how the others worked."""
    return has_role(person, {Role.AUDITOR})


@rules.predicate
def is_administrator(person: Person) -> bool:
    """Somebody who keeps people and units."""
    return has_role(person, {Role.ADMINISTRATOR})


rules.add_perm("organisation.use_room", is_signed_in)
rules.add_perm("organisation.manage_people", is_administrator)
rules.add_perm("organisation.view_units", is_signed_in)
rules.add_perm("core.view_audit", is_auditor)
