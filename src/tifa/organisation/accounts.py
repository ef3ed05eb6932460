"""How sign-in behaves: accounts are given by an administrator, nobody makes their own."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ResetPasswordForm
from django.http import HttpRequest, HttpResponse

from tifa.core import kept
from tifa.organisation.models import Person

logger = logging.getLogger(__name__)


class ClosedAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Keeps sign-up closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return no: a person is entered by an administrator."""
        return False

    def pre_login(self, request: HttpRequest, user: Person, **facts: Any) -> HttpResponse | None:
        """Keep for the person what they sent while they were signed out; called when the password was right."""
        kept.remember(request, kept.opened(request.POST.get(kept.NAME, "")))
        answer: HttpResponse | None = super().pre_login(request, user, **facts)
        return answer


def display_name(person: Person) -> str:
    """Return the name that pages show for ``person``."""
    return str(person)


def send_password_link(request: HttpRequest, person: Person) -> bool:
    """Send ``person`` the mail by which they set their password; return whether it could be sent.

    It is the mail of “Password forgotten?”, so the link ends by the same rules.
    """
    form = ResetPasswordForm({"email": person.email})
    if not form.is_valid():
        return False
    try:
        form.save(request)
    except OSError:
        # A mail server that does not answer must not undo what was entered; the link can be sent again.
        logger.warning("The link to set a password could not be sent.", exc_info=True)
        return False
    return True
