"""Words of the life of an innovation; the values are the words of the workbook."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """How far an innovation has come."""

    INITIATIVE = "inisiatif", _("Initiative")
    TRIAL = "uji coba", _("Trial")
    USE = "penerapan", _("In use")


class Source(models.TextChoices):
    """How an innovation became known."""

    REPORT = "laporan", _("Reported by its unit")
    FINDING = "temuan", _("Found by somebody else")


class Marking(models.TextChoices):
    """What a row of the demo city is; real registries leave it empty."""

    NONE = "", ""
    REAL = "nyata", _("Real, from public sources")
    COMPOSED = "contoh", _("Composed example")


class EvidenceKind(models.TextChoices):
    """What a piece of evidence is."""

    DECREE = "keputusan", _("Decree or regulation")
    REPORT = "laporan", _("Report")
    PHOTO = "foto", _("Photo")
    NEWS = "berita", _("News")
    DATA = "data", _("Data")
    OTHER = "lain", _("Other")


class Confidentiality(models.TextChoices):
    """Who may open a piece of evidence."""

    ORDINARY = "biasa", _("Ordinary: judges see it, and it goes with a dossier")
    PERSONAL = "pribadi", _("Holds data of persons: only its unit and Ortal open it")

    @classmethod
    def of(cls, *, personal: bool) -> "Confidentiality":
        """Return who may open what does or does not hold data of persons."""
        return cls.PERSONAL if personal else cls.ORDINARY
