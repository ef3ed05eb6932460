"""The lock that every change in a round takes first, and the refusal of what does not fit its state."""

from django.utils.translation import gettext as _

from tifa.evaluation.choices import RoundState
from tifa.evaluation.models import Round


class RoundRefused(ValueError):
    """A round is not in the state for what was asked; the message says what is missing."""


def lock_round(round_: Round, states: set[RoundState]) -> Round:
    """Lock the row of a round until the transaction ends; every change in a round takes this lock first.

    Raises
    ------
    RoundRefused
        When the round is in none of ``states``.
    """
    locked = Round.objects.select_for_update().get(pk=round_.pk)
    if locked.state not in states:
        raise RoundRefused(
            _("The round “%(name)s” is %(state)s now, so this cannot be done any more. Reload the page.")
            % {"name": locked.name, "state": locked.get_state_display().lower()}
        )
    return locked
