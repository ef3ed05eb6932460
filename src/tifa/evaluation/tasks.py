"""The work of evaluations that is done in the background."""

from django.utils import translation
from django_tasks import task

from tifa.evaluation.services import assessing


@task()
def assess_round(assessment_id: int, language: str) -> None:
    """Compute the result of a round; its sentences are in the language of the person who asked."""
    with translation.override(language):
        assessing.assess(assessment_id=assessment_id)
