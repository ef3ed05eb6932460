"""Changes to units, people and roles."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from tifa.core import audit
from tifa.organisation.choices import Role
from tifa.organisation.models import Membership, Person, Unit, UnitAlias


class LastAdministrator(ValueError):
    """Nobody would be left who keeps people and roles; the message says what to do first."""


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
    """Change the name of a person, or whether they may sign in.

    Raises
    ------
    LastAdministrator
        When people would shut themselves out.
    """
    if person.pk == actor.pk and not is_active:
        raise LastAdministrator(
            _("You cannot take your own sign-in away. Ask another administrator to do it.")
        )
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
    """Take a role away.

    Raises
    ------
    LastAdministrator
        When it is the actor's own last role as administrator, or the last one that anybody has.
    """
    if membership.role == Role.ADMINISTRATOR:
        _keep_an_administrator(actor, membership)
    _record_role(actor, "role.revoked", membership)
    membership.delete()


def _keep_an_administrator(actor: Person, membership: Membership) -> None:
    # Locked, so that two administrators cannot take each other's role away at the same moment.
    left = Membership.objects.select_for_update(of=("self",)).filter(
        role=Role.ADMINISTRATOR, person__is_active=True
    )
    others = [one for one in left if one.pk != membership.pk]
    if membership.person_id == actor.pk and all(one.person_id != actor.pk for one in others):
        raise LastAdministrator(
            _("This is your own last role as administrator. Ask another administrator to take it away.")
        )
    if not others:
        raise LastAdministrator(
            _("This is the last administrator. Give the role to somebody else first, then take it away here.")
        )


def _record_role(actor: Person | None, action: str, membership: Membership) -> None:
    audit.record(
        actor=actor,
        action=action,
        object_type="person",
        object_key=membership.person.email,
        role=membership.role,
        unit=membership.unit.code,
    )
