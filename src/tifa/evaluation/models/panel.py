"""Judges, their conflicts of interest, and who judges what."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tifa.evaluation.choices import ConflictKind, PlanState
from tifa.evaluation.models.rounds import Entry, Round


class PanelMember(models.Model):
    """A judge of a round; one who came in by a workbook may have no account.

    ``expertise`` is a list of topics. One who was withdrawn keeps their submitted score sheets, and sees the round no
    more.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="panel")
    name = models.CharField(_("judge"), max_length=200)
    person = models.ForeignKey(
        "organisation.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="panels"
    )
    expertise = models.JSONField(_("expertise"), default=list, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "name"], name="panel_name_once"),
            models.UniqueConstraint(fields=["round", "person"], name="panel_person_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Conflict(models.Model):
    """A judge has an interest in an entry, and therefore does not see it.

    A row is a conflict that holds: what is taken back is deleted. ``source`` names who found it, in
    :mod:`tifa.registry.interests`, and ``reason`` is then what that source saw, such as the name of a unit.
    """

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="conflicts")
    member = models.ForeignKey(PanelMember, on_delete=models.CASCADE, related_name="conflicts")
    kind = models.CharField(_("kind"), max_length=8, choices=ConflictKind, default=ConflictKind.DECLARED)
    source = models.CharField(max_length=20, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    declared_at = models.DateTimeField()

    class Meta:
        ordering = ["declared_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "member"], name="conflict_once"),
            models.CheckConstraint(
                name="conflict_found_by_a_source",
                condition=(models.Q(kind=ConflictKind.FOUND) & ~models.Q(source=""))
                | (~models.Q(kind=ConflictKind.FOUND) & models.Q(source="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.member_id}"


class ConflictWaiver(models.Model):
    """Ortal has decided that what a source finds of a judge and an entry is no conflict, and why."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="waivers")
    member = models.ForeignKey(PanelMember, on_delete=models.CASCADE, related_name="waivers")
    source = models.CharField(max_length=20)
    reason = models.CharField(_("reason"), max_length=300)
    waived_by = models.ForeignKey(
        "organisation.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    waived_at = models.DateTimeField()

    class Meta:
        ordering = ["waived_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "member", "source"], name="conflict_waived_once")
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.member_id} {self.source}"


class Assignment(models.Model):
    """A judge is to judge an entry; it counts only in a round with ``reviews_each``."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="assignments")
    member = models.ForeignKey(PanelMember, on_delete=models.CASCADE, related_name="assignments")
    assigned_at = models.DateTimeField()

    class Meta:
        ordering = ["entry_id", "member_id"]
        constraints = [models.UniqueConstraint(fields=["entry", "member"], name="assignment_once")]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.member_id}"


class AssignmentPlan(models.Model):
    """A proposal of who judges what, computed in the background and accepted once or never.

    ``keep`` leaves those who are assigned already where they are. ``basis`` is the digest of all that the plan was
    computed from: a plan of yesterday's panel is not accepted today. ``result`` is the JSON form of
    :class:`tifa.evaluation.selectors.plans.PlanResult`.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="plans")
    state = models.CharField(max_length=10, choices=PlanState, default=PlanState.WORKING)
    reviews_each = models.PositiveSmallIntegerField(_("judges for each entry"))
    largest_load = models.PositiveSmallIntegerField(_("most entries of a judge"), null=True, blank=True)
    keep = models.BooleanField(default=False)
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=3)
    basis = models.CharField(max_length=64, blank=True)
    result = models.JSONField(null=True)
    started_by = models.ForeignKey(
        "organisation.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    started_at = models.DateTimeField()

    class Meta:
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.round_id} {self.state}"
