"""Messages to people: the outbox, reminders that were given, and what each person wants by mail."""

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tifa.chain.choices import MessageKind, MessageState, ReminderStage


def new_token() -> str:
    """Return a secret that cannot be guessed."""
    return secrets.token_urlsafe(32)


def default_language() -> str:
    """Return the language of the city."""
    return str(settings.LANGUAGE_CODE)


class Message(models.Model):
    """Something that a person was told; it stands in their list, and in the outbox until its mail is sent.

    ``dedupe_key`` is unique: whatever is told twice is stored once. ``urgent`` mail does not wait for the next
    day. Messages that leave in one mail have the same ``mail_id``, which becomes its Message-ID. It is about a campaign or
    about an innovation. ``queued_at`` is when it came into the outbox, again when a person sends it again.
    """

    person = models.ForeignKey("organisation.Person", on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(_("kind"), max_length=12, choices=MessageKind)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    url = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=2)
    campaign = models.ForeignKey("chain.Campaign", on_delete=models.CASCADE, null=True, related_name="+")
    innovation = models.ForeignKey(
        "registry.Innovation", on_delete=models.CASCADE, null=True, related_name="+"
    )
    units = models.JSONField(default=list, blank=True)
    urgent = models.BooleanField(default=False)
    dedupe_key = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField()
    queued_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=MessageState, default=MessageState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    mail_id = models.CharField(max_length=200, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "next_attempt"], name="message_waiting"),
            models.Index(fields=["person", "-created_at", "-id"], name="message_of_person"),
        ]

    def __str__(self) -> str:
        return self.subject


class Reminder(models.Model):
    """One reminder that was given: of a campaign, about a unit, at a stage, to a person, for a due date.

    The key holds the due date, so that after an extension the stages begin anew.
    """

    campaign = models.ForeignKey("chain.Campaign", on_delete=models.CASCADE, related_name="reminders")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=7, choices=ReminderStage)
    person = models.ForeignKey("organisation.Person", on_delete=models.CASCADE, related_name="+")
    due = models.DateField()
    on = models.DateField()
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="reminders")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "unit", "stage", "person", "due"], name="reminder_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.unit_id} {self.stage} {self.person_id}"


class MessageSettings(models.Model):
    """How a person wants to be told: in which language, which kinds not by mail, and the secret of their calendar."""

    person = models.OneToOneField(
        "organisation.Person", on_delete=models.CASCADE, related_name="message_settings"
    )
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default=default_language
    )
    muted = models.JSONField(default=list, blank=True)
    calendar_token = models.CharField(max_length=60, unique=True, default=new_token)

    class Meta:
        ordering = ["person"]

    def __str__(self) -> str:
        return f"{self.person_id} {self.language}"
