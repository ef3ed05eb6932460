"""Computes the result of a round: at once when it is small, in the background when it is large."""

import hashlib
import logging
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from tifa.core import audit
from tifa.evaluation.bundle.anonymity import LINKED, Labels, labels_after, labels_for
from tifa.evaluation.bundle.content import Content, content_of, files_of, method_of, outcome_of, stated
from tifa.evaluation.bundle.results import Json
from tifa.evaluation.choices import AssessmentState, RoundState
from tifa.evaluation.models import Assessment, Round
from tifa.evaluation.selectors.material import (
    Material,
    material_of,
    moments_of,
    names_of_judges,
    review_count,
)
from tifa.evaluation.selectors.publications import Published, first_published
from tifa.evaluation.selectors.ranking import PLACES
from tifa.evaluation.services.locking import lock_round
from tifa.organisation.models import Person
from tifa.stats.reviews import FEWEST_JUDGES, Progress, Review

if TYPE_CHECKING:
    from tifa.stats.outcome import Outcome
from tifa.stats.errors import JudgingError

logger = logging.getLogger(__name__)

FINISHED = {RoundState.CLOSED, RoundState.PUBLISHED}
LARGE = 200
_SEEDS = 2**31


@dataclass(frozen=True)
class Assessed:
    """A result with what it was computed from; ``judges`` has names and labels and stays inside."""

    material: Material
    content: Content
    results: Json
    judges: Json
    untied: frozenset[str]


def is_large(round_: Round) -> bool:
    """Return whether computing the result takes longer than a page may."""
    return review_count(round_) > LARGE


@transaction.atomic
def request_assessment(*, actor: Person, round_: Round, top: int | None, now: datetime) -> Assessment:
    """Note that the result of a round is to be computed; :func:`assess` does it.

    Raises
    ------
    RoundRefused
        When the round is not finished: who computes while judges score sees where it is going.
    """
    locked = lock_round(round_, FINISHED)
    found, _created = Assessment.objects.update_or_create(
        round=locked,
        defaults={
            "state": AssessmentState.WORKING,
            "top": top,
            "done": 0,
            "total": 0,
            "digest": "",
            "content": None,
            "results": None,
            "judges": None,
            "message": "",
            "used": False,
            "started_at": now,
        },
    )
    audit.record(actor=actor, action="result.computed", object_type="round", object_key=locked.code, top=top)
    return found


def assess(*, assessment_id: int) -> None:
    """Compute a requested result; one that is computed already stays as it is."""
    found = Assessment.objects.select_related("round").get(pk=assessment_id)
    if found.state != AssessmentState.WORKING:
        return
    mine = Assessment.objects.filter(pk=found.pk, state=AssessmentState.WORKING, started_at=found.started_at)

    def progress(done: int, total: int) -> None:
        mine.update(done=done, total=total)

    try:
        assessed = assessed_round(found.round, found.top, progress)
    except JudgingError as error:
        mine.update(state=AssessmentState.FAILED, message=str(error))
        return
    except Exception:
        logger.exception("The result of round %s could not be computed", found.round_id)
        mine.update(
            state=AssessmentState.FAILED,
            message=_("Something went wrong inside Tifa. Tell your administrator the time and the round."),
        )
        raise
    mine.update(
        state=AssessmentState.DONE,
        digest=assessed.material.digest,
        content=_stored(assessed.content),
        results=assessed.results,
        judges=assessed.judges,
    )


def assessed_round(round_: Round, top: int | None, progress: Progress | None = None) -> Assessed:
    """Compute the result of a round from anonymous ratings, so that it is the one that anybody computes from them.

    A round that was published keeps severities, steps and variances, and only what was said anew is scored anew.

    Raises
    ------
    JudgingError
        When ``top`` is larger than the number of ranked entries.
    """
    material = material_of(round_)
    published = first_published(round_)
    labels = _labels(material, published)
    content = content_from(round_, material, labels, top, published)
    said = {
        (entry, labels.of[entry, judge]): moment
        for (entry, judge), moment in moments_of(round_).items()
        if (entry, judge) in labels.of
    }
    found = outcome_of(content, progress, said)
    return Assessed(
        material,
        content,
        stated(content, found),
        _judges(found, labels, names_of_judges(round_)),
        labels.untied,
    )


