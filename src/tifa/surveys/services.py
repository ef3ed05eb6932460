"""Runs waves and takes answers in."""

import hashlib
import hmac
import secrets
from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tifa.core import audit
from tifa.instruments import load_instrument
from tifa.organisation.models import Person, Unit
from tifa.standards.models import Service
from tifa.surveys.choices import Channel
from tifa.surveys.models import Counter, Remark, Response, Wave
from tifa.surveys.sheets import packed

# A device that answers more often than this at one counter on one day is flagged: a family shares a phone, a crowd does not.
MOST_FROM_A_DEVICE = 5


class NotOpen(ValueError):
    """Nobody can answer now; the message says why."""


@transaction.atomic
def create_wave(
    *,
    actor: Person,
    unit: Unit,
    name: str,
    instrument_id: str,
    starts_on: date,
    ends_on: date,
    least: int,
    now: datetime,
) -> Wave:
    """Prepare a wave of a unit.

    Raises
    ------
    ValidationError
        When it ends before it begins, or a number would stand for too few people.
    """
    wave = Wave(
        unit=unit,
        name=name,
        instrument_id=instrument_id,
        starts_on=starts_on,
        ends_on=ends_on,
        least=least,
        recorded_by=actor,
        recorded_at=now,
    )
    wave.full_clean()
    wave.save()
    _record(actor, "wave.created", wave, name=name, unit=unit.code, starts_on=starts_on, ends_on=ends_on)
    return wave


@transaction.atomic
def add_counters(*, actor: Person, wave: Wave, services: Collection[Service]) -> list[Counter]:
    """Ask the users of some services in a wave; each gets a code for phones and one for the tablet."""
    made = Counter.objects.bulk_create(
        Counter(wave=wave, service=one, code=secrets.token_hex(5), tablet_code=secrets.token_hex(12))
        for one in services
    )
    _record(actor, "wave.services_chosen", wave, services=len(made))
    return made


@transaction.atomic
def set_population(*, actor: Person, counter: Counter, population: int | None) -> None:
    """Say how many people use a service in the period."""
    counter.population = population
    counter.save(update_fields=["population"])
    _record(actor, "wave.population_set", counter.wave, counter=counter.code, population=population)


@transaction.atomic
def close_wave(*, actor: Person, wave: Wave, now: datetime) -> None:
    """Take no more answers, let all of them count, and wipe what tells one device from another."""
    locked = Wave.objects.select_for_update(of=("self",)).get(pk=wave.pk)
    if locked.closed_at is None:
        # Whoever is storing an answer holds its counter; after this nobody does, and the next one sees the closed wave.
        list(Counter.objects.select_for_update(no_key=True, of=("self",)).filter(wave=locked).order_by("pk"))
        locked.closed_at = now
        locked.save(update_fields=["closed_at"])
        Response.objects.filter(counter__wave=locked).update(trace="")
        _record(actor, "wave.closed", locked)


@transaction.atomic
def count_flagged(*, actor: Person, counter: Counter) -> int:
    """Let the answers of a counter count that came often from one device."""
    changed = Response.objects.filter(counter=counter, flagged=True).update(flagged=False)
    _record(actor, "wave.flagged_counted", counter.wave, counter=counter.code, count=changed)
    return changed


def accept_response(
    *,
    counter: Counter,
    client_id: UUID,
    answers: Mapping[str, int | None],
    remark: str,
    channel: Channel,
    device: str,
    given_on: date,
    today: date,
    now: datetime,
) -> bool:
    """Store what one person answered; return False when it was stored before.

    Parameters
    ----------
    client_id
        Made by the page that asked; what arrives twice under it is stored once.
    answers
        Values by item; None where nothing was answered.
    device
        What tells a device from others, such as address and browser; only a keyed hash of it with the day is kept. Empty
        where many answer on one device by intention.

    Raises
    ------
    NotOpen
        When the wave takes no answers on the day on which it was given.
    """
    trace = _trace(device, counter, today) if device else ""
    try:
        with transaction.atomic():
            Counter.objects.select_for_update(no_key=True, of=("self",)).get(pk=counter.pk)
            wave = Wave.objects.get(pk=counter.wave_id)
            if not wave.takes_answers(given_on) or given_on > today:
                raise NotOpen(_("This survey takes no answers now. Thank you for wanting to answer."))
            before = Response.objects.filter(counter=counter, trace=trace).count() if trace else 0
            Response.objects.create(
                counter=counter,
                client_id=client_id,
                answers=packed(load_instrument(wave.instrument_id), answers),
                channel=channel,
                given_on=given_on,
                received_at=now,
                trace=trace,
                flagged=before >= MOST_FROM_A_DEVICE,
            )
            if remark:
                Remark.objects.create(counter=counter, text=remark, given_on=given_on)
    except IntegrityError:
        if Response.objects.filter(client_id=client_id).exists():
            return False
        raise
    return True


def _trace(device: str, counter: Counter, today: date) -> str:
    said = f"{counter.pk}|{today.isoformat()}|{device}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), said, hashlib.sha256).hexdigest()[:16]


def _record(actor: Person, action: str, wave: Wave, **detail: object) -> None:
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in detail.items()}
    audit.record(actor=actor, action=action, object_type="wave", object_key=str(wave.pk), **plain)
