"""The navigation of the workspace, by what a person may do."""

from dataclasses import dataclass, replace
from typing import Any

import rules
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from tifa.chain.models import Message, ReportDraft
from tifa.organisation.models import Person


@dataclass(frozen=True)
class NavItem:
    """One entry; ``count`` is shown when it is not zero."""

    label: str | Promise
    url: str
    icon: str
    current: bool = False
    count: int = 0


@dataclass(frozen=True)
class _Place:
    permission: str
    route: str
    label: str | Promise
    icon: str


_PLACES = (
    _Place("organisation.use_room", "portal:start", _("Start"), "home"),
    _Place("chain.read_messages", "chain:message_list", _("Messages"), "chat"),
    _Place("chain.report", "chain:report_start", _("Reporting"), "send"),
    _Place("chain.view_campaigns", "chain:campaign_list", _("Campaigns"), "check"),
    _Place("registry.view_innovations", "chain:innovation_list", _("Innovations"), "list"),
    _Place("standards.view", "standards:list", _("Services"), "list"),
    _Place("surveys.view", "surveys:list", _("Surveys"), "check"),
    _Place("dossiers.view", "dossiers:list", _("Dossiers"), "send"),
    _Place("registry.view_innovations", "chain:evidence_list", _("Evidence"), "file"),
    _Place("chain.view_brief", "chain:brief", _("For the leader"), "dashboard"),
    _Place("chain.view_gaps", "chain:board", _("Who holds what"), "people"),
    _Place("chain.view_gaps", "chain:gaps", _("Reporting gaps"), "gap"),
    _Place("chain.discover", "chain:candidate_list", _("Discovery"), "search"),
    _Place("chain.view_gaps", "chain:coverage", _("Coverage"), "map"),
    _Place("chain.set_deadlines", "chain:deadlines", _("Deadlines"), "settings"),
    _Place("evaluation.view_rounds", "evaluation:round_list", _("Evaluation rounds"), "trophy"),
    _Place("evaluation.judge", "evaluation:judging_list", _("Judging"), "check"),
    _Place("evaluation.view_feedback", "evaluation:feedback_list", _("Feedback"), "chat"),
    _Place("exchange.import_workbook", "exchange:import_list", _("Import and export"), "upload"),
    _Place("organisation.view_units", "organisation:unit_list", _("Units"), "building"),
    _Place("organisation.manage_people", "organisation:people_list", _("People"), "people"),
    _Place("core.view_audit", "core:audit", _("Audit trail"), "clock"),
)


def room_nav(request: HttpRequest) -> dict[str, Any]:
    """Return the entries of the sidebar; nothing is read before a template asks for them."""
    return {"room_nav": SimpleLazyObject(lambda: _entries(request))}


def _entries(request: HttpRequest) -> list[NavItem]:
    person = getattr(request, "user", None)
    if not isinstance(person, Person):
        return []
    open_to = [place for place in _PLACES if _may(person, place.permission)]
    items = [NavItem(place.label, reverse(place.route), place.icon) for place in open_to]
    current = _current(items, request.path)
    counts = _counts(person) if any(place.route == "chain:report_start" for place in open_to) else {}
    return [
        replace(
            item,
            current=item.url == current,
            count=counts.get(item.url, 0),
        )
        for item in items
    ]


def _may(person: Person, name: str) -> bool:
    # Asked of the rules alone: the other backends would read the database for every refusal.
    return person.is_superuser or bool(rules.has_perm(name, person))


def _current(items: list[NavItem], path: str) -> str:
    """Return the address of the entry that a page belongs to: the longest one that the page lies below."""
    start = reverse("portal:start")
    below = [
        item.url for item in items if item.url == path or (item.url != start and path.startswith(item.url))
    ]
    return max(below, key=len, default="")


def _counts(person: Person) -> dict[str, int]:
    """Return how many drafts and unread messages wait for somebody who reports, in one statement."""
    drafts = ReportDraft.objects.filter(person=OuterRef("pk"))
    unread = Message.objects.filter(person=OuterRef("pk"), read_at=None)
    found = Person.objects.filter(pk=person.pk).values_list(_number_of(drafts), _number_of(unread)).first()
    return dict(
        zip((reverse("chain:report_start"), reverse("chain:message_list")), found or (), strict=False)
    )


def _number_of(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("person").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)
