"""Freezes what is sent of a dossier, and takes what came of it into the story of the innovation."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from tifa.core import audit
from tifa.core.files import CheckedFile, store_file
from tifa.dossiers.choices import DossierState
from tifa.dossiers.documents import check_address, proposal_of, proposal_pdf
from tifa.dossiers.models import AwardHistory, Dossier, DossierAnswer, SentDossier
from tifa.dossiers.services.writing import DossierRefused, tell_awards
from tifa.instruments import load_instrument
from tifa.organisation.models import Person
from tifa.registry.models import Evidence, Innovation
from tifa.registry.selectors import shared_evidence


@transaction.atomic
def freeze(*, actor: Person, dossier: Dossier, now: datetime) -> SentDossier:
    """Keep a ready dossier as it goes out: texts, proofs with their SHA-256, and the PDF with its check code.

    Raises
    ------
    DossierRefused
        When it is not ready.
    """
    locked = (
        Dossier.objects.select_for_update(of=("self",)).select_related("innovation__unit").get(pk=dossier.pk)
    )
    if locked.state != DossierState.READY:
        raise DossierRefused(_("This dossier is not ready any more, so it cannot be sent. Look at it again."))
    rows = {row.item: row for row in DossierAnswer.objects.filter(dossier=locked)}
    content = _content(locked, rows)
    code = secrets.token_hex(8)
    # What goes out speaks the language of the city, whatever the person reads.
    with translation.override(settings.LANGUAGE_CODE):
        proposal = proposal_of(locked, load_instrument(locked.instrument_id), rows)
        pdf = proposal_pdf(proposal, check=check_address(SentDossier(code=code)))
    name = f"{locked.innovation.code}-{locked.instrument_id}.pdf".replace("/", "-")
    checked = CheckedFile(name, "application/pdf", len(pdf), hashlib.sha256(pdf).hexdigest())
    sent = SentDossier.objects.create(
        dossier=locked,
        code=code,
        content=content,
        digest=digest_of(content),
        pdf=store_file(person=actor, upload=SimpleUploadedFile(name, pdf), checked=checked),
        frozen_by=actor,
        frozen_at=now,
    )
    locked.state, locked.note, locked.state_by, locked.state_at = DossierState.SENT, "", actor, now
    locked.save(update_fields=["state", "note", "state_by", "state_at"])
    audit.record(
        actor=actor,
        action="dossier.sent",
        object_type="dossier",
        object_key=f"{locked.innovation.code} {locked.instrument_id}"[:120],
        digest=sent.digest,
        sha256=checked.sha256,
    )
    return sent


@transaction.atomic
def add_award(*, actor: Person, innovation: Innovation, award: str, on: date, now: datetime) -> None:
    """Put an award that was given into the history that later editions ask for; one that stands there stays once."""
    stored = AwardHistory.objects.select_for_update(of=("self",)).filter(innovation=innovation).first()
    given = {"award": award, "year": on.year}
    awards = stored.awards if stored else []
    if given not in awards:
        tell_awards(
            actor=actor,
            innovation=innovation,
            awards=[*awards, given],
            version=stored.version if stored else 0,
            now=now,
        )


def digest_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what was sent, the same for whoever computes it."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _content(dossier: Dossier, rows: Mapping[str, DossierAnswer]) -> dict[str, Any]:
    innovation = dossier.innovation
    return {
        "innovation": innovation.code,
        "title": innovation.title,
        "unit": innovation.unit.name,
        "edition": dossier.instrument_id,
        "group": dossier.group,
        "category": dossier.category,
        "goals": dossier.goals,
        "attachments": dossier.attachments,
        "items": {name: {"texts": row.texts, "proof": row.proof} for name, row in sorted(rows.items())},
        "evidence": [_proof(one) for one in shared_evidence(innovation)],
    }


def _proof(one: Evidence) -> dict[str, Any]:
    file = one.handed_out
    return {"key": one.pk, "title": one.title, "url": one.shared_url, "sha256": file.sha256 if file else ""}
