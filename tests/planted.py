"""Cities with planted gaps: whoever made them knows of each innovation what must be found, and of each unit.

The expectation is written down while planting, in plain arithmetic and without a look at the code under test.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from tifa.chain.choices import DayCount, GapKind, Step
from tifa.chain.models import HandOff, Holiday, NilReport, Reversal, ServiceLevel
from tifa.organisation.choices import Function, Role, UnitKind
from tifa.organisation.models import Membership, Person, Unit, UnitAlias
from tifa.registry.choices import Source, Stage
from tifa.registry.models import Innovation

# 15:30 in London on the 24th is half past midnight on the 25th in Jayapura: the day that counts is the city's.
NOW = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
DAY = date(2026, 11, 25)
CALENDAR_DAYS = {GapKind.UNREPORTED: 90, GapKind.UNVERIFIED: 14, GapKind.UNDECIDED: 60}
WORKING_DAYS = {GapKind.RETURNED: 10, GapKind.UNFORWARDED: 20, GapKind.UNRECEIPTED: 15}
DAYS_OFF = (date(2026, 5, 1), date(2026, 8, 17), date(2026, 12, 25))
BRANCH_DAYS = 120


class Expected(NamedTuple):
    """What must be said of one innovation."""

    kind: str
    unit: str
    holder: str
    since: date | None
    due: date | None
    deliberate: bool


@dataclass
class City:
    """What was planted: the gaps by innovation, the silent units, and who looks."""

    gaps: dict[str, Expected] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    back: set[str] = field(default_factory=set)
    ledgers: dict[str, int] = field(default_factory=dict)


class _Row(NamedTuple):
    step: Step
    on: date
    extra: dict[str, Any]
    undone: bool = False


@dataclass
class _Plan:
    innovation: Innovation
    rows: list[_Row]


def plant(innovations: int, *, units: int, seed: int = 20261125) -> City:
    """Fill the database with a city of so many innovations, and return what must be found in it."""
    draw = random.Random(seed)
    city = City()
    root = Unit.objects.create(code="KOTA", name="Kota", kind=UnitKind.CITY)
    ortal = Unit.objects.create(code="ORTAL", name="Bagian Organisasi", kind=UnitKind.ORTAL, parent=root)
    branch = Unit.objects.create(code="DIST.JAUH", name="Distrik Jauh", kind=UnitKind.DISTRIK, parent=root)
    working = [
        Unit(
            code=f"U{number:04}",
            name=f"Unit {number}",
            kind=UnitKind.DEPARTMENT,
            parent=draw.choice([root, branch]),
        )
        for number in range(units)
    ]
    Unit.objects.bulk_create(working)
    working = list(Unit.objects.filter(code__startswith="U").order_by("code"))
    _levels(root, branch)
    silent, nil, moved, merged = _special(working, root, draw)
    active = [unit for unit in working if unit not in {*silent, *nil, *merged}]
    plans = list(_plans(innovations, active, silent, draw))
    Innovation.objects.bulk_create([plan.innovation for plan in plans], batch_size=1000)
    _write_steps(plans)
    _move(moved, branch, root)
    _merge(merged, active[0], plans)
    branch_units = {branch.pk} | set(Unit.objects.filter(parent=branch).values_list("pk", flat=True))
    for plan in plans:
        _expect(city, plan, branch_units, ortal)
    _expect_silence(city, plans, nil)
    _person(root)
    return city


def _levels(root: Unit, branch: Unit) -> None:
    ServiceLevel.objects.bulk_create(
        [
            *(
                ServiceLevel(unit=root, kind=kind, days=days, counting=DayCount.CALENDAR)
                for kind, days in CALENDAR_DAYS.items()
            ),
            *(
                ServiceLevel(unit=root, kind=kind, days=days, counting=DayCount.WORKING)
                for kind, days in WORKING_DAYS.items()
            ),
            ServiceLevel(unit=branch, kind=GapKind.UNREPORTED, days=BRANCH_DAYS),
        ]
    )
    Holiday.objects.bulk_create(Holiday(day=day, name=f"Libur {day}") for day in DAYS_OFF)


def _special(
    units: list[Unit], root: Unit, draw: random.Random
) -> tuple[set[Unit], set[Unit], list[Unit], list[Unit]]:
    """Choose silent units, units that said none, units that move to another branch, units that are merged away."""
    chosen = draw.sample(units[1:], max(len(units) // 4, 4))
    quarter = len(chosen) // 4
    silent, nil = set(chosen[:quarter]), set(chosen[quarter : 2 * quarter])
    moved, merged = chosen[2 * quarter : 3 * quarter], chosen[3 * quarter :]
    NilReport.objects.bulk_create(
        NilReport(unit=unit, year=DAY.year, on=date(2026, 3, 1), signed_by="Kepala") for unit in nil
    )
    return silent, nil, moved, merged


def _plans(count: int, active: list[Unit], silent: set[Unit], draw: random.Random) -> Iterator[_Plan]:
    kinds = (
        _unreported,
        _forgotten,
        _future,
        _reported,
        _returned,
        _verified,
        _held,
        _held_and_back,
        _selected,
        _forwarded,
        _received,
        _verified_and_undone,
        _midnight,
        _entered_backwards,
    )
    quiet = sorted(silent, key=lambda unit: unit.code)
    for number in range(count):
        make = kinds[number % len(kinds)]
        unfinished = make in (_unreported, _forgotten)
        unit = draw.choice(quiet) if unfinished and number % 3 == 0 else draw.choice(active)
        start, rows = make(draw)
        yield _Plan(
            Innovation(
                code=f"INV-{number:06}",
                title=f"Layanan keliling nomor {number}",
                unit=unit,
                function=draw.choice(Function.values),
                stage=Stage.USE,
                use_started=start,
                source=Source.FINDING if unfinished else Source.REPORT,
                recorded_at=NOW - timedelta(minutes=number),
            ),
            rows,
        )


Made = tuple[date | None, list[_Row]]


def _begun(draw: random.Random) -> date:
    return date(2024, 1, 1) + timedelta(days=draw.randrange(700))


def _steps(draw: random.Random, *steps: Step, extra: dict[str, Any] | None = None) -> list[_Row]:
    day = date(2026, 1, 5) + timedelta(days=draw.randrange(200))
    rows = []
    for step in steps:
        rows.append(_Row(step, day, extra or {} if step == steps[-1] else {}))
        day += timedelta(days=draw.randrange(15))
    return rows


def _unreported(draw: random.Random) -> Made:
    return _begun(draw), []


def _forgotten(draw: random.Random) -> Made:
    return None, []


def _future(draw: random.Random) -> Made:
    return DAY + timedelta(days=1 + draw.randrange(90)), []


def _reported(draw: random.Random) -> Made:
    return _begun(draw), _steps(draw, Step.REPORTED)


def _returned(draw: random.Random) -> Made:
    return _begun(draw), _steps(draw, Step.REPORTED, Step.RETURNED, extra={"reason": "bukti kurang"})


def _verified(draw: random.Random) -> Made:
    return _begun(draw), _steps(draw, Step.REPORTED, Step.VERIFIED)


def _held(draw: random.Random) -> Made:
    until = DAY + timedelta(days=1 + draw.randrange(200))
    extra = {"reason": "menunggu anggaran", "due": until}
    return _begun(draw), _steps(draw, Step.REPORTED, Step.VERIFIED, Step.HELD, extra=extra)


def _held_and_back(draw: random.Random) -> Made:
    until = DAY - timedelta(days=draw.randrange(20))
    extra = {"reason": "menunggu anggaran", "due": until}
    return _begun(draw), _steps(draw, Step.REPORTED, Step.VERIFIED, Step.HELD, extra=extra)


def _selected(draw: random.Random) -> Made:
    return _begun(draw), _steps(draw, Step.REPORTED, Step.VERIFIED, Step.SELECTED)


def _forwarded(draw: random.Random) -> Made:
    """Forwarded without a receipt."""
    rows = _steps(
        draw, Step.REPORTED, Step.VERIFIED, Step.SELECTED, Step.FORWARDED, extra={"letter_number": "1"}
    )
    return _begun(draw), rows


def _received(draw: random.Random) -> Made:
    steps = (
        Step.REPORTED,
        Step.VERIFIED,
        Step.SELECTED,
        Step.FORWARDED,
        draw.choice([Step.RECEIVED, Step.REJECTED]),
    )
    return _begun(draw), _steps(draw, *steps, extra={"reason": "jawaban"})


def _verified_and_undone(draw: random.Random) -> Made:
    first, second = _steps(draw, Step.REPORTED, Step.VERIFIED)
    return _begun(draw), [first, second._replace(undone=True)]


def _midnight(draw: random.Random) -> Made:
    """Verified on the city's day, which in London has not come; dated one day later it would not count yet."""
    later = draw.random() < 0.5
    return _begun(draw), [
        _Row(Step.REPORTED, DAY - timedelta(days=3), {}),
        _Row(Step.VERIFIED, DAY + timedelta(days=later), {}),
    ]


