"""The parts of an innovation's story, and where a dossier stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Block(models.TextChoices):
    """A part of the story of an innovation, told once and used in every form."""

    SUMMARY = "summary", _("Summary")
    PROBLEM = "problem", _("Problem: how it was before, and for whom")
    OBJECTIVE = "objective", _("Objective, with a target that can be measured")
    NOVELTY = "novelty", _("What is new, and where the idea comes from")
    WORKING = "working", _("How it works, step by step")
    RESULTS = "results", _("Results before and after, how they were measured and by whom")
    GOALS = "goals", _("Contribution to the Sustainable Development Goals")
    REPLICATION = "replication", _("Where it was copied, and where it could be")
    RESOURCES = "resources", _("Money, people, methods, tools")
    SUSTAINABILITY = "sustain", _("How it lasts: rules, management, people")
    PARTNERS = "partners", _("Who takes part, and what each does")
    LESSONS = "lessons", _("What was learned")


class Award(models.TextChoices):
    """Awards of which the editions ask whether an innovation was given them before."""

    TOP99 = "top99", _("Top 99")
    PRAISED = "terpuji", _("Top praised innovation (Terpuji)")
    TOP15 = "top15_khusus", _("Top 15 of the special group")
    OAPSI = "oapsi", _("Winner of OAPSI")


class Goal(models.IntegerChoices):
    """The Sustainable Development Goals by their short names (United Nations, resolution 70/1, 2015)."""

    POVERTY = 1, _("No poverty")
    HUNGER = 2, _("Zero hunger")
    HEALTH = 3, _("Good health and well-being")
    EDUCATION = 4, _("Quality education")
    GENDER = 5, _("Gender equality")
    WATER = 6, _("Clean water and sanitation")
    ENERGY = 7, _("Affordable and clean energy")
    WORK = 8, _("Decent work and economic growth")
    INDUSTRY = 9, _("Industry, innovation and infrastructure")
    INEQUALITY = 10, _("Reduced inequalities")
    CITIES = 11, _("Sustainable cities and communities")
    CONSUMPTION = 12, _("Responsible consumption and production")
    CLIMATE = 13, _("Climate action")
    SEA = 14, _("Life below water")
    LAND = 15, _("Life on land")
    PEACE = 16, _("Peace, justice and strong institutions")
    PARTNERSHIP = 17, _("Partnerships for the goals")


class Statement(models.TextChoices):
    """What the head of a unit states of an innovation; the values end the names of the attachments of the editions."""

    IMPLEMENTATION = "implementasi", _("It is carried out")
    IDENTITY = "identitas", _("Who had the idea")
    REPLICATION = "replikasi", _("Others may copy it")
    TRUTH = "kebenaran", _("The data are true")


class DossierState(models.TextChoices):
    """Where a dossier stands."""

    WRITING = "writing", _("Being written")
    RETURNED = "returned", _("Sent back with notes")
    READY = "ready", _("Ready")
    SENT = "sent", _("Sent")


# In one of these a dossier says what was called ready.
FINISHED_STATES = (DossierState.READY, DossierState.SENT)
# While a dossier is in one of these, its texts can be changed.
OPEN_STATES = (DossierState.WRITING, DossierState.RETURNED)
