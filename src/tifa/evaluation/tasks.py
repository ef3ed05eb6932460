"""The work of evaluations that is done in the background."""

from django.utils import translation
from django_tasks import task

from tifa.evaluation.services import assessing, assigning


@task()
def compute_plan(plan_id: int) -> None:
    """Compute who judges what."""
    assigning.compute_plan(plan_id=plan_id)


@task()
def assess_round(assessment_id: int, language: str) -> None:
    """Compute the result of a round; its sentences are in the language of the person who asked."""
    with translation.override(language):
        assessing.assess(assessment_id=assessment_id)
