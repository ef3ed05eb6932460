"""The audit trail, for auditors: who did what, and whether the chain is whole."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tifa.core.audit import Verification, verify
from tifa.core.audit_words import ACTIONS, OBJECTS, detail_in_words, in_words
from tifa.core.models import Event
from tifa.core.permissions import permission

PAGE_SIZE = 50


@permission("core.view_audit")
def audit(request: HttpRequest) -> HttpResponse:
    """List the events, the newest first, narrowed to an object, a person or an action."""
    chosen = {name: _text(request, name) for name in ("object", "actor", "action")}
    actions = list(Event.objects.order_by("action").values_list("action", flat=True).distinct())
    unknown_action = bool(chosen["action"]) and chosen["action"] not in actions
    found = _found(chosen | ({"action": ""} if unknown_action else {}))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [
            {
                "event": event,
                "action": in_words(ACTIONS, event.action),
                "object": in_words(OBJECTS, event.object_type),
                "detail": list(detail_in_words(event.detail)),
            }
            for event in page.object_list
        ],
        "chosen": chosen,
        "actions": [(action, in_words(ACTIONS, action)) for action in actions],
        "unknown_action": unknown_action,
        "narrowed": any(chosen.values()),
    }
    return render(request, "core/audit.html", context)


@permission("core.view_audit")
@require_POST
def audit_verify(request: HttpRequest) -> HttpResponse:
    """Read the whole chain and say whether it is whole, or where it breaks first."""
    result = verify()
    if result.intact:
        messages.success(request, _intact(result))
    else:
        messages.error(
            request,
            _(
                "The chain is broken at row %(row)d: %(reason)s. Rows before it hold. Tell the administrator now."
            )
            % {"row": result.broken_at, "reason": result.sentence},
        )
    return redirect("core:audit")


def _intact(result: Verification) -> str:
    return ngettext(
        "The chain is whole: %(count)d row was checked. It ends with %(head)s.",
        "The chain is whole: %(count)d rows were checked. It ends with %(head)s.",
        result.checked,
    ) % {"count": result.checked, "head": result.head[:16] or "–"}


def _found(chosen: dict[str, str]) -> QuerySet[Event]:
    found = Event.objects.order_by("-sequence")
    if chosen["object"]:
        found = found.filter(object_key__icontains=chosen["object"])
    if chosen["actor"]:
        found = found.filter(actor_name__icontains=chosen["actor"])
    return found.filter(action=chosen["action"]) if chosen["action"] else found


def _text(request: HttpRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\x00", "").strip()[:120]
