"""Tables of the house: the audit chain, stored files, and what this installation is."""

import hashlib

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """One link of the audit chain: who did what to which object; rows are added, never changed.

    ``digest`` covers the content of the row and the digest of the row before it, so a changed, removed or
    inserted row breaks the chain from there on (see :func:`tifa.core.audit.verify`).
    """

    sequence = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=254)
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_key = models.CharField(max_length=120)
    detail = models.JSONField(default=dict)
    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["-sequence"]
        indexes = [models.Index(fields=["object_type", "object_key"], name="event_object")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action} {self.object_type} {self.object_key}"


class ChainHead(models.Model):
    """The end of the audit chain; its one row is locked while events are appended."""

    sequence = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)


class StoredFile(models.Model):
    """A file somebody uploaded: its content is known by its SHA-256 and is never executed or shown inline."""

    file = models.FileField(_("file"), upload_to="%Y/%m")
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class Upload(models.Model):
    """A file that is on its way in pieces; ``received`` bytes of it are safe on disk.

    Whoever chooses the same file again, by name and size, goes on where it stopped.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["person", "name", "size"], name="upload_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.received}/{self.size}"


class Installation(models.Model):
    """What this database is; a production installation refuses one that holds the demo city."""

    demo = models.BooleanField(default=False)


def sha256_of(data: bytes) -> str:
    """Return the SHA-256 of ``data`` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
