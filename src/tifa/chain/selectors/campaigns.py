"""Campaigns as a person may see them, and how far each unit on the list has come."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from tifa.chain.choices import AnswerState, Vital
from tifa.chain.models import Campaign, CampaignNil, CampaignUnit, Delegation, Extension, VitalCheck
from tifa.chain.selectors.ledgers import Scope
from tifa.chain.selectors.silence import reports_in, running_on, year_nils
from tifa.instruments import list_instruments, load_instrument
from tifa.organisation.choices import DECIDING_ROLES, REPORTING_ROLES, VIEWING_ROLES, Role, UnitKind
from tifa.organisation.models import Membership, Person, Unit
from tifa.organisation.rules import has_role
from tifa.organisation.selectors import UnitTree, is_valid_on, units_of
from tifa.registry.models import Innovation


@dataclass(frozen=True)
class Progress:
    """How far one unit of a campaign has come on a day.

    ``known`` counts the innovations whose state is asked, ``checked`` those that were told, ``reported`` the reports
    of the period. ``nil`` is the day on which the unit said that it has nothing new. ``due`` holds extensions.
    """

    row: CampaignUnit
    depth: int
    due: date
    extended: bool
    days_left: int
    known: int
    checked: int
    stopped: int
    reported: int
    nil: date | None
    last: date | None
    delegate: Unit | None

    @property
    def state(self) -> AnswerState:
        """Return whether the unit is silent, has begun, or has answered all that is asked."""
        news = bool(self.reported or self.nil)
        if news and self.checked >= self.known:
            return AnswerState.DONE
        return AnswerState.PARTIAL if news or self.checked else AnswerState.SILENT

    @property
    def is_late(self) -> bool:
        """Whether the due date has passed and something is still owed."""
        return self.state != AnswerState.DONE and self.days_left < 0


@dataclass(frozen=True)
class Branch:
    """A unit with everything below it on the list: how many there are, and how many of each state."""

    row: CampaignUnit
    units: int
    counts: Mapping[AnswerState, int]
    late: int

    @property
    def done(self) -> int:
        """Return how many units have answered all that is asked."""
        return self.counts.get(AnswerState.DONE, 0)

    @property
    def silent(self) -> int:
        """Return how many units have said nothing."""
        return self.counts.get(AnswerState.SILENT, 0)


@dataclass(frozen=True)
class Known:
    """An innovation whose state is asked, what was said of it in this campaign, and what was said before."""

    innovation: Innovation
    check: VitalCheck | None
    before: VitalCheck | None


@dataclass(frozen=True)
class Window:
    """When an edition takes proposals in, in days of the ministry's own zone; None where it is unknown."""

    opens: date | None
    closes: date | None


def visible_campaigns(person: Person, tree: UnitTree) -> QuerySet[Campaign]:
    """Return the campaigns of which a person may see at least one unit; Ortal sees its own drafts too.

    ``due_now`` is until when all units have to answer, the last extension for all of them included.
    """
    listed = CampaignUnit.objects.filter(
        campaign=OuterRef("pk"), unit__in=units_of(person, VIEWING_ROLES, tree)
    )
    delegated = _delegations(person, tree).filter(campaign=OuterRef("pk"))
    drafts = [one.pk for one in Campaign.objects.filter(opened_on=None) if may_manage(person, one, tree)]
    opened = Campaign.objects.filter(Exists(listed) | Exists(delegated), opened_on__isnull=False)
    later = Extension.objects.filter(campaign=OuterRef("pk"), unit=None).order_by("-due").values("due")[:1]
    return (
        (opened | Campaign.objects.filter(pk__in=drafts))
        .annotate(due_now=Coalesce(Subquery(later), F("due")))
        .order_by("-starts_on", "-pk")
    )


def managed_campaigns(person: Person, tree: UnitTree) -> QuerySet[Campaign]:
    """Return the campaigns that a person of the organisation section runs: those that lie in their reach."""
    mine = [one.pk for one in Campaign.objects.all() if may_manage(person, one, tree)]
    return Campaign.objects.filter(pk__in=mine).order_by("-starts_on", "-pk")


