"""What a person was told, what they want by mail, and the link that stops a kind of mail."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tifa.chain.choices import MessageKind
from tifa.chain.forms.messages import MessageSettingsForm
from tifa.chain.selectors.messages import message_settings as settings_of_person
from tifa.chain.selectors.messages import messages_of, unread_of
from tifa.chain.services.preferences import (
    BadLink,
    calendar_token,
    mark_read,
    mute_by_link,
    opened_link,
    renew_calendar,
    save_message_settings,
)
from tifa.chain.services.telling import address
from tifa.core.permissions import permission, public
from tifa.organisation.desk import person_of
from tifa.organisation.selectors import unit_tree

PAGE_SIZE = 30


@permission("chain.read_messages")
def message_list(request: HttpRequest) -> HttpResponse:
    """Show what the person was told, the newest first, with a mark at what is unread."""
    person = person_of(request)
    page = Paginator(messages_of(person, unit_tree()), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "chain/message_list.html", {"page_obj": page, "unread": unread_of(person)})


@permission("chain.read_messages")
def message_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one message; whoever opens it has read it."""
    person = person_of(request)
    message = get_object_or_404(messages_of(person, unit_tree()), pk=pk)
    mark_read(person=person, now=timezone.now(), message=message)
    return render(request, "chain/message_detail.html", {"message": message})


@permission("chain.read_messages")
@require_POST
def messages_read(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    mark_read(person=person_of(request), now=timezone.now())
    return redirect("chain:message_list")


@permission("chain.read_messages")
def message_settings(request: HttpRequest) -> HttpResponse:
    """Show and keep what the person wants by mail; give their calendar a new address."""
    person = person_of(request)
    if request.method == "POST" and request.POST.get("action") == "renew":
        renew_calendar(person=person)
        messages.success(request, _("Your calendar has a new address. Enter it in your phone again."))
        return redirect("chain:message_settings")
    if request.method == "POST":
        form = MessageSettingsForm(request.POST)
        if form.is_valid():
            save_message_settings(person=person, language=form.cleaned_data["language"], muted=form.muted)
            messages.success(request, _("Your choice is kept."))
            return redirect("chain:message_settings")
    else:
        wishes = settings_of_person(person)
        wanted = [kind for kind in MessageKind.values if kind not in wishes.muted]
        form = MessageSettingsForm(initial={"language": wishes.language, "wanted": wanted})
    context = {
        "form": form,
        "calendar": address(reverse("chain:calendar_feed", args=[calendar_token(person=person)])),
    }
    return render(request, "chain/message_settings.html", context, status=422 if form.errors else 200)


@public
@csrf_exempt  # a mail program sends the form by itself (RFC 8058); the link is signed
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask before a kind of mail is stopped, without a sign-in and without naming the person; then stop it."""
    try:
        kind = mute_by_link(token=token) if request.method == "POST" else opened_link(token)[1]
    except BadLink:
        return render(request, "chain/unsubscribe.html", {"kind": None}, status=404)
    return render(request, "chain/unsubscribe.html", {"kind": kind, "done": request.method == "POST"})