def _entered_backwards(draw: random.Random) -> Made:
    """The later step was entered first, by somebody whose clock ran ahead."""
    first, second = _steps(draw, Step.REPORTED, Step.VERIFIED)
    return _begun(draw), [second._replace(on=first.on + timedelta(days=2)), first]


def _write_steps(plans: list[_Plan]) -> None:
    rows = [
        (
            HandOff(
                innovation=plan.innovation,
                step=row.step,
                on=row.on,
                # The clock that wrote them down may have run backwards; only their own days count.
                recorded_at=NOW - timedelta(hours=number % 50),
                **row.extra,
            ),
            row.undone,
        )
        for plan in plans
        for number, row in enumerate(plan.rows)
    ]
    made = HandOff.objects.bulk_create([handoff for handoff, _undone in rows], batch_size=1000)
    person = Person.objects.create_user("tangan@example.org", None, name="Tangan")
    Reversal.objects.bulk_create(
        Reversal(handoff=handoff, recorded_by=person, recorded_at=NOW)
        for handoff, (_row, undone) in zip(made, rows, strict=True)
        if undone
    )
    HandOff.objects.settle({handoff.innovation_id for handoff in made})


def _move(moved: list[Unit], branch: Unit, root: Unit) -> None:
    """Units change their branch: what they hold goes with them, and the deadline is that of the new branch."""
    for unit in moved:
        unit.parent = root if unit.parent_id == branch.pk else branch
        unit.save(update_fields=["parent"])


