"""Makes, opens and closes rounds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_hex
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tifa.evaluation.choices import BandRule, Official, RoundState, TieRule
from tifa.evaluation.models import Amendment, Entry, EntryProposal, PanelMember, Round, ScoreSheet
from tifa.evaluation.selectors.proposals import ready_proposals
from tifa.evaluation.selectors.rounds import has_submitted
from tifa.evaluation.services.conflicts import find_conflicts
from tifa.evaluation.services.locking import RoundRefused, lock_round
from tifa.evaluation.services.trail import trail
from tifa.instruments import NoRubric, digest, instrument_to_json, load_instrument, rubric
from tifa.organisation.models import Person

LOT_BYTES = 16
# What makes the official order; it stays as it is once somebody has scored.
RULE = frozenset({"official", "ties", "band", "top"})


@dataclass(frozen=True)
class RoundTerms:
    """What is announced of a round before anybody scores: the rule of the official order, and the dates."""

    official: str = Official.MEAN
    ties: str = TieRule.SHARE
    band: str = BandRule.ORDER
    top: int | None = None
    blind: bool = False
    declare_until: date | None = None
    score_until: date | None = None
    publish_on: date | None = None


AS_BEFORE = RoundTerms()


@transaction.atomic
def create_round(
    *, actor: Person | None, code: str, name: str, instrument_id: str, terms: RoundTerms = AS_BEFORE
) -> Round:
    """Prepare a round."""
    round_ = Round(code=code, name=name, instrument_id=instrument_id, **vars(terms))
    round_.full_clean(exclude=["instrument_copy"])
    round_.save()
    trail(actor, "round.created", round_, name=name, instrument=instrument_id, terms=_told(vars(terms)))
    return round_


@transaction.atomic
def edit_round(
    *, actor: Person, round_: Round, code: str, name: str, instrument_id: str, terms: RoundTerms
) -> Round:
    """Change a round that has not opened.

    Raises
    ------
    RoundRefused
        When it has opened: from then on everybody works with what was announced.
    """
    locked = lock_round(round_, {RoundState.DRAFT})
    wanted = {"code": code, "name": name, "instrument_id": instrument_id, **vars(terms)}
    before = {field: getattr(locked, field) for field in wanted}
    for field, value in wanted.items():
        setattr(locked, field, value)
    locked.full_clean(exclude=["instrument_copy"])
    locked.save(update_fields=[*wanted])
    trail(actor, "round.changed", locked, before=_told(before), after=_told(wanted))
    return locked


@transaction.atomic
def open_round(*, actor: Person | None, round_: Round, on: date) -> Round:
    """Let the judges begin, and freeze the instrument and the ready proposals in the round.

    Conflicts of interest are looked for once more.

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
    locked.state, locked.opened_on, locked.lot = RoundState.OPEN, on, token_hex(LOT_BYTES)
    locked.save()
    find_conflicts(actor=actor, round_=locked)
    proposals = EntryProposal.objects.bulk_create(
        [EntryProposal(entry_id=entry, texts=texts) for entry, texts in ready_proposals(locked).items()]
    )
    trail(
        actor,
        "round.opened",
        locked,
        on=on.isoformat(),
        instrument=locked.instrument_id,
        instrument_digest=locked.instrument_digest,
        entries=entries,
        proposals=len(proposals),
        judges=judges,
        lot=locked.lot,
        terms=_told({name: getattr(locked, name) for name in vars(AS_BEFORE)}),
    )
    return locked


@transaction.atomic
def amend_round(
    *, actor: Person, round_: Round, changes: Mapping[str, Any], reason: str, now: datetime
) -> Amendment:
    """Change what was announced of a round that runs; every judge and everybody who reads the result sees it.

    Parameters
    ----------
    changes
        The new values by the name of the field; those that stay as they are may be among them.

    Raises
    ------
    RoundRefused
        When nothing changes, when the round is over, or when somebody scored already and the rule would change.
    """
    locked = lock_round(round_, {RoundState.OPEN, RoundState.MODERATING, RoundState.CLOSED})
    changed = {name: value for name, value in changes.items() if getattr(locked, name) != value}
    if not changed:
        raise RoundRefused(_("Nothing is different. Change a date or the rule, or go back."))
    rule = [name for name in changed if name in RULE]
    if rule and has_submitted(locked):
        raise RoundRefused(
            _(
                "A judge has submitted a score sheet, so what counts cannot change any more: nobody could be sure that "
                "it was not chosen by the result. The dates can still be moved."
            )
        )
    before = {name: _said(locked, name) for name in changed}
    for name, value in changed.items():
        setattr(locked, name, value)
    locked.full_clean(exclude=["instrument_copy"])
    locked.save(update_fields=[*changed])
    amendment = Amendment.objects.create(
        round=locked,
        changes={name: [before[name], _said(locked, name)] for name in changed},
        reason=reason,
        amended_by=actor,
        amended_at=now,
    )
    trail(actor, "round.amended", locked, changes=amendment.changes, reason=reason)
    return amendment


@transaction.atomic
def close_round(*, actor: Person, round_: Round, on: date) -> Round:
    """End the judging; score sheets that were not submitted do not count, and stay readable.

    Raises
    ------
    RoundRefused
        When the round is not open or in moderation, or when no judge has submitted a sheet.
    """
    locked = lock_round(round_, {RoundState.OPEN, RoundState.MODERATING})
    sheets = ScoreSheet.objects.filter(entry__round=locked)
    submitted = sheets.filter(submitted_at__isnull=False).count()
    if not submitted:
        raise RoundRefused(_("No judge has submitted a score sheet yet, so there is nothing to rank."))
    locked.state, locked.closed_on = RoundState.CLOSED, on
    locked.save(update_fields=["state", "closed_on"])
    drafts = sheets.filter(submitted_at=None).count()
    trail(actor, "round.closed", locked, on=on.isoformat(), submitted=submitted, drafts=drafts)
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


def _told(terms: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in terms.items()}


def _said(round_: Round, name: str) -> str:
    """Return the value of a field as it is kept: a day, the word of a choice, a number; empty when there is none."""
    value = getattr(round_, name)
    return "" if value is None else str(value)
