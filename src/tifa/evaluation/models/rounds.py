"""Rounds and the innovations that are judged in them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tifa.evaluation.choices import RoundState
from tifa.organisation.models import CODE_FORM

TOPIC_LENGTH = 120


class Round(models.Model):
    """One evaluation on one instrument; from its opening on the instrument is frozen in it.

    Without ``reviews_each`` every judge judges every entry; with it, those who are assigned to it.
    """

    code = models.CharField(_("code"), max_length=40, unique=True, validators=[CODE_FORM])
    name = models.CharField(_("name"), max_length=200)
    instrument_id = models.CharField(_("instrument"), max_length=60)
    instrument_digest = models.CharField(max_length=64, blank=True)
    instrument_copy = models.JSONField(null=True)
    state = models.CharField(_("state"), max_length=9, choices=RoundState, default=RoundState.DRAFT)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    reviews_each = models.PositiveSmallIntegerField(_("judges for each entry"), null=True, blank=True)
    largest_load = models.PositiveSmallIntegerField(_("most entries of a judge"), null=True, blank=True)

    class Meta:
        ordering = ["-opened_on", "code"]
        constraints = [
            models.CheckConstraint(
                name="round_with_one_review_or_more",
                condition=models.Q(reviews_each=None) | models.Q(reviews_each__gte=1),
                violation_error_message=_("Every entry needs at least one judge."),
            ),
            models.CheckConstraint(
                name="round_closes_after_opening",
                condition=models.Q(closed_on=None)
                | models.Q(opened_on=None)
                | models.Q(opened_on__lte=models.F("closed_on")),
                violation_error_message=_("The round closes before it opens."),
            ),
            models.CheckConstraint(
                name="round_running_with_instrument",
                condition=models.Q(state=RoundState.DRAFT) | ~models.Q(instrument_digest=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Entry(models.Model):
    """An innovation that is judged in a round.

    One that was withdrawn keeps its submitted score sheets, and has no place in the ranking.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="entries")
    innovation = models.ForeignKey("registry.Innovation", on_delete=models.PROTECT, related_name="entries")
    topic = models.CharField(_("topic"), max_length=TOPIC_LENGTH, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering = ["innovation__code"]
        constraints = [models.UniqueConstraint(fields=["round", "innovation"], name="entry_once")]

    def __str__(self) -> str:
        return f"{self.round_id} {self.innovation_id}"