def _merge(merged: list[Unit], into: Unit, plans: list[_Plan]) -> None:
    """Units end, and another takes over their name: they owe nothing any more."""
    for unit in merged:
        unit.valid_to = DAY - timedelta(days=1)
        unit.save(update_fields=["valid_to"])
        UnitAlias.objects.create(unit=into, text=unit.name)


def working_days_after(since: date, days: int) -> date:
    """Count one day after the other, as somebody with a wall calendar does."""
    day = since
    while days:
        day += timedelta(days=1)
        if day.isoweekday() < 6 and day not in DAYS_OFF:
            days -= 1
    return day


HOLDERS = {
    Step.REPORTED: (GapKind.UNVERIFIED, "ortal"),
    Step.RETURNED: (GapKind.RETURNED, ""),
    Step.VERIFIED: (GapKind.UNDECIDED, "ortal"),
    Step.HELD: (GapKind.HELD, "ortal"),
    Step.SELECTED: (GapKind.UNFORWARDED, "ortal"),
    Step.FORWARDED: (GapKind.UNRECEIPTED, "ministry"),
}
REACHED = {
    "reported": {Step.REPORTED},
    "verified": {Step.VERIFIED},
    "selected": {Step.SELECTED},
    "forwarded": {Step.FORWARDED},
    "received": {Step.RECEIVED},
}


def _expect(city: City, plan: _Plan, branch_units: set[int], ortal: Unit) -> None:
    one = plan.innovation
    standing = [row for row in plan.rows if row.on <= DAY and not row.undone]
    begun = one.use_started is None or one.use_started <= DAY
    if not standing and not begun:
        return
    city.ledgers["known"] = city.ledgers.get("known", 0) + 1
    for ledger, steps in REACHED.items():
        reached = any(row.step in steps for row in standing)
        city.ledgers[ledger] = city.ledgers.get(ledger, 0) + reached
    if not standing:
        days = BRANCH_DAYS if one.unit_id in branch_units else CALENDAR_DAYS[GapKind.UNREPORTED]
        due = one.use_started + timedelta(days=days) if one.use_started else None
        city.gaps[one.code] = Expected(
            "unreported", one.unit.code, one.unit.code, one.use_started, due, deliberate=False
        )
        return
    latest = max(row.on for row in standing)
    last = [row for row in standing if row.on == latest][-1]
    if last.step not in HOLDERS:
        return
    kind, holder = HOLDERS[last.step]
    due = last.extra.get("due")
    if due is None and kind in WORKING_DAYS:
        due = working_days_after(last.on, WORKING_DAYS[kind])
    elif due is None:
        due = last.on + timedelta(days=CALENDAR_DAYS[kind])
    city.gaps[one.code] = Expected(
        kind.value, one.unit.code, holder or one.unit.code, last.on, due, deliberate=last.step == Step.HELD
    )
    if last.step == Step.HELD and due <= DAY:
        city.back.add(one.code)


def _expect_silence(city: City, plans: list[_Plan], nil: set[Unit]) -> None:
    spoke = {unit.pk for unit in nil} | {
        plan.innovation.unit_id
        for plan in plans
        for row in plan.rows
        if row.step == Step.REPORTED and row.on.year == DAY.year and row.on <= DAY
    }
    city.silent = {
        unit.code
        for unit in Unit.objects.all()
        if unit.pk not in spoke and (unit.valid_to is None or unit.valid_to >= DAY)
    }


def _person(root: Unit) -> None:
    person = Person.objects.create_user("ortal@example.org", None, name="Ortal")
    Membership.objects.create(person=person, unit=root, role=Role.ORTAL)
