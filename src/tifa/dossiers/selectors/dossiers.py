"""Reads dossiers: who sees which, what is written, and what the check says of it."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import PurePath
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from tifa.dossiers.checking import Check, check_dossier
from tifa.dossiers.choices import FINISHED_STATES, DossierState
from tifa.dossiers.draft import Draft, items_of, read_draft
from tifa.dossiers.eligibility import Verdict
from tifa.dossiers.models import (
    AwardHistory,
    Comment,
    Dossier,
    DossierAnswer,
    MovedDeadline,
    SentDossier,
    Story,
)
from tifa.dossiers.readiness import proven_score
from tifa.dossiers.selectors.deadlines import Deadline, deadlines_of
from tifa.dossiers.story import blocks_of
from tifa.instruments import Instrument, list_instruments, load_instrument, spoken
from tifa.instruments.schema import ChoiceItem, TextItem
from tifa.organisation.choices import DECIDING_ROLES, REPORTING_ROLES, Role
from tifa.organisation.models import Person
from tifa.organisation.selectors import UnitTree, units_of
from tifa.registry.models import Evidence, Innovation
from tifa.registry.selectors import visible_innovations

FormItem = TextItem | ChoiceItem
LEVEL = "level"


@dataclass(frozen=True)
class Side:
    """One edition beside the others: what of it there is for an innovation; ``check`` is None without a dossier.

    ``closes`` is None when no source tells the day.
    """

    instrument: Instrument
    dossier: Any
    check: Check | None
    fed: int
    items: int
    closes: date | None

    @property
    def title(self) -> str:
        """Return the name of the edition."""
        return spoken(self.instrument.title)

    @property
    def too_long(self) -> int:
        """Return how many answers are too long."""
        return sum(bool(one.over) for one in self.check.lengths) if self.check else 0

    @property
    def failed(self) -> list[Verdict]:
        """Return the rules of admission that are broken."""
        return verdicts_of(self.check, "failed")

    @property
    def open(self) -> list[Verdict]:
        """Return the rules of which nobody knows yet whether they are met."""
        return verdicts_of(self.check, "unknown", "judged")


@dataclass(frozen=True)
class Edition:
    """An edition on the board: when it closes, in the organiser's zone and here, and how many dossiers stand where.

    ``day`` and ``days_left`` are None where no source tells the day, ``closes`` where none tells the time; ``days_left`` is
    negative afterwards. ``moved`` says that Ortal recorded another day than was published. ``measures_city`` says that it makes an index of the city of all its innovations.
    """

    id: str
    title: str
    day: date | None
    closes: datetime | None
    moved: MovedDeadline | None
    days_left: int | None
    counts: tuple[tuple[str, str, int], ...]
    measures_city: bool

    @property
    def begun(self) -> int:
        """Return how many dossiers there are."""
        return sum(count for _state, _label, count in self.counts)

    @property
    def at_organiser(self) -> datetime | None:
        """Return the closing in the organiser's zone."""
        return self.closes.astimezone(ZoneInfo(settings.MINISTRY_TIME_ZONE)) if self.closes else None


@dataclass(frozen=True)
class Known:
    """What the check reads beside the answers: earlier awards, None while nobody told them, and the proof that holds.

    ``proof`` are the titles of the evidence that has not expired, by key.
    """

    awards: Sequence[Mapping[str, Any]] | None
    proof: Mapping[int, str]


@dataclass(frozen=True)
class Rights:
    """What a person may do with a dossier."""

    write: bool
    comment: bool
    decide: bool
    verify: bool


def verdicts_of(check: Check | None, *states: str) -> list[Verdict]:
    """Return what the rules of admission say, those in the given states."""
    return [one for one in check.verdicts if one.state in states] if check else []


def visible_dossiers(person: Person, tree: UnitTree) -> QuerySet[Any]:
    """Return the dossiers of the innovations that a person may see, with how many comments are open."""
    return (
        Dossier.objects.filter(innovation__in=visible_innovations(person, tree).order_by())
        .select_related("innovation__unit", "state_by")
        .annotate(open_comments=Count("comments", filter=Q(comments__resolved_at=None)))
        .order_by("-made_at", "-pk")
    )


