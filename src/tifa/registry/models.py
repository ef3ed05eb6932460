"""Innovations and the evidence for them."""

from datetime import date

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tifa.core.models import StoredFile
from tifa.organisation.choices import Function
from tifa.organisation.models import CODE_FORM
from tifa.registry.choices import Confidentiality, EvidenceKind, Marking, Source, Stage

SUMMARY_LENGTH = 4000


class Innovation(models.Model):
    """A new way of a service, known by its code.

    ``verified_on`` is the day on which Ortal first verified it; from then on it may enter a round.
    ``published_on`` is the day from which the public may see it: that day, or an earlier one when what is told
    comes from public sources and says so.
    ``version`` grows with every change and guards against a silent overwrite.
    """

    code = models.CharField(_("code"), max_length=40, unique=True, validators=[CODE_FORM])
    title = models.CharField(_("title"), max_length=200)
    unit = models.ForeignKey(
        "organisation.Unit", on_delete=models.PROTECT, related_name="innovations", verbose_name=_("unit")
    )
    function = models.CharField(_("function of government"), max_length=10, choices=Function)
    stage = models.CharField(_("stage"), max_length=9, choices=Stage)
    trial_started = models.DateField(_("start of the trial"), null=True, blank=True)
    use_started = models.DateField(_("start of use"), null=True, blank=True)
    summary = models.TextField(_("summary"), blank=True, max_length=SUMMARY_LENGTH)
    affairs = models.CharField(_("government affairs (urusan)"), max_length=120, blank=True)
    service = models.CharField(_("public service"), max_length=200, blank=True)
    initiator = models.CharField(_("initiator"), max_length=120, blank=True)
    source = models.CharField(_("source"), max_length=7, choices=Source, default=Source.REPORT)
    source_note = models.TextField(_("note on the source"), blank=True)
    source_url = models.URLField(_("link to the source"), max_length=500, blank=True)
    marking = models.CharField(max_length=6, choices=Marking, default=Marking.NONE, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    published_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        indexes = [
            models.Index(fields=["published_on", "affairs"], name="innovation_public_affairs"),
            models.Index(fields=["published_on", "stage"], name="innovation_public_stage"),
            models.Index(fields=["unit", "function"], name="innovation_unit_function"),
            models.Index(fields=["-recorded_at", "-id"], name="innovation_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                name="innovation_trial_before_use",
                condition=models.Q(trial_started=None)
                | models.Q(use_started=None)
                | models.Q(trial_started__lte=models.F("use_started")),
                violation_error_code="dates",
                violation_error_message=_("The start of use lies before the start of the trial."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return its page in the workspace."""
        return reverse("chain:innovation_detail", args=[self.code])


class InnovationAlias(models.Model):
    """Another name of an innovation: an old one, an acronym, what it stands for, or how others write it."""

    innovation = models.ForeignKey(Innovation, on_delete=models.CASCADE, related_name="aliases")
    text = models.CharField(_("other name"), max_length=300)
    added_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["text", "pk"]
        constraints = [models.UniqueConstraint(fields=["innovation", "text"], name="innovation_alias_once")]

    def __str__(self) -> str:
        return self.text


class CodeCounter(models.Model):
    """The last number given to an innovation in a year; its row is locked while a number is given."""

    year = models.PositiveSmallIntegerField(unique=True)
    last = models.PositiveIntegerField(default=0)


class Evidence(models.Model):
    """A file or a link that proves something about an innovation, once for all dossiers and years.

    ``owner`` is whose document it is, None when it is the unit's own. ``first_year`` and ``last_year`` are the years
    that it tells of, ``valid_until`` the last day on which it proves anything; None when it does not expire.
    ``redacted`` is the copy without data of persons, which whoever may not open the original gets instead.
    ``version`` grows with every change and guards against a silent overwrite.
    """

    innovation = models.ForeignKey(Innovation, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(_("kind of evidence"), max_length=9, choices=EvidenceKind)
    title = models.CharField(_("what it shows"), max_length=200)
    url = models.URLField(_("link"), max_length=500, blank=True)
    file = models.ForeignKey(
        "core.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    number = models.CharField(_("number of the document"), max_length=100, blank=True)
    dated_on = models.DateField(_("date of the document"), null=True, blank=True)
    issuer = models.CharField(_("who issued it"), max_length=200, blank=True)
    owner = models.ForeignKey(
        "organisation.Unit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("whose document it is"),
    )
    first_year = models.PositiveSmallIntegerField(_("first year"), null=True, blank=True)
    last_year = models.PositiveSmallIntegerField(_("last year"), null=True, blank=True)
    page = models.CharField(_("page"), max_length=60, blank=True)
    summary = models.TextField(_("what it says"), blank=True, max_length=2000)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    confidentiality = models.CharField(
        _("who may open it"),
        max_length=7,
        choices=Confidentiality,
        default=Confidentiality.ORDINARY,
    )
    redacted = models.ForeignKey(
        "core.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)
    added_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="evidence_years_in_order",
                condition=models.Q(first_year=None)
                | models.Q(last_year=None)
                | models.Q(first_year__lte=models.F("last_year")),
                violation_error_message=_("The last year lies before the first."),
            ),
            models.CheckConstraint(
                name="evidence_file_or_link",
                condition=models.Q(file__isnull=False, url="") | (models.Q(file=None) & ~models.Q(url="")),
                violation_error_message=_("Give either a file or a link."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_personal(self) -> bool:
        """Whether it holds data of persons."""
        return self.confidentiality == Confidentiality.PERSONAL

    @property
    def handed_out(self) -> StoredFile | None:
        """The file that leaves the room: the redacted copy where it holds data of persons; None when there is none."""
        return self.redacted if self.is_personal else self.file

    @property
    def shared_url(self) -> str:
        """The link that leaves the room: none where it leads to data of persons."""
        return "" if self.is_personal else self.url

    def has_expired(self, on: date) -> bool:
        """Return whether it proves nothing any more on a day."""
        return self.valid_until is not None and self.valid_until < on


class EvidenceVersion(models.Model):
    """The file or link that a piece of evidence was before it was replaced."""

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="versions")
    url = models.URLField(max_length=500, blank=True)
    file = models.ForeignKey(
        "core.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    replaced_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField()

    class Meta:
        ordering = ["-replaced_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.evidence_id} {self.replaced_at}"


class FileReading(models.Model):
    """What a look into the content of a file found: its words, its pages, and a picture of its first page.

    It belongs to the content, so that the same file under another name is read once. ``pages`` is None where the kind
    of file has none or they could not be counted; ``note`` says why it could not be read.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    text = models.TextField(blank=True)
    pages = models.PositiveIntegerField(null=True)
    preview = models.BinaryField(blank=True)
    note = models.CharField(max_length=300, blank=True)
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.sha256