def may_manage(person: Person, campaign: Campaign, tree: UnitTree) -> bool:
    """Return whether all units that a campaign asks lie in the reach of a person of the organisation section."""
    if not has_role(person, DECIDING_ROLES):
        return False
    return frozenset(campaign.roots) <= units_of(person, DECIDING_ROLES, tree)


def running_campaigns(day: date) -> QuerySet[Campaign]:
    """Return the campaigns that run on a day, the one that is due first at the top."""
    return Campaign.objects.filter(running_on(day)).order_by("due", "pk")


def delegated_units(person: Person, tree: UnitTree) -> frozenset[int]:
    """Return the units for which others asked a unit of this person to answer, in campaigns that run."""
    return frozenset(_delegations(person, tree).values_list("unit", flat=True))


def units_to_answer_for(person: Person, campaign: Campaign, tree: UnitTree) -> frozenset[int]:
    """Return the units for which a person may answer a campaign: by the tree, and by what was delegated."""
    reach = units_of(person, REPORTING_ROLES, tree)
    if not reach or not campaign.is_running:
        return frozenset()
    delegated = _delegations(person, tree).filter(campaign=campaign)
    return reach | frozenset(delegated.values_list("unit", flat=True))


def seen_units(person: Person, campaign: Campaign, tree: UnitTree) -> frozenset[int]:
    """Return the units whose answers to a campaign a person may read: by the tree, and by what was delegated in it."""
    delegated = _delegations(person, tree).filter(campaign=campaign)
    return units_of(person, VIEWING_ROLES, tree) | frozenset(delegated.values_list("unit", flat=True))


def _delegations(person: Person, tree: UnitTree) -> QuerySet[Delegation]:
    """Return what was delegated to a unit of a person and holds, in campaigns that run."""
    reach = units_of(person, REPORTING_ROLES, tree)
    running = Delegation.objects.filter(
        campaign__opened_on__isnull=False, campaign__closed_on=None, ended_on=None
    )
    return running.filter(to_unit__in=reach) if reach else Delegation.objects.none()


def units_to_ask(campaign: Campaign, tree: UnitTree, *, on: date) -> list[tuple[int, Unit]]:
    """Return the units that a campaign would ask if it were opened on a day, in the order of the tree."""
    own = tree.own_government()
    below = frozenset().union(*(tree.subtree(root) for root in campaign.roots)) if campaign.roots else ()
    kinds = frozenset(campaign.unit_kinds)
    return [
        (depth, unit)
        for depth, unit in tree.in_order()
        if unit.pk in below
        and (own is None or unit.pk in own)
        and (not kinds or unit.kind in kinds)
        and is_valid_on(unit, on)
    ]


def tops_of(units: Collection[int], tree: UnitTree) -> list[int]:
    """Return the units of a choice that lie below no other unit of it."""
    return [
        unit.pk
        for _, unit in tree.in_order()
        if unit.pk in units and not set(units).intersection(tree.ancestors(unit.pk)[1:])
    ]


