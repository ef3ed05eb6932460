"""The index of the city as its dossiers make it: as claimed, and as the organisation section checked it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tifa.dossiers.selectors.choosing import Weighed, weighed_dossiers
from tifa.dossiers.simulation import Member, Simulated, simulate
from tifa.instruments import Instrument
from tifa.organisation.models import Person
from tifa.organisation.selectors import UnitTree
from tifa.registry.models import Innovation
from tifa.registry.selectors import visible_innovations


@dataclass(frozen=True)
class Row:
    """An innovation in the index of the city: whether it counts, and what it adds to the index both ways."""

    weighed: Weighed
    inside: bool
    claimed: Fraction
    checked: Fraction

    @property
    def innovation(self) -> Innovation:
        """Return the innovation."""
        return self.weighed.dossier.innovation


@dataclass(frozen=True)
class City:
    """The index of the city both ways, its innovations with what each adds, and how many have no dossier yet."""

    claimed: Simulated
    checked: Simulated
    rows: tuple[Row, ...]
    without: int


@dataclass(frozen=True)
class WhatIf:
    """What is tried: the city's own results, which dossiers stay out, and so many more innovations of one maturity."""

    given: Mapping[str, Fraction]
    left_out: Collection[int]
    more: int = 0
    value: Fraction = Fraction(0)


def city_under(person: Person, tree: UnitTree, instrument: Instrument, tried: WhatIf, today: date) -> City:
    """Return the index of the city under an edition that measures it by its innovations.

    Dossiers that break a rule of admission stay out. What nobody claimed counts as 0, as the edition says.
    """
    weighed = weighed_dossiers(person, tree, instrument, today)
    inside = {one.dossier.pk for one in weighed if not one.broken and one.dossier.pk not in tried.left_out}
    claimed = {one.dossier.pk: Fraction(one.readiness.claimed or 0) for one in weighed}
    checked = {one.dossier.pk: Fraction(one.verified or 0) for one in weighed}
    as_claimed = _simulated(instrument, weighed, claimed, inside, tried, today)
    as_checked = _simulated(instrument, weighed, checked, inside, tried, today)
    rows = [
        Row(
            one,
            one.dossier.pk in inside,
            as_claimed.effects[one.dossier.pk],
            as_checked.effects[one.dossier.pk],
        )
        for one in weighed
    ]
    verified = visible_innovations(person, tree).filter(verified_on__isnull=False)
    begun = {one.dossier.innovation_id for one in weighed}
    return City(
        as_claimed,
        as_checked,
        tuple(sorted(rows, key=lambda row: (-row.claimed, -row.checked, row.innovation.code))),
        sum(key not in begun for key in verified.order_by().values_list("pk", flat=True)),
    )


def _simulated(
    instrument: Instrument,
    weighed: Sequence[Weighed],
    values: Mapping[int, Fraction],
    inside: Collection[int],
    tried: WhatIf,
    today: date,
) -> Simulated:
    fields = [field.id for field in instrument.collections[0].fields]
    members = {
        one.dossier.pk: Member(
            one.dossier.pk, values[one.dossier.pk], dict.fromkeys(fields, one.dossier.innovation.affairs)
        )
        for one in weighed
    }
    more = [Member(-at, tried.value, {}) for at in range(1, tried.more + 1)]
    return simulate(
        instrument,
        [*(member for key, member in members.items() if key in inside), *more],
        [member for key, member in members.items() if key not in inside],
        tried.given,
        on=today,
    )
