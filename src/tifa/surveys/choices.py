"""How answers come in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """How somebody answered."""

    PHONE = "ponsel", _("Own phone")
    TABLET = "tablet", _("Shared tablet at the counter")
    PAPER = "kertas", _("Paper, typed in later")
