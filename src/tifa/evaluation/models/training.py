"""Training: examples that all judges of a round score before they begin, and what they agreed on."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tifa.evaluation.models.panel import PanelMember
from tifa.evaluation.models.remarks import Remark
from tifa.evaluation.models.rounds import Round


class TrainingExample(models.Model):
    """An example for the judges of a round to practise on; it is no entry and counts nowhere."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="examples")
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("what the judges read"), max_length=20_000)
    agreed = models.TextField(_("what was agreed"), max_length=2000, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class TrainingSheet(models.Model):
    """What one judge gave an example: a number as text for each section; handed in once, before seeing the others."""

    example = models.ForeignKey(TrainingExample, on_delete=models.CASCADE, related_name="sheets")
    member = models.ForeignKey(PanelMember, on_delete=models.CASCADE, related_name="training_sheets")
    marks = models.JSONField()
    submitted_at = models.DateTimeField()

    class Meta:
        ordering = ["example_id", "member_id"]
        constraints = [models.UniqueConstraint(fields=["example", "member"], name="training_sheet_once")]

    def __str__(self) -> str:
        return f"{self.example_id} {self.member_id}"


class TrainingNote(Remark):
    """Something that was said of an example, by a judge or by Ortal."""

    example = models.ForeignKey(TrainingExample, on_delete=models.CASCADE, related_name="notes")

    def __str__(self) -> str:
        return f"{self.example_id} {self.said_at}"
