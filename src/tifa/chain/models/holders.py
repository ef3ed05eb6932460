"""Days off, reasons for holding back, and decisions on many innovations with the steps that take them back."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from tifa.chain.choices import DayOff, Step


class Holiday(models.Model):
    """A day on which the offices of the city do not work, besides the days of the week that the settings name."""

    day = models.DateField(_("date"), unique=True, error_messages={"unique": _("This day is in the list.")})
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind of day"), max_length=5, choices=DayOff, default=DayOff.PUBLIC)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class HoldReason(models.Model):
    """A reason for holding back that Ortal offers in the decision form.

    The words are copied into the step when they are chosen, so a later change does not rewrite history.
    """

    name = models.CharField(_("reason"), max_length=120, unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    offered = models.BooleanField(_("offered"), default=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class Reversal(models.Model):
    """The step that takes another one back: neither of the two counts from then on, and both stay.

    Whoever reads ``HandOff.objects`` reads the steps that stand; ``HandOff.history`` has all.
    """

    handoff = models.OneToOneField("chain.HandOff", on_delete=models.PROTECT, related_name="reversal")
    recorded_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["recorded_at", "pk"]

    def __str__(self) -> str:
        return f"{self.handoff_id} {self.recorded_at}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the step back, and settle the steps of the innovation."""
        super().save(*args, **kwargs)
        type(self.handoff).objects.settle([self.handoff.innovation_id])


class DecisionBatch(models.Model):
    """One decision on many innovations, so that it can be looked at and, for a minute, taken back."""

    step = models.CharField(_("step"), max_length=12, choices=Step)
    decided_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="batches")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["-decided_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.step} {self.decided_at}"


class BatchRow(models.Model):
    """One step of a batch, with what it changed besides: first verified, first shown to the public."""

    batch = models.ForeignKey(DecisionBatch, on_delete=models.CASCADE, related_name="rows")
    handoff = models.OneToOneField("chain.HandOff", on_delete=models.CASCADE, related_name="batch_row")
    verified = models.BooleanField(default=False)
    published = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.handoff_id}"
