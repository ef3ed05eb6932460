"""What rejections teach: each with its reason, and where most of them end."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from tifa.chain.choices import FailedAt, Step
from tifa.chain.models import HandOff
from tifa.organisation.models import Person
from tifa.organisation.selectors import UnitTree
from tifa.registry.selectors import visible_innovations


@dataclass(frozen=True)
class Ended:
    """How many rejected ones ended at a place; ``label`` is None where nobody said."""

    label: str | None
    count: int


def lessons(person: Person, tree: UnitTree) -> QuerySet[HandOff]:
    """Return the rejections of all innovations that a person may see, the last first."""
    innovations = visible_innovations(person, tree).order_by()
    rows = HandOff.objects.filter(step=Step.REJECTED, innovation__in=innovations)
    return rows.select_related("innovation__unit", "sent__dossier").order_by("-on", "-pk")


def ended_at(rows: QuerySet[HandOff]) -> Sequence[Ended]:
    """Return where rejected ones ended, in the order of the way."""
    counted = dict(rows.order_by().values_list("failed_at").annotate(Count("pk")))
    places = [(place.value, str(place.label)) for place in FailedAt]
    found = [Ended(label, counted.get(value, 0)) for value, label in places]
    return [*found, Ended(None, counted[""])] if counted.get("") else found
