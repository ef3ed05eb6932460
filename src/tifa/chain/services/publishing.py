"""Freezes the funnel of every unit for the public page."""

import hashlib
import json
from typing import Any

from django.db import transaction
from django.utils import timezone

from tifa.chain.models import LedgerPublication
from tifa.chain.selectors.ledgers import Scope
from tifa.chain.selectors.publications import unit_funnels
from tifa.core import audit
from tifa.organisation.models import Person


@transaction.atomic
def publish_ledgers(*, actor: Person | None, scope: Scope) -> LedgerPublication:
    """Freeze a copy of the ledgers of every unit of ``scope``, subtrees included."""
    payload: dict[str, Any] = {"as_of": scope.as_of.isoformat(), "units": unit_funnels(scope)}
    digest = hashlib.sha256(json.dumps(payload, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    publication = LedgerPublication.objects.create(
        as_of=scope.as_of, payload=payload, digest=digest, published_at=timezone.now(), published_by=actor
    )
    audit.record(
        actor=actor,
        action="ledgers.published",
        object_type="ledgers",
        object_key=scope.as_of.isoformat(),
        digest=digest,
    )
    return publication
