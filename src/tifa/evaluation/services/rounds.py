"""Makes, opens and closes rounds."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from tifa.core import audit
from tifa.evaluation.choices import RoundState
from tifa.evaluation.models import Entry, PanelMember, Round, ScoreSheet
from tifa.evaluation.services.conflicts import find_conflicts
from tifa.evaluation.services.locking import RoundRefused, lock_round
from tifa.instruments import NoRubric, digest, instrument_to_json, load_instrument, rubric
from tifa.organisation.models import Person

__all__ = [
    "RoundRefused",
    "close_round",
    "create_round",
    "edit_round",
    "freeze_instrument",
    "lock_round",
    "open_round",
]


@transaction.atomic
def create_round(*, actor: Person | None, code: str, name: str, instrument_id: str) -> Round:
    """Prepare a round."""
    round_ = Round(code=code, name=name, instrument_id=instrument_id)
    round_.full_clean(exclude=["instrument_copy"])
    round_.save()
    _record(actor, "round.created", round_, name=name, instrument=instrument_id)
    return round_


@transaction.atomic
def edit_round(*, actor: Person, round_: Round, code: str, name: str, instrument_id: str) -> Round:
    """Change a round that has not opened.

    Raises
    ------
    RoundRefused
        When it has opened: from then on everybody works with what was announced.
    """
    locked = lock_round(round_, {RoundState.DRAFT})
    before = {"code": locked.code, "name": locked.name, "instrument": locked.instrument_id}
    locked.code, locked.name, locked.instrument_id = code, name, instrument_id
    locked.full_clean(exclude=["instrument_copy"])
    locked.save(update_fields=["code", "name", "instrument_id"])
    after = {"code": code, "name": name, "instrument": instrument_id}
    _record(actor, "round.changed", locked, before=before, after=after)
    return locked


@transaction.atomic
def open_round(*, actor: Person | None, round_: Round, on: date) -> Round:
    """Let the judges begin, and freeze the instrument in the round; conflicts of interest are looked for once more.

    Raises
    ------
    RoundRefused
        When it is open already, has no entry or no judge, or when its instrument gives no weights.
    """
    locked = lock_round(round_, {RoundState.DRAFT})
    entries = Entry.objects.filter(round=locked, withdrawn_at=None).count()
    judges = PanelMember.objects.filter(round=locked, withdrawn_at=None).count()
    if not entries:
        raise RoundRefused(_("The round has no entry. Choose at least one innovation, then open it."))
    if not judges:
        raise RoundRefused(_("The round has no judge. Name at least one, then open it."))
    freeze_instrument(locked)
    locked.state, locked.opened_on = RoundState.OPEN, on
    locked.save()
    find_conflicts(actor=actor, round_=locked)
    _record(
        actor,
        "round.opened",
        locked,
        on=on.isoformat(),
        instrument=locked.instrument_id,
        instrument_digest=locked.instrument_digest,
        entries=entries,
        judges=judges,
    )
    return locked


@transaction.atomic
def close_round(*, actor: Person, round_: Round, on: date) -> Round:
    """End the judging; score sheets that were not submitted do not count, and stay readable.

    Raises
    ------
    RoundRefused
        When the round is not open, or when no judge has submitted a sheet.
    """
    locked = lock_round(round_, {RoundState.OPEN})
    sheets = ScoreSheet.objects.filter(entry__round=locked)
    submitted = sheets.filter(submitted_at__isnull=False).count()
    if not submitted:
        raise RoundRefused(_("No judge has submitted a score sheet yet, so there is nothing to rank."))
    locked.state, locked.closed_on = RoundState.CLOSED, on
    locked.save(update_fields=["state", "closed_on"])
    drafts = sheets.filter(submitted_at=None).count()
    _record(actor, "round.closed", locked, on=on.isoformat(), submitted=submitted, drafts=drafts)
    return locked


def freeze_instrument(round_: Round) -> None:
    """Put the published instrument into a round, not saved yet.

    Raises
    ------
    RoundRefused
        When a section of it has no known weight: nothing could be ranked.
    """
    instrument = load_instrument(round_.instrument_id)
    try:
        rubric(instrument)
    except NoRubric as fault:
        raise RoundRefused(
            _(
                "The instrument “%(title)s” does not tell the weight of every section, so nothing could be ranked. Choose another one."
            )
            % {"title": instrument.title.id}
        ) from fault
    round_.instrument_copy = instrument_to_json(instrument)
    round_.instrument_digest = digest(instrument)


def _record(actor: Person | None, action: str, round_: Round, **detail: object) -> None:
    audit.record(actor=actor, action=action, object_type="round", object_key=round_.code, **detail)
