"""Loads the demo city into an empty database, through the same import that takes in a city's workbook."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from tifa.chain.choices import CampaignKind
from tifa.chain.forms.campaigns import ASKED, INVITATION
from tifa.chain.models import ServiceLevel
from tifa.chain.selectors.ledgers import Scope
from tifa.chain.services.campaigns import CampaignContent, create_campaign, open_campaign
from tifa.chain.services.publishing import publish_ledgers
from tifa.chain.services.reporting import report_nil
from tifa.core.models import Installation
from tifa.core.spreadsheets import SheetOut, write_workbook
from tifa.demo.city import (
    AccountFacts,
    City,
    InnovationFacts,
    RoundFacts,
    ServiceFacts,
    SheetFacts,
    StoryFacts,
    load_city,
)
from tifa.dossiers.choices import Block
from tifa.dossiers.services.writing import comment, save_story, start_dossier
from tifa.evaluation.choices import ScoreState
from tifa.evaluation.models import Entry, PanelMember, Round
from tifa.evaluation.services.importing import ImportedScore, import_scores
from tifa.evaluation.services.panel import declare_conflict, name_judges, set_entries
from tifa.evaluation.services.ranking import publish_ranking
from tifa.evaluation.services.rounds import close_round, create_round, open_round
from tifa.evaluation.services.scoring import SectionScore, record_scores
from tifa.evaluation.services.training import add_example
from tifa.exchange.format import HANDOFFS, INNOVATIONS, UNITS, headers
from tifa.exchange.importing import apply_workbook
from tifa.instruments import load_instrument
from tifa.organisation.choices import Function, Role
from tifa.organisation.models import Person, Unit
from tifa.organisation.rules import roles_of
from tifa.organisation.selectors import UnitTree, unit_tree
from tifa.organisation.services import create_person, grant_role
from tifa.registry.choices import Marking
from tifa.registry.models import Innovation
from tifa.registry.services import publish_innovation
from tifa.standards import facts as standard_facts
from tifa.standards import services
from tifa.standards.choices import Circle, Progress
from tifa.standards.models import Standard

PASSWORD = "peragaan-tifa"  # of the demo only, and printed when it is served
AS_OF = date(2026, 11, 20)
NINE = time(9)


class NotEmpty(Exception):
    """The database holds data already; the demo goes into an empty one only."""


@dataclass(frozen=True)
class SignIn:
    """A sign-in of the demo."""

    role: str
    email: str
    password: str


def sign_ins() -> tuple[SignIn, ...]:
    """Return one sign-in a role, and one for each judge."""
    return tuple(SignIn(account.role, account.email, PASSWORD) for account in load_city().accounts)


def is_empty() -> bool:
    """Return whether the database holds neither units nor people."""
    return not Unit.objects.exists() and not Person.objects.exists()


@transaction.atomic
def load_demo() -> City:
    """Load the demo city, all of it or nothing.

    Raises
    ------
    NotEmpty
        When there are units or people already.
    """
    if not is_empty():
        raise NotEmpty
    city = load_city()
    _import(city)
    _mark(city.innovations)
    people = _people(city.accounts)
    ortal = next(people[account.email] for account in city.accounts if account.role == Role.ORTAL)
    _publish_real(city, ortal)
    _chain(city, ortal)
    for facts in city.rounds:
        _round(facts, people, ortal)
    for example in city.examples:
        round_ = Round.objects.get(code=example.round)
        add_example(actor=ortal, round_=round_, title=example.title, text=example.text)
    for story in city.stories:
        _story(story, people)
    tree = unit_tree()
    for service in city.services:
        _service(service, people[service.by], tree)
    _campaign(ortal, tree)
    root = tree.by_code()[next(account.unit for account in city.accounts if account.role == Role.ORTAL)]
    publish_ledgers(actor=ortal, scope=Scope(AS_OF, tree.subtree(root.pk)))
    Installation.objects.update_or_create(pk=1, defaults={"demo": True})
    return city


def _import(city: City) -> None:
    with tempfile.TemporaryDirectory(prefix="tifa-demo-") as folder:
        path = Path(folder) / "peragaan.xlsx"
        write_workbook(path, _sheets(city))
        report = apply_workbook(actor=None, path=path, name=path.name)
    if report.errors:
        raise ValueError("; ".join(error.message for error in report.errors[:5]))


def _sheets(city: City) -> Iterator[SheetOut]:
    yield SheetOut(
        UNITS,
        headers(UNITS),
        (
            (
                unit.code,
                unit.name,
                unit.kind,
                unit.parent,
                "; ".join(unit.aliases),
                unit.valid_from,
                unit.valid_to,
            )
            for unit in city.units
        ),
    )
    yield SheetOut(
        INNOVATIONS,
        headers(INNOVATIONS),
        (
            (
                one.code,
                one.title,
                one.unit,
                one.function,
                one.stage,
                one.trial_started,
                one.use_started,
                one.summary,
                one.affairs,
                one.source,
                one.source_note,
                one.source_url,
            )
            for one in city.innovations
        ),
    )
    yield SheetOut(
        HANDOFFS,
        headers(HANDOFFS),
        (
            (
                step.innovation,
                step.step,
                step.on,
                step.from_party,
                step.to_party,
                step.letter,
                step.due,
                step.reason,
            )
            for step in city.handoffs
        ),
    )


def _mark(facts: tuple[InnovationFacts, ...]) -> None:
    """Add what the workbook has no column for."""
    by_code = {one.code: one for one in facts}
    innovations = list(Innovation.objects.all())
    for innovation in innovations:
        one = by_code[innovation.code]
        innovation.marking = one.marking
        innovation.service = one.service
        innovation.initiator = one.initiator or ""
    Innovation.objects.bulk_update(innovations, ["marking", "service", "initiator"])


def _publish_real(city: City, ortal: Person) -> None:
    """Show the city's real innovations to the public: their facts come from public sources, unverified by Ortal."""
    real = [one.code for one in city.own_innovations if one.marking == Marking.REAL.value]
    for innovation in Innovation.objects.filter(code__in=real).order_by("code"):
        publish_innovation(actor=ortal, innovation=innovation, on=AS_OF)


