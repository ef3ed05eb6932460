"""What judges say of the entries."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tifa.evaluation.choices import ScoreState
from tifa.evaluation.models.panel import PanelMember
from tifa.evaluation.models.rounds import Entry


class ScoreSheet(models.Model):
    """What one judge says of one entry; ``version`` guards against a silent overwrite."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="sheets")
    member = models.ForeignKey(PanelMember, on_delete=models.CASCADE, related_name="sheets")
    submitted_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["entry_id", "member_id"]
        constraints = [models.UniqueConstraint(fields=["entry", "member"], name="sheet_once")]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.member_id}"


class Score(models.Model):
    """One section of a score sheet: a number, or the reason why there is none."""

    sheet = models.ForeignKey(ScoreSheet, on_delete=models.CASCADE, related_name="scores")
    section = models.CharField(_("section"), max_length=60)
    state = models.CharField(_("state"), max_length=14, choices=ScoreState)
    value = models.DecimalField(_("score"), max_digits=5, decimal_places=2, null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    note_released = models.BooleanField(_("the applicant may read the note"), default=False)

    class Meta:
        ordering = ["sheet_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "section"], name="score_once"),
            models.CheckConstraint(
                name="score_is_a_number_or_a_state",
                condition=models.Q(state=ScoreState.SCORED, value__isnull=False)
                | (~models.Q(state=ScoreState.SCORED) & models.Q(value=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section} {self.value}"
