"""Imports that run in the background."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportState(models.TextChoices):
    """Where an import stands."""

    CHECKING = "checking", _("Being checked")
    READY = "ready", _("Checked, ready to be taken over")
    REFUSED = "refused", _("Not accepted")
    APPLYING = "applying", _("Being taken over")
    DONE = "done", _("Taken over")


class ImportRun(models.Model):
    """One workbook on its way in: checked first, taken over only when a person says so.

    ``report`` is the JSON form of :class:`tifa.exchange.importing.ImportReport`.
    """

    file = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="imports")
    state = models.CharField(max_length=8, choices=ImportState, default=ImportState.CHECKING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    report = models.JSONField(null=True)
    started_at = models.DateTimeField()

    class Meta:
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.file_id} {self.state}"