def _people(accounts: tuple[AccountFacts, ...]) -> dict[str, Person]:
    units = {unit.code: unit for unit in Unit.objects.all()}
    people = {}
    for account in accounts:
        person = create_person(actor=None, email=account.email, name=account.name, password=PASSWORD)
        grant_role(actor=None, person=person, unit=units[account.unit], role=Role(account.role))
        people[account.email] = person
    return people


def _chain(city: City, ortal: Person) -> None:
    units = {unit.code: unit for unit in Unit.objects.all()}
    ServiceLevel.objects.bulk_create(
        ServiceLevel(unit=units[level.unit], kind=level.kind, days=level.days)
        for level in city.service_levels
    )
    for report in city.nil_reports:
        report_nil(
            author=ortal,
            unit=units[report.unit],
            year=report.year,
            on=report.on,
            signed_by=report.signed_by,
            note=report.note,
        )


def _campaign(ortal: Person, tree: UnitTree) -> None:
    """Open the campaign of the year; without a mail server its invitations only stand in the outbox."""
    campaign = create_campaign(
        actor=ortal,
        content=CampaignContent(
            name="Pelaporan inovasi 2026",
            kind=CampaignKind.YEARLY,
            starts_on=date(2026, 1, 1),
            ends_on=date(2026, 12, 31),
            due=date(2026, 11, 30),
            letter_number="000.8/CONTOH/ORTAL/2026",
            invitation=INVITATION,
            asked=ASKED,
            roots=[unit for role, unit in roles_of(ortal) if role == Role.ORTAL],
        ),
    )
    open_campaign(actor=ortal, campaign=campaign, on=date(2026, 11, 2), tree=tree)


