"""The sheet `Penerusan`: the steps of each innovation through the chain, in the order in which they happened.

A step is known by its innovation, its kind, its date, and how many of that kind and date stand before it.
"""

from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Min, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from tifa.chain.choices import ANSWERS, Step
from tifa.chain.models import HandOff
from tifa.core.audit import Action
from tifa.core.batches import chunks
from tifa.core.spreadsheets import Row
from tifa.exchange.format import HANDOFFS
from tifa.exchange.report import Tally
from tifa.exchange.sheets.desk import BATCH, Desk
from tifa.exchange.sheets.innovations import InnovationPlan
from tifa.organisation.models import Person
from tifa.registry.models import Innovation

TEXTS = {"dari": "from_party", "ke": "to_party", "nomor_surat": "letter_number", "alasan": "reason"}
# What only some steps carry, by column: the name, and the steps.
OUTCOMES: Mapping[str, tuple[str, frozenset[Step]]] = {
    "berakhir_di": ("failed_at", frozenset({Step.REJECTED})),
    "nilai_kementerian": ("score", ANSWERS),
    "penghargaan": ("award", frozenset({Step.AWARDED})),
}
SCORE_PLACES, LARGEST_SCORE = Decimal("0.0001"), 10**5
# What a hand-off is besides its place in the order.
CONTENT = (
    "step",
    "from_party",
    "to_party",
    "letter_number",
    "due",
    "reason",
    "failed_at",
    "score",
    "award",
    "sent_id",
    "aside",
    "receipt_id",
    "content_digest",
    "recorded_by_id",
    "recorded_at",
)
Day = tuple[str, date]


@dataclass(frozen=True)
class Content:
    """What a hand-off says; what a workbook does not carry is kept with it."""

    step: str
    from_party: str = ""
    to_party: str = ""
    letter_number: str = ""
    due: date | None = None
    reason: str = ""
    failed_at: str = ""
    score: Decimal | None = None
    award: str = ""
    sent_id: int | None = None
    aside: bool = False
    receipt_id: int | None = None
    content_digest: str = ""
    recorded_by_id: int | None = None
    recorded_at: datetime | None = None


@dataclass(frozen=True)
class Change:
    """A hand-off to be written; ``pk`` is None for a new one."""

    innovation: str
    on: date
    pk: int | None
    content: Content
    before: Content | None = None


@dataclass
class HandOffPlan:
    """The hand-offs to be written, in order, with the count of rows that say what is stored."""

    changes: list[Change] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)


def plan_handoffs(desk: Desk, innovations: InnovationPlan) -> HandOffPlan:
    """Compare the sheet with what is stored, day by day."""
    days: dict[Day, list[Content]] = {}
    stored = _stored(innovations, {row.text("inovasi") for row in desk.rows(HANDOFFS)})
    waiting: dict[tuple[str, date, str], deque[Content]] = {}
    for day, entries in stored.items():
        for _pk, content in entries:
            waiting.setdefault((*day, content.step), deque()).append(content)
    for row in desk.rows(HANDOFFS):
        code, step, on = row.text("inovasi"), row.text("langkah"), row.day("tanggal")
        if code and not innovations.knows(code):
            desk.refuse(
                HANDOFFS, row, "inovasi", _("the code of an innovation of this workbook or of the database")
            )
        elif code:
            desk.check_reach(HANDOFFS, row, "inovasi", innovations.unit_of(code))
        if not code or not step or on is None:
            continue
        before = waiting.get((code, on, step))
        content = _content(row, before.popleft() if before else Content(step))
        _check_held(desk, row, content)
        _check_outcome(desk, row, content)
        days.setdefault((code, on), []).append(content)
    return _plan(days, stored)


def write_handoffs(
    plan: HandOffPlan, innovations: Mapping[str, int], *, actor: Person | None, now: datetime
) -> list[Action]:
    """Write the hand-offs in the order of the workbook, and show or hide their innovations accordingly."""
    if not plan.changes:
        return []
    new = [_handoff(change, innovations, actor, now) for change in plan.changes if change.pk is None]
    old = [_handoff(change, innovations, actor, now) for change in plan.changes if change.pk is not None]
    HandOff.objects.bulk_create(new, batch_size=BATCH)
    HandOff.objects.bulk_create(
        old,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[name.removesuffix("_id") for name in CONTENT],
    )
    _publish(dict.fromkeys(innovations[change.innovation] for change in plan.changes))
    return [_action(change) for change in plan.changes]


def _stored(innovations: InnovationPlan, codes: Iterable[str]) -> dict[Day, list[tuple[int, Content]]]:
    keys = {innovations.stored[code].pk: code for code in codes if code in innovations.stored}
    found: dict[Day, list[tuple[int, Content]]] = {}
    for piece in chunks(keys):
        rows = HandOff.objects.filter(innovation__in=piece).order_by("innovation", "on", "pk")
        for innovation, on, pk, *content in rows.values_list("innovation", "on", "pk", *CONTENT):
            found.setdefault((keys[innovation], on), []).append((pk, Content(*content)))
    return found


def _content(row: Row, before: Content) -> Content:
    said: dict[str, Any] = {name: row.text(column) for column, name in TEXTS.items() if column in row.values}
    if "tenggat" in row.values:
        said["due"] = row.day("tenggat")
    for column, (name, _steps) in OUTCOMES.items():
        if column in row.values:
            value = row.values[column]
            said[name] = value if name == "score" else value or ""
    return replace(_clean(before), **said)


