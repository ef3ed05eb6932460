"""The story of an innovation, told once, and the dossiers that are made of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tifa.dossiers.choices import OPEN_STATES, Award, Block, DossierState

LONGEST_TEXT = 50_000


class Story(models.Model):
    """One part of the story of an innovation; ``version`` guards against a silent overwrite."""

    innovation = models.ForeignKey("registry.Innovation", on_delete=models.CASCADE, related_name="story")
    block = models.CharField(_("part"), max_length=11, choices=Block)
    text = models.TextField(_("text"), blank=True, max_length=LONGEST_TEXT)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["innovation_id", "pk"]
        constraints = [models.UniqueConstraint(fields=["innovation", "block"], name="story_block_once")]

    def __str__(self) -> str:
        return f"{self.innovation_id} {self.block}"


class AwardHistory(models.Model):
    """The awards that an innovation was given before, by name and year; without a row nobody has told them yet.

    ``version`` guards against a silent overwrite.
    """

    innovation = models.OneToOneField(
        "registry.Innovation", on_delete=models.CASCADE, related_name="award_history"
    )
    awards = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    told_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField()

    class Meta:
        ordering = ["innovation_id"]

    def __str__(self) -> str:
        return f"{self.innovation_id}"

    @property
    def told(self) -> list[str]:
        """The awards in words, each with its year."""
        return [f"{Award(one['award']).label} {one['year']}" for one in self.awards]


class Dossier(models.Model):
    """One innovation answered under one edition; ``version`` guards its facts against a silent overwrite."""

    innovation = models.ForeignKey("registry.Innovation", on_delete=models.PROTECT, related_name="dossiers")
    instrument_id = models.CharField(_("edition"), max_length=60)
    group = models.CharField(_("group"), max_length=60, blank=True)
    category = models.CharField(_("category"), max_length=60, blank=True)
    goals = models.JSONField(_("Sustainable Development Goals"), default=list, blank=True)
    attachments = models.JSONField(_("what is attached"), default=list, blank=True)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(_("state"), max_length=8, choices=DossierState, default=DossierState.WRITING)
    note = models.TextField(_("note"), blank=True, max_length=2000)
    state_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    state_at = models.DateTimeField()
    made_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["innovation", "instrument_id"], name="dossier_once_an_edition")
        ]

    def __str__(self) -> str:
        return f"{self.innovation_id} {self.instrument_id}"

    @property
    def is_open(self) -> bool:
        """Whether its texts can be changed."""
        return self.state in OPEN_STATES


class DossierAnswer(models.Model):
    """What is written or claimed for one item: texts by question, the item's own under its name, a level under “level”.

    ``proof`` are keys of the innovation's evidence. ``version`` guards against a silent overwrite; ``from_story`` says
    that it still is what the story gave. A claim is verified while ``verified_version`` is its version: whatever is
    changed afterwards is to be checked again.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="answers")
    item = models.CharField(_("item"), max_length=60)
    texts = models.JSONField(default=dict)
    proof = models.JSONField(default=list, blank=True)
    from_story = models.BooleanField(default=False)
    verified_version = models.PositiveIntegerField(null=True, blank=True)
    verified_by = models.ForeignKey(
        "organisation.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["dossier_id", "pk"]
        constraints = [models.UniqueConstraint(fields=["dossier", "item"], name="answer_once")]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.item}"

    @property
    def is_verified(self) -> bool:
        """Whether the organisation section has checked what it says now."""
        return self.verified_version == self.version


class SentDossier(models.Model):
    """What was sent of a dossier: its texts and proofs as they were on that day, and the PDF that was made of them.

    ``code`` is printed on it and leads to its public check page; ``digest`` is the SHA-256 of ``content``. The steps of
    the chain that belong to it, with the receipt, are its ``handoffs``.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="sent")
    code = models.CharField(max_length=20, unique=True)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    pdf = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="+")
    frozen_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField()

    class Meta:
        ordering = ["-frozen_at", "-pk"]

    def __str__(self) -> str:
        return self.code


class Selection(models.Model):
    """Whether the organisation section sends a dossier under the cap of its edition, and why; the newest one holds."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="selections")
    chosen = models.BooleanField()
    reason = models.TextField(_("reason"), max_length=4000)
    due = models.DateField(_("looked at again on"), null=True, blank=True)
    decided_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["dossier", "-id"], name="selection_newest")]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.chosen}"


class AnswerVersion(models.Model):
    """What an answer said before; what one person types within a few minutes is one version."""

    answer = models.ForeignKey(DossierAnswer, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    texts = models.JSONField()
    changed_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["answer", "number"], name="answer_version_once")]

    def __str__(self) -> str:
        return f"{self.answer_id} {self.number}"


class MovedDeadline(models.Model):
    """The ministry moved the day on which an edition closes; the newest record holds."""

    instrument_id = models.CharField(_("edition"), max_length=60)
    day = models.DateField(_("closes on"))
    source = models.CharField(_("where it was told"), max_length=300)
    recorded_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["instrument_id", "-id"], name="moved_deadline_newest")]

    def __str__(self) -> str:
        return f"{self.instrument_id} {self.day}"


class Presence(models.Model):
    """When a person last had an item open to write in it."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="+")
    item = models.CharField(_("item"), max_length=60)
    person = models.ForeignKey("organisation.Person", on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["-seen_at"]
        constraints = [models.UniqueConstraint(fields=["dossier", "item", "person"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.item} {self.person_id}"


class Comment(models.Model):
    """What somebody says of an item; it is open until it is resolved."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="comments")
    item = models.CharField(_("item"), max_length=60)
    author = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("comment"), max_length=2000)
    said_at = models.DateTimeField()
    resolved_by = models.ForeignKey(
        "organisation.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["said_at", "pk"]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.item}"
