"""Reads services with their standards: who sees which, what is missing, what has to be reviewed."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Q, QuerySet

from tifa.core.clock import months_after
from tifa.core.differences import Piece, pieces
from tifa.core.likeness import likeness
from tifa.instruments import Instrument, list_instruments, load_instrument, spoken
from tifa.organisation.choices import DECIDING_ROLES, REPORTING_ROLES, VIEWING_ROLES
from tifa.organisation.models import Person
from tifa.organisation.selectors import UnitTree, units_of
from tifa.standards.choices import BINDING, RENEWS, Progress
from tifa.standards.models import Service, Standard, StandardStep

FORM = "standar-pelayanan-"
# The components that must be published are one part of the edition.
PUBLIC_PART = "service_delivery"
MOST_SISTERS = 12


@dataclass(frozen=True)
class Component:
    """One component of a standard: what it is, whether it must be published, and what is written."""

    id: str
    label: str
    guidance: str
    public: bool
    text: str


@dataclass(frozen=True)
class Line:
    """A service on the board: its binding standard, its draft, which components lack, and until when it is to be reviewed.

    ``standard`` is None when none was ever determined. ``missing`` are those of the binding standard, of the draft
    without one, and all of them without either. ``discussed`` says whether the public took part.
    """

    service: Service
    standard: Standard | None
    draft: Standard | None
    missing: tuple[str, ...]
    discussed: bool
    due: date | None
    overdue: bool


@dataclass(frozen=True)
class Coverage:
    """What of the services is in order."""

    services: int
    without: int
    incomplete: int
    undiscussed: int
    overdue: int


def edition() -> Instrument:
    """Return the newest edition of the service standard."""
    names = [one.id for one in list_instruments() if one.id.startswith(FORM)]
    return load_instrument(names[0])


def visible_services(person: Person, tree: UnitTree) -> QuerySet[Service]:
    """Return the services of the units that a person's roles reach, by unit and name."""
    reach = units_of(person, VIEWING_ROLES, tree)
    return Service.objects.filter(unit__in=reach).select_related("unit").order_by("unit__code", "name", "pk")


def writable_units(person: Person, tree: UnitTree) -> frozenset[int]:
    """Return the units whose services a person may change."""
    return units_of(person, REPORTING_ROLES | DECIDING_ROLES, tree)


def public_services(today: date) -> QuerySet[Service]:
    """Return the services that are given and have a standard that was determined; anyone may see them."""
    return (
        Service.objects.filter(Q(closed_on=None) | Q(closed_on__gt=today))
        .filter(pk__in=Standard.objects.filter(progress__in=BINDING).order_by().values("service"))
        .select_related("unit")
        .order_by("name", "unit__name", "pk")
    )


def found_among(services: QuerySet[Service], words: str) -> QuerySet[Service]:
    """Return the services in which every word stands: in their name, unit, users or channels."""
    for word in words.split():
        services = services.filter(
            Q(name__icontains=word)
            | Q(unit__name__icontains=word)
            | Q(users__icontains=word)
            | Q(channels__icontains=word)
        )
    return services


def binding_standard(service: Service) -> Standard | None:
    """Return the newest standard of a service that was determined."""
    return service.standards.filter(progress__in=BINDING).order_by("-number").first()


def standards_of(service: Service) -> list[Standard]:
    """Return all versions of the standard of a service, the newest first, each with its steps."""
    rows = service.standards.select_related("changed_by", "copied_from__service__unit")
    return list(rows.prefetch_related("steps__file", "steps__recorded_by").order_by("-number"))


def components_of(instrument: Instrument, texts: Mapping[str, str]) -> list[Component]:
    """Return the components of an edition in their order with what is written."""
    return [
        Component(
            item.id,
            spoken(item.label),
            spoken(item.guidance) if item.guidance else "",
            item.part == PUBLIC_PART,
            texts.get(item.id, ""),
        )
        for item in instrument.items
    ]


def missing_in(instrument: Instrument, texts: Mapping[str, str], *, public_only: bool = False) -> list[str]:
    """Return the names of the components of which nothing is written."""
    return [
        one.label
        for one in components_of(instrument, texts)
        if not one.text.strip() and (one.public or not public_only)
    ]


def review_due(day: date) -> date:
    """Return until when a standard is to be reviewed that was determined or reviewed on a day."""
    return months_after(day, settings.STANDARD_REVIEW_MONTHS)


def lines_of(services: Iterable[Service], today: date) -> list[Line]:
    """Return services as lines of the board, in two further statements."""
    rows = list(services)
    newest = edition()
    standards: dict[int, list[Standard]] = {}
    for one in Standard.objects.filter(service__in=[row.pk for row in rows]).order_by("number"):
        standards.setdefault(one.service_id, []).append(one)
    steps: dict[int, list[StandardStep]] = {}
    for step in StandardStep.objects.filter(standard__service__in=[row.pk for row in rows]).order_by(
        "on", "pk"
    ):
        steps.setdefault(step.standard_id, []).append(step)
    return [_line(row, standards.get(row.pk, []), steps, newest, today) for row in rows]


def coverage_of(lines: Collection[Line]) -> Coverage:
    """Return how many services lack what."""
    return Coverage(
        services=len(lines),
        without=sum(one.standard is None for one in lines),
        incomplete=sum(bool(one.missing) for one in lines),
        undiscussed=sum(one.standard is not None and not one.discussed for one in lines),
        overdue=sum(one.overdue for one in lines),
    )


def sisters_of(service: Service) -> list[tuple[Standard, int]]:
    """Return binding standards of services of other units, those of the most similar names first, each with its likeness.

    Standards that bind are public, so nothing is told that is not.
    """
    rows = (
        Standard.objects.filter(progress__in=BINDING)
        .exclude(service=service)
        .select_related("service__unit")
        .order_by("service", "-number")
    )
    newest: dict[int, Standard] = {}
    for row in rows:
        newest.setdefault(row.service_id, row)
    weighed = [(one, round(likeness(service.name, one.service.name))) for one in newest.values()]
    same_kind = service.unit.kind
    return sorted(
        weighed,
        key=lambda pair: (-pair[1], pair[0].service.unit.kind != same_kind, pair[0].service.unit.code),
    )[:MOST_SISTERS]


def differences_from(
    standard: Standard, other: Standard, instrument: Instrument
) -> Iterator[tuple[str, Sequence[Piece]]]:
    """Yield the components in which a standard says otherwise than another one, with the words that differ."""
    for one in components_of(instrument, standard.components):
        before = other.components.get(one.id, "")
        if before != one.text:
            yield one.label, list(pieces(before, one.text))


def _line(
    service: Service,
    standards: Sequence[Standard],
    steps: Mapping[int, Sequence[StandardStep]],
    newest: Instrument,
    today: date,
) -> Line:
    binding = next((one for one in reversed(standards) if not one.is_draft), None)
    draft = next((one for one in reversed(standards) if one.is_draft), None)
    looked_at = binding or draft
    taken = steps.get(binding.pk, ()) if binding else ()
    renewed = [step.on for step in taken if step.step in RENEWS]
    due = review_due(max(renewed)) if renewed else None
    given = service.closed_on is None or service.closed_on > today
    return Line(
        service,
        binding,
        draft,
        tuple(missing_in(_edition_of(looked_at, newest), looked_at.components if looked_at else {})),
        any(step.step == Progress.DISCUSSED for step in taken),
        due,
        due is not None and due < today and given,
    )


def _edition_of(standard: Standard | None, newest: Instrument) -> Instrument:
    return newest if standard is None else load_instrument(standard.instrument_id)
