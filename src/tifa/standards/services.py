"""Changes services and their standards."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tifa.core import audit
from tifa.instruments import load_instrument
from tifa.organisation.models import Person, Unit
from tifa.standards.choices import NEEDS_NUMBER, NEXT, Progress
from tifa.standards.facts import ServiceFacts, Taken
from tifa.standards.models import Service, Standard, StandardStep
from tifa.standards.selectors import edition, missing_in


class StandardRefused(ValueError):
    """Something cannot be done as it was asked; the message says why, and how to mend it."""


class StaleRow(ValueError):
    """Somebody else changed the same thing meanwhile; ``stored`` is what lies there now."""

    def __init__(self, stored: Any) -> None:
        self.stored = stored
        super().__init__(_("Somebody else changed this meanwhile. Nothing was overwritten."))


@transaction.atomic
def add_service(*, actor: Person, unit: Unit, facts: ServiceFacts, now: datetime) -> Service:
    """Add a service to the catalogue of a unit.

    Raises
    ------
    ValidationError
        When the unit has one of that name.
    """
    service = Service(unit=unit, recorded_by=actor, recorded_at=now, **asdict(facts))
    service.full_clean()
    service.save()
    _record(actor, "service.added", service, name=service.name, unit=unit.code)
    return service


@transaction.atomic
def change_service(
    *, actor: Person, service: Service, facts: ServiceFacts, version: int, now: datetime
) -> Service:
    """Change what is said of a service.

    Raises
    ------
    StaleRow
        When somebody else changed it since the person looked, and it says something else.
    ValidationError
        When the unit has another one of that name.
    """
    stored = Service.objects.select_for_update(of=("self",)).select_related("unit").get(pk=service.pk)
    if ServiceFacts(**{name: getattr(stored, name) for name in asdict(facts)}) == facts:
        return stored
    if stored.version != version:
        raise StaleRow(stored)
    for name, value in asdict(facts).items():
        setattr(stored, name, value)
    stored.version += 1
    stored.recorded_by, stored.recorded_at = actor, now
    stored.full_clean()
    stored.save()
    closed = stored.closed_on.isoformat() if stored.closed_on else None
    _record(actor, "service.changed", stored, name=stored.name, closed_on=closed)
    return stored


@transaction.atomic
def begin_standard(*, actor: Person, service: Service, copy: Standard | None, now: datetime) -> Standard:
    """Begin the next version of a standard: with what the last one says, or what that of a sister unit says.

    Raises
    ------
    StandardRefused
        When there is a draft already.
    """
    Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
    last = service.standards.order_by("-number").first()
    if last is not None and last.is_draft:
        raise StandardRefused(_("There is a draft already. Go on with it."))
    source = copy or last
    standard = Standard.objects.create(
        service=service,
        number=(service.standards.aggregate(last=Max("number"))["last"] or 0) + 1,
        instrument_id=source.instrument_id if source else edition().id,
        components=dict(source.components) if source else {},
        copied_from=copy,
        changed_by=actor,
        changed_at=now,
    )
    _record(actor, "standard.begun", service, number=standard.number, copy=copy.pk if copy else None)
    return standard


@transaction.atomic
def save_components(
    *, actor: Person, standard: Standard, components: Mapping[str, str], version: int, now: datetime
) -> Standard:
    """Keep what is written for the components of a draft.

    Raises
    ------
    StandardRefused
        When it was determined; then a new version is begun.
    StaleRow
        When somebody else wrote since the person looked, and it says something else.
    """
    stored = Standard.objects.select_for_update(of=("self",)).select_related("changed_by").get(pk=standard.pk)
    said = {name: text.strip() for name, text in components.items() if text.strip()}
    if stored.components == said:
        return stored
    if not stored.is_draft:
        raise StandardRefused(
            _("This version was determined and rests. Begin a new version, then write there.")
        )
    if stored.version != version:
        raise StaleRow(stored)
    stored.components, stored.version = said, stored.version + 1
    stored.changed_by, stored.changed_at = actor, now
    stored.save(update_fields=["components", "version", "changed_by", "changed_at"])
    return stored


@transaction.atomic
def take_step(*, actor: Person, standard: Standard, taken: Taken, today: date, now: datetime) -> StandardStep:
    """Record a step of a standard.

    Raises
    ------
    StandardRefused
        When it cannot follow, lies in the future or before the last step, lacks its document, or when a component that
        must be published is empty.
    """
    stored = Standard.objects.select_for_update(of=("self",)).select_related("service").get(pk=standard.pk)
    _check(stored, taken, today)
    step = StandardStep.objects.create(
        standard=stored,
        step=taken.step,
        on=taken.on,
        number=taken.number,
        circles=[one.value for one in taken.circles],
        note=taken.note,
        file=taken.file,
        recorded_by=actor,
        recorded_at=now,
    )
    stored.progress = taken.step
    stored.save(update_fields=["progress"])
    _record(
        actor,
        f"standard.{taken.step.name.lower()}",
        stored.service,
        number=stored.number,
        on=taken.on.isoformat(),
        letter_number=taken.number,
        sha256=taken.file.sha256 if taken.file else "",
    )
    return step


def _check(standard: Standard, taken: Taken, today: date) -> None:
    progress = Progress(standard.progress) if standard.progress else None
    if taken.step not in NEXT[progress]:
        stands = progress.label if progress else _("a draft")
        raise StandardRefused(
            _("“%(new)s” cannot follow “%(old)s”.") % {"new": taken.step.label, "old": stands}
        )
    if taken.on > today:
        raise StandardRefused(_("This day lies in the future. Give the day on which it happened."))
    last = standard.steps.order_by("-on", "-pk").first()
    if last is not None and taken.on < last.on:
        said = _("The date lies before the last step (%(on)s). Give that day or a later one.")
        raise StandardRefused(said % {"on": date_format(last.on, "j F Y")})
    if taken.step in NEEDS_NUMBER and not taken.number:
        raise StandardRefused(_("Give the number of the decree or of the maklumat."))
    if taken.step == Progress.DISCUSSED and not taken.circles:
        raise StandardRefused(_("Say who took part in the discussion."))
    if taken.step == Progress.DETERMINED:
        lacking = missing_in(load_instrument(standard.instrument_id), standard.components, public_only=True)
        if lacking:
            raise StandardRefused(_("These must be published and are empty: %s.") % ", ".join(lacking))


def _record(actor: Person, action: str, service: Service, **detail: object) -> None:
    audit.record(actor=actor, action=action, object_type="service", object_key=str(service.pk), **detail)