def progress_of(
    campaign: Campaign, as_of: date, *, units: Collection[int] | None = None
) -> tuple[Progress, ...]:
    """Return how far the units of a campaign have come, in the order of the list.

    The statements do not depend on the rows. ``units`` narrows to what a person may see.
    """
    rows = [one for one in campaign.units.order_by("place") if units is None or one.unit_id in units]
    ids = [row.unit_id for row in rows]
    dues = due_dates(campaign, ids)
    delegates = {
        one.unit_id: one.to_unit
        for one in Delegation.objects.filter(campaign=campaign, ended_on=None).select_related("to_unit")
    }
    reports = list(
        reports_in(campaign, as_of)
        .filter(innovation__unit__in=ids)
        .order_by()
        .values_list("innovation", "innovation__unit", "on")
    )
    nils = _nils(campaign, as_of)
    asked, checks = _asked(campaign, as_of, ids, {innovation for innovation, _unit, _on in reports})
    known = Counter(unit for _innovation, unit in asked)
    said = [(unit, checks[key]) for key, unit in asked if key in checks]
    checked = Counter(unit for unit, _check in said)
    stopped = Counter(unit for unit, check in said if check[0] == Vital.STOPPED)
    reported = Counter(unit for _innovation, unit, _on in reports)
    last = _latest(
        [(unit, on) for _innovation, unit, on in reports],
        nils.items(),
        [(unit, check[1]) for unit, check in said],
    )
    depths = _depths(rows)
    return tuple(
        Progress(
            row=row,
            depth=depths[row.unit_id],
            due=dues.get(row.unit_id, campaign.due),
            extended=row.unit_id in dues,
            days_left=(dues.get(row.unit_id, campaign.due) - as_of).days,
            known=known[row.unit_id],
            checked=checked[row.unit_id],
            stopped=stopped[row.unit_id],
            reported=reported[row.unit_id],
            nil=nils.get(row.unit_id),
            last=last.get(row.unit_id),
            delegate=delegates.get(row.unit_id),
        )
        for row in rows
    )


def branches_of(progress: Iterable[Progress]) -> tuple[Branch, ...]:
    """Return the branches of the list: each unit that has others below it, counted with them."""
    listed = list(progress)
    parents = {one.row.unit_id: one.row.parent_id for one in listed}
    found: dict[int, list[Progress]] = {}
    for one in listed:
        current: int | None = one.row.unit_id
        while current is not None and current in parents:
            found.setdefault(current, []).append(one)
            current = parents[current]
    return tuple(
        Branch(
            row=one.row,
            units=len(found[one.row.unit_id]),
            counts=Counter(each.state for each in found[one.row.unit_id]),
            late=sum(1 for each in found[one.row.unit_id] if each.is_late),
        )
        for one in listed
        if len(found[one.row.unit_id]) > 1
    )


def due_dates(campaign: Campaign, units: Collection[int]) -> dict[int, date]:
    """Return the due date of each unit that has another one than the campaign itself."""
    found: dict[int, date] = {}
    for unit, due in Extension.objects.filter(campaign=campaign).values_list("unit", "due"):
        for one in units if unit is None else [unit]:
            if due > found.get(one, campaign.due):
                found[one] = due
    return found


def due_of_all(campaign: Campaign) -> date:
    """Return until when a campaign asks all units, the last extension for all of them included."""
    later = Extension.objects.filter(campaign=campaign, unit=None).order_by("-due").first()
    return max(campaign.due, later.due) if later else campaign.due


def due_of(campaign: Campaign, unit: int) -> date:
    """Return until when one unit has to answer."""
    return due_dates(campaign, [unit]).get(unit, campaign.due)


def known_of(campaign: Campaign, unit: int, as_of: date) -> tuple[Known, ...]:
    """Return the innovations of a unit whose state is asked, by title."""
    reported = set(
        reports_in(campaign, as_of).filter(innovation__unit=unit).values_list("innovation", flat=True)
    )
    checks: dict[int, dict[bool, VitalCheck]] = {}
    for check in VitalCheck.objects.filter(innovation__unit=unit).select_related("recorded_by", "campaign"):
        checks.setdefault(check.innovation_id, {})[check.campaign_id == campaign.pk] = check
    listed = []
    for innovation in Scope(as_of, frozenset({unit})).innovations().order_by("title", "pk"):
        said = checks.get(innovation.pk, {})
        before = said.get(False)
        gone = before is not None and before.state == Vital.STOPPED and True not in said
        if innovation.pk not in reported and not gone:
            listed.append(Known(innovation, said.get(True), before))
    return tuple(listed)


def last_check(innovation: Innovation) -> VitalCheck | None:
    """Return what was said last of whether an innovation still runs, and in which campaign."""
    return innovation.checks.select_related("campaign", "unit").order_by("pk").last()


def reported_in(campaign: Campaign, unit: int, as_of: date) -> QuerySet[Innovation]:
    """Return what a unit reported in the period of a campaign."""
    reports = reports_in(campaign, as_of).filter(innovation=OuterRef("pk"))
    return Innovation.objects.filter(Exists(reports), unit=unit).order_by("title", "pk")


