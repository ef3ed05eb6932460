"""Writes messages in the language of each person and puts them into the outbox."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import lazy

from tifa.chain.choices import MessageKind, MessageState
from tifa.chain.models import (
    Campaign,
    Delegation,
    Extension,
    HandOff,
    Message,
    MessageSettings,
    Question,
)
from tifa.chain.selectors.campaigns import due_dates
from tifa.chain.selectors.recipients import Recipients, settings_of
from tifa.dossiers.models import Dossier
from tifa.dossiers.selectors.closing import closing_dossiers, returned_dossiers
from tifa.instruments import load_instrument, spoken
from tifa.organisation.choices import Role
from tifa.organisation.models import Person
from tifa.organisation.selectors import UnitTree
from tifa.registry.models import Innovation

FOLDER = "chain/mail"
SUBJECT = "Subject: "


@dataclass(frozen=True)
class Telling:
    """What one person is told; ``units`` are the units that the text names, and nobody else may read it."""

    person: Person
    kind: MessageKind
    campaign: Campaign | None
    units: Sequence[int]
    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    urgent: bool = False
    template: str = ""
    path: str = ""
    innovation: Innovation | None = None
    wait: timedelta = timedelta()


def tell(tellings: Sequence[Telling], *, now: datetime | None = None) -> list[Message]:
    """Store messages in the running transaction; one that was told already is left out."""
    at = now or timezone.now()
    wishes = settings_of(one.person for one in tellings)
    told = set(
        Message.objects.filter(dedupe_key__in=[one.key for one in tellings]).values_list(
            "dedupe_key", flat=True
        )
    )
    messages = [_message(one, wishes[one.person.pk], at) for one in tellings if one.key not in told]
    return Message.objects.bulk_create(messages, batch_size=200)


def tell_invitation(*, campaign: Campaign, units: Sequence[int], tree: UnitTree) -> list[Message]:
    """Invite operators and heads of the units, each person once for all of their units."""
    people, theirs = _by_person(units, tree)
    dues = due_dates(campaign, units)
    return tell(
        [
            Telling(
                person=person,
                kind=MessageKind.INVITATION,
                campaign=campaign,
                units=theirs[key],
                key=f"invitation:{campaign.pk}:{key}",
                facts={"units": lines_of(campaign, theirs[key], tree, dues)},
            )
            for key, person in people.items()
        ]
    )


def tell_extension(*, extension: Extension, tree: UnitTree) -> list[Message]:
    """Tell operators and heads of the units concerned until when they now have time."""
    campaign = extension.campaign
    on_list = list(campaign.units.order_by("place").values_list("unit", flat=True))
    units = on_list if extension.unit_id is None else [extension.unit_id]
    people, theirs = _by_person(units, tree)
    dues = due_dates(campaign, units)
    return tell(
        [
            Telling(
                person=person,
                kind=MessageKind.EXTENSION,
                campaign=campaign,
                units=theirs[key],
                key=f"extension:{extension.pk}:{key}",
                facts={
                    "units": lines_of(campaign, theirs[key], tree, dues),
                    "due": extension.due,
                    "reason": extension.reason,
                },
            )
            for key, person in people.items()
        ]
    )


def tell_delegation(*, delegation: Delegation, tree: UnitTree) -> list[Message]:
    """Tell the people of a unit that they answer for another one."""
    return tell(
        [
            Telling(
                person=person,
                kind=MessageKind.DELEGATION,
                campaign=delegation.campaign,
                units=[delegation.unit_id],
                key=f"delegation:{delegation.pk}:{person.pk}",
                facts={
                    "units": lines_of(delegation.campaign, [delegation.unit_id], tree),
                    "unit": delegation.unit.name,
                    "to_unit": delegation.to_unit.name,
                    "reason": delegation.reason,
                },
            )
            for person in Recipients(tree).both(delegation.to_unit_id)
        ]
    )


def tell_end_of_delegation(*, delegation: Delegation, tree: UnitTree) -> list[Message]:
    """Tell the people of both units that a unit answers for itself again."""
    recipients = Recipients(tree)
    people = [*recipients.both(delegation.unit_id), *recipients.both(delegation.to_unit_id)]
    return tell(
        [
            Telling(
                person=person,
                kind=MessageKind.DELEGATION,
                campaign=delegation.campaign,
                # Whoever answered until now may read of the campaign, and of the unit no more.
                units=[],
                key=f"delegation-end:{delegation.pk}:{person.pk}",
                facts={"unit": delegation.unit.name, "to_unit": delegation.to_unit.name},
                template="pelimpahan-selesai",
            )
            for person in {one.pk: one for one in people}.values()
        ]
    )


def tell_question(*, question: Question, tree: UnitTree) -> list[Message]:
    """Tell the people of a unit that something was found which may be theirs, and where they answer."""
    innovation = question.innovation
    return tell(
        _to_unit(
            question.unit_id,
            tree,
            f"question:{question.pk}:",
            kind=MessageKind.QUESTION,
            innovation=innovation,
            facts={"title": innovation.title, "unit": question.unit.name, "note": question.note},
            path=reverse("chain:finding_answer", args=[innovation.code]),
        )
    )


def tell_returned(*, handoff: HandOff, tree: UnitTree, wait: timedelta) -> list[Message]:
    """Tell the people of a unit that its report was given back, and why; mail waits while it can be taken back."""
    innovation = handoff.innovation
    return tell(
        _to_unit(
            innovation.unit_id,
            tree,
            _returned(handoff),
            kind=MessageKind.RETURNED,
            innovation=innovation,
            facts={
                "title": innovation.title,
                "unit": innovation.unit.name,
                "reason": handoff.reason,
                "due": handoff.due,
            },
            path=innovation.get_absolute_url(),
            wait=wait,
        )
    )


@transaction.atomic
def tell_dossiers(*, today: date, tree: UnitTree, now: datetime) -> list[Message]:
    """Tell units of dossiers that were sent back, and whoever acts next of those that are not sent and close soon.

    That is the unit while it writes, and the organisation section once the dossier is ready. Each sending back is told once, and each closing day once in every stage; a day that was moved is told anew.
    """
    recipients = Recipients(tree)
    told: list[Telling] = []
    for dossier in returned_dossiers():
        told += _of_dossier(dossier, recipients.both(dossier.innovation.unit_id))
    for one in closing_dossiers(today):
        unit = one.dossier.innovation.unit_id
        told += _of_dossier(
            one.dossier,
            recipients.both(unit) if one.dossier.is_open else recipients.nearest(unit, Role.ORTAL),
            key=f"closing:{one.dossier.pk}:{one.closes.isoformat()}:{one.stage}:",
            template="berkas-tutup",
            facts={"closes": one.closes, "days": (one.closes - today).days},
        )
    return tell(told, now=now)


def _of_dossier(
    dossier: Dossier,
    people: Sequence[Person],
    key: str = "",
    template: str = "",
    facts: Mapping[str, Any] | None = None,
) -> list[Telling]:
    innovation = dossier.innovation
    key = key or f"dossier-returned:{dossier.pk}:{dossier.state_at.isoformat()}:"
    same = {
        "title": innovation.title,
        "edition": lazy(spoken, str)(load_instrument(dossier.instrument_id).title),
        "note": dossier.note,
        **(facts or {}),
    }
    return [
        Telling(
            person=person,
            kind=MessageKind.DOSSIER,
            campaign=None,
            units=[innovation.unit_id],
            key=f"{key}{person.pk}",
            facts=same,
            template=template,
            path=reverse("dossiers:dossier", args=[dossier.pk]),
            innovation=innovation,
        )
        for person in people
    ]


def untell_returned(handoff: HandOff) -> None:
    """Take back what was told of a step that was taken back; no mail of it has left."""
    Message.objects.filter(
        dedupe_key__startswith=_returned(handoff), state__in=(MessageState.QUEUED, MessageState.MUTED)
    ).delete()


def _to_unit(unit: int, tree: UnitTree, key: str, **same: Any) -> list[Telling]:
    """Return the same for each operator and head of a unit, with a key of their own."""
    return [
        Telling(person=person, campaign=None, units=[unit], key=f"{key}{person.pk}", **same)
        for person in Recipients(tree).both(unit)
    ]


def _returned(handoff: HandOff) -> str:
    return f"returned:{handoff.pk}:"


def lines_of(
    campaign: Campaign, units: Sequence[int], tree: UnitTree, dues: Mapping[int, date] | None = None
) -> list[dict[str, Any]]:
    """Return name, due date and address of units, as the templates list them.

    Whoever writes to many people hands in ``dues``, the dates that differ from the campaign's.
    """
    dues = due_dates(campaign, units) if dues is None else dues
    return [
        {
            "name": tree.units[key].name,
            "due": dues.get(key, campaign.due),
            "url": address(reverse("chain:campaign_unit", args=[campaign.pk, tree.units[key].code])),
        }
        for key in units
    ]


def address(path: str) -> str:
    """Return the full address of a page of this site."""
    return f"{settings.SITE_URL}{path}"


def written(template: str, language: str, facts: Mapping[str, Any]) -> tuple[str, str]:
    """Return subject and text that a template gives in a language."""
    with translation.override(language):
        text = render_to_string(f"{FOLDER}/{template}.{language}.txt", {"city": settings.CITY_NAME, **facts})
    first, _newline, body = text.lstrip().partition("\n")
    return first.removeprefix(SUBJECT).strip(), body.strip() + "\n"


def short_digest(parts: Iterable[object]) -> str:
    """Return a short digest for a key that would be too long otherwise."""
    return hashlib.sha256("|".join(str(part) for part in parts).encode()).hexdigest()[:16]


def _by_person(units: Sequence[int], tree: UnitTree) -> tuple[dict[int, Person], dict[int, list[int]]]:
    """Return operators and heads of units, and the units of each."""
    recipients = Recipients(tree)
    people: dict[int, Person] = {}
    theirs: dict[int, list[int]] = {}
    for unit in units:
        for person in recipients.both(unit):
            people[person.pk] = person
            theirs.setdefault(person.pk, []).append(unit)
    return people, theirs


def _message(telling: Telling, wishes: MessageSettings, at: datetime) -> Message:
    path = telling.path or (telling.campaign.get_absolute_url() if telling.campaign else "")
    subject, body = written(
        telling.template or telling.kind.value,
        wishes.language,
        {
            "campaign": telling.campaign,
            "person": telling.person,
            "url": address(path),
            **telling.facts,
        },
    )
    return Message(
        person=telling.person,
        kind=telling.kind,
        subject=subject[:200],
        body=body,
        url=path,
        language=wishes.language,
        campaign=telling.campaign,
        innovation=telling.innovation,
        units=list(telling.units),
        urgent=telling.urgent,
        dedupe_key=telling.key,
        created_at=at,
        queued_at=at,
        next_attempt=at + telling.wait,
        state=MessageState.MUTED if telling.kind.value in wishes.muted else MessageState.QUEUED,
    )
