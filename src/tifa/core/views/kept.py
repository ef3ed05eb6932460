"""The page on which a kept form is sent again, and the answer to a form whose token is no longer good."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure as refuse

from tifa.core import kept
from tifa.core.permissions import PUBLIC, permission


@permission("organisation.use_room")
def resume(request: HttpRequest) -> HttpResponse:
    """Show what was sent before the sign-in, to be sent again."""
    found = kept.remembered(request)
    if found is None:
        messages.info(request, _("Nothing waits to be sent again."))
        return redirect("portal:start")
    return render(request, "core/resume.html", {"kept": found})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse a form with a wrong token; one from a page of this site, from before a sign-in, is kept.

    A form that another site sent is never kept: it could make a person send what they did not write.
    """
    if not kept.from_this_site(request):
        return refuse(request, reason=reason)
    if not request.accepts("text/html"):
        message = _("You signed in again meanwhile. Your text is kept on this device; reload the page.")
        return JsonResponse({"message": message}, status=403)
    found = kept.opened(request.POST.get(kept.NAME, "")) or (
        kept.sent(request) if _guarded(request) else None
    )
    if found is None:
        return refuse(request, reason=reason)
    if not request.user.is_authenticated:
        return kept.ask_to_sign_in(request, found)
    kept.remember(request, found)
    return redirect("core:resume")


def _guarded(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and getattr(match.func, "permission_name", PUBLIC) != PUBLIC