def rights_on(person: Person, innovation: Innovation, tree: UnitTree) -> Rights:
    """Return what a person may do with the dossiers of an innovation.

    Its unit writes; the unit and the organisation section comment; the head of the unit and the organisation section
    decide whether a dossier is ready; the organisation section checks what is claimed.
    """
    unit = innovation.unit_id
    writes = unit in units_of(person, REPORTING_ROLES, tree)
    ortal = unit in units_of(person, DECIDING_ROLES, tree)
    return Rights(writes, writes or ortal, ortal or unit in units_of(person, {Role.HEAD}, tree), ortal)


def form_of(instrument_id: str) -> str:
    """Return the form of which something is an edition: its name without the year."""
    return instrument_id.rsplit("-", 1)[0]


def writable_editions(begun: Collection[str] = ()) -> list[Instrument]:
    """Return the newest edition of each form with texts to write, and those for which a dossier was ``begun``."""
    loaded = (load_instrument(one.id) for one in list_instruments())
    found = [
        one for one in loaded if one.cancelled is None and any(isinstance(i, TextItem) for i in one.items)
    ]
    found.sort(key=lambda one: (-one.year, one.id))
    newest: dict[str, str] = {}
    for one in found:
        newest.setdefault(form_of(one.id), one.id)
    return [one for one in found if one.id in newest.values() or one.id in begun]


def edition_board(person: Person, tree: UnitTree, today: date) -> list[Edition]:
    """Return the newest editions and those with dossiers that a person may see, what closes next first."""
    rows = visible_dossiers(person, tree).order_by().values_list("instrument_id", "state")
    counted = Counter(rows)
    found = writable_editions([edition for edition, _state in counted])
    deadlines = deadlines_of(found)
    editions = [_edition(one, deadlines[one.id], counted, today) for one in found]
    return sorted(
        editions, key=lambda one: (one.days_left is None or one.days_left < 0, one.days_left or 0, one.id)
    )


def _edition(
    instrument: Instrument, deadline: Deadline, counted: Mapping[tuple[str, str], int], today: date
) -> Edition:
    return Edition(
        instrument.id,
        spoken(instrument.title),
        deadline.day,
        deadline.moment,
        deadline.moved,
        (deadline.day - today).days if deadline.day else None,
        tuple((state.value, str(state.label), counted[instrument.id, state.value]) for state in DossierState),
        bool(instrument.collections),
    )


def text_items(instrument: Instrument, group: str) -> list[TextItem]:
    """Return the items of a group that are texts, in the order of the form."""
    return [item for item in items_of(instrument, group or None) if isinstance(item, TextItem)]


def form_items(instrument: Instrument, group: str) -> list[FormItem]:
    """Return the items of a group that are written here, texts and levels, in the order of the form."""
    return [item for item in items_of(instrument, group or None) if isinstance(item, TextItem | ChoiceItem)]


def answers_of(dossier: Dossier) -> dict[str, DossierAnswer]:
    """Return what is written by item."""
    rows = DossierAnswer.objects.filter(dossier=dossier).select_related("changed_by", "verified_by")
    return {row.item: row for row in rows}


def ready_texts(instrument_id: str, innovations: Collection[int]) -> dict[int, dict[str, dict[str, str]]]:
    """Return what the ready dossiers of an edition say, by key of the innovation, item and place; empty texts left out."""
    rows = DossierAnswer.objects.filter(
        dossier__instrument_id=instrument_id, dossier__state__in=FINISHED_STATES
    ).order_by("pk")
    found: dict[int, dict[str, dict[str, str]]] = {}
    for innovation, item, texts in rows.values_list("dossier__innovation", "item", "texts").iterator():
        written = {name: text for name, text in texts.items() if text}
        if written and innovation in innovations:
            found.setdefault(innovation, {})[item] = written
    return found


def each_dossier(keys: Sequence[int]) -> Iterator[Dossier]:
    """Yield dossiers one by one in the order of their keys, so that many take no more memory than one."""
    for key in keys:
        yield Dossier.objects.select_related("innovation__unit").get(pk=key)


