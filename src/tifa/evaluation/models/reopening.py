"""Entries whose scores may change after the result was published."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tifa.evaluation.choices import ReopeningKind
from tifa.evaluation.models.results import RankingPublication
from tifa.evaluation.models.rounds import Entry


class Reopening(models.Model):
    """An entry was taken up again after the publication, and why.

    It ends with the correction that it led to, or with the ``answer`` why nothing changed.
    """

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="reopenings")
    kind = models.CharField(_("cause"), max_length=6, choices=ReopeningKind)
    reason = models.CharField(_("reason"), max_length=500)
    opened_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(_("why nothing changes"), max_length=500, blank=True)
    publication = models.ForeignKey(
        RankingPublication, on_delete=models.PROTECT, null=True, blank=True, related_name="reopenings"
    )

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=models.Q(ended_at=None), name="entry_reopened_once"
            ),
            models.CheckConstraint(
                name="reopening_ended_by_something",
                condition=models.Q(ended_at=None, answer="", publication=None)
                | models.Q(ended_at__isnull=False)
                & (~models.Q(answer="") | models.Q(publication__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.kind}"
