"""The work on evidence that is done in the background."""

from django.utils import translation
from django_tasks import task

from tifa.core.models import StoredFile
from tifa.registry.reading import read_stored
from tifa.registry.selectors import unread_files


@task()
def read_file(stored_id: int, language: str) -> None:
    """Read the words of a file and draw its first page."""
    with translation.override(language):
        read_stored(StoredFile.objects.get(pk=stored_id))


@task()
def read_unread(language: str) -> None:
    """Read what an earlier run left out, because it was stopped or because the file came another way."""
    with translation.override(language):
        for stored in unread_files():
            read_stored(stored)
