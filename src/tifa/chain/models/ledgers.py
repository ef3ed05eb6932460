"""Hand-offs, nil reports, service levels, drafts of reports, and published funnels."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from tifa.chain.choices import LEDGER_STEPS, DayCount, FailedAt, GapKind, Ledger, Step
from tifa.chain.models.holders import Reversal
from tifa.core.batches import chunks
from tifa.dossiers.choices import Award


def decides_on(day: date, path: str = "") -> Q:
    """Return the condition that a step is the last one of its innovation on a day; ``path`` leads to the step."""
    return Q(**{f"{path}on__lte": day}) & (Q(**{f"{path}until": None}) | Q(**{f"{path}until__gt": day}))


class StandingHandOffs(models.Manager["HandOff"]):
    """The steps that stand: those that no later step took back."""

    def get_queryset(self) -> "models.QuerySet[HandOff]":
        """Leave out what was taken back."""
        return super().get_queryset().exclude(pk__in=Reversal.objects.order_by().values("handoff"))

    def bulk_create(self, objs: "Iterable[HandOff]", *args: Any, **kwargs: Any) -> "list[HandOff]":
        """Write many steps, and settle all innovations that they are of."""
        made = super().bulk_create(objs, *args, **kwargs)
        self.settle({handoff.innovation_id for handoff in made})
        return made

    def settle(self, innovations: Collection[int]) -> None:
        """Note for each step of some innovations until when it decides, and the ledger that was reached with it first.

        Both follow from the steps and the reversals alone, so this is right after any change of them, and twice.
        """
        ledger = Case(
            *(When(step__in=steps, then=Value(ledger.value)) for ledger, steps in LEDGER_STEPS.items()),
            default=Value(""),
        )
        others = self.filter(innovation=OuterRef("innovation"))
        later = others.filter(Q(on__gt=OuterRef("on")) | Q(on=OuterRef("on"), pk__gt=OuterRef("pk")))
        earlier = others.filter(Q(on__lt=OuterRef("on")) | Q(on=OuterRef("on"), pk__lt=OuterRef("pk")))
        again = earlier.annotate(ledger=ledger).filter(ledger=OuterRef("ledger"))
        for some in chunks(innovations):
            rows = HandOff.history.filter(innovation__in=some)
            rows.filter(reversal=None).annotate(ledger=ledger).update(
                until=Case(
                    When(aside=True, then=F("on")),
                    default=Subquery(later.filter(aside=False).order_by("on", "pk").values("on")[:1]),
                ),
                reached=Case(When(Exists(again), then=Value("")), default=F("ledger")),
            )
            rows.exclude(reversal=None).update(until=F("on"), reached="")


class HandOff(models.Model):
    """One step of an innovation through the chain; rows are added in the order in which they happened.

    Of several steps on one day the later row is the later step. ``objects`` has the steps that stand,
    ``history`` also those that were taken back.
    ``content_digest`` is the SHA-256 of what was handed over, empty when it was recorded from a workbook. ``sent`` is the
    dossier as it went out, which the ministry's answers to it carry on; ``failed_at`` is where a rejected one ended, ``score`` what
    the ministry gave on its own scale, None as long as nobody told.

    ``aside`` says that the step is an answer to an older sending: the innovation was selected for another edition since
    then, and stands where that brought it. It fills its ledger, and decides nothing.

    ``until`` and ``reached`` follow from the other steps and are kept so that 30,000 innovations are read at once:
    the step decides from ``on`` to the day before ``until``, None as long as no other followed; with it the
    innovation came into the ledger ``reached`` for the first time, empty when it was there or in none.
    """

    innovation = models.ForeignKey("registry.Innovation", on_delete=models.PROTECT, related_name="handoffs")
    step = models.CharField(_("step"), max_length=12, choices=Step)
    on = models.DateField(_("date"))
    from_party = models.CharField(_("from"), max_length=200, blank=True)
    to_party = models.CharField(_("to"), max_length=200, blank=True)
    letter_number = models.CharField(_("letter number"), max_length=100, blank=True)
    due = models.DateField(_("due"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    receipt = models.ForeignKey(
        "core.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    content_digest = models.CharField(max_length=64, blank=True)
    sent = models.ForeignKey(
        "dossiers.SentDossier", on_delete=models.PROTECT, null=True, blank=True, related_name="handoffs"
    )
    failed_at = models.CharField(_("where it ended"), max_length=14, choices=FailedAt, blank=True)
    score = models.DecimalField(_("score"), max_digits=9, decimal_places=4, null=True, blank=True)
    award = models.CharField(_("award"), max_length=12, choices=Award, blank=True)
    recorded_by = models.ForeignKey(
        "organisation.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField()
    aside = models.BooleanField(default=False, editable=False)
    until = models.DateField(null=True, editable=False)
    reached = models.CharField(max_length=12, choices=Ledger, blank=True, editable=False)

    objects = StandingHandOffs()
    history: "models.Manager[HandOff]" = models.Manager()

    class Meta:
        ordering = ["on", "pk"]
        indexes = [
            models.Index(fields=["innovation", "on", "id"], name="handoff_in_order"),
            models.Index(fields=["step", "on", "innovation"], name="handoff_by_step"),
            models.Index(fields=["reached", "on"], name="handoff_by_ledger"),
        ]
        constraints = [
            models.CheckConstraint(
                name="handoff_held_with_reason_and_due",
                condition=~models.Q(step=Step.HELD) | (~models.Q(reason="") & models.Q(due__isnull=False)),
                violation_error_message=_("Holding back needs a reason and a date."),
            ),
            models.CheckConstraint(
                name="handoff_declined_with_reason",
                condition=~models.Q(step=Step.DECLINED) | ~models.Q(reason=""),
                violation_error_message=_("Declining needs a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.innovation_id} {self.step} {self.on}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the step, and settle those of its innovation."""
        super().save(*args, **kwargs)
        HandOff.objects.settle([self.innovation_id])


