"""Waves of a survey, the counters at which people are asked, and what they answer."""

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tifa.surveys.choices import Channel

MOST_ITEMS = 60
LONGEST_REMARK = 1000
# So few people are the least that a number may stand for, whatever somebody types.
FEWEST = 5


class Wave(models.Model):
    """A period in which users of services are asked under one edition.

    ``least`` is how many people a number must stand for before it is shown. After ``ends_on`` answers on paper can still be
    typed in, until the wave is closed.
    """

    name = models.CharField(_("name"), max_length=120)
    instrument_id = models.CharField(_("edition"), max_length=60)
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="waves")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    least = models.PositiveSmallIntegerField(
        _("fewest people behind a number"),
        default=10,
        validators=[MinValueValidator(FEWEST), MaxValueValidator(100)],
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="wave_in_order",
                condition=models.Q(starts_on__lte=models.F("ends_on")),
                violation_error_message=_("The last day lies before the first."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return its page in the workspace."""
        return reverse("surveys:wave", args=[self.pk])

    def takes_answers(self, today: date) -> bool:
        """Return whether people can answer on a day."""
        return self.closed_at is None and self.starts_on <= today <= self.ends_on

    @property
    def is_closed(self) -> bool:
        """Whether no answer comes any more, so that all of them may count; paper is typed in after the last day."""
        return self.closed_at is not None


class Counter(models.Model):
    """Where people are asked: one service in a wave, with a code for their phones and one for the shared tablet.

    ``population`` is how many people use the service in the period, None when nobody knows.
    """

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="counters")
    service = models.ForeignKey("standards.Service", on_delete=models.PROTECT, related_name="counters")
    code = models.CharField(max_length=20, unique=True)
    tablet_code = models.CharField(max_length=32, unique=True)
    population = models.PositiveIntegerField(_("users in the period"), null=True, blank=True)

    class Meta:
        ordering = ["service__unit__code", "service__name", "pk"]
        constraints = [models.UniqueConstraint(fields=["wave", "service"], name="counter_once_in_a_wave")]

    def __str__(self) -> str:
        return f"{self.wave_id} {self.service_id}"


class Response(models.Model):
    """What one person answered, without anything that tells who it was.

    ``answers`` has one sign for each item in the order of the edition: the value, or a hyphen where nothing was answered.
    ``client_id`` is made by the page that asks, so that what is sent twice is stored once. ``trace`` tells the same device
    on the same day at the same counter, cannot be turned back, and is wiped when the wave is closed. ``flagged`` ones came
    too often from one device; they are kept and do not count until somebody says that they do.
    """

    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, related_name="responses")
    client_id = models.UUIDField(unique=True)
    answers = models.CharField(max_length=MOST_ITEMS)
    channel = models.CharField(max_length=6, choices=Channel)
    given_on = models.DateField()
    received_at = models.DateTimeField()
    trace = models.CharField(max_length=16, blank=True)
    flagged = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["counter", "flagged", "id"], name="response_counting"),
            models.Index(fields=["counter", "trace"], name="response_of_a_device"),
        ]

    def __str__(self) -> str:
        return f"{self.counter_id} {self.pk}"


class Remark(models.Model):
    """What somebody wrote beside the answers; kept apart from them, and read by the unit and the organisation section alone."""

    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, related_name="remarks")
    text = models.TextField(max_length=LONGEST_REMARK)
    given_on = models.DateField()

    class Meta:
        ordering = ["-given_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.counter_id} {self.pk}"
