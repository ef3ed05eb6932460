"""Who has an item open: noted when it is opened and each time it saves itself, so that two people know of each other."""

from datetime import datetime, timedelta
from typing import Final

from tifa.dossiers.models import Dossier, Presence
from tifa.organisation.models import Person

# Whoever opened or saved an item within this time is there; noted anew at most once in the shorter one.
THERE: Final = timedelta(minutes=3)
NOTED: Final = timedelta(minutes=1)


def note_presence(*, person: Person, dossier: Dossier, item: str, now: datetime) -> list[Person]:
    """Note that a person has an item open, and return who else has, those seen last first."""
    rows = Presence.objects.filter(dossier=dossier, item=item, seen_at__gt=now - THERE).select_related(
        "person"
    )
    there = list(rows.order_by("-seen_at", "pk"))
    if not any(one.person_id == person.pk and one.seen_at > now - NOTED for one in there):
        Presence.objects.update_or_create(
            dossier=dossier, item=item, person=person, defaults={"seen_at": now}
        )
    return [one.person for one in there if one.person_id != person.pk]
