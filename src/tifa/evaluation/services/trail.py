"""Records what is done in a round."""

from tifa.core import audit
from tifa.evaluation.models import Round
from tifa.organisation.models import Person


def trail(actor: Person | None, action: str, round_: Round, **detail: object) -> None:
    """Keep in the audit log that something was done in a round."""
    audit.record(actor=actor, action=action, object_type="round", object_key=round_.code, **detail)
