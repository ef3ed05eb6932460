"""The lock that every change in a round takes first, and the refusal of what does not fit its state."""

from django.utils.translation import gettext as _

from tifa.evaluation.choices import RoundState
from tifa.evaluation.models import Entry, Reopening, Round


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
    _refuse_state(locked, states)
    return locked


def lock_round_of(entry: Entry, states: set[RoundState]) -> Round:
    """Lock the round of an entry in the same way; after the publication too when the entry is taken up again.

    Raises
    ------
    RoundRefused
        When the round is in none of ``states`` and the entry is not taken up again.
    """
    locked = Round.objects.select_for_update().get(pk=entry.round_id)
    if locked.state != RoundState.PUBLISHED or not is_reopened(entry):
        _refuse_state(locked, states)
    return locked


def is_reopened(entry: Entry) -> bool:
    """Return whether an entry is taken up again after the publication."""
    return Reopening.objects.filter(entry=entry, ended_at=None).exists()


def _refuse_state(locked: Round, states: set[RoundState]) -> None:
    if locked.state not in states:
        raise RoundRefused(
            _("The round “%(name)s” is %(state)s now, so this cannot be done any more. Reload the page.")
            % {"name": locked.name, "state": locked.get_state_display().lower()}
        )
