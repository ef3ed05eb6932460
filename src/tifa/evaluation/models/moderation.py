"""Moderation: what judges and Ortal say of an entry, scores that were revised, and what was settled."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tifa.evaluation.models.remarks import Remark
from tifa.evaluation.models.rounds import Entry
from tifa.evaluation.models.scores import ScoreSheet


class ModerationNote(Remark):
    """Something that was said of an entry, by one of its judges or by Ortal."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="notes")

    def __str__(self) -> str:
        return f"{self.entry_id} {self.said_at}"


class Revision(models.Model):
    """Scores that a judge changed after the discussion; the sheet holds the new ones, ``before`` the ones it held.

    Both are by section: the number as text, empty when there was none.
    """

    sheet = models.ForeignKey(ScoreSheet, on_delete=models.CASCADE, related_name="revisions")
    before = models.JSONField()
    after = models.JSONField()
    reason = models.CharField(_("reason"), max_length=500)
    revised_at = models.DateTimeField()

    class Meta:
        ordering = ["revised_at", "pk"]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.revised_at}"


class Settlement(models.Model):
    """The moderation of an entry is over, and how it ended."""

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, related_name="settlement")
    note = models.CharField(_("how it ended"), max_length=500)
    settled_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField()

    class Meta:
        ordering = ["settled_at", "pk"]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.settled_at}"