def ready_dossiers(innovation: Innovation) -> list[tuple[Dossier, str]]:
    """Return the dossiers of an innovation that can be sent, each with the name of its edition."""
    rows = Dossier.objects.filter(innovation=innovation, state=DossierState.READY)
    return [(one, spoken(load_instrument(one.instrument_id).title)) for one in rows]


def sent_of(dossier: Dossier) -> list[Any]:
    """Return what was sent of a dossier, the last first, each with the steps of the chain that belong to it."""
    rows = SentDossier.objects.filter(dossier=dossier).select_related("pdf", "frozen_by")
    return list(rows.prefetch_related("handoffs__receipt"))


def given_score(sent: Sequence[Any]) -> Decimal | None:
    """Return the score that the ministry told last of what was sent; None as long as nobody told it."""
    scores = [step.score for one in reversed(sent) for step in one.handoffs.all() if step.score is not None]
    return scores[-1] if scores else None


def sent_by_code(code: str) -> Any:
    """Return what was sent under a code that is printed on it; None when there is no such code."""
    rows = SentDossier.objects.select_related("pdf", "dossier__innovation__unit")
    return rows.prefetch_related("handoffs").filter(code=code).first()


def story_of(innovation: Innovation) -> dict[str, Story]:
    """Return the story of an innovation by part."""
    rows = Story.objects.filter(innovation=innovation).select_related("changed_by")
    return {row.block: row for row in rows}


def awards_of(innovation: Innovation) -> AwardHistory | None:
    """Return which awards an innovation was given before; None while nobody has told them."""
    return AwardHistory.objects.filter(innovation=innovation).select_related("told_by").first()


def known_of(innovations: Collection[int], *, on: date) -> dict[int, Known]:
    """Return what is known beside the answers for some innovations, by their keys, in two statements."""
    histories = AwardHistory.objects.filter(innovation__in=innovations)
    awards = dict(histories.values_list("innovation", "awards"))
    holding = Evidence.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=on), innovation__in=innovations
    )
    proof: dict[int, dict[int, str]] = {}
    for innovation, key, title in holding.order_by("pk").values_list("innovation", "pk", "title"):
        proof.setdefault(innovation, {})[key] = title
    return {key: Known(awards.get(key), proof.get(key, {})) for key in innovations}


def draft_of(
    dossier: Dossier,
    instrument: Instrument,
    answers: Mapping[str, DossierAnswer],
    known: Known,
    *,
    verified: bool = False,
) -> Draft:
    """Return a dossier as the check reads it.

    What nobody has told, such as earlier awards, is left out and therefore unknown. Evidence that has expired proves
    nothing. With ``verified`` only that proof counts which the organisation section has checked.
    """
    innovation = dossier.innovation
    items = {item.id: item for item in form_items(instrument, dossier.group)}
    return read_draft(
        instrument,
        {
            "title": innovation.title,
            "group": dossier.group or None,
            "category": dossier.category or None,
            "use_started": innovation.use_started,
            "awards": known.awards,
            "goals": dossier.goals,
            "attachments": [
                one for one in dossier.attachments if one in {a.id for a in instrument.attachments}
            ],
            "items": {
                name: _value(
                    items[name],
                    row.texts,
                    [
                        known.proof[key]
                        for key in row.proof
                        if key in known.proof and (row.is_verified or not verified)
                    ],
                )
                for name, row in answers.items()
                if name in items
            },
        },
    )


def check_of(
    dossier: Dossier,
    instrument: Instrument,
    answers: Mapping[str, DossierAnswer],
    *,
    on: date,
) -> Check:
    """Return what the check says of a dossier; which others are nearly the same, ``neighbours_of`` tells."""
    known = known_of([dossier.innovation_id], on=on)[dossier.innovation_id]
    closing = deadlines_of([instrument])[instrument.id].day
    return check_dossier(instrument, draft_of(dossier, instrument, answers, known), on=on, closing=closing)


def verified_score(
    dossier: Dossier, instrument: Instrument, answers: Mapping[str, DossierAnswer], *, on: date
) -> Decimal | None:
    """Return the score of what the organisation section has checked; None where nothing is scored before judges read."""
    known = known_of([dossier.innovation_id], on=on)[dossier.innovation_id]
    return proven_score(instrument, draft_of(dossier, instrument, answers, known, verified=True), on)


