"""Texts on their way in: pasted, sent as files, fetched from feeds; and what became of them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tifa.chain import tasks
from tifa.chain.choices import ReadingState
from tifa.chain.forms.content import typed
from tifa.chain.forms.discovery import FeedForm, FilesForm, HostForm, PageForm, PasteForm
from tifa.chain.models import Reading
from tifa.chain.selectors.candidates import feeds, hosts, my_readings, visible_candidates, visible_documents
from tifa.chain.services.reading import begin_again, start_feed, start_files, start_page, start_paste
from tifa.chain.services.sources import add_feed, check_host, name_host, remove_feed, remove_host
from tifa.core.permissions import permission
from tifa.organisation.desk import desk_of, person_of

PAGE_SIZE = 25
SHOWN_LENGTH = 30_000
SHOWN_CANDIDATES = 100


@permission("chain.discover")
def reading_list(request: HttpRequest) -> HttpResponse:
    """Show the batches that a person sent, and the ways to send more."""
    page = Paginator(my_readings(person_of(request)), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "chain/reading_list.html", {"page_obj": page})


@permission("chain.discover")
def reading_paste(request: HttpRequest) -> HttpResponse:
    """Take a pasted text, and have it read in the background."""
    data = typed(request.POST, PasteForm.base_fields) if request.method == "POST" else None
    form = PasteForm(data)
    if data is not None and form.is_valid():
        reading = start_paste(actor=person_of(request), now=timezone.now(), **form.cleaned_data)
        return _begin(reading)
    return render(request, "chain/reading_paste.html", {"form": form}, status=422 if form.errors else 200)


@permission("chain.discover")
def reading_files(request: HttpRequest) -> HttpResponse:
    """Take files, and have them read in the background."""
    sent = request.method == "POST"
    form = FilesForm(request.POST, request.FILES) if sent else FilesForm()
    if sent and form.is_valid():
        said = form.cleaned_data
        reading = start_files(
            actor=person_of(request),
            kind=said["kind"],
            uploads=said["documents"],
            rows=said["rows"],
            on=said["on"],
            now=timezone.now(),
        )
        return _begin(reading)
    return render(request, "chain/reading_files.html", {"form": form}, status=422 if form.errors else 200)


@permission("chain.discover")
def reading_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a batch is, and what it gave."""
    desk = desk_of(request)
    reading = get_object_or_404(my_readings(desk.person), pk=pk)
    found = visible_candidates(desk.person, desk.tree).filter(document__reading=reading)
    context = {
        **_progress(reading),
        "candidates": list(found[:SHOWN_CANDIDATES]),
        "documents": list(reading.documents.defer("text").order_by("pk")[:SHOWN_CANDIDATES]),
    }
    return render(request, "chain/reading_detail.html", context)


@permission("chain.discover")
def reading_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the progress alone; when the work is done, the page is loaded anew."""
    reading = get_object_or_404(my_readings(person_of(request)), pk=pk)
    if not request.headers.get("HX-Request"):
        return redirect("chain:reading_detail", reading.pk)
    if reading.state != ReadingState.READING:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "chain/reading_progress.html", _progress(reading))


@permission("chain.discover")
@require_POST
def reading_resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a batch again; texts that are stored already are not read twice."""
    reading = get_object_or_404(my_readings(person_of(request)), pk=pk)
    if begin_again(reading=reading):
        return _begin(reading)
    return redirect("chain:reading_detail", reading.pk)


@permission("chain.discover")
def document_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one text with what was found in it."""
    desk = desk_of(request)
    document = get_object_or_404(visible_documents(desk.person, desk.tree), pk=pk)
    context = {
        "document": document,
        "text": document.text[:SHOWN_LENGTH],
        "cut": len(document.text) > SHOWN_LENGTH,
        "candidates": list(visible_candidates(desk.person, desk.tree).filter(document=document)),
    }
    return render(request, "chain/document_detail.html", context)


@permission("chain.discover")
def feed_list(request: HttpRequest) -> HttpResponse:
    """Show the feeds and the hosts that may be asked, and enter a feed."""
    form = FeedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            add_feed(actor=person_of(request), now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The feed is in the list. Fetch it now, or later."))
            return redirect("chain:feed_list")
    return _feed_page(request, form, PageForm(prefix="page"))


@permission("chain.discover")
@require_POST
def page_fetch(request: HttpRequest) -> HttpResponse:
    """Have one page fetched and read in the background."""
    form = PageForm(request.POST, prefix="page")
    if form.is_valid():
        try:
            check_host(form.cleaned_data["url"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            reading = start_page(actor=person_of(request), now=timezone.now(), **form.cleaned_data)
            return _begin(reading)
    return _feed_page(request, FeedForm(), form)


@permission("chain.discover")
@require_POST
def feed_fetch(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a feed fetched and read in the background."""
    feed = get_object_or_404(feeds(), pk=pk)
    return _begin(start_feed(actor=person_of(request), feed=feed, now=timezone.now()))


@permission("chain.discover")
@require_POST
def feed_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a feed out of the list."""
    feed = get_object_or_404(feeds(), pk=pk)
    remove_feed(actor=person_of(request), feed=feed)
    messages.success(request, _("“%(name)s” is not read any more. Its texts stay.") % {"name": feed.title})
    return redirect("chain:feed_list")


@permission("chain.name_hosts")
def host_list(request: HttpRequest) -> HttpResponse:
    """Show the hosts that may be asked, and name one."""
    form = HostForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            host = name_host(actor=person_of(request), now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Texts may be fetched from %(host)s.") % {"host": host.name})
            return redirect("chain:host_list")
    context = {"form": form, "hosts": list(hosts())}
    return render(request, "chain/host_list.html", context, status=422 if form.errors else 200)


@permission("chain.name_hosts")
@require_POST
def host_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Do not ask a host any more."""
    host = get_object_or_404(hosts(), pk=pk)
    remove_host(actor=person_of(request), host=host)
    messages.success(request, _("Nothing is fetched from %(host)s any more.") % {"host": host.name})
    return redirect("chain:host_list")


def _begin(reading: Reading) -> HttpResponse:
    tasks.read_batch.enqueue(reading.pk, get_language() or "id")
    return redirect("chain:reading_detail", reading.pk)


def _progress(reading: Reading) -> dict[str, Any]:
    return {
        "reading": reading,
        "working": reading.state == ReadingState.READING,
        "poll_url": reverse("chain:reading_progress", args=[reading.pk]),
    }


def _feed_page(request: HttpRequest, form: FeedForm, page: PageForm) -> HttpResponse:
    context = {"form": form, "page_form": page, "feeds": list(feeds()), "hosts": list(hosts())}
    wrong = form.errors or page.errors
    return render(request, "chain/feed_list.html", context, status=422 if wrong else 200)
