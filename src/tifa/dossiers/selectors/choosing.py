"""All dossiers of an edition beside each other: how far each is, and which were chosen under the cap."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tifa.dossiers.choices import DossierState
from tifa.dossiers.eligibility import Verdict, verdicts
from tifa.dossiers.models import Dossier, DossierAnswer, Selection, SentDossier
from tifa.dossiers.readiness import Readiness, proven_score, readiness
from tifa.dossiers.selectors.deadlines import deadlines_of
from tifa.dossiers.selectors.dossiers import draft_of, known_of, visible_dossiers
from tifa.instruments import Instrument, spoken
from tifa.organisation.models import Person
from tifa.organisation.selectors import UnitTree


@dataclass(frozen=True)
class Weighed:
    """A dossier with the rules that it breaks, how far it is, and the choice that holds.

    ``verified`` is the score of what the organisation section checked.
    """

    dossier: Dossier
    broken: tuple[Verdict, ...]
    readiness: Readiness
    verified: Decimal | None
    selection: Selection | None

    @property
    def sent(self) -> bool:
        """Return whether it went out; nobody chooses it anew."""
        return self.dossier.state == DossierState.SENT

    @property
    def chosen(self) -> bool:
        """Return whether it takes a place under the cap."""
        return self.sent or (self.selection is not None and self.selection.chosen)


@dataclass(frozen=True)
class Cap:
    """How many of a group an edition takes from one institution; ``most`` is None when no source tells it."""

    group: str
    label: str
    most: int | None
    status: str


def weighed_dossiers(person: Person, tree: UnitTree, instrument: Instrument, today: date) -> list[Weighed]:
    """Return the dossiers of an edition that a person may see, checked, in a number of statements that does not grow."""
    rows = list(visible_dossiers(person, tree).filter(instrument_id=instrument.id).order_by("pk"))
    keys = [row.pk for row in rows]
    answers: dict[int, dict[str, DossierAnswer]] = {}
    for answer in DossierAnswer.objects.filter(dossier__in=keys):
        answers.setdefault(answer.dossier_id, {})[answer.item] = answer
    known = known_of([row.innovation_id for row in rows], on=today)
    holds, closes = selections_that_hold(keys), deadlines_of([instrument])[instrument.id].day
    found = []
    for row in rows:
        given = (row, instrument, answers.get(row.pk, {}), known[row.innovation_id])
        draft = draft_of(*given)
        broken = tuple(one for one in verdicts(instrument, draft, closes) if one.state == "failed")
        verified = proven_score(instrument, draft_of(*given, verified=True), today)
        found.append(Weighed(row, broken, readiness(instrument, draft, today), verified, holds.get(row.pk)))
    return found


def selections_that_hold(dossiers: Sequence[int]) -> dict[int, Selection]:
    """Return the newest choice of each of some dossiers, in one statement."""
    rows = Selection.objects.filter(dossier__in=dossiers).select_related("decided_by").order_by("pk")
    return {row.dossier_id: row for row in rows}


def codes_of(dossiers: Sequence[int]) -> dict[int, str]:
    """Return the check codes of what was sent of some dossiers, the newest of each."""
    rows = SentDossier.objects.filter(dossier__in=dossiers).order_by("frozen_at", "pk")
    return dict(rows.values_list("dossier", "code"))


def caps_of(instrument: Instrument) -> list[Cap]:
    """Return the caps of an edition by group; an edition without groups has one without a name and number."""
    if not instrument.groups:
        return [Cap("", "", None, "")]
    return [
        Cap(one.id, spoken(one.label), one.cap.value, one.cap.status)
        if one.cap is not None
        else Cap(one.id, spoken(one.label), None, "")
        for one in instrument.groups
    ]
