"""How far a published innovation has come, as far as the public may know."""

from dataclasses import dataclass
from datetime import date

from tifa.chain.choices import Step
from tifa.chain.models import HandOff
from tifa.evaluation.models import Round
from tifa.registry.models import Innovation

# Returns, holding back, receipts and refusals are the city's own; so are their dates and reasons.
PUBLIC_STEPS = (Step.VERIFIED, Step.SELECTED, Step.FORWARDED, Step.AWARDED)


@dataclass(frozen=True)
class Milestone:
    """A step that the public may know of, and whether the innovation ever reached it."""

    step: Step
    reached: bool


def milestones(innovation: Innovation, on: date) -> tuple[Milestone, ...]:
    """Return the public steps in order, with those that the innovation reached up to a day."""
    reached = set(
        HandOff.objects.filter(innovation=innovation, on__lte=on, step__in=PUBLIC_STEPS)
        .order_by()
        .values_list("step", flat=True)
        .distinct()
    )
    return tuple(Milestone(step, step in reached) for step in PUBLIC_STEPS)


def judged_in(innovation: Innovation) -> list[Round]:
    """Return the rounds with a published result that the innovation took part in, the newest first."""
    return list(
        Round.objects.filter(entries__innovation=innovation, publications__isnull=False)
        .defer("instrument_copy")
        .distinct()
        .order_by("-opened_on", "code")
    )
