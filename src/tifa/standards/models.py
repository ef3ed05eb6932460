"""Services, the versions of their standards, and the steps that a standard took."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tifa.organisation.choices import Function
from tifa.standards.choices import BINDING, Circle, Progress

NAME_LENGTH = 200
LONGEST_COMPONENT = 10_000


class Service(models.Model):
    """What a unit does for people in one of the functions of government.

    ``closed_on`` is the day from which it is not given any more. ``version`` guards against a silent overwrite.
    """

    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="services")
    name = models.CharField(_("name of the service"), max_length=NAME_LENGTH)
    function = models.CharField(_("function of government"), max_length=10, choices=Function)
    users = models.CharField(_("who uses it"), max_length=300, blank=True)
    channels = models.CharField(_("where and how it is given"), max_length=300, blank=True)
    closed_on = models.DateField(_("given until"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    recorded_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["unit__code", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"],
                name="service_once_in_a_unit",
                violation_error_message=_("This unit has a service of that name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return its page in the workspace."""
        return reverse("standards:service", args=[self.pk])


class Standard(models.Model):
    """One version of the standard of a service: what each component of an edition says.

    ``components`` are texts by the short name of the component. ``copied_from`` is the standard of a sister unit that it
    began with. ``version`` guards its texts against a silent overwrite. ``progress`` is the last step that it took,
    empty while it is a draft; it is kept so that a list needs no steps.
    """

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="standards")
    number = models.PositiveIntegerField()
    instrument_id = models.CharField(_("edition"), max_length=60)
    components = models.JSONField(default=dict)
    copied_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="copies"
    )
    progress = models.CharField(_("state"), max_length=10, choices=Progress, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["service_id", "-number"]
        constraints = [models.UniqueConstraint(fields=["service", "number"], name="standard_version_once")]

    def __str__(self) -> str:
        return f"{self.service_id} {self.number}"

    @property
    def is_draft(self) -> bool:
        """Whether its texts can be changed."""
        return self.progress not in BINDING


class StandardStep(models.Model):
    """A step of a standard: on which day, by which document, who took part, and the minutes or the decree itself."""

    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="steps")
    step = models.CharField(_("step"), max_length=10, choices=Progress)
    on = models.DateField(_("date"))
    number = models.CharField(_("number of the document"), max_length=100, blank=True)
    circles = models.JSONField(_("who took part"), default=list, blank=True)
    note = models.TextField(_("note"), blank=True, max_length=4000)
    file = models.ForeignKey(
        "core.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.standard_id} {self.step} {self.on}"

    @property
    def who(self) -> list[str]:
        """The circles that took part, in words."""
        return [str(Circle(one).label) for one in self.circles]
