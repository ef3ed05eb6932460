"""Plain makers of rounds and score sheets."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from tests.factories import Town, make_innovation
from tifa.evaluation.choices import ScoreState
from tifa.evaluation.models import Entry, PanelMember, Round, ScoreSheet
from tifa.evaluation.services.rounds import close_round, open_round
from tifa.evaluation.services.scoring import SectionScore, record_scores
from tifa.organisation.choices import Role
from tifa.organisation.models import Membership, Person

INSTRUMENT = "kipp-2023"
SECTIONS = (
    "ringkasan",
    "latar_belakang_tujuan",
    "kebaruan",
    "implementasi",
    "signifikansi",
    "adaptabilitas",
    "sumber_daya",
    "strategi_keberlanjutan",
)
OPENED = date(2026, 10, 1)
CLOSED = date(2026, 11, 1)
NOW = datetime(2026, 10, 5, 3, 0, tzinfo=UTC)


def make_judges(town: Town, count: int, start: int = 1) -> list[Person]:
    """Make people with the role of a judge; names do not tell their order of making."""
    people = Person.objects.bulk_create(
        Person(email=f"judge{n}@example.org", name=f"Judge {n}", password="!")
        for n in range(start, start + count)
    )
    Membership.objects.bulk_create(Membership(person=one, unit=town.city, role=Role.JUDGE) for one in people)
    return people


def make_round(town: Town, judges: Sequence[Person], entries: int = 1, code: str = "KIPP-2026") -> Round:
    """Make a round in preparation, with entries and judges."""
    round_ = Round.objects.create(code=code, name=f"Putaran {code}", instrument_id=INSTRUMENT)
    for _ in range(entries):
        day = date(2026, 9, 1)
        innovation = make_innovation(town.puskesmas, verified_on=day, published_on=day)
        Entry.objects.create(round=round_, innovation=innovation)
    for judge in judges:
        PanelMember.objects.create(round=round_, name=judge.name, person=judge)
    return round_


def make_open_round(town: Town, judges: Sequence[Person], entries: int = 1, code: str = "KIPP-2026") -> Round:
    """Make a round that judges may score in."""
    return open_round(actor=None, round_=make_round(town, judges, entries, code), on=OPENED)


def entries_of(round_: Round) -> list[Entry]:
    """Return the entries by code, ready for the services."""
    return list(
        Entry.objects.filter(round=round_)
        .select_related("round", "innovation__unit")
        .order_by("innovation__code")
    )


def said(value: str | int, note: str = "", **states: ScoreState) -> list[SectionScore]:
    """Return one number for all sections; ``states`` names sections without a number."""
    return [
        SectionScore(name, states[name], None, note)
        if name in states
        else SectionScore(name, ScoreState.SCORED, Decimal(value), note)
        for name in SECTIONS
    ]


def judge_entry(
    judge: Person, entry: Entry, value: str | int, *, submit: bool = True, **states: ScoreState
) -> ScoreSheet:
    """Record a first sheet."""
    return record_scores(
        judge=judge, entry=entry, version=0, scores=said(value, **states), submit=submit, now=NOW
    )


def make_closed_round(
    town: Town,
    actor: Person,
    judges: Sequence[Person],
    entries: int = 6,
    code: str = "KIPP-2026",
    missing: Collection[tuple[int, int]] = (),
) -> Round:
    """Make a closed round in which judges differ in severity; ``missing`` are pairs of judge and entry by number."""
    round_ = make_open_round(town, judges, entries, code)
    for number, entry in enumerate(entries_of(round_)):
        for seat, judge in enumerate(judges):
            if (seat, number) not in missing:
                # Level of the entry, severity of the judge, and a little of this review alone.
                judge_entry(judge, entry, 60 + 5 * (number % 8) - 4 * seat + (7 * seat + 3 * number) % 5)
    return close_round(actor=actor, round_=round_, on=CLOSED)
