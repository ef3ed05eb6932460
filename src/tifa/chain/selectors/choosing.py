"""The choice under the cap: the dossiers of an edition that Ortal can send, in the order in which they deserve it."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from tifa.chain.choices import ANSWERS, NEXT_STEPS, Step
from tifa.chain.models import HandOff
from tifa.chain.selectors.handoffs import last_handoffs
from tifa.dossiers.selectors.choosing import Cap, Weighed, caps_of, weighed_dossiers
from tifa.evaluation.selectors.publications import LatestRank, latest_ranks
from tifa.instruments import Instrument, spoken
from tifa.organisation.models import Person
from tifa.organisation.selectors import UnitTree
from tifa.registry.models import Innovation
from tifa.registry.selectors import decidable_innovations

# A place in an older round says little of what a dossier is worth today.
ROUNDS = 3
SENDABLE = frozenset({Step.VERIFIED, Step.HELD, Step.SELECTED}) | ANSWERS


@dataclass(frozen=True)
class Candidate:
    """A dossier that Ortal may choose or hold back; ``hindrance`` says why it cannot be chosen now."""

    weighed: Weighed
    last: HandOff | None
    rank: LatestRank | None
    category: str
    hindrance: str

    @property
    def key(self) -> int:
        """Return the key of the dossier."""
        return self.weighed.dossier.pk

    @property
    def innovation(self) -> Innovation:
        """Return what the dossier is about."""
        return self.weighed.dossier.innovation

    def may_become(self, step: Step) -> bool:
        """Return whether this step may follow where the innovation stands."""
        return step in NEXT_STEPS[Step(self.last.step) if self.last else None]


@dataclass(frozen=True)
class Taken:
    """How many places of a cap are taken."""

    cap: Cap
    count: int

    @property
    def over(self) -> int:
        """Return how many are too many; 0 where no source tells the cap."""
        return max(self.count - self.cap.most, 0) if self.cap.most is not None else 0


def candidates_for(person: Person, tree: UnitTree, instrument: Instrument, today: date) -> list[Candidate]:
    """Return the dossiers of an edition on which a person decides, the most deserving first.

    The order is the place in the newest published round of the city, then the score of what was checked, then that of
    what is claimed, then how much is filled.
    """
    mine = set(decidable_innovations(person, tree).order_by().values_list("pk", flat=True))
    weighed = [
        one for one in weighed_dossiers(person, tree, instrument, today) if one.dossier.innovation_id in mine
    ]
    last, ranks = last_handoffs([one.dossier.innovation_id for one in weighed]), latest_ranks(ROUNDS)
    categories = (
        {one.id: spoken(one.label) for one in instrument.categories.choices} if instrument.categories else {}
    )
    found = [
        Candidate(
            one,
            last.get(one.dossier.innovation_id),
            ranks.get(one.dossier.innovation.code),
            categories.get(one.dossier.category, ""),
            _hindrance(one, last.get(one.dossier.innovation_id)),
        )
        for one in weighed
    ]
    return sorted(found, key=_order)


def taken(instrument: Instrument, candidates: Iterable[Candidate], picked: Collection[int]) -> list[Taken]:
    """Return how many places of each cap the ``picked`` dossiers and those that were sent take."""
    counted = Counter(
        one.weighed.dossier.group for one in candidates if one.weighed.sent or one.key in picked
    )
    return [Taken(cap, counted[cap.group]) for cap in caps_of(instrument)]


def spread(
    candidates: Sequence[Candidate], picked: Collection[int]
) -> list[tuple[str, list[tuple[str, int]]]]:
    """Return over which units and categories the picked and sent dossiers spread, the fullest first."""
    inside = [one for one in candidates if one.weighed.sent or one.key in picked]
    units = Counter(one.innovation.unit.name for one in inside)
    categories = Counter(one.category for one in inside if one.category)
    return [(str(_("Units")), units.most_common()), (str(_("Categories")), categories.most_common())]


def _hindrance(weighed: Weighed, last: HandOff | None) -> str:
    if weighed.sent:
        return _("It was sent already.")
    if weighed.broken:
        return " ".join(one.sentence for one in weighed.broken)
    if last is None or last.step not in SENDABLE:
        stands = last.get_step_display() if last else _("not reported")
        return (
            _("It stands at “%s”. First it has to be verified, and an earlier sending needs its receipt.")
            % stands
        )
    return ""


def _order(one: Candidate) -> tuple[float, float, float, float, str]:
    rank = one.rank.rank if one.rank and one.rank.rank is not None else float("inf")
    ready = one.weighed.readiness
    return (
        rank,
        -float(one.weighed.verified or 0),
        -float(ready.claimed or 0),
        -ready.filled / max(ready.items, 1),
        one.innovation.code,
    )