def _unbroken(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _check_held(desk: Desk, row: Row, content: Content) -> None:
    if content.step == Step.DECLINED and not content.reason:
        desk.refuse(HANDOFFS, row, "alasan", _("the reason for which the unit declined"))
    if content.step != Step.HELD:
        return
    if not content.reason:
        desk.refuse(HANDOFFS, row, "alasan", _("the reason for holding back; “ditahan” is a decision"))
    if content.due is None:
        desk.refuse(HANDOFFS, row, "tenggat", _("the day until which it is held back"))


def _check_outcome(desk: Desk, row: Row, content: Content) -> None:
    """Refuse an outcome that its step cannot have, and a score that no scale has."""
    for column, (name, steps) in OUTCOMES.items():
        if getattr(content, name) not in (None, "") and content.step not in steps:
            words = ", ".join(sorted(steps))
            desk.refuse(HANDOFFS, row, column, _("nothing; only these steps have it: %s") % words)
    score = content.score
    if score is not None and not (0 <= score < LARGEST_SCORE and score == score.quantize(SCORE_PLACES)):
        desk.refuse(
            HANDOFFS,
            row,
            "nilai_kementerian",
            _("a number from 0 to below 100000 with at most four decimals"),
        )


def _plan(
    days: Mapping[Day, Sequence[Content]], stored: Mapping[Day, Sequence[tuple[int, Content]]]
) -> HandOffPlan:
    plan = HandOffPlan()
    created = changed = unchanged = 0
    for (code, on), rows in days.items():
        before = stored.get((code, on), [])
        slots = _in_order(rows, before)
        for number, content in enumerate(slots):
            pk, old = before[number] if number < len(before) else (None, None)
            if pk is None:
                created += 1
            elif old is not None and _clean(old) != content:
                changed += 1
            else:
                continue
            plan.changes.append(Change(code, on, pk, content, old))
        unchanged += len(rows)
    plan.tally = Tally(created, changed, max(unchanged - created - changed, 0))
    return plan


def _in_order(rows: Sequence[Content], before: Sequence[tuple[int, Content]]) -> list[Content]:
    """Return the steps of one day as they will stand: those of the workbook in its order.

    Where the stored order agrees, each step keeps its place. Where it does not, the contents are dealt out
    anew to the stored places: steps that the workbook does not name first, then the workbook's own.
    """
    places: dict[int, Content] = {}
    counts: Counter[str] = Counter()
    rest: list[Content] = []
    ascending, last = True, -1
    positions: dict[str, list[int]] = {}
    for place, (_pk, content) in enumerate(before):
        positions.setdefault(content.step, []).append(place)
    for content in rows:
        same = positions.get(content.step, [])
        number = counts[content.step]
        counts[content.step] += 1
        if number < len(same):
            ascending = ascending and same[number] > last and not rest
            last = same[number]
            places[same[number]] = content
        else:
            rest.append(content)
    unnamed = {place: _clean(content) for place, (_pk, content) in enumerate(before) if place not in places}
    if ascending:
        together = {**places, **unnamed}
        return [*(together[place] for place in sorted(together)), *rest]
    return [*unnamed.values(), *rows]


def _clean(content: Content) -> Content:
    texts: dict[str, Any] = {name: _unbroken(getattr(content, name)) for name in TEXTS.values()}
    return replace(content, **texts)


def _handoff(change: Change, innovations: Mapping[str, int], actor: Person | None, now: datetime) -> HandOff:
    values = vars(change.content)
    if change.content.recorded_at is None:
        values = {**values, "recorded_at": now, "recorded_by_id": actor.pk if actor else None}
    return HandOff(pk=change.pk, innovation_id=innovations[change.innovation], on=change.on, **values)


def _publish(innovations: Iterable[int]) -> None:
    """Show each innovation from the day of its first verification, and none only because it was imported.

    One that was shown on other grounds, before it was verified, keeps its day.
    """
    first = (
        HandOff.objects.filter(innovation=OuterRef("pk"), step=Step.VERIFIED)
        .values("innovation")
        .annotate(day=Min("on"))
        .values("day")
    )
    for piece in chunks(innovations):
        shown_as_verified = Q(published_on=None) | Q(published_on=F("verified_on"))
        Innovation.objects.filter(shown_as_verified, pk__in=piece).update(published_on=Subquery(first))
        Innovation.objects.filter(pk__in=piece).update(verified_on=Subquery(first))


def _action(change: Change) -> Action:
    detail = {"on": change.on.isoformat(), "source": "workbook", "after": _plain(change.content)}
    if change.before is None:
        return Action(f"handoff.{change.content.step}", "innovation", change.innovation, detail)
    return Action(
        "handoff.changed", "innovation", change.innovation, {**detail, "before": _plain(change.before)}
    )


def _plain(content: Content) -> dict[str, Any]:
    return {
        "step": content.step,
        "from": content.from_party,
        "to": content.to_party,
        "letter_number": content.letter_number,
        "due": content.due.isoformat() if content.due else None,
        "reason": content.reason,
        "failed_at": content.failed_at,
        "score": None if content.score is None else str(content.score),
        "award": content.award,
    }