class NilReport(models.Model):
    """A unit says that it has no innovation in a year."""

    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="nil_reports")
    year = models.PositiveSmallIntegerField(_("year"))
    on = models.DateField(_("date"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    signed_by = models.CharField(_("signed by"), max_length=200)
    recorded_by = models.ForeignKey(
        "organisation.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-year", "unit__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year"],
                name="nil_report_once_a_year",
                violation_error_message=_("This unit has reported “none” for that year already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year}"


class ServiceLevel(models.Model):
    """In how many days a unit, and whoever is below it, must act on a kind of gap.

    Working days leave out the days of the week that the settings name and the list of :class:`Holiday`.
    """

    unit = models.ForeignKey("organisation.Unit", on_delete=models.CASCADE, related_name="service_levels")
    kind = models.CharField(_("kind of gap"), max_length=11, choices=GapKind)
    days = models.PositiveSmallIntegerField(_("days"))
    counting = models.CharField(_("counted in"), max_length=8, choices=DayCount, default=DayCount.CALENDAR)

    class Meta:
        ordering = ["unit__code", "kind"]
        constraints = [models.UniqueConstraint(fields=["unit", "kind"], name="service_level_once")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kind} {self.days}"


class ReportDraft(models.Model):
    """A report that somebody is still writing; saved with every pause, lost with nothing.

    ``innovation`` is set when a returned report is mended.
    """

    person = models.ForeignKey("organisation.Person", on_delete=models.CASCADE, related_name="drafts")
    innovation = models.ForeignKey(
        "registry.Innovation", on_delete=models.CASCADE, null=True, related_name="drafts"
    )
    content = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["-saved_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "innovation"], name="draft_once_for_an_innovation"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """Return the title typed so far, empty when there is none."""
        return str(self.content.get("title", "")).strip()


class LedgerPublication(models.Model):
    """A frozen copy of the funnel of every unit, for the public page."""

    as_of = models.DateField(_("as of"))
    payload = models.JSONField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        "organisation.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.as_of}"
