"""The work that the chain does in the background."""

from django.utils import timezone, translation
from django_tasks import task

from tifa.chain.services.reading import read_batch as read


@task()
def read_batch(reading_id: int, language: str) -> None:
    """Read a batch of texts; its sentences are in the language of the person who sent it."""
    with translation.override(language):
        read(reading_id=reading_id, now=timezone.now())
