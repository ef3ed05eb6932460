"""Keeps a form that was sent when nobody was signed in any more, until the person sends it again.

What was sent travels sealed in the sign-in page, so that nothing is stored for strangers; once the password was right
it lies in the person's session, from where the page “Send it again” shows it.
"""

from dataclasses import asdict, dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from allauth.account.forms import LoginForm
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

NAME: Final = "kept"  # of the hidden field, and in the session
SALT: Final = "tifa.core.kept"
LEFT_OUT: Final = frozenset({"csrfmiddlewaretoken"})
WORTH_READING: Final = 12


@dataclass(frozen=True)
class Kept:
    """A form as it was sent: where to, from which page, its fields, and its files, of which only the names are kept."""

    path: str
    back: str
    fields: list[tuple[str, str]]
    files: list[tuple[str, str]]

    @property
    def texts(self) -> list[str]:
        """Return what somebody wrote, without codes, numbers and days."""
        return [value for _name, value in self.fields if len(value.strip()) >= WORTH_READING]


def ask_to_sign_in(request: HttpRequest, kept: Kept | None = None) -> HttpResponse:
    """Answer whoever is not signed in: a page comes after the sign-in, a form that was sent is kept."""
    if kept is None and request.method != "POST":
        return redirect_to_login(request.get_full_path())
    if not request.accepts("text/html"):
        return JsonResponse(
            {"message": _("You are signed out. Your text is kept on this device.")}, status=401
        )
    kept = kept or sent(request)
    target = format_html('<input type="hidden" name="next" value="{}">', reverse("core:resume"))
    context = {
        "form": LoginForm(request=request),
        "redirect_field": target,
        "kept": kept,
        "sealed": sealed(kept),
    }
    return render(request, "account/login.html", context, status=401)


def sent(request: HttpRequest) -> Kept:
    """Return the form of a request."""
    return Kept(
        path=request.get_full_path(),
        back=_page_before(request),
        fields=[
            (name, value) for name, values in request.POST.lists() for value in values if name not in LEFT_OUT
        ],
        files=[(name, file.name or "") for name, files in request.FILES.lists() for file in files],
    )


def sealed(kept: Kept) -> str:
    """Return ``kept`` as a text that only this installation can have written."""
    return signing.dumps(asdict(kept), salt=SALT, compress=True)


def opened(seal: str) -> Kept | None:
    """Return what was sealed, or nothing when the text is another one or too old."""
    try:
        return Kept(**signing.loads(seal, salt=SALT, max_age=settings.SESSION_COOKIE_AGE))
    except signing.BadSignature:
        return None


def remember(request: HttpRequest, kept: Kept | None) -> None:
    """Put ``kept`` into the session of the person."""
    if kept is not None:
        request.session[NAME] = asdict(kept)


def remembered(request: HttpRequest) -> Kept | None:
    """Return what lies in the session."""
    content: dict[str, Any] | None = request.session.get(NAME)
    return Kept(**content) if content else None


def forget(request: HttpRequest) -> None:
    """Take a form out of the session when it has arrived."""
    content = request.session.get(NAME) if request.method == "POST" else None
    if content and content["path"] == request.get_full_path():
        del request.session[NAME]


def from_this_site(request: HttpRequest) -> bool:
    """Return whether the browser says that a page of this site sent the form."""
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    parts = urlsplit(origin)
    return (parts.scheme, parts.netloc) == (request.scheme, request.get_host())


def _page_before(request: HttpRequest) -> str:
    parts = urlsplit(request.headers.get("Referer", ""))
    here = (parts.scheme, parts.netloc) == (request.scheme, request.get_host())
    page = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return page if here else reverse("portal:start")
