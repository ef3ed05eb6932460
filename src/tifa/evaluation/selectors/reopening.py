"""Reads which entries were taken up again after the publication."""

from django.db.models import Exists, OuterRef, QuerySet

from tifa.evaluation.models import Entry, Reopening, Round


def is_reopened() -> Exists:
    """Return the condition that an entry is taken up again now."""
    return Exists(Reopening.objects.filter(entry=OuterRef("pk"), ended_at=None))


def reopening_of(entry: Entry) -> Reopening | None:
    """Return what takes an entry up again now."""
    return Reopening.objects.filter(entry=entry, ended_at=None).select_related("entry__round").first()


def reopenings_of(entry: Entry) -> QuerySet[Reopening]:
    """Return how often and why an entry was taken up again, the newest first."""
    return Reopening.objects.filter(entry=entry).select_related("publication")


def reopened_in(round_: Round) -> QuerySet[Reopening]:
    """Return what is taken up again now in a round, by the code of the innovation."""
    return (
        Reopening.objects.filter(entry__round=round_, ended_at=None)
        .select_related("entry__innovation")
        .order_by("entry__innovation__code")
    )
