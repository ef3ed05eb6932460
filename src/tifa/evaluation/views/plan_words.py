"""What a plan says of itself, in words for Ortal."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tifa.evaluation.selectors.dividing import PlannedJudge
from tifa.evaluation.selectors.plans import FAIR_EFFICIENCY, GOOD_EFFICIENCY, PlanResult

REASONS: Final[dict[str, str | Promise]] = {
    "few_judges": gettext_lazy(
        "Every entry needs %(each)s judges and there are %(judges)s. Add %(add)s judges, or ask for %(judges)s judges for each entry."
    ),
    "little_room": gettext_lazy(
        "%(proposals)s entries need %(needed)s score sheets, and %(judges)s judges may take %(room)s. Raise the most entries of a judge from %(most)s to %(enough)s, or add %(add)s judges."
    ),
    "lonely_proposal": gettext_lazy(
        "The entry %(proposal)s needs %(each)s judges and only %(free)s have no conflict of interest. Find %(add)s more for it."
    ),
    "crowded": gettext_lazy(
        "The entries %(names)s need %(needed)s score sheets, and conflicts leave them %(judges)s judges with at most %(most)s entries each. %(short)s score sheets find nobody. Bring in judges without a conflict with them."
    ),
    "crowded_mended": gettext_lazy(
        "The entries %(names)s need %(needed)s score sheets, and conflicts leave them %(judges)s judges with at most %(most)s entries each. %(short)s score sheets find nobody. Raise the most entries of a judge to %(enough)s, or bring in judges without a conflict with them."
    ),
    "lonely_rest": gettext_lazy(
        "The entry %(proposal)s still needs %(need)s judges, and only %(free)s have no conflict of interest and room for it. Find %(add)s more for it, or raise the most entries of a judge."
    ),
    "crowded_rest": gettext_lazy(
        "The entries %(names)s still need %(needed)s score sheets, and conflicts and full loads leave them too few judges. %(short)s score sheets find nobody. Raise the most entries of a judge above %(most)s, or bring in judges without a conflict with them."
    ),
}


@dataclass(frozen=True)
class Bar:
    """One line of a picture with bars."""

    label: str
    count: float
    percent: float | None = None
    sentence: str = ""


def sentence_of(reason: Mapping[str, Any]) -> str:
    """Return why there is no plan, and what would make one possible."""
    words = REASONS.get(reason["code"])
    return str(words) % reason["values"] if words else str(reason["sentence"])


def comparability(result: PlanResult, reviews_each: int) -> tuple[str, str]:
    """Return how well judges can be compared, as a tone and a sentence."""
    if reviews_each == 1:
        return "warn", _(
            "Each entry has one judge, so nobody can tell a strict judge from a weak entry. Two or more judges for each entry would show it."
        )
    if result.components > 1:
        return "warn", _(
            "The judges fall into %(groups)s groups that share no entry, so strict and mild judges of different groups cannot be compared. Ask for more judges for each entry, or name more topics for each judge."
        ) % {"groups": result.components}
    if result.efficiency >= GOOD_EFFICIENCY:
        return "ok", _("Good: the judges share enough entries to tell strict ones from mild ones.")
    if result.efficiency >= FAIR_EFFICIENCY:
        return "info", _(
            "Fair: strict and mild judges can be told apart, but less surely than a division without topics would allow."
        )
    return "warn", _(
        "Weak: the judges share few entries, so it is hard to tell strict ones from mild ones. Ask for more judges for each entry, or name more topics for each judge."
    )


def load_bars(judges: Sequence[PlannedJudge]) -> list[Bar]:
    """Return how many judges have how many entries."""
    counts = Counter(judge.load for judge in judges)
    return [Bar(_("%(load)s entries") % {"load": load}, counts[load]) for load in sorted(counts)]
