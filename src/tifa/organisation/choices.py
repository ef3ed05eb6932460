"""Kinds of units, roles of people and the functions of government."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    """Kind of a node of the government tree; the values are the words of the workbook."""

    PROVINCE = "provinsi", _("Province")
    REGENCY = "kabupaten", _("Regency")
    CITY = "kota", _("City")
    SECRETARIAT = "setda", _("Regional secretariat")
    ORTAL = "ortal", _("Organisation section")
    DEPARTMENT = "opd", _("Department")
    TECHNICAL_UNIT = "upt", _("Technical unit")
    DISTRIK = "distrik", _("Distrik")
    KELURAHAN = "kelurahan", _("Kelurahan")
    KAMPUNG = "kampung", _("Kampung")
    HEALTH_CENTRE = "puskesmas", _("Community health centre")
    SCHOOL = "sekolah", _("School")
    ENTERPRISE = "bumd", _("Regional enterprise")
    OTHER = "lain", _("Other")


class Role(models.TextChoices):
    """What a person may do in a unit and in all units below it."""

    OPERATOR = "operator", _("Operator")
    HEAD = "head", _("Unit head")
    ORTAL = "ortal", _("Organisation section (Ortal)")
    JUDGE = "judge", _("Judge")
    LEADER = "leader", _("Leader")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


class Function(models.TextChoices):
    """The three functions of government."""

    SERVICE = "pelayanan", _("Service")
    REGULATION = "pengaturan", _("Regulation")
    SUPERVISION = "pengawasan", _("Supervision")


# Who sees, reports and decides on what belongs to a unit, by their roles in it.
VIEWING_ROLES = frozenset({Role.OPERATOR, Role.HEAD, Role.ORTAL, Role.LEADER, Role.AUDITOR})
REPORTING_ROLES = frozenset({Role.OPERATOR, Role.HEAD})
DECIDING_ROLES = frozenset({Role.ORTAL})
