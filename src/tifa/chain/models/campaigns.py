"""Campaigns: who is asked for what until when, and what each unit answered."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tifa.chain.choices import CampaignKind, Vital


class Campaign(models.Model):
    """A period for which every unit on its list reports, or says that it has nothing new.

    It asks for what happened from ``starts_on`` to ``ends_on``. It is being prepared until ``opened_on`` is set, which
    freezes its list of units; it runs until ``closed_on`` is set.
    """

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("period"), max_length=8, choices=CampaignKind)
    edition = models.CharField(_("edition"), max_length=60, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    due = models.DateField(_("due"))
    letter_number = models.CharField(_("letter number"), max_length=100, blank=True)
    invitation = models.TextField(_("text of the invitation"), max_length=4000)
    asked = models.TextField(_("what is asked"), max_length=2000)
    roots = models.JSONField(default=list, blank=True)
    unit_kinds = models.JSONField(default=list, blank=True)
    days_before = models.PositiveSmallIntegerField(_("remind how many days before"), default=7)
    days_to_list = models.PositiveSmallIntegerField(_("on the leader's list after how many days"), default=7)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    created_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                name="campaign_name_once",
                violation_error_message=_("There is a campaign of this name already."),
            ),
            models.CheckConstraint(
                name="campaign_period_in_order",
                condition=models.Q(starts_on__lte=models.F("ends_on")),
                violation_error_message=_("The period ends before it begins."),
            ),
            models.CheckConstraint(
                name="campaign_due_after_start",
                condition=models.Q(due__gte=models.F("starts_on")),
                violation_error_message=_("The answer would be due before the period begins."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return its page in the workspace."""
        return reverse("chain:campaign_detail", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        """Whether it is still being prepared."""
        return self.opened_on is None

    @property
    def is_running(self) -> bool:
        """Whether units answer it now."""
        return self.opened_on is not None and self.closed_on is None


class CampaignUnit(models.Model):
    """A unit on the list of a campaign, as the tree was on the day on which it was opened."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="units")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12)
    place = models.PositiveIntegerField()

    class Meta:
        ordering = ["campaign", "place"]
        constraints = [models.UniqueConstraint(fields=["campaign", "unit"], name="campaign_unit_once")]

    def __str__(self) -> str:
        return self.name


class Extension(models.Model):
    """A later due date for one unit, or for all when ``unit`` is empty; rows are only added."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="extensions")
    unit = models.ForeignKey(
        "organisation.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    due = models.DateField(_("new due date"))
    reason = models.CharField(_("reason"), max_length=300)
    granted_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    granted_on = models.DateField()

    class Meta:
        ordering = ["granted_on", "pk"]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.unit_id} {self.due}"


class Delegation(models.Model):
    """Another unit answers for a unit in a campaign until ``ended_on``."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="delegations")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    to_unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    made_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["made_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "unit"],
                condition=models.Q(ended_on=None),
                name="delegation_one_at_a_time",
                violation_error_message=_("Another unit answers for this one already."),
            ),
            models.CheckConstraint(
                name="delegation_to_another",
                condition=~models.Q(unit=models.F("to_unit")),
                violation_error_message=_("A unit answers for itself without being asked to."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.to_unit_id}"


class VitalCheck(models.Model):
    """What a unit said in a campaign of an innovation that was known; rows are only added, the last one holds.

    ``on`` is the day on which the state was so: that of the check, or the one on which it changed or stopped.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="checks")
    innovation = models.ForeignKey("registry.Innovation", on_delete=models.PROTECT, related_name="checks")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=8, choices=Vital)
    on = models.DateField(_("since"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    recorded_on = models.DateField()
    recorded_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["innovation", "id"], name="vital_check_in_order")]
        constraints = [
            models.CheckConstraint(
                name="vital_check_with_note",
                condition=models.Q(state=Vital.RUNNING) | ~models.Q(note=""),
                violation_error_message=_("Write what changed or why it stopped."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.innovation_id} {self.state} {self.on}"


class CampaignNil(models.Model):
    """A unit says in a campaign that it has nothing new; ``signed_in_person`` when its head sent it."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="nils")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    on = models.DateField(_("date"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    signed_by = models.CharField(_("signed by"), max_length=200)
    signed_in_person = models.BooleanField(default=False)
    recorded_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "unit"],
                name="campaign_nil_once",
                violation_error_message=_("This unit has said already that it has nothing new."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.unit_id}"
