"""The work of the chain in the background: reminders and mail."""

from datetime import date

from django.utils import timezone
from django_tasks import task

from tifa.chain.services.delivery import deliver
from tifa.chain.services.reminders import give_reminders


@task()
def send_outbox() -> None:
    """Send what waits in the outbox."""
    deliver(now=timezone.now())


@task()
def remind(day: str) -> None:
    """Give the reminders of a day, and send what waits in the outbox."""
    now = timezone.now()
    give_reminders(as_of=date.fromisoformat(day), now=now)
    deliver(now=now)
