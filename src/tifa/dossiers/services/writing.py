"""Writes stories and dossiers; nothing that was acknowledged is lost or overwritten silently."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tifa.core import audit
from tifa.dossiers.choices import Block, DossierState
from tifa.dossiers.draft import items_of
from tifa.dossiers.models import (
    LONGEST_TEXT,
    AnswerVersion,
    AwardHistory,
    Comment,
    Dossier,
    DossierAnswer,
    Story,
)
from tifa.dossiers.story import Feeds, blocks_of, feeds_of
from tifa.instruments import Instrument
from tifa.instruments.schema import TextItem
from tifa.organisation.models import Person
from tifa.registry.models import Evidence, Innovation

# What one person types within this time is one version.
ONE_SITTING: Final = timedelta(minutes=10)
FACTS: Final = ("group", "category", "goals", "attachments")
Texts = Mapping[str, str]


class DossierRefused(ValueError):
    """What was asked for does not fit where the dossier stands; the message says why."""


class StaleText(Exception):
    """Something was saved elsewhere since it was read; ``stored`` are the texts that lie there now."""

    def __init__(self, stored: Texts, version: int, by: Person) -> None:
        super().__init__(_("%(person)s changed this meanwhile.") % {"person": by})
        self.stored, self.version, self.by = dict(stored), version, by


@transaction.atomic
def save_story(
    *, actor: Person, innovation: Innovation, block: Block, text: str, version: int, now: datetime
) -> Story:
    """Keep one part of the story of an innovation.

    Parameters
    ----------
    version
        The version that the person saw; 0 when there was none.

    Raises
    ------
    StaleText
        When it is another one now, and says something else.
    """
    Innovation.objects.select_for_update(of=("self",)).get(pk=innovation.pk)
    clean = cleaned(text)
    stored = Story.objects.select_related("changed_by").filter(innovation=innovation, block=block).first()
    if stored is None:
        return Story.objects.create(
            innovation=innovation, block=block, text=clean, changed_by=actor, changed_at=now
        )
    if stored.text == clean:
        return stored
    if stored.version != version:
        raise StaleText({block: stored.text}, stored.version, stored.changed_by)
    stored.text, stored.version = clean, stored.version + 1
    stored.changed_by, stored.changed_at = actor, now
    stored.save()
    return stored


@transaction.atomic
def tell_awards(
    *,
    actor: Person,
    innovation: Innovation,
    awards: Sequence[Mapping[str, object]],
    version: int,
    now: datetime,
) -> AwardHistory:
    """Keep which awards an innovation was given before; an empty list says that there were none.

    Parameters
    ----------
    version
        The version that the person saw; 0 when there was none.

    Raises
    ------
    StaleText
        When it is another one now, and says something else.
    """
    Innovation.objects.select_for_update(of=("self",)).get(pk=innovation.pk)
    stored = AwardHistory.objects.select_related("told_by").filter(innovation=innovation).first()
    if stored and stored.awards == list(awards):
        return stored
    if stored and stored.version != version:
        raise StaleText({}, stored.version, stored.told_by)
    history = stored or AwardHistory(innovation=innovation, version=0)
    history.awards, history.version = list(awards), history.version + 1
    history.told_by, history.told_at = actor, now
    history.save()
    audit.record(
        actor=actor,
        action="awards.told",
        object_type="innovation",
        object_key=innovation.code,
        awards=[f"{one['award']} {one['year']}" for one in awards],
    )
    return history


@transaction.atomic
def start_dossier(
    *, actor: Person, innovation: Innovation, instrument: Instrument, group: str, now: datetime
) -> Dossier:
    """Begin a dossier, filled with what the story of the innovation tells; one that is there is returned as it is."""
    Innovation.objects.select_for_update(of=("self",)).get(pk=innovation.pk)
    there = Dossier.objects.filter(innovation=innovation, instrument_id=instrument.id).first()
    if there is not None:
        return there
    dossier = Dossier.objects.create(
        innovation=innovation,
        instrument_id=instrument.id,
        group=group,
        state_by=actor,
        state_at=now,
        made_by=actor,
        made_at=now,
    )
    _fill(dossier, instrument, actor, now)
    _record(actor, "dossier.started", dossier)
    return dossier


@transaction.atomic
def set_facts(
    *,
    actor: Person,
    dossier: Dossier,
    instrument: Instrument,
    facts: Mapping[str, object],
    version: int,
    now: datetime,
) -> Dossier:
    """Keep group, category, goals and attachments; another group has other items, which start filled too.

    Parameters
    ----------
    version
        The version that the person saw.

    Raises
    ------
    DossierRefused
        When the dossier is ready, or the facts were changed since they were seen.
    """
    locked = _open(dossier)
    if locked.version != version:
        raise DossierRefused(
            _(
                "Somebody changed these choices meanwhile, so yours were not stored. Below stands what is stored now; choose again what is to be changed."
            )
        )
    for name in FACTS:
        setattr(locked, name, facts[name])
    locked.version += 1
    locked.save(update_fields=[*FACTS, "version"])
    _fill(locked, instrument, actor, now)
    _record(actor, "dossier.facts_set", locked)
    return locked


@transaction.atomic
def save_answer(
    *,
    actor: Person,
    dossier: Dossier,
    item: str,
    texts: Texts,
    version: int,
    now: datetime,
    proof: Sequence[int] = (),
) -> DossierAnswer:
    """Keep what is written for one item.

    Parameters
    ----------
    texts
        What is written by question, the item's own text under its name, a level under “level”.
    version
        The version that the person saw; 0 when there was none.
    proof
        Keys of the evidence of the innovation that proves it.

    Raises
    ------
    StaleText
        When it is another one now, and says something else; nothing is overwritten.
    DossierRefused
        When the dossier is ready.
    """
    said, proven = {name: cleaned(text) for name, text in texts.items()}, sorted(proof)
    locked = _open(dossier)
    stored = DossierAnswer.objects.select_related("changed_by").filter(dossier=locked, item=item).first()
    if stored is None:
        answer = DossierAnswer.objects.create(
            dossier=locked, item=item, texts=said, proof=proven, changed_by=actor, changed_at=now
        )
        _keep_version(answer, actor, now)
        return answer
    if (stored.texts, stored.proof) == (said, proven):
        return stored
    if stored.version != version:
        raise StaleText(stored.texts, stored.version, stored.changed_by)
    of_the_story = stored.from_story
    stored.texts, stored.proof = said, proven
    stored.version, stored.from_story = stored.version + 1, False
    stored.changed_by, stored.changed_at = actor, now
    stored.save()
    _keep_version(stored, actor, now, anew=of_the_story)
    return stored


@transaction.atomic
def verify_answer(
    *, actor: Person, answer: DossierAnswer, version: int, proof: Mapping[int, int], now: datetime
) -> None:
    """Say that what an answer claims is proven; with the next change it is to be checked again.

    Parameters
    ----------
    version
        The version of the answer that was looked at.
    proof
        The versions of the evidence that was looked at, by key.

    Raises
    ------
    StaleText
        When it says something else by now than was looked at.
    DossierRefused
        When nothing proves it, or what proves it was replaced or has expired.
    """
    # Evidence first, as whoever replaces it does; the other way round two people could wait for each other.
    evidence = {one.pk: one for one in Evidence.objects.select_for_update().filter(pk__in=answer.proof)}
    stored = (
        DossierAnswer.objects.select_for_update(of=("self",)).select_related("changed_by").get(pk=answer.pk)
    )
    if stored.version != version:
        raise StaleText(stored.texts, stored.version, stored.changed_by)
    if not stored.proof:
        raise DossierRefused(_("No evidence is named for this answer, so there is nothing to check."))
    if {key: one.version for key, one in evidence.items()} != dict(proof) or set(evidence) != set(
        stored.proof
    ):
        raise DossierRefused(
            _("The evidence was changed meanwhile. Look at it again, then say whether it proves this.")
        )
    if any(one.has_expired(timezone.localdate(now)) for one in evidence.values()):
        raise DossierRefused(_("A piece of the evidence has expired. Have it replaced first."))
    DossierAnswer.objects.filter(pk=stored.pk).update(verified_version=version, verified_by=actor)
    _record(actor, "dossier.verified", answer.dossier, item=answer.item, version=version)


@transaction.atomic
def take_into_story(*, actor: Person, answer: DossierAnswer, now: datetime) -> Story:
    """Tell the story as a dossier does, so that the next form begins with it.

    Raises
    ------
    DossierRefused
        When the item is not fed by exactly one part of the story, or is longer than a part can be.
    """
    blocks = blocks_of(answer.dossier.instrument_id, answer.item)
    if len(blocks) != 1:
        raise DossierRefused(_("This item is made of several parts of the story. Change them one by one."))
    text = "\n\n".join(text for text in answer.texts.values() if text)
    if len(text) > LONGEST_TEXT:
        raise DossierRefused(
            _(
                "This answer has %(length)d characters, a part of the story at most %(most)d. Shorten it first."
            )
            % {"length": len(text), "most": LONGEST_TEXT}
        )
    innovation = answer.dossier.innovation
    stored = Story.objects.filter(innovation=innovation, block=blocks[0]).first()
    return save_story(
        actor=actor,
        innovation=innovation,
        block=blocks[0],
        text=text,
        version=stored.version if stored else 0,
        now=now,
    )


@transaction.atomic
def mark_ready(*, actor: Person, dossier: Dossier, now: datetime) -> None:
    """Say that a dossier is ready; its texts rest until it is sent back.

    Raises
    ------
    DossierRefused
        When it is ready already, or a comment is open.
    """
    locked = _open(dossier)
    waiting = Comment.objects.filter(dossier=locked, resolved_at=None).count()
    if waiting:
        raise DossierRefused(_("Comments that are open: %(count)d. Resolve them first.") % {"count": waiting})
    _move(locked, DossierState.READY, "", actor, now)


@transaction.atomic
def send_back(*, actor: Person, dossier: Dossier, note: str, now: datetime) -> None:
    """Send a ready dossier back with what is to be mended.

    Raises
    ------
    DossierRefused
        When it is not ready, or without a note.
    """
    locked = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
    if locked.state != DossierState.READY:
        raise DossierRefused(_("This dossier is not ready, so it can be written on."))
    if not note.strip():
        raise DossierRefused(_("Write what is to be mended."))
    _move(locked, DossierState.RETURNED, note.strip(), actor, now)


@transaction.atomic
def comment(*, author: Person, dossier: Dossier, item: str, text: str, now: datetime) -> Comment:
    """Keep a comment on an item."""
    return Comment.objects.create(dossier=dossier, item=item, author=author, text=text.strip(), said_at=now)


@transaction.atomic
def resolve(*, actor: Person, comment: Comment, now: datetime) -> None:
    """Say that what a comment asked for is done; one that was resolved stays so."""
    Comment.objects.filter(pk=comment.pk, resolved_at=None).update(resolved_by=actor, resolved_at=now)


def cleaned(text: str) -> str:
    """Return prose without what no form takes: carriage returns, blanks at line ends, more than one empty line."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    found: list[str] = []
    for line in lines:
        if line or (found and found[-1]):
            found.append(line)
    return "\n".join(found).strip()


