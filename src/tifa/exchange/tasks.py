"""The work that an import does in the background."""

from django.utils import translation
from django_tasks import task

from tifa.exchange import services


@task()
def check_import(run_id: int, language: str) -> None:
    """Check a workbook; its sentences are in the language of the person who sent it."""
    with translation.override(language):
        services.check_import(run_id=run_id)


@task()
def apply_import(run_id: int, language: str) -> None:
    """Take a checked workbook over."""
    with translation.override(language):
        services.apply_import(run_id=run_id)
