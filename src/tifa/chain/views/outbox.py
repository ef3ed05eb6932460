"""The outbox for Ortal: what would be sent, what was sent, what failed, and the mails as files."""

import io
import zipfile
from collections.abc import Callable, Sequence

from django.contrib import messages
from django.core.mail import EmailMessage
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tifa.chain.choices import MessageState
from tifa.chain.selectors.messages import outbox, outbox_counts
from tifa.chain.services.delivery import (
    NotWaiting,
    mail_is_set_up,
    retry_message,
    withdraw_message,
    would_be_mails,
)
from tifa.chain.tasks import send_outbox
from tifa.core.downloads import content_response
from tifa.core.permissions import permission
from tifa.organisation.desk import desk_of

PAGE_SIZE = 50


@permission("chain.manage_outbox")
def outbox_list(request: HttpRequest) -> HttpResponse:
    """Show the outbox by state."""
    desk = desk_of(request)
    state = request.GET.get("state", "")
    state = state if state in MessageState.values else ""
    counts = outbox_counts(desk.person, desk.tree)
    page = Paginator(outbox(desk.person, desk.tree, state), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "tabs": [("", _("All"), sum(counts.values()), not state)]
        + [(one.value, one.label, count, one == state) for one, count in counts.items() if count],
        "waiting": counts[MessageState.QUEUED],
        "mail": mail_is_set_up(),
    }
    return render(request, "chain/outbox_list.html", context)


@permission("chain.manage_outbox")
def outbox_message(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a mail as it would leave; send it again, or keep it from being sent."""
    desk = desk_of(request)
    message = get_object_or_404(outbox(desk.person, desk.tree), pk=pk)
    if request.method == "POST":
        try:
            if request.POST.get("action") == "withdraw":
                withdraw_message(actor=desk.person, message=message)
                messages.success(
                    request, _("It is not sent. Its reader still finds it in the list of messages.")
                )
            else:
                retry_message(actor=desk.person, message=message, now=timezone.now())
                send_outbox.enqueue()
                messages.success(request, _("It waits for being sent again."))
        except NotWaiting as refusal:
            messages.error(
                request, _("That is not possible any more; its state is “%(state)s”.") % {"state": refusal}
            )
        return redirect("chain:outbox_message", pk)
    states = (MessageState.FAILED, MessageState.UNCERTAIN, MessageState.WITHDRAWN, MessageState.LAPSED)
    context = {
        "message": message,
        "may_retry": message.state in states,
        "may_withdraw": message.state in {MessageState.QUEUED, MessageState.FAILED, MessageState.UNCERTAIN},
    }
    return render(request, "chain/outbox_message.html", context)


@permission("chain.manage_outbox")
def outbox_export(request: HttpRequest, fmt: str) -> HttpResponse:
    """Hand out the mails that wait, as a ZIP of .eml files or as one mailbox."""
    if fmt not in _WRITERS:
        raise Http404
    desk = desk_of(request)
    mails = would_be_mails(outbox(desk.person, desk.tree, MessageState.QUEUED))
    content, kind = _WRITERS[fmt](mails)
    return content_response(content, f"kotak-keluar.{fmt}", kind)


def _zip(mails: Sequence[EmailMessage]) -> tuple[bytes, str]:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, mail in enumerate(mails, 1):
            archive.writestr(f"{number:04}.eml", _bytes(mail).replace(b"\n", b"\r\n"))
    return target.getvalue(), "application/zip"


def _mbox(mails: Sequence[EmailMessage]) -> tuple[bytes, str]:
    pieces = []
    for mail in mails:
        lines = _bytes(mail).split(b"\n")
        marked = [b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in lines]
        pieces.append(b"From tifa Thu Jan  1 00:00:00 1970\n" + b"\n".join(marked) + b"\n\n")
    return b"".join(pieces), "application/mbox"


def _bytes(mail: EmailMessage) -> bytes:
    """Return a mail with one kind of line end."""
    return mail.message().as_bytes().replace(b"\r\n", b"\n")


_WRITERS: dict[str, Callable[[Sequence[EmailMessage]], tuple[bytes, str]]] = {"zip": _zip, "mbox": _mbox}