def _keep_version(answer: DossierAnswer, actor: Person, now: datetime, *, anew: bool = False) -> None:
    """Keep what an answer says now.

    What the same person types in one sitting takes the place of its last version, unless ``anew``: what the story gave
    stays a version of its own.
    """
    last = AnswerVersion.objects.filter(answer=answer).first()
    same = last is not None and last.changed_by_id == actor.pk and not anew
    if last and same and last.begun_at <= now <= last.begun_at + ONE_SITTING:
        AnswerVersion.objects.filter(pk=last.pk).update(texts=answer.texts, changed_at=now)
        return
    AnswerVersion.objects.create(
        answer=answer,
        number=last.number + 1 if last else 1,
        texts=answer.texts,
        changed_by=actor,
        begun_at=now,
        changed_at=now,
    )


def _fill(dossier: Dossier, instrument: Instrument, actor: Person, now: datetime) -> None:
    """Fill items that nobody has answered yet with what the story tells."""
    feeds = feeds_of(instrument.id)
    told = dict(Story.objects.filter(innovation=dossier.innovation_id).values_list("block", "text"))
    there = set(DossierAnswer.objects.filter(dossier=dossier).values_list("item", flat=True))
    made = [
        DossierAnswer(
            dossier=dossier,
            item=item.id,
            texts=texts,
            from_story=True,
            changed_by=actor,
            changed_at=now,
        )
        for item in items_of(instrument, dossier.group or None)
        if isinstance(item, TextItem) and item.id not in there
        if (texts := _told(item, feeds, told))
    ]
    for answer in DossierAnswer.objects.bulk_create(made):
        _keep_version(answer, actor, now)


