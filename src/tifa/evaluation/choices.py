"""States of rounds, scores and plans, and kinds of conflicts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RoundState(models.TextChoices):
    """Where a round stands."""

    DRAFT = "draft", _("In preparation")
    OPEN = "open", _("Open")
    MODERATING = "moderate", _("In moderation")
    CLOSED = "closed", _("Closed")
    PUBLISHED = "published", _("Published")


# While a round is in one of these, its judges can practise on examples.
TRAINING = {RoundState.DRAFT, RoundState.OPEN}


class Official(models.TextChoices):
    """What makes the official order of a round."""

    MEAN = "mean", _("the weighted mean")
    FAIR = "fair", _("the fair score, which evens out how strict judges are")


class TieRule(models.TextChoices):
    """What happens to entries that are equal."""

    SHARE = "share", _("they share the place")
    SECTION = "section", _("the section with the largest weight decides, then the next one")
    LOT = "lot", _("a lot decides; its seed is shown from the opening on")


class BandRule(models.TextChoices):
    """What happens to the entries of which the scores cannot tell whether they belong to the best."""

    ORDER = "order", _("the official order decides")
    ALL = "all", _("all of them go on")
    PANEL = "panel", _("the panel decides in a discussion, and the decision is published")


class ScoreState(models.TextChoices):
    """What a judge says of one section; only a score is a number, and a note may come before it."""

    SCORED = "scored", _("Scored")
    CONFLICT = "conflict", _("Conflict of interest")
    NOT_ASSESSABLE = "not_assessable", _("Not assessable")
    NOT_YET = "not_yet", _("Not yet")


class ConflictKind(models.TextChoices):
    """How a conflict of interest became known."""

    DECLARED = "declared", _("Declared by the judge")
    ADDED = "added", _("Added by Ortal")
    FOUND = "found", _("Found by Tifa")


class ReopeningKind(models.TextChoices):
    """Why an entry is taken up again after the publication."""

    APPEAL = "appeal", _("The unit objects to the result")
    LATE = "late", _("A score sheet came too late")
    JUDGE = "judge", _("A judge should not have judged it")
    ENTRY = "entry", _("The entry leaves the round")


class PlanState(models.TextChoices):
    """Where a plan of who judges what stands."""

    WORKING = "working", _("Being computed")
    READY = "ready", _("Ready to be accepted")
    IMPOSSIBLE = "impossible", _("Not possible")
    FAILED = "failed", _("Failed")
    ACCEPTED = "accepted", _("Accepted")


class AssessmentState(models.TextChoices):
    """How far the computation of a result is."""

    WORKING = "working", _("Being computed")
    DONE = "done", _("Computed")
    FAILED = "failed", _("Failed")
