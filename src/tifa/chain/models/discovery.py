"""Texts that were read for innovations nobody reported, what was found in them, and what people decided."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tifa.chain.choices import (
    Answer,
    CandidateState,
    Dismissal,
    DocumentKind,
    ReadingState,
    TermKind,
    TextStatus,
)

CONTEXT_LENGTH = 400


class Host(models.Model):
    """A web server that may be asked for texts because an administrator named it.

    ``name`` is in small letters, with a port when it is not the usual one. ``inside`` allows one of the own
    network; every other host must have public addresses only.
    """

    name = models.CharField(_("host"), max_length=255, unique=True)
    inside = models.BooleanField(_("stands in our own network"), default=False)
    added_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Feed(models.Model):
    """A list of news in RSS or Atom; ``etag`` and ``last_modified`` let the server say that nothing is new."""

    title = models.CharField(_("name"), max_length=200)
    url = models.URLField(_("address"), max_length=500, unique=True)
    pages = models.BooleanField(_("read the linked pages too"), default=True)
    etag = models.CharField(max_length=300, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    added_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title


class Reading(models.Model):
    """One batch of texts on its way in: read in the background, safely begun again at any time.

    ``source`` holds what was pasted or typed with it; ``notices`` are sentences about what was left out.
    """

    kind = models.CharField(max_length=7, choices=DocumentKind)
    title = models.CharField(max_length=300)
    person = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="readings")
    files = models.ManyToManyField("core.StoredFile", related_name="+")
    feed = models.ForeignKey(Feed, on_delete=models.SET_NULL, null=True, related_name="readings")
    source = models.JSONField(default=dict)
    state = models.CharField(max_length=7, choices=ReadingState, default=ReadingState.READING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    notices = models.JSONField(default=list)
    started_at = models.DateTimeField()

    class Meta:
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def failed(self) -> bool:
        """Whether it could not be read."""
        return self.state == ReadingState.FAILED


class Document(models.Model):
    """One text, known by the SHA-256 of its words: the same text under another name is the same document."""

    reading = models.ForeignKey(Reading, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(_("kind"), max_length=7, choices=DocumentKind)
    title = models.CharField(_("title"), max_length=300)
    url = models.CharField(_("address"), max_length=500, blank=True)
    published_on = models.DateField(_("date of the text"), null=True)
    text = models.TextField()
    sha256 = models.CharField(max_length=64, unique=True)
    method = models.CharField(max_length=40)
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ["-taken_at", "-pk"]

    def __str__(self) -> str:
        return self.title


class Candidate(models.Model):
    """A possible innovation of one text; only a person's decision lets it into a ledger.

    ``key`` is the name without blanks and capitals. ``outside`` says why a text speaks of something that is not
    the city's own running innovation. ``near`` lists what only resembles it: code, name, confidence.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="candidates")
    key = models.CharField(max_length=200, db_index=True)
    name = models.CharField(_("name"), max_length=200)
    expansion = models.CharField(_("stands for"), max_length=300, blank=True)
    owner = models.CharField(_("unit as the text names it"), max_length=200, blank=True)
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    year = models.PositiveSmallIntegerField(_("year"), null=True)
    status = models.CharField(_("status"), max_length=11, choices=TextStatus)
    own = models.BooleanField(default=True)
    outside = models.CharField(max_length=40, blank=True)
    before = models.CharField(max_length=CONTEXT_LENGTH, blank=True)
    sentence = models.TextField()
    after = models.CharField(max_length=CONTEXT_LENGTH, blank=True)
    confidence = models.FloatField(_("confidence"))
    match = models.ForeignKey("registry.Innovation", on_delete=models.SET_NULL, null=True, related_name="+")
    match_confidence = models.FloatField(null=True)
    near = models.JSONField(default=list)
    state = models.CharField(max_length=9, choices=CandidateState, default=CandidateState.WAITING)
    reason = models.CharField(max_length=12, choices=Dismissal, blank=True)
    note = models.CharField(max_length=500, blank=True)
    innovation = models.ForeignKey(
        "registry.Innovation", on_delete=models.SET_NULL, null=True, related_name="candidates"
    )
    decided_by = models.ForeignKey(
        "organisation.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-confidence", "pk"]
        indexes = [models.Index(fields=["state", "-confidence", "id"], name="candidate_queue")]
        constraints = [
            models.UniqueConstraint(fields=["document", "key"], name="candidate_once_a_document"),
        ]

    def __str__(self) -> str:
        return self.name


class Question(models.Model):
    """Ortal asks a unit whether something found is its innovation; the unit reports it, or declines with a reason."""

    innovation = models.ForeignKey("registry.Innovation", on_delete=models.CASCADE, related_name="questions")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="questions")
    candidate = models.ForeignKey(Candidate, on_delete=models.SET_NULL, null=True, related_name="questions")
    note = models.CharField(_("note to the unit"), max_length=500, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField()
    answer = models.CharField(_("answer"), max_length=14, choices=Answer, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_on = models.DateField(null=True)

    class Meta:
        ordering = ["-asked_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["innovation"], condition=models.Q(answer=""), name="question_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.innovation_id} {self.unit_id} {self.answer}"


class LocalTerm(models.Model):
    """A word that the city taught the reading, on top of the lists that come with Tifa.

    ``unit`` belongs to another name of a unit. ``candidate`` is the one whose decision taught it.
    """

    kind = models.CharField(_("kind"), max_length=8, choices=TermKind)
    text = models.CharField(_("word or name"), max_length=200)
    key = models.CharField(max_length=200)
    unit = models.ForeignKey(
        "organisation.Unit", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    candidate = models.ForeignKey(
        Candidate, on_delete=models.SET_NULL, null=True, blank=True, related_name="terms"
    )
    added_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["kind", "text", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                name="local_term_once",
                violation_error_message=_("This word stands in the list already."),
            ),
            models.CheckConstraint(
                name="local_term_unit_with_unit",
                condition=models.Q(kind=TermKind.UNIT, unit__isnull=False)
                | (~models.Q(kind=TermKind.UNIT) & models.Q(unit=None)),
                violation_error_message=_("Another name of a unit needs its unit; other words have none."),
            ),
        ]

    def __str__(self) -> str:
        return self.text