def nil_of(campaign: Campaign, unit: int) -> CampaignNil | None:
    """Return what a unit signed when it said that it has nothing new."""
    return CampaignNil.objects.filter(campaign=campaign, unit=unit).select_related("recorded_by").first()


def delegation_of(campaign: Campaign, unit: int) -> Delegation | None:
    """Return who answers for a unit in a campaign."""
    rows = Delegation.objects.filter(campaign=campaign, unit=unit, ended_on=None)
    return rows.select_related("to_unit", "made_by").first()


def extensions_of(campaign: Campaign) -> QuerySet[Extension]:
    """Return the later due dates that were granted, the newest first."""
    return campaign.extensions.select_related("unit", "granted_by").order_by("-granted_on", "-pk")


def head_of(unit: int, tree: UnitTree) -> Person | None:
    """Return the head of a unit, else of the nearest unit above it that has one."""
    heads = {
        one.unit_id: one.person
        for one in Membership.objects.filter(
            unit__in=tree.ancestors(unit), role=Role.HEAD, person__is_active=True
        ).select_related("person")
    }
    return next((heads[key] for key in tree.ancestors(unit) if key in heads), None)


def editions() -> list[tuple[str, str]]:
    """Return the editions of the published standards, by id."""
    return [(one.id, str(one.title)) for one in list_instruments()]


def edition_window(edition: str) -> Window:
    """Return when an edition takes proposals in."""
    calendar = load_instrument(edition).calendar
    if calendar is None:
        return Window(None, None)
    zone = ZoneInfo(calendar.time_zone)
    closes = _day(calendar.closes.value, zone) or calendar.announced_close.value
    return Window(_day(calendar.opens.value, zone), closes)


def kinds_in(tree: UnitTree, units: Collection[int]) -> list[tuple[str, str]]:
    """Return the kinds of unit that occur, as choices."""
    present = {tree.units[key].kind for key in units}
    return [(str(value), str(label)) for value, label in UnitKind.choices if value in present]


def _asked(
    campaign: Campaign, as_of: date, units: list[int], reported: set[int]
) -> tuple[list[tuple[int, int]], dict[int, tuple[str, date]]]:
    """Return the innovations whose state is asked with their unit, and what was said of them here."""
    here: dict[int, tuple[str, date]] = {}
    gone: set[int] = set()
    rows = VitalCheck.objects.filter(innovation__unit__in=units, recorded_on__lte=as_of).order_by("pk")
    for innovation, said_in, state, on in rows.values_list("innovation", "campaign", "state", "recorded_on"):
        if said_in == campaign.pk:
            here[innovation] = (state, on)
        elif state == Vital.STOPPED:
            gone.add(innovation)
        else:
            gone.discard(innovation)
    innovations = Scope(as_of, frozenset(units)).innovations().order_by().values_list("pk", "unit")
    return [
        (key, unit) for key, unit in innovations if key not in reported and (key in here or key not in gone)
    ], here


def _nils(campaign: Campaign, as_of: date) -> dict[int, date]:
    by_year = dict(year_nils(campaign, as_of).order_by("on").values_list("unit", "on"))
    here = CampaignNil.objects.filter(campaign=campaign, on__lte=as_of).values_list("unit", "on")
    return by_year | dict(here)


def _latest(*sources: Iterable[tuple[int, date]]) -> dict[int, date]:
    found: dict[int, date] = {}
    for source in sources:
        for unit, on in source:
            found[unit] = max(on, found.get(unit, on))
    return found


def _depths(rows: Iterable[CampaignUnit]) -> dict[int, int]:
    """Return how deep each unit lies below the units of the list; a parent stands before what is below it."""
    found: dict[int, int] = {}
    for row in rows:
        above = None if row.parent_id is None else found.get(row.parent_id)
        found[row.unit_id] = 0 if above is None else above + 1
    return found


def _day(moment: datetime | None, zone: ZoneInfo) -> date | None:
    return moment.astimezone(zone).date() if moment else None
