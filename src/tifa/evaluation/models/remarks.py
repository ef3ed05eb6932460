"""Something that somebody says."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Remark(models.Model):
    """What somebody said, and when; what it is about, its kinds add."""

    author = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("message"), max_length=2000)
    said_at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["said_at", "pk"]
