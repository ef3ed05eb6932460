"""Rounds and the innovations that are judged in them."""

from itertools import pairwise

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from tifa.evaluation.choices import BandRule, Official, RoundState, TieRule
from tifa.organisation.models import CODE_FORM

TOPIC_LENGTH = 120


class Round(models.Model):
    """One evaluation on one instrument; from its opening on the instrument is frozen in it.

    Without ``reviews_each`` every judge judges every entry; with it, those who are assigned to it. ``official``,
    ``ties``, ``band`` and ``top`` are the rule of the official order, told before anybody scores; ``lot`` is the seed of
    the lot, drawn at the opening. The dates are what was announced; only closing ends the scoring.
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
    official = models.CharField(_("what counts"), max_length=4, choices=Official, default=Official.MEAN)
    ties = models.CharField(_("when entries are equal"), max_length=7, choices=TieRule, default=TieRule.SHARE)
    band = models.CharField(
        _("when the scores cannot tell who belongs to the best"),
        max_length=5,
        choices=BandRule,
        default=BandRule.ORDER,
    )
    top = models.PositiveIntegerField(_("places that count as the best"), null=True, blank=True)
    blind = models.BooleanField(_("judges do not see whose innovation it is"), default=False)
    lot = models.CharField(max_length=32, blank=True, editable=False)
    declare_until = models.DateField(_("conflicts of interest are declared until"), null=True, blank=True)
    score_until = models.DateField(_("scores are given until"), null=True, blank=True)
    publish_on = models.DateField(_("the result is published on"), null=True, blank=True)
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

    def clean(self) -> None:
        """Refuse dates that do not follow each other, and no place at all."""
        named = ((name, getattr(self, name)) for name in ("declare_until", "score_until", "publish_on"))
        dated = [(name, day) for name, day in named if day is not None]
        for (_before, earlier), (name, later) in pairwise(dated):
            if later < earlier:
                raise ValidationError(
                    {
                        name: _("This day lies before the one above (%(day)s).")
                        % {"day": date_format(earlier, "j F Y")}
                    }
                )
        if self.top == 0:
            raise ValidationError(
                {"top": _("Give a number from 1 on, or leave it empty for a tenth of the entries.")}
            )


class Amendment(models.Model):
    """A change of what was announced of a round after it had opened; every judge reads it.

    ``changes`` has the words of before and after by the name of the field.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="amendments")
    changes = models.JSONField()
    reason = models.CharField(_("reason"), max_length=500)
    amended_by = models.ForeignKey(
        "organisation.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    amended_at = models.DateTimeField()

    class Meta:
        ordering = ["amended_at", "pk"]

    def __str__(self) -> str:
        return f"{self.round_id} {self.amended_at}"


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


class EntryProposal(models.Model):
    """What the unit wrote for the judges, as it stood when the round opened: texts by section, then by question.

    The text of a section without questions stands under the section's own name.
    """

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, related_name="proposal")
    texts = models.JSONField()

    class Meta:
        ordering = ["entry_id"]

    def __str__(self) -> str:
        return f"{self.entry_id}"
