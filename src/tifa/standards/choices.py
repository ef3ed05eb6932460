"""How far the standard of a service has come, and who took part when it was discussed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Progress(models.TextChoices):
    """A step in the life of a service standard (PermenPANRB 15/2014; UU 25/2009, articles 20 to 22)."""

    DISCUSSED = "dibahas", _("Discussed with the public")
    DETERMINED = "ditetapkan", _("Determined")
    DECLARED = "maklumat", _("Declared to the public (maklumat)")
    APPLIED = "diterapkan", _("Applied")
    REVIEWED = "ditinjau", _("Reviewed: it still holds")


class Circle(models.TextChoices):
    """Who should take part in a public consultation (PermenPANRB 16/2017)."""

    USERS = "pengguna", _("Users of the service")
    EXPERTS = "ahli", _("Experts")
    AGENCIES = "instansi", _("Related agencies")
    CIVIL = "masyarakat", _("Civil society")
    MEDIA = "media", _("Media")


# What may follow what; before it is determined a standard is a draft whose texts change.
NEXT: dict[Progress | None, tuple[Progress, ...]] = {
    None: (Progress.DISCUSSED, Progress.DETERMINED),
    Progress.DISCUSSED: (Progress.DISCUSSED, Progress.DETERMINED),
    Progress.DETERMINED: (Progress.DECLARED, Progress.APPLIED, Progress.REVIEWED),
    Progress.DECLARED: (Progress.APPLIED, Progress.REVIEWED),
    Progress.APPLIED: (Progress.DECLARED, Progress.REVIEWED),
    Progress.REVIEWED: (Progress.DECLARED, Progress.REVIEWED),
}
BINDING = frozenset({Progress.DETERMINED, Progress.DECLARED, Progress.APPLIED, Progress.REVIEWED})
# From the day of one of these the time until the next review runs.
RENEWS = frozenset({Progress.DETERMINED, Progress.REVIEWED})
NEEDS_NUMBER = frozenset({Progress.DETERMINED, Progress.DECLARED})
