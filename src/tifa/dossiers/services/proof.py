"""What proves an answer: when it is replaced, what it proved is to be checked again."""

from django.db import transaction

from tifa.core.models import StoredFile
from tifa.dossiers.models import DossierAnswer
from tifa.organisation.models import Person
from tifa.registry.models import Evidence
from tifa.registry.services import replace_evidence


@transaction.atomic
def replace_proof(
    *, actor: Person, evidence: Evidence, version: int, url: str = "", stored: StoredFile | None = None
) -> int:
    """Put another file or link in the place of one, and return how many answers are to be checked again.

    Raises
    ------
    StaleEvidence, SameEvidence
        As :func:`tifa.registry.services.replace_evidence` does.
    """
    replace_evidence(actor=actor, evidence=evidence, version=version, url=url, stored=stored)
    rows = (
        DossierAnswer.objects.select_for_update(of=("self",))
        .filter(dossier__innovation=evidence.innovation_id)
        .exclude(verified_version=None)
    )
    proven = [row.pk for row in rows if evidence.pk in row.proof]
    return DossierAnswer.objects.filter(pk__in=proven).update(verified_version=None, verified_by=None)
