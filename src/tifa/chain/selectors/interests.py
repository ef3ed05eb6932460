"""Finds who handed an innovation on for its unit."""

from collections.abc import Collection, Iterator, Mapping

from django.utils.translation import gettext_lazy as _

from tifa.chain.choices import Step
from tifa.chain.models import HandOff
from tifa.registry.interests import Interest, InterestSource

UNIT_STEPS = (Step.REPORTED,)


def team_member(innovations: Mapping[int, int], people: Collection[int]) -> Iterator[Interest]:
    """Yield the people who reported an innovation, or reported it again.

    A step from a workbook does not count: whoever took the workbook in was not in the team. Such steps have no digest of what
    was handed over.
    """
    rows = (
        HandOff.objects.filter(recorded_by__in=people, innovation__in=innovations, step__in=UNIT_STEPS)
        .exclude(content_digest="")
        .order_by("innovation_id", "recorded_by_id", "on", "pk")
        .values_list("innovation_id", "recorded_by_id", "from_party")
    )
    for innovation, person, party in rows:
        if person is not None:
            yield Interest(innovation, person, party)


TEAM_MEMBER = InterestSource("team", _("Reported the innovation for its unit"), team_member)
