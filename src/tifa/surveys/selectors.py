"""Reads waves with their counters and answers: who sees which, how many answered, and what the index is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet

from tifa.instruments import Instrument, NoSample, list_instruments, load_instrument, sample_sizes
from tifa.organisation.choices import DECIDING_ROLES, REPORTING_ROLES, VIEWING_ROLES
from tifa.organisation.models import Person
from tifa.organisation.selectors import UnitTree, units_of
from tifa.standards.models import Service
from tifa.surveys.models import Counter, Remark, Response, Wave

if TYPE_CHECKING:
    from tifa.surveys.index import Index

FORM = "skm-"


@dataclass(frozen=True)
class Line:
    """One counter of a wave: how many answered, how many should, and its index."""

    counter: Counter
    flagged: int
    target: int | None
    index: "Index"


@dataclass(frozen=True)
class Result:
    """What a person may see of a wave: the whole, None when they see a part of it only, and its counters."""

    whole: "Index | None"
    lines: tuple[Line, ...]


def editions() -> list[Instrument]:
    """Return the editions of the survey, the newest first."""
    return [load_instrument(one.id) for one in list_instruments() if one.id.startswith(FORM)]


def visible_waves(person: Person, tree: UnitTree) -> QuerySet[Wave]:
    """Return the waves of the units that a person reaches, and those that ask users of their services."""
    reach = units_of(person, VIEWING_ROLES, tree)
    asked = Counter.objects.filter(service__unit__in=reach).order_by().values("wave")
    return (
        Wave.objects.filter(Q(unit__in=reach) | Q(pk__in=asked))
        .select_related("unit")
        .annotate(answered=Count("counters__responses"))
        .order_by("-starts_on", "-pk")
    )


def running_units(person: Person, tree: UnitTree) -> frozenset[int]:
    """Return the units whose waves a person runs."""
    return units_of(person, REPORTING_ROLES | DECIDING_ROLES, tree)


def counters_for(person: Person, tree: UnitTree, wave: Wave) -> QuerySet[Counter]:
    """Return the counters of a wave that a person may see: all of a wave of their own, else those of their services."""
    reach = units_of(person, VIEWING_ROLES, tree)
    rows = wave.counters.select_related("service__unit").order_by(
        "service__unit__code", "service__name", "pk"
    )
    return rows if wave.unit_id in reach else rows.filter(service__unit__in=reach)


def services_to_ask(wave: Wave, tree: UnitTree, today: date) -> QuerySet[Service]:
    """Return the services below the unit of a wave that are given and not asked about yet."""
    return (
        Service.objects.filter(
            Q(closed_on=None) | Q(closed_on__gt=today), unit__in=tree.subtree(wave.unit_id)
        )
        .exclude(pk__in=wave.counters.order_by().values("service"))
        .select_related("unit")
        .order_by("unit__code", "name", "pk")
    )


def result_of(wave: Wave, counters: Sequence[Counter], *, whole: bool) -> Result:
    """Return the index of a wave and of its counters, in two statements whatever their number."""
    from tifa.surveys.index import Group, indices  # noqa: PLC0415  # loads NumPy, which taking answers in does not need

    keys = [one.pk for one in counters]
    answers: dict[int, list[str]] = {}
    rows = Response.objects.filter(counter__in=keys, flagged=False).order_by("pk")
    for counter, given in rows.values_list("counter", "answers").iterator(chunk_size=20_000):
        answers.setdefault(counter, []).append(given)
    flagged = dict(
        Response.objects.filter(counter__in=keys, flagged=True)
        .order_by()
        .values_list("counter")
        .annotate(Count("pk"))
    )
    instrument = load_instrument(wave.instrument_id)
    groups = [Group(str(one.pk), answers.get(one.pk, []), one.population) for one in counters]
    everybody, parts = indices(instrument, groups, least=wave.least, final=wave.is_closed, on=wave.starts_on)
    return Result(
        everybody if whole else None,
        tuple(
            Line(one, flagged.get(one.pk, 0), target_of(instrument, one.population), parts[str(one.pk)])
            for one in counters
        ),
    )


def target_of(instrument: Instrument, population: int | None) -> int | None:
    """Return how many people to ask by the first rule of the edition; None when nobody knows how many there are."""
    if not population:
        return None
    try:
        return sample_sizes(instrument, population)[0].size
    except NoSample:
        return None


def counter_by_code(code: str) -> tuple[Counter | None, bool]:
    """Return the counter of a code, and whether the code is that of its shared tablet."""
    rows = Counter.objects.select_related("wave", "service__unit")
    found = rows.filter(Q(code=code) | Q(tablet_code=code)).first()
    return found, found is not None and found.tablet_code == code


def remarks_on(counters: Sequence[Counter], *, most: int) -> list[Remark]:
    """Return what people wrote at some counters, the newest first."""
    rows = Remark.objects.filter(counter__in=[one.pk for one in counters])
    return list(rows.select_related("counter__service__unit")[:most])
