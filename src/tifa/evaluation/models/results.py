"""What is computed of a round, and what of it is published."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tifa.evaluation.choices import AssessmentState
from tifa.evaluation.models.rounds import Round


class Assessment(models.Model):
    """The result of a round as Ortal looks at it before publishing; a new one replaces it.

    ``content`` is what a bundle will hold, with the labels of judges drawn for one publication; ``results`` are
    computed from it; ``judges`` holds names and flags, and never leaves the workspace. ``digest`` tells whether the
    scores are still those that were assessed; ``used`` that the labels are published and must not serve again.
    """

    round = models.OneToOneField(Round, on_delete=models.CASCADE, related_name="assessment")
    state = models.CharField(max_length=7, choices=AssessmentState, default=AssessmentState.WORKING)
    top = models.PositiveIntegerField(_("places that count as the top"), null=True, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    content = models.JSONField(null=True)
    results = models.JSONField(null=True)
    judges = models.JSONField(null=True)
    message = models.TextField(blank=True)
    used = models.BooleanField(default=False)
    started_at = models.DateTimeField()

    class Meta:
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.round_id} {self.state}"


class RankingPublication(models.Model):
    """A frozen result: the ranking with all that is needed to compute it again; never edited.

    A correction is a new publication that ``corrects`` the one before, with a reason. ``labels`` says which label of
    the bundle is whose (entry, key of the judge, label), so that corrections go on with them; it leaves the workspace
    nowhere.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="publications")
    method = models.CharField(max_length=60)
    instrument_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    payload = models.JSONField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        "organisation.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    reason = models.CharField(_("reason of the correction"), max_length=500, blank=True)
    bundle = models.BinaryField(null=True)
    labels = models.JSONField(null=True)

    class Meta:
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="correction_with_reason",
                condition=models.Q(corrects=None) | ~models.Q(reason=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.digest[:12]}"