def _told(item: TextItem, feeds: Feeds, told: Mapping[str, str]) -> dict[str, str]:
    """Return what the story tells for the places of an item."""
    places = {question.id: f"{item.id}.{question.id}" for question in item.questions} or {item.id: item.id}
    texts = {
        name: "\n\n".join(text for block in feeds.get(place, ()) if (text := told.get(block)))
        for name, place in places.items()
    }
    return {name: text for name, text in texts.items() if text}


def _open(dossier: Dossier) -> Dossier:
    locked = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
    if not locked.is_open:
        raise DossierRefused(
            _(
                "This dossier is ready and rests. Have it sent back with a note, then write on. Your text was not stored; copy it if you need it."
            )
        )
    return locked


def _move(dossier: Dossier, state: DossierState, note: str, actor: Person, now: datetime) -> None:
    dossier.state, dossier.note, dossier.state_by, dossier.state_at = state, note, actor, now
    dossier.save(update_fields=["state", "note", "state_by", "state_at"])
    _record(actor, f"dossier.{state.value}", dossier, note=note)


def _record(actor: Person, action: str, dossier: Dossier, **detail: object) -> None:
    audit.record(
        actor=actor,
        action=action,
        object_type="dossier",
        object_key=f"{dossier.innovation.code} {dossier.instrument_id}"[:120],
        **detail,
    )
