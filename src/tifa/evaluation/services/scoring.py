"""Keeps what a judge says of an entry; nothing that was acknowledged is lost or overwritten silently."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Exists, QuerySet, Subquery
from django.utils.translation import gettext as _

from tifa.core import audit
from tifa.evaluation.choices import RoundState, ScoreState
from tifa.evaluation.models import (
    Assignment,
    Conflict,
    Entry,
    PanelMember,
    Reopening,
    Revision,
    Round,
    Score,
    ScoreSheet,
)
from tifa.evaluation.selectors.rubrics import rubric_of
from tifa.evaluation.services.locking import RoundRefused
from tifa.instruments import Rubric
from tifa.organisation.models import Person

PLACES = Decimal("0.01")


class AlreadySubmitted(RoundRefused):
    """A submitted sheet does not become a draft again."""


class NotOnPanel(PermissionError):
    """The person does not judge this entry: not named, withdrawn, not assigned to it, or with a conflict."""


class WrongScore(ValueError):
    """A score is outside the scale, has too many decimals, or belongs to no section; the message says which."""


class IncompleteSheet(ValueError):
    """A sheet is to be submitted although sections are open; ``sections`` names them."""

    def __init__(self, sections: Sequence[str]) -> None:
        super().__init__(
            _("Not every section has a score or a reason for having none: %(sections)s.")
            % {"sections": ", ".join(sections)}
        )
        self.sections = tuple(sections)


class StaleSheet(Exception):
    """A sheet was saved elsewhere since it was read; ``stored`` and ``scores`` are what lies there now."""

    def __init__(self, stored: ScoreSheet, scores: Mapping[str, Score]) -> None:
        super().__init__(_("This score sheet was changed in another window or on another device."))
        self.stored = stored
        self.scores = dict(scores)


@dataclass(frozen=True)
class SectionScore:
    """What a judge says of one section; a number stands with the state “scored” only."""

    section: str
    state: ScoreState
    value: Decimal | None = None
    note: str = ""
    note_released: bool = False


def record_scores(
    *, judge: Person, entry: Entry, version: int, scores: Sequence[SectionScore], submit: bool, now: datetime
) -> ScoreSheet:
    """Store a judge's scores of an entry, as a draft or submitted.

    Parameters
    ----------
    judge
        Whose sheet it is.
    entry
        What is judged, with its round.
    version
        The version of the sheet that the judge saw; 0 when there was none.
    scores
        What is said now; sections that are left out stay as they are stored.
    submit
        Whether the sheet counts from now on. A submitted sheet can be submitted again with changes until the
        round closes, but does not become a draft again.
    now
        The time to be recorded.

    Returns
    -------
    ScoreSheet
        The stored sheet with its new version; the same version when nothing changed.

    Raises
    ------
    StaleSheet
        When the stored sheet is not the one of ``version`` and says something else; nothing is overwritten.
    RoundRefused
        When the round is not open and the entry is not taken up again, or a sheet that was published is not revised.
    AlreadySubmitted
        When a submitted sheet is to become a draft.
    NotOnPanel
        When the person does not judge this entry.
    IncompleteSheet
        When a section that counts is open and ``submit`` is asked for.
    WrongScore
        When a score does not fit the rubric.
    """
    rubric = rubric_of(entry.round)
    check_scores(rubric, scores)
    write = _Write(judge, entry, version, {score.section: score for score in scores}, submit, now)
    try:
        return _store(write, rubric)
    except IntegrityError:
        # Another window made the sheet between our look and our insert; now it is there to compare with.
        return _store(write, rubric)


def revise_scores(
    *, judge: Person, entry: Entry, version: int, scores: Sequence[SectionScore], reason: str, now: datetime
) -> ScoreSheet:
    """Change the scores of a submitted sheet in moderation or on an appeal; the ones before are kept beside them.

    Raises
    ------
    RoundRefused
        When neither the round is in moderation nor the entry is taken up again, when the sheet was not submitted, or
        without a reason.
    StaleSheet, NotOnPanel, IncompleteSheet, WrongScore
        As :func:`record_scores`.
    """
    if not reason.strip():
        raise RoundRefused(_("Write why you change your scores: the original and the reason stay readable."))
    rubric = rubric_of(entry.round)
    check_scores(rubric, scores)
    by_section = {score.section: score for score in scores}
    return _store(_Write(judge, entry, version, by_section, submit=True, now=now, reason=reason), rubric)


def check_scores(rubric: Rubric, scores: Sequence[SectionScore]) -> None:
    """Raise WrongScore for the first score that does not fit the rubric."""
    known = {section.id for section in rubric.sections}
    for score in scores:
        if score.section not in known:
            raise WrongScore(
                _("The instrument has no section “%(section)s”. It has: %(known)s.")
                % {"section": score.section, "known": ", ".join(section.id for section in rubric.sections)}
            )
        if (score.value is None) == (score.state == ScoreState.SCORED):
            raise WrongScore(
                _("Section “%(section)s” needs either a number or a reason for having none, not both.")
                % {"section": score.section}
            )
        if score.value is not None:
            _check_value(rubric, score.section, score.value)


@dataclass(frozen=True)
class _Write:
    judge: Person
    entry: Entry
    version: int
    scores: dict[str, SectionScore]
    submit: bool
    now: datetime
    reason: str = ""

    @property
    def state(self) -> RoundState:
        """Return the state in which the round must be: a revision has a reason, and its time is the moderation."""
        return RoundState.MODERATING if self.reason else RoundState.OPEN


@transaction.atomic
def _store(write: _Write, rubric: Rubric) -> ScoreSheet:
    sheet = _locked_sheet(write)
    stored = {score.section: score for score in sheet.scores.all()} if sheet.pk else {}
    changed = [score for score in write.scores.values() if _differs(score, stored.get(score.section))]
    if not changed and (sheet.submitted_at or not write.submit):
        return sheet
    if changed and sheet.version != write.version:
        raise StaleSheet(sheet, stored)
    if sheet.submitted_at and not write.submit:
        raise AlreadySubmitted(_("This score sheet is submitted. Correct it and submit it again."))
    if write.submit:
        _check_complete(rubric, {**stored, **write.scores})
    if write.reason:
        _keep_original(write, sheet, stored, changed)
    elif sheet.submitted_at and sheet.entry.round.state == RoundState.PUBLISHED:
        raise RoundRefused(
            _("These scores are published. Revise them: the original ones stay beside the new ones.")
        )
    _save(write, sheet, changed)
    return sheet


def _keep_original(
    write: _Write, sheet: ScoreSheet, stored: Mapping[str, Score], changed: Sequence[SectionScore]
) -> None:
    if sheet.submitted_at is None:
        raise RoundRefused(
            _("This score sheet was not submitted in time, so it does not count and cannot be revised.")
        )
    if not changed:
        return
    Revision.objects.create(
        sheet=sheet,
        before={one.section: _text_of(stored.get(one.section)) for one in changed},
        after={one.section: _text_of(one) for one in changed},
        reason=write.reason,
        revised_at=write.now,
    )


def _text_of(score: SectionScore | Score | None) -> str:
    return "" if score is None or score.value is None else str(score.value)


def _locked_sheet(write: _Write) -> ScoreSheet:
    """Return the judge's sheet, a new one with version 0 when there is none; its round is locked.

    The lock comes first and the questions after it: one statement that locks and asks would answer with what was true
    before a withdrawal that it had to wait for.
    """
    round_ = Round.objects.select_for_update().defer("instrument_copy").get(pk=write.entry.round_id)
    sheet = (
        ScoreSheet.objects.select_related("entry", "member")
        .filter(entry=write.entry, member__person=write.judge)
        .annotate(
            conflicted=Exists(_conflict(write)),
            assigned=Exists(_assignment(write)),
            reopened=Exists(_reopening(write)),
        )
        .first()
    )
    if sheet is not None:
        _check_seat(round_, sheet.member, conflicted=sheet.conflicted, assigned=sheet.assigned)
        _check_open(round_, sheet.entry.withdrawn_at, write.state, reopened=sheet.reopened)
        sheet.entry.round = round_
        return sheet
    entry = Entry.objects.filter(pk=write.entry.pk)
    seat = (
        PanelMember.objects.filter(round=round_, person=write.judge)
        .annotate(
            conflicted=Exists(_conflict(write)),
            assigned=Exists(_assignment(write)),
            reopened=Exists(_reopening(write)),
            entry_withdrawn_at=Subquery(entry.values("withdrawn_at")),
        )
        .first()
    )
    if seat is None:
        raise NotOnPanel(_("You do not judge this entry."))
    _check_seat(round_, seat, conflicted=seat.conflicted, assigned=seat.assigned)
    _check_open(round_, seat.entry_withdrawn_at, write.state, reopened=seat.reopened)
    return ScoreSheet(entry=write.entry, member=seat, version=0)


def _conflict(write: _Write) -> QuerySet[Conflict]:
    return Conflict.objects.filter(entry=write.entry, member__person=write.judge)


def _assignment(write: _Write) -> QuerySet[Assignment]:
    return Assignment.objects.filter(entry=write.entry, member__person=write.judge)


def _reopening(write: _Write) -> QuerySet[Reopening]:
    return Reopening.objects.filter(entry=write.entry, ended_at=None)


def _check_seat(round_: Round, seat: PanelMember, *, conflicted: bool, assigned: bool) -> None:
    elsewhere = round_.reviews_each is not None and not assigned
    if seat.withdrawn_at is not None or conflicted or elsewhere:
        raise NotOnPanel(_("You do not judge this entry."))


def _check_open(
    round_: Round, entry_withdrawn_at: datetime | None, state: RoundState, *, reopened: bool
) -> None:
    if entry_withdrawn_at is not None:
        raise RoundRefused(
            _("This entry was withdrawn from the round, so its scores do not change any more.")
        )
    if round_.state != state and not (reopened and round_.state == RoundState.PUBLISHED):
        raise RoundRefused(
            _("The round is not open for scores. What you typed was not stored; copy it if you need it.")
        )


def _check_value(rubric: Rubric, section: str, value: Decimal) -> None:
    if not value.is_finite() or not rubric.minimum <= value <= rubric.maximum:
        raise WrongScore(
            _(
                "%(value)s in section “%(section)s” is outside the scale. Give a number from %(least)s to %(most)s."
            )
            % {"value": value, "section": section, "least": rubric.minimum, "most": rubric.maximum}
        )
    if value != value.quantize(PLACES):
        raise WrongScore(
            _("%(value)s in section “%(section)s” has more than two decimals.")
            % {"value": value, "section": section}
        )


def _check_complete(rubric: Rubric, said: Mapping[str, SectionScore | Score]) -> None:
    open_ = [
        section.id
        for section in rubric.sections
        if section.weight and (section.id not in said or said[section.id].state == ScoreState.NOT_YET)
    ]
    if open_:
        raise IncompleteSheet(open_)


def _differs(score: SectionScore, stored: Score | None) -> bool:
    if stored is None:
        return score.state != ScoreState.NOT_YET or bool(score.note)
    return (score.state, score.value, score.note, score.note_released) != (
        stored.state,
        stored.value,
        stored.note,
        stored.note_released,
    )


def _save(write: _Write, sheet: ScoreSheet, changed: Sequence[SectionScore]) -> None:
    sheet.version += 1
    if write.submit:
        sheet.submitted_at = write.now
    kept = list(write.scores.values()) if sheet.pk is None else changed
    sheet.save()
    Score.objects.bulk_create(
        [Score(sheet=sheet, **vars(score)) for score in kept],
        update_conflicts=True,
        unique_fields=["sheet", "section"],
        update_fields=["state", "value", "note", "note_released"],
    )
    # The audit log is read while judges still work: it proves what was stored by a digest and shows no score.
    audit.record(
        actor=write.judge,
        action="scores.revised" if write.reason else "scores.submitted" if write.submit else "scores.saved",
        object_type="round",
        object_key=sheet.entry.round.code,
        innovation=write.entry.innovation.code,
        version=sheet.version,
        sections=len(changed),
        digest=_digest(write.scores.values()),
    )


def _digest(scores: Iterable[SectionScore]) -> str:
    content = sorted(
        [score.section, score.state, str(score.value), score.note, score.note_released] for score in scores
    )
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
