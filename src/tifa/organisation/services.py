"""Changes to units, people and roles."""

from collections.abc import Collection
from datetime import date

from django.db import transaction

from tifa.core import audit
from tifa.organisation.choices import Role
from tifa.organisation.models import Membership, Person, Unit, UnitAlias


@transaction.atomic
def create_unit(
    *,
    actor: Person | None,
    code: str,
    name: str,
    kind: str,
    parent: Unit | None = None,
    aliases: Collection[str] = (),
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Unit:
    """Enter a unit with its aliases."""
    unit = Unit(code=code, name=name, kind=kind, parent=parent, valid_from=valid_from, valid_to=valid_to)
    unit.full_clean()
    unit.save()
    UnitAlias.objects.bulk_create(UnitAlias(unit=unit, text=text) for text in sorted(set(aliases)))
    audit.record(
        actor=actor, action="unit.created", object_type="unit", object_key=code, name=name, kind=kind
    )
    return unit


@transaction.atomic
def create_person(*, actor: Person | None, email: str, name: str, password: str | None = None) -> Person:
    """Enter a person; without a password they set one by the link in the sign-in page."""
    person = Person.objects.create_user(email, password, name=name)
    audit.record(
        actor=actor, action="person.created", object_type="person", object_key=person.email, name=name
    )
    return person


@transaction.atomic
def update_person(*, actor: Person, person: Person, name: str, is_active: bool) -> Person:
    """Change the name of a person, or whether they may sign in."""
    before = {"name": person.name, "is_active": person.is_active}
    person.name, person.is_active = name, is_active
    person.save(update_fields=["name", "is_active"])
    audit.record(
        actor=actor,
        action="person.changed",
        object_type="person",
        object_key=person.email,
        before=before,
        after={"name": name, "is_active": is_active},
    )
    return person


@transaction.atomic
def grant_role(*, actor: Person | None, person: Person, unit: Unit, role: Role) -> Membership:
    """Give a person a role in a unit; a role already held stays as it is."""
    membership, created = Membership.objects.get_or_create(person=person, unit=unit, role=role)
    if created:
        _record_role(actor, "role.granted", membership)
    return membership


@transaction.atomic
def revoke_role(*, actor: Person, membership: Membership) -> None:
    """Take a role away."""
    _record_role(actor, "role.revoked", membership)
    membership.delete()


def _record_role(actor: Person | None, action: str, membership: Membership) -> None:
    audit.record(
        actor=actor,
        action=action,
        object_type="person",
        object_key=membership.person.email,
        role=membership.role,
        unit=membership.unit.code,
    )
