"""Rounds, their entries and judges, conflicts, assignments, scores and published rankings."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tifa.evaluation.choices import AssessmentState, ConflictKind, PlanState, RoundState, ScoreState
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
    by_hand = models.BooleanField(default=False)
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
    :class:`tifa.evaluation.selectors.planning.PlanResult`.
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

    A correction is a new publication that ``corrects`` the one before, with a reason.
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
