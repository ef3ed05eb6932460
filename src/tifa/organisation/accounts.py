"""How sign-in behaves: accounts are given by an administrator, nobody makes their own."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from tifa.organisation.models import Person


class ClosedAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Keeps sign-up closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return no: a person is entered by an administrator."""
        return False


def display_name(person: Person) -> str:
    """Return the name that pages show for ``person``."""
    return str(person)
