"""Freezes the funnel of every unit and the flow figures for the public pages."""

import hashlib
import json
from typing import Any

from django.db import transaction
from django.utils import timezone

from tifa.chain.models import LedgerPublication
from tifa.chain.selectors.flow import flow, frozen_flow
from tifa.chain.selectors.ledgers import Scope
from tifa.chain.selectors.publications import unit_funnels
from tifa.core import audit
from tifa.organisation.models import Person
from tifa.organisation.selectors import unit_tree


@transaction.atomic
def publish_ledgers(*, actor: Person | None, scope: Scope) -> LedgerPublication:
    """Freeze a copy of the ledgers of every unit of ``scope``, subtrees included, and of the flow figures."""
    payload: dict[str, Any] = {
        "as_of": scope.as_of.isoformat(),
        "units": unit_funnels(scope),
        "flow": frozen_flow(flow(scope, unit_tree())),
    }
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
