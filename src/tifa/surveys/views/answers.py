"""The page that citizens answer: small, without an account, without a name."""

from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from tifa.core.clock import today
from tifa.core.permissions import public
from tifa.instruments import load_instrument
from tifa.surveys.choices import Channel
from tifa.surveys.forms import AnswerForm
from tifa.surveys.models import Counter
from tifa.surveys.selectors import counter_by_code
from tifa.surveys.services import NotOpen, accept_response


@public
@never_cache
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """Show the questions of a counter, and take the answers."""
    counter, tablet = _counter(code)
    day, instrument = today(), load_instrument(counter.wave.instrument_id)
    if not counter.wave.takes_answers(day):
        return render(request, "surveys/closed.html", {"counter": counter}, status=410)
    form = AnswerForm(request.POST or None, instrument=instrument, client_id=uuid4())
    if form.is_valid():
        try:
            accept_response(
                counter=counter,
                client_id=form.cleaned_data["client_id"],
                answers=form.answers(),
                remark=form.cleaned_data["remark"],
                channel=Channel.TABLET if tablet else Channel.PHONE,
                device="" if tablet else _device(request),
                given_on=day,
                today=day,
                now=timezone.now(),
            )
        except NotOpen:
            return render(request, "surveys/closed.html", {"counter": counter}, status=410)
        return redirect("surveys:thanks", code)
    context = {"counter": counter, "form": form, "questions": list(form.questions())}
    return render(request, "surveys/answer.html", context, status=422 if form.errors else 200)


@public
@never_cache
def thanks(request: HttpRequest, code: str) -> HttpResponse:
    """Thank; on a shared tablet go back to the start by itself."""
    counter, tablet = _counter(code)
    return render(request, "surveys/thanks.html", {"counter": counter, "tablet": tablet, "code": code})


def _counter(code: str) -> tuple[Counter, bool]:
    counter, tablet = counter_by_code(code)
    if counter is None:
        raise Http404
    return counter, tablet


def _device(request: HttpRequest) -> str:
    return f"{request.META.get('REMOTE_ADDR', '')}|{request.headers.get('User-Agent', '')}"
