"""Training of the judges before they score: examples, their marks, what is said of them and agreed."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tifa.evaluation.choices import TRAINING, ScoreState
from tifa.evaluation.models import PanelMember, Round, TrainingExample, TrainingNote, TrainingSheet
from tifa.evaluation.selectors.rubrics import rubric_of
from tifa.evaluation.services.locking import RoundRefused, lock_round
from tifa.evaluation.services.scoring import IncompleteSheet, NotOnPanel, SectionScore, check_scores
from tifa.evaluation.services.trail import trail
from tifa.organisation.models import Person

MOST_EXAMPLES = 5


@transaction.atomic
def add_example(*, actor: Person, round_: Round, title: str, text: str) -> TrainingExample:
    """Give the judges of a round something to practise on.

    Raises
    ------
    RoundRefused
        When the scoring is over, or there are enough examples.
    """
    locked = lock_round(round_, TRAINING)
    if TrainingExample.objects.filter(round=locked).count() >= MOST_EXAMPLES:
        raise RoundRefused(
            _("There are %(most)d examples. Two or three are enough for a training.")
            % {"most": MOST_EXAMPLES}
        )
    example = TrainingExample.objects.create(round=locked, title=title, text=text)
    trail(actor, "training.example_added", locked, example=example.title)
    return example


@transaction.atomic
def change_example(*, actor: Person, example: TrainingExample, title: str, text: str) -> None:
    """Change an example that nobody has scored yet.

    Raises
    ------
    RoundRefused
        When the scoring is over, or a judge has scored it: they would have read something else.
    """
    locked = lock_round(example.round, TRAINING)
    _refuse_scored(example)
    TrainingExample.objects.filter(pk=example.pk).update(title=title, text=text)
    trail(actor, "training.example_changed", locked, example=example.title)


@transaction.atomic
def remove_example(*, actor: Person, example: TrainingExample) -> None:
    """Take an example away that nobody has scored yet.

    Raises
    ------
    RoundRefused
        As :func:`change_example`.
    """
    locked = lock_round(example.round, TRAINING)
    _refuse_scored(example)
    trail(actor, "training.example_removed", locked, example=example.title)
    example.delete()


@transaction.atomic
def submit_training(
    *, judge: Person, example: TrainingExample, marks: Mapping[str, Decimal], now: datetime
) -> TrainingSheet:
    """Hand in a judge's marks of an example, once: afterwards they see those of the others.

    Raises
    ------
    RoundRefused
        When the scoring is over, or the judge has handed in marks already.
    NotOnPanel
        When the person does not judge in the round.
    IncompleteSheet
        When a section that counts has no mark.
    WrongScore
        When a mark does not fit the rubric.
    """
    locked = lock_round(example.round, TRAINING)
    member = PanelMember.objects.filter(round=locked, person=judge, withdrawn_at=None).first()
    if member is None:
        raise NotOnPanel(_("You do not judge in this round."))
    rubric = rubric_of(locked)
    check_scores(rubric, [SectionScore(name, ScoreState.SCORED, mark) for name, mark in marks.items()])
    missing = [one.id for one in rubric.sections if one.weight and one.id not in marks]
    if missing:
        raise IncompleteSheet(missing)
    try:
        with transaction.atomic():
            sheet = TrainingSheet.objects.create(
                example=example,
                member=member,
                marks={name: str(mark) for name, mark in marks.items()},
                submitted_at=now,
            )
    except IntegrityError as error:
        raise RoundRefused(_("You have handed in your marks of this example already.")) from error
    trail(judge, "training.submitted", locked, example=example.title)
    return sheet


@transaction.atomic
def say_training(*, author: Person, example: TrainingExample, text: str, now: datetime) -> TrainingNote:
    """Keep what was said of an example.

    Raises
    ------
    RoundRefused
        When the scoring is over.
    """
    lock_round(example.round, TRAINING)
    return TrainingNote.objects.create(example=example, author=author, text=text.strip(), said_at=now)


@transaction.atomic
def agree_training(*, actor: Person, example: TrainingExample, text: str) -> None:
    """Note what the judges agreed on; a later note takes the place of the one before.

    Raises
    ------
    RoundRefused
        When the scoring is over.
    """
    locked = lock_round(example.round, TRAINING)
    TrainingExample.objects.filter(pk=example.pk).update(agreed=text.strip())
    trail(actor, "training.agreed", locked, example=example.title)


def _refuse_scored(example: TrainingExample) -> None:
    if TrainingSheet.objects.filter(example=example).exists():
        raise RoundRefused(_("Judges have scored this example already, so it stays as they read it."))
