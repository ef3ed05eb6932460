"""The work that the chain does in the background: reading texts, reminders and mail."""

from datetime import date

from django.conf import settings
from django.utils import timezone, translation
from django_tasks import task

from tifa.chain.services.delivery import deliver
from tifa.chain.services.reading import read_batch as read
from tifa.chain.services.reading import start_feeds
from tifa.chain.services.reminders import give_reminders
from tifa.chain.services.telling import tell_dossiers
from tifa.core.uploads import clear_uploads as clear
from tifa.organisation.selectors import unit_tree


@task()
def read_batch(reading_id: int, language: str) -> None:
    """Read a batch of texts; its sentences are in the language of the person who sent it."""
    with translation.override(language):
        read(reading_id=reading_id, now=timezone.now())


@task()
def read_news(day: str) -> None:
    """Fetch the feeds of a day, in the language of the city."""
    for reading in start_feeds(day=date.fromisoformat(day), now=timezone.now()):
        read_batch.enqueue(reading.pk, settings.LANGUAGE_CODE)


@task()
def send_outbox() -> None:
    """Send what waits in the outbox."""
    deliver(now=timezone.now())


@task()
def remind(day: str) -> None:
    """Give the reminders of a day, and send what waits in the outbox."""
    now = timezone.now()
    give_reminders(as_of=date.fromisoformat(day), now=now)
    tell_dossiers(today=date.fromisoformat(day), tree=unit_tree(), now=now)
    deliver(now=now)


@task()
def tell_of_dossiers() -> None:
    """Tell units what waits in their dossiers; what was told already is left out."""
    tell_dossiers(today=timezone.localdate(), tree=unit_tree(), now=timezone.now())


@task()
def clear_uploads() -> None:
    """Drop the pieces of files that were begun and left."""
    clear(timezone.now())