def _story(facts: StoryFacts, people: dict[str, Person]) -> None:
    innovation = Innovation.objects.select_related("unit").get(code=facts.innovation)
    author, now = people[facts.by], _moment(facts.started)
    for block, text in facts.story.items():
        save_story(actor=author, innovation=innovation, block=Block(block), text=text, version=0, now=now)
    dossier = start_dossier(
        actor=author,
        innovation=innovation,
        instrument=load_instrument(facts.edition),
        group=facts.group,
        now=now,
    )
    for one in facts.comments:
        comment(author=people[one.by], dossier=dossier, item=one.item, text=one.text, now=now)


def _service(facts: ServiceFacts, author: Person, tree: UnitTree) -> None:
    """Add a service, and its standard as far as it came."""
    unit, now = tree.by_code()[facts.unit], _moment(AS_OF)
    said = standard_facts.ServiceFacts(facts.name, Function(facts.function), facts.users, facts.channels)
    service = services.add_service(actor=author, unit=unit, facts=said, now=now)
    if not facts.components:
        return
    copy = Standard.objects.filter(service__unit__code=facts.copy, service__name=facts.name).first()
    standard = services.begin_standard(actor=author, service=service, copy=copy, now=now)
    standard = services.save_components(
        actor=author, standard=standard, components=facts.components, version=standard.version, now=now
    )
    for one in facts.steps:
        taken = standard_facts.Taken(
            Progress(one.step), one.on, one.number, [Circle(name) for name in one.circles]
        )
        services.take_step(actor=author, standard=standard, taken=taken, today=AS_OF, now=now)


def _round(facts: RoundFacts, people: dict[str, Person], ortal: Person) -> None:
    keys = dict(Innovation.objects.filter(code__in=facts.entries).values_list("code", "pk"))
    round_ = create_round(actor=ortal, code=facts.code, name=facts.name, instrument_id=facts.instrument)
    set_entries(actor=ortal, round_=round_, add=list(keys.values()), remove=[], on=facts.opened)
    judges = [people[judge.account] for judge in facts.judges if judge.account]
    name_judges(actor=ortal, round_=round_, people=judges)
    round_ = open_round(actor=ortal, round_=round_, on=facts.opened)
    _conflicts(facts, round_, ortal)
    _scores(facts, round_, people, ortal, keys)
    if facts.closed:
        round_ = close_round(actor=ortal, round_=round_, on=facts.closed)
    if facts.closed and facts.published:
        publish_ranking(actor=ortal, round_=round_, on=facts.closed, now=_moment(facts.closed))


def _conflicts(facts: RoundFacts, round_: Round, ortal: Person) -> None:
    entries = {entry.innovation.code: entry for entry in round_.entries.select_related("innovation", "round")}
    members = {member.name: member for member in PanelMember.objects.filter(round=round_)}
    for conflict in facts.conflicts:
        member = members.get(conflict.judge) or PanelMember.objects.create(round=round_, name=conflict.judge)
        declare_conflict(
            actor=ortal,
            entry=entries[conflict.entry],
            member=member,
            reason=conflict.reason,
            now=_moment(facts.opened),
        )


def _scores(
    facts: RoundFacts, round_: Round, people: dict[str, Person], ortal: Person, keys: dict[str, int]
) -> None:
    accounts = {judge.name: judge.account for judge in facts.judges}
    entries = {
        entry.innovation.code: entry
        for entry in Entry.objects.filter(round=round_).select_related("innovation", "round")
    }
    for sheet in facts.sheets:
        account = accounts[sheet.judge]
        if account:
            record_scores(
                judge=people[account],
                entry=entries[sheet.entry],
                version=0,
                scores=_said(sheet),
                submit=sheet.submitted,
                now=_moment(facts.opened),
            )
    imported = [
        ImportedScore(
            keys[sheet.entry], sheet.judge, score.section, ScoreState(score.state), score.value, score.note
        )
        for sheet in facts.sheets
        if not accounts[sheet.judge]
        for score in sheet.scores
    ]
    if imported:
        import_scores(actor=ortal, round_=round_, scores=imported)


def _said(sheet: SheetFacts) -> list[SectionScore]:
    return [
        SectionScore(score.section, ScoreState(score.state), score.value, score.note)
        for score in sheet.scores
    ]


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, NINE))