def sides_of(innovation: Innovation, *, on: date) -> list[Side]:
    """Return the editions side by side for an innovation."""
    told = {block for block, row in story_of(innovation).items() if row.text}
    dossiers = {one.instrument_id: one for one in Dossier.objects.filter(innovation=innovation)}
    sides, editions = [], writable_editions(dossiers)
    deadlines = deadlines_of(editions)
    for instrument in editions:
        dossier = dossiers.get(instrument.id)
        group = dossier.group if dossier else next((one.id for one in instrument.groups), "")
        items = form_items(instrument, group)
        if dossier is not None:
            dossier.innovation = innovation
        sides.append(
            Side(
                instrument,
                dossier,
                check_of(dossier, instrument, answers_of(dossier), on=on) if dossier else None,
                sum(any(block in told for block in blocks_of(instrument.id, item.id)) for item in items),
                len(items),
                deadlines[instrument.id].day,
            )
        )
    return sides


def evidence_label(item: FormItem, evidence: Evidence, on: date) -> str:
    """Return the name of a piece of evidence with what speaks against it: it expired, or the form takes other files."""
    taken = {kind.lower() for asked in item.evidence for kind in asked.formats}
    ending = PurePath(evidence.file.name).suffix.lower().lstrip(".") if evidence.file else ""
    wrong = []
    if evidence.has_expired(on):
        wrong.append(_("expired"))
    if taken and ending and ending not in taken:
        wrong.append(_("the form takes only %(kinds)s") % {"kinds": ", ".join(sorted(taken)).upper()})
    return f"{evidence.title} ({'; '.join(wrong)})" if wrong else evidence.title


def proven_by(evidence: Evidence) -> list[tuple[Dossier, str, bool]]:
    """Return what a piece of evidence proves: dossier, label of the item, and whether Ortal checked it."""
    rows = DossierAnswer.objects.filter(dossier__innovation=evidence.innovation_id).select_related("dossier")
    found = []
    for row in rows:
        if evidence.pk in row.proof:
            items = form_items(load_instrument(row.dossier.instrument_id), row.dossier.group)
            label = next((spoken(one.label) for one in items if one.id == row.item), row.item)
            found.append((row.dossier, label, row.is_verified))
    return found


def comments_on(dossier: Dossier, item: str | None = None) -> QuerySet[Comment]:
    """Return the comments on a dossier, or on one item, the oldest first."""
    rows = Comment.objects.filter(dossier=dossier).select_related("author", "resolved_by")
    return rows if item is None else rows.filter(item=item)


def parts_of(item: FormItem) -> list[tuple[str, Any]]:
    """Return the places of an item that are filled: its questions, else the item itself; of a choice its level."""
    if isinstance(item, ChoiceItem):
        return [(LEVEL, item)]
    return [(question.id, question) for question in item.questions] or [(item.id, item)]


def levels_of(item: ChoiceItem) -> list[tuple[str, str]]:
    """Return the levels to choose from with their words; where there are several ways, each with its own."""
    if not item.bases:
        return [(f"{level.value}", spoken(level.label)) for level in item.levels]
    return [
        (f"{basis.id}:{level.value}", f"{spoken(basis.label)}: {spoken(level.label)}")
        for basis in item.bases
        for level in basis.levels
    ]


def _value(item: FormItem, texts: Mapping[str, str], proof: list[str]) -> Any:
    """Return an answer as the check reads it."""
    proven = {"proof": proof} if proof else {}
    if isinstance(item, ChoiceItem):
        basis, _colon, level = texts.get(LEVEL, "").rpartition(":")
        if texts.get(LEVEL) not in dict(levels_of(item)):
            return None
        return {"level": int(level), **({"basis": basis} if basis else {}), **proven}
    if not item.questions:
        return {"text": texts.get(item.id, ""), **proven} if proof else texts.get(item.id, "")
    known = {question.id for question in item.questions}
    return {"questions": {name: text for name, text in texts.items() if name in known and text}, **proven}
