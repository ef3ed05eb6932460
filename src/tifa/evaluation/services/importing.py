"""Takes rounds and scores from a workbook: in bulk, and so that the same workbook twice changes nothing."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tifa.core import audit
from tifa.evaluation.choices import RoundState, ScoreState
from tifa.evaluation.models import Assignment, Entry, PanelMember, Round, Score, ScoreSheet
from tifa.evaluation.selectors.rubrics import rubric_of
from tifa.evaluation.services.conflicts import find_conflicts
from tifa.evaluation.services.locking import RoundRefused, lock_round
from tifa.evaluation.services.rounds import freeze_instrument
from tifa.evaluation.services.scoring import SectionScore, check_scores
from tifa.organisation.models import Person
from tifa.registry.models import Innovation

BATCH = 1000
Outcome = Literal["created", "changed", "unchanged"]


@dataclass(frozen=True)
class ImportedScore:
    """One row of the sheet `Nilai`: what a judge, known by name, says of one section."""

    innovation_id: int
    judge_name: str
    section: str
    state: ScoreState
    value: Decimal | None
    note: str = ""


@dataclass(frozen=True)
class ImportCount:
    """What an import of scores did."""

    created: int
    changed: int
    unchanged: int


@transaction.atomic
def import_round(
    *,
    actor: Person | None,
    code: str,
    name: str,
    instrument_id: str,
    opened_on: date | None,
    closed_on: date | None,
) -> tuple[Round, Outcome]:
    """Make or change a round as a workbook says; its dates tell its state, and an opened one is frozen.

    Raises
    ------
    RoundRefused
        When the workbook would take a round back (open a closed one, change the instrument of an open one).
    """
    round_ = Round.objects.select_for_update().filter(code=code).first()
    outcome: Outcome = "changed" if round_ else "created"
    if round_ is None:
        round_ = Round(code=code, instrument_id=instrument_id)
    wanted = (name, instrument_id, opened_on, closed_on)
    if outcome == "changed" and wanted == _said(round_):
        return round_, "unchanged"
    _refuse_step_back(round_, instrument_id, opened_on, closed_on)
    round_.name, round_.instrument_id, round_.opened_on, round_.closed_on = wanted
    if round_.state != RoundState.PUBLISHED:
        round_.state = _state(opened_on, closed_on)
    if round_.state != RoundState.DRAFT and round_.instrument_copy is None:
        freeze_instrument(round_)
    round_.full_clean(exclude=["instrument_copy"])
    round_.save()
    audit.record(
        actor=actor,
        action="round.imported",
        object_type="round",
        object_key=code,
        name=name,
        instrument=instrument_id,
        instrument_digest=round_.instrument_digest,
        opened_on=opened_on.isoformat() if opened_on else None,
        closed_on=closed_on.isoformat() if closed_on else None,
    )
    return round_, outcome


@transaction.atomic
def import_scores(*, actor: Person | None, round_: Round, scores: Sequence[ImportedScore]) -> ImportCount:
    """Store scores of a workbook, with the entries and judges that they name, as submitted sheets.

    The number of statements does not grow with the rows, apart from the batches of the inserts.

    Raises
    ------
    RoundRefused
        When the round has not opened, or when the rows would change a round whose result is published.
    WrongScore
        When a row does not fit the rubric.
    """
    locked = lock_round(round_, {RoundState.OPEN, RoundState.CLOSED, RoundState.PUBLISHED})
    check_scores(rubric_of(locked), [_section_score(row) for row in scores])
    stored = _stored_scores(locked)
    rows = {(row.innovation_id, row.judge_name, row.section): row for row in scores}
    new = [row for key, row in rows.items() if key not in stored]
    changed = [row for key, row in rows.items() if key in stored and _content(row) != stored[key]]
    count = ImportCount(len(new), len(changed), len(rows) - len(new) - len(changed))
    if new or changed:
        _refuse_published(locked, len(new) + len(changed))
        _write(locked, [*new, *changed], timezone.now())
        _keep_away(actor, locked)
        audit.record(
            actor=actor,
            action="scores.imported",
            object_type="round",
            object_key=locked.code,
            **vars(count),
        )
    return count


def _keep_away(actor: Person | None, round_: Round) -> None:
    """Look for conflicts with what is still to be judged; sheets that came in were judged elsewhere, and count."""
    if round_.state == RoundState.OPEN:
        judged = set(ScoreSheet.objects.filter(entry__round=round_).values_list("entry_id", "member_id"))
        find_conflicts(actor=actor, round_=round_, spare=judged)


def _said(round_: Round) -> tuple[str, str, date | None, date | None]:
    return (round_.name, round_.instrument_id, round_.opened_on, round_.closed_on)


def _state(opened_on: date | None, closed_on: date | None) -> RoundState:
    if closed_on:
        return RoundState.CLOSED
    return RoundState.OPEN if opened_on else RoundState.DRAFT


def _refuse_step_back(
    round_: Round, instrument_id: str, opened_on: date | None, closed_on: date | None
) -> None:
    order = [RoundState.DRAFT, RoundState.OPEN, RoundState.CLOSED]
    now = RoundState.CLOSED if round_.state == RoundState.PUBLISHED else RoundState(round_.state)
    if order.index(_state(opened_on, closed_on)) < order.index(now):
        raise RoundRefused(
            _(
                "The round “%(code)s” is %(state)s; the workbook would take it back. Give its dates as they are."
            )
            % {"code": round_.code, "state": round_.get_state_display().lower()}
        )
    if round_.instrument_copy is not None and instrument_id != round_.instrument_id:
        raise RoundRefused(
            _("The round “%(code)s” has opened on the instrument “%(old)s”, not on “%(new)s”.")
            % {"code": round_.code, "old": round_.instrument_id, "new": instrument_id}
        )


def _refuse_published(round_: Round, count: int) -> None:
    if round_.state == RoundState.PUBLISHED:
        raise RoundRefused(
            _(
                "The result of the round “%(code)s” is published; %(count)d scores of the workbook differ from it."
            )
            % {"code": round_.code, "count": count}
        )


def _section_score(row: ImportedScore) -> SectionScore:
    return SectionScore(row.section, row.state, row.value, row.note)


def _content(row: ImportedScore) -> tuple[str, Decimal | None, str]:
    return (str(row.state), row.value, row.note)


def _stored_scores(round_: Round) -> dict[tuple[int, str, str], tuple[str, Decimal | None, str]]:
    rows = Score.objects.filter(sheet__entry__round=round_).values_list(
        "sheet__entry__innovation_id", "sheet__member__name", "section", "state", "value", "note"
    )
    return {(row[0], row[1], row[2]): (row[3], row[4], row[5]) for row in rows.iterator(chunk_size=BATCH)}


def _write(round_: Round, rows: Sequence[ImportedScore], now: datetime) -> None:
    entries = _entries(round_, {row.innovation_id for row in rows})
    members = _members(round_, {row.judge_name for row in rows})
    pairs = dict.fromkeys((entries[row.innovation_id], members[row.judge_name]) for row in rows)
    sheets = _sheets(round_, pairs, now)
    if round_.reviews_each is not None:
        _assign(pairs, now)
    Score.objects.bulk_create(
        [
            Score(
                sheet_id=sheets[entries[row.innovation_id], members[row.judge_name]],
                section=row.section,
                state=row.state,
                value=row.value,
                note=row.note,
            )
            for row in rows
        ],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["sheet", "section"],
        update_fields=["state", "value", "note", "note_released"],  # a changed note is released anew
    )


def _assign(pairs: Iterable[tuple[int, int]], now: datetime) -> None:
    """Count sheets of a workbook as assigned, where the round is divided."""
    Assignment.objects.bulk_create(
        (Assignment(entry_id=entry, member_id=member, assigned_at=now) for entry, member in pairs),
        batch_size=BATCH,
        ignore_conflicts=True,
    )


def _entries(round_: Round, innovations: Iterable[int]) -> dict[int, int]:
    def read() -> dict[int, int]:
        return dict(Entry.objects.filter(round=round_).values_list("innovation_id", "pk"))

    missing = sorted(set(innovations) - read().keys())
    topics = dict(Innovation.objects.filter(pk__in=missing).values_list("pk", "affairs")) if missing else {}
    Entry.objects.bulk_create(
        (Entry(round=round_, innovation_id=key, topic=topics.get(key, "")) for key in missing),
        batch_size=BATCH,
    )
    return read()


def _members(round_: Round, names: Iterable[str]) -> dict[str, int]:
    def read() -> dict[str, int]:
        return dict(PanelMember.objects.filter(round=round_).values_list("name", "pk"))

    missing = sorted(set(names) - read().keys())
    accounts = _accounts(round_, missing)
    PanelMember.objects.bulk_create(
        (PanelMember(round=round_, name=name, person_id=accounts.get(name.lower())) for name in missing),
        batch_size=BATCH,
    )
    return read()


def _accounts(round_: Round, names: Collection[str]) -> dict[str, int]:
    """Return the people whom a workbook names by e-mail address; a name alone could be somebody else's."""
    seated = PanelMember.objects.filter(round=round_, person__isnull=False).values("person")
    addresses = [name.lower() for name in names if "@" in name]
    people = Person.objects.filter(email__in=addresses).exclude(pk__in=seated)
    return {email.lower(): key for email, key in people.values_list("email", "pk")}


def _sheets(round_: Round, pairs: Collection[tuple[int, int]], now: datetime) -> dict[tuple[int, int], int]:
    """Return the sheets of pairs of entry and judge; those already there get a new version."""
    present = {
        (sheet.entry_id, sheet.member_id): sheet for sheet in ScoreSheet.objects.filter(entry__round=round_)
    }
    old = [present[pair] for pair in pairs if pair in present]
    for sheet in old:
        sheet.version += 1
        sheet.submitted_at = sheet.submitted_at or now
    ScoreSheet.objects.bulk_update(old, ["version", "submitted_at"], batch_size=BATCH)
    new = [
        ScoreSheet(entry_id=entry, member_id=member, submitted_at=now)
        for entry, member in pairs
        if (entry, member) not in present
    ]
    ScoreSheet.objects.bulk_create(new, batch_size=BATCH)
    return {
        (entry, member): key
        for entry, member, key in ScoreSheet.objects.filter(entry__round=round_).values_list(
            "entry_id", "member_id", "pk"
        )
    }
