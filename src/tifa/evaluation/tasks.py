"""The work that a large round does in the background."""

from django_tasks import task

from tifa.evaluation.services import assigning


@task()
def compute_plan(plan_id: int) -> None:
    """Compute who judges what."""
    assigning.compute_plan(plan_id=plan_id)
