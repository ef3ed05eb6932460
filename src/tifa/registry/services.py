"""Changes to innovations and their evidence."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tifa.core import audit
from tifa.core.files import CheckedFile, store_file
from tifa.core.models import StoredFile
from tifa.organisation.models import Person, Unit
from tifa.registry.choices import Confidentiality, Source
from tifa.registry.models import CodeCounter, Evidence, EvidenceVersion, Innovation, InnovationAlias

ALIAS_LENGTH = 300


@dataclass(frozen=True)
class InnovationContent:
    """What a person says of an innovation."""

    title: str
    unit: Unit
    function: str
    stage: str
    trial_started: date | None = None
    use_started: date | None = None
    summary: str = ""
    affairs: str = ""
    service: str = ""
    initiator: str = ""
    source_note: str = ""
    source_url: str = ""


class StaleInnovation(Exception):
    """Somebody else changed the innovation since it was read."""


def content_of(innovation: Innovation) -> InnovationContent:
    """Return what is recorded of ``innovation``."""
    return InnovationContent(
        **{name: getattr(innovation, name) for name in InnovationContent.__dataclass_fields__}
    )


def content_digest(content: InnovationContent) -> str:
    """Return the SHA-256 of what is handed over, the unit by its code."""
    return hashlib.sha256(
        json.dumps(_plain(content), sort_keys=True, ensure_ascii=False).encode()
    ).hexdigest()


@transaction.atomic
def record_innovation(*, actor: Person, content: InnovationContent, source: Source, on: date) -> Innovation:
    """Enter an innovation under the next code of the year of ``on``."""
    innovation = Innovation(
        code=_next_code(on.year), source=source, recorded_at=timezone.now(), **vars(content)
    )
    innovation.full_clean()
    innovation.save()
    audit.record(
        actor=actor,
        action="innovation.recorded",
        object_type="innovation",
        object_key=innovation.code,
        source=source,
        after=_plain(content),
    )
    return innovation


@transaction.atomic
def revise_innovation(
    *, actor: Person, innovation: Innovation, content: InnovationContent, version: int
) -> Innovation:
    """Change what is recorded of an innovation; a title that it had before stays as another name of it.

    Raises
    ------
    StaleInnovation
        When ``version`` is not the one that is stored: somebody else was faster.
    """
    locked = Innovation.objects.select_for_update(of=("self",)).select_related("unit").get(pk=innovation.pk)
    if locked.version != version:
        raise StaleInnovation
    before = _plain(content_of(locked))
    for name, value in vars(content).items():
        setattr(locked, name, value)
    locked.version += 1
    locked.full_clean()
    locked.save()
    audit.record(
        actor=actor,
        action="innovation.revised",
        object_type="innovation",
        object_key=locked.code,
        before=before,
        after=_plain(content),
    )
    if before["title"] != content.title:
        add_aliases(actor=actor, innovation=locked, texts=[before["title"]])
    return locked


@transaction.atomic
def add_aliases(*, actor: Person, innovation: Innovation, texts: Iterable[str]) -> list[InnovationAlias]:
    """Add other names by which texts speak of an innovation; its title and names that it has are left out."""
    known = {innovation.title.casefold(), *(one.text.casefold() for one in innovation.aliases.all())}
    added = []
    for text in texts:
        name = " ".join(text.split())[:ALIAS_LENGTH]
        if name and name.casefold() not in known:
            known.add(name.casefold())
            added.append(
                InnovationAlias.objects.create(
                    innovation=innovation, text=name, added_by=actor, added_at=timezone.now()
                )
            )
    if added:
        audit.record(
            actor=actor,
            action="innovation.named",
            object_type="innovation",
            object_key=innovation.code,
            aliases=[one.text for one in added],
        )
    return added


@transaction.atomic
def remove_alias(*, actor: Person, alias: InnovationAlias) -> None:
    """Take away another name that was wrong."""
    alias.delete()
    audit.record(
        actor=actor,
        action="innovation.name_removed",
        object_type="innovation",
        object_key=alias.innovation.code,
        removed=alias.text,
    )


@transaction.atomic
def verify_innovation(*, actor: Person, innovation: Innovation, on: date) -> None:
    """Note that Ortal verified an innovation, and show it to the public; the first verification counts."""
    if Innovation.objects.filter(pk=innovation.pk, verified_on=None).update(verified_on=on):
        innovation.verified_on = on
    publish_innovation(actor=actor, innovation=innovation, on=on)


@transaction.atomic
def withdraw_verification(*, actor: Person, innovation: Innovation, verified: bool, published: bool) -> None:
    """Take back what a verification that did not stand changed: the day of it, and the showing to the public."""
    changes = {name: None for name, set_ in (("verified_on", verified), ("published_on", published)) if set_}
    Innovation.objects.filter(pk=innovation.pk).update(**changes)
    for name in changes:
        setattr(innovation, name, None)
    audit.record(
        actor=actor,
        action="innovation.hidden",
        object_type="innovation",
        object_key=innovation.code,
        published=not published,
    )


@transaction.atomic
def publish_innovation(*, actor: Person | None, innovation: Innovation, on: date) -> None:
    """Show an innovation to the public from ``on``; one that is shown already stays as it is."""
    changed = Innovation.objects.filter(pk=innovation.pk, published_on=None).update(published_on=on)
    if changed:
        innovation.published_on = on
        audit.record(
            actor=actor,
            action="innovation.published",
            object_type="innovation",
            object_key=innovation.code,
            on=on.isoformat(),
        )


@dataclass(frozen=True)
class EvidenceFacts:
    """What a piece of evidence is, without its file or link."""

    kind: str
    title: str
    number: str = ""
    dated_on: date | None = None
    issuer: str = ""
    owner: Unit | None = None
    first_year: int | None = None
    last_year: int | None = None
    page: str = ""
    summary: str = ""
    valid_until: date | None = None
    confidentiality: str = Confidentiality.ORDINARY


class StaleEvidence(Exception):
    """Somebody else changed the evidence since it was read."""


class SameEvidence(ValueError):
    """The innovation has this file or link already; ``there`` is the evidence that holds it."""

    def __init__(self, there: Evidence) -> None:
        super().__init__(
            _(
                "The same content lies here already as “%(title)s”. One piece proves many claims; it is not needed twice."
            )
            % {"title": there.title}
        )
        self.there = there


@transaction.atomic
def add_evidence(
    *,
    actor: Person,
    innovation: Innovation,
    facts: EvidenceFacts,
    url: str = "",
    stored: StoredFile | None = None,
) -> Evidence:
    """Attach a link or a stored file to an innovation.

    Raises
    ------
    SameEvidence
        When it has the same link, or a file with the same content, under whatever name.
    """
    Innovation.objects.select_for_update(of=("self",)).get(pk=innovation.pk)
    _refuse_again(innovation, url, stored)
    evidence = Evidence(
        innovation=innovation,
        url=url,
        file=stored,
        added_by=actor,
        added_at=timezone.now(),
        **vars(facts),
    )
    evidence.full_clean()
    evidence.save()
    _record(actor, "evidence.added", evidence)
    return evidence


@transaction.atomic
def describe_evidence(*, actor: Person, evidence: Evidence, facts: EvidenceFacts, version: int) -> Evidence:
    """Change what a piece of evidence is said to be; its file or link stays.

    Raises
    ------
    StaleEvidence
        When ``version`` is not the one that is stored.
    """
    locked = _locked(evidence, version)
    for name, value in vars(facts).items():
        setattr(locked, name, value)
    locked.version += 1
    locked.full_clean()
    locked.save()
    _record(actor, "evidence.described", locked)
    return locked


@transaction.atomic
def replace_evidence(
    *, actor: Person, evidence: Evidence, version: int, url: str = "", stored: StoredFile | None = None
) -> Evidence:
    """Put another file or link in the place of one; what was there is kept, a redacted copy of it is dropped.

    Raises
    ------
    StaleEvidence
        When ``version`` is not the one that is stored.
    SameEvidence
        When the innovation has the new one already.
    """
    Innovation.objects.select_for_update(of=("self",)).get(pk=evidence.innovation_id)
    locked = _locked(evidence, version)
    _refuse_again(locked.innovation, url, stored)
    EvidenceVersion.objects.create(
        evidence=locked, url=locked.url, file=locked.file, replaced_by=actor, replaced_at=timezone.now()
    )
    locked.url, locked.file, locked.redacted = url, stored, None
    locked.version += 1
    locked.full_clean()
    locked.save()
    _record(actor, "evidence.replaced", locked)
    return locked


@transaction.atomic
def redact_evidence(*, actor: Person, evidence: Evidence, version: int, stored: StoredFile) -> Evidence:
    """Keep the copy without data of persons, which leaves the room instead of the original.

    Raises
    ------
    StaleEvidence
        When ``version`` is not the one that is stored.
    SameEvidence
        When the copy is the original itself.
    """
    locked = _locked(evidence, version)
    if locked.file and locked.file.sha256 == stored.sha256:
        raise SameEvidence(locked)
    locked.redacted = stored
    locked.version += 1
    locked.save()
    _record(actor, "evidence.redacted", locked)
    return locked


def _locked(evidence: Evidence, version: int) -> Evidence:
    locked = (
        Evidence.objects.select_for_update(of=("self",))
        .select_related("innovation__unit", "file", "owner")
        .get(pk=evidence.pk)
    )
    if locked.version != version:
        raise StaleEvidence
    return locked


def _refuse_again(innovation: Innovation, url: str, stored: StoredFile | None) -> None:
    same = {"file__sha256": stored.sha256} if stored else {"url": url}
    there = innovation.evidence.filter(**same).first()
    if there is not None:
        raise SameEvidence(there)


def _record(actor: Person, action: str, evidence: Evidence) -> None:
    """Note a change of evidence; of one that holds data of persons no title goes into the chain."""
    audit.record(
        actor=actor,
        action=action,
        object_type="innovation",
        object_key=evidence.innovation.code,
        kind=evidence.kind,
        title="" if evidence.is_personal else evidence.title,
        evidence=evidence.pk,
        version=evidence.version,
        url=evidence.url,
        sha256=evidence.file.sha256 if evidence.file else "",
        redacted=evidence.redacted.sha256 if evidence.redacted else "",
    )


@transaction.atomic
def keep_file(*, actor: Person, upload: "UploadedFile[Any]", checked: CheckedFile) -> StoredFile:
    """Store an uploaded file and record it."""
    stored = store_file(person=actor, upload=upload, checked=checked)
    audit.record(
        actor=actor, action="file.stored", object_type="file", object_key=str(stored.pk), sha256=stored.sha256
    )
    return stored


def _next_code(year: int) -> str:
    counter, _made = CodeCounter.objects.get_or_create(year=year)
    counter = CodeCounter.objects.select_for_update().get(pk=counter.pk)
    while True:
        counter.last += 1
        code = f"INV-{year}-{counter.last:03}"
        if not Innovation.objects.filter(code=code).exists():
            counter.save()
            return code


def _plain(content: InnovationContent) -> dict[str, Any]:
    values = {name: value for name, value in vars(content).items() if name != "unit"}
    dates = {name: value.isoformat() for name, value in values.items() if isinstance(value, date)}
    return {**values, **dates, "unit": content.unit.code}