def assessed_again(round_: Round, assessment: Assessment) -> Assessed | None:
    """Return a computed result for publishing; None when it is not for these scores, or was published before."""
    if assessment.state != AssessmentState.DONE or assessment.used:
        return None
    material = material_of(round_)
    if assessment.digest != material.digest:
        return None
    stored: dict[str, str] = assessment.content or {}
    content = content_of({name: text.encode() for name, text in stored.items()})
    if "official" not in content.method or "labels" not in (assessment.judges or {}):
        return None
    untied = frozenset(one.entry for one in content.reviews if not one.linked)
    return Assessed(material, content, assessment.results or {}, assessment.judges or {}, untied)


def content_from(
    round_: Round, material: Material, labels: Labels, top: int | None, published: Published | None
) -> Content:
    """Return what goes into the bundle."""
    rubric = material.rubric
    wanted = round_.top if round_.top is not None else top
    return Content(
        instrument=material.instrument,
        rubric={
            "instrument": rubric.instrument_id,
            "title": rubric.title,
            "edition": rubric.edition,
            "group": rubric.group,
            "digest": rubric.digest,
            "minimum": str(rubric.minimum),
            "maximum": str(rubric.maximum),
            "sections": [
                {
                    "id": one.id,
                    "number": one.number,
                    "label_id": one.label_id,
                    "label_en": one.label_en,
                    "weight": str(one.weight),
                }
                for one in rubric.sections
            ],
        },
        method=method_of(
            top=published.top if published else wanted,
            seed=seed_of(round_.code),
            places=PLACES,
            official={
                "method": round_.official,
                "ties": round_.ties,
                "band": round_.band,
                "lot": round_.lot,
                "decided": [],
            },
            frozen=published.manifest if published else None,
        ),
        entries=material.entries,
        reviews=[
            Review(
                entry,
                labels.of[entry, judge],
                _whole(material, said),
                labels.of[entry, judge].startswith(LINKED),
            )
            for (entry, judge), said in material.reviews.items()
        ],
        published=published.reviews if published else None,
    )


def seed_of(code: str) -> int:
    """Return the seed of the random draws: it follows from the round's code, so that nobody can try several."""
    return int(hashlib.sha256(code.encode()).hexdigest()[:15], 16) % _SEEDS


def _labels(material: Material, published: Published | None) -> Labels:
    if published is not None:
        return labels_after(published.labels, material.reviews.keys(), secrets.SystemRandom())
    reviews: dict[str, int] = {}
    for _entry, judge in material.reviews:
        reviews[judge] = reviews.get(judge, 0) + 1
    enough = sum(count > 1 for count in reviews.values()) >= FEWEST_JUDGES
    return labels_for(material.reviews.keys(), material.conflicts, secrets.SystemRandom(), linked=enough)


def _whole(material: Material, said: dict[str, Any]) -> dict[str, Any]:
    """Return what was said of every section, so that a section that was never opened looks like any other hole."""
    return {section.id: said.get(section.id) for section in material.rubric.sections}


def _stored(content: Content) -> dict[str, str]:
    return {name: text.decode() for name, text in files_of(content).items()}


def _judges(found: "Outcome", labels: Labels, names: dict[str, str]) -> Json:
    """Return severity, fit and flags with names, and whose each label is."""
    whose = [[entry, judge, label] for (entry, judge), label in labels.of.items()]
    if found.fair is None:
        return {"judges": [], "flags": [], "labels": whose}
    named = {label: names[judge] for (_entry, judge), label in labels.of.items()}
    judgement = found.fair.judgement
    flags = [
        asdict(replace(flag, judge=named.get(flag.judge, flag.judge) if flag.judge else None, message=""))
        for flag in judgement.flags
        # Untied entries share no judge with others by design; that is not what this flag is about.
        if flag.kind != "disconnected" or not labels.untied
    ]
    without = {one.judge: one for one in found.fair.without}
    return {
        "judges": [
            {
                "name": named[one.judge],
                "severity": one.severity,
                "se": one.se,
                "infit": one.infit,
                "reviews": one.n,
                "entering": list(shift.entering) if (shift := without[one.judge].fair) else [],
                "leaving": list(shift.leaving) if shift else [],
            }
            for one in judgement.judges
            if one.judge in without
        ],
        "flags": flags,
        "labels": whose,
    }
