"""Steps of the chain, the ledgers they fill, and the kinds of gap they leave."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Step(models.TextChoices):
    """One hand-off; the values are the words of the workbook."""

    REPORTED = "dilaporkan", _("Reported")
    VERIFIED = "diverifikasi", _("Verified")
    RETURNED = "dikembalikan", _("Returned")
    SELECTED = "dipilih", _("Selected")
    HELD = "ditahan", _("Held back")
    FORWARDED = "diteruskan", _("Forwarded")
    RECEIVED = "diterima", _("Received")
    REJECTED = "ditolak", _("Rejected")
    FINALIST = "finalis", _("Finalist")
    AWARDED = "penghargaan", _("Awarded")


class Ledger(models.TextChoices):
    """A ledger counts the innovations that ever reached it."""

    KNOWN = "known", _("Known")
    REPORTED = "reported", _("Reported")
    VERIFIED = "verified", _("Verified")
    SELECTED = "selected", _("Selected")
    FORWARDED = "forwarded", _("Forwarded")
    RECEIVED = "received", _("Received by the ministry")


class GapKind(models.TextChoices):
    """Why an innovation waits."""

    UNREPORTED = "unreported", _("Known but not reported")
    UNVERIFIED = "unverified", _("Reported but not verified")
    RETURNED = "returned", _("Returned to the unit")
    UNDECIDED = "undecided", _("Verified but not decided")
    HELD = "held", _("Held back on purpose")
    UNFORWARDED = "unforwarded", _("Selected but not forwarded")
    UNRECEIPTED = "unreceipted", _("Forwarded but without receipt")


class Holder(models.TextChoices):
    """Who has to act next."""

    UNIT = "unit", _("The unit")
    ORTAL = "ortal", _("Ortal")
    MINISTRY = "ministry", _("The ministry; Ortal must ask")


class DayCount(models.TextChoices):
    """How the days of a service level are counted."""

    CALENDAR = "kalender", _("calendar days")
    WORKING = "kerja", _("working days")


class DayOff(models.TextChoices):
    """Why nobody works on a day."""

    PUBLIC = "libur", _("public holiday")
    LEAVE = "cuti", _("collective leave")


LEDGER_STEPS: dict[Ledger, frozenset[Step]] = {
    Ledger.REPORTED: frozenset({Step.REPORTED}),
    Ledger.VERIFIED: frozenset({Step.VERIFIED}),
    Ledger.SELECTED: frozenset({Step.SELECTED}),
    Ledger.FORWARDED: frozenset({Step.FORWARDED}),
    # A finalist or an award shows that the ministry received it, even when no receipt was recorded.
    Ledger.RECEIVED: frozenset({Step.RECEIVED, Step.FINALIST, Step.AWARDED}),
}

# The last step decides the gap; after the ministry's answer there is none.
GAP_AFTER: dict[Step | None, GapKind] = {
    None: GapKind.UNREPORTED,
    Step.REPORTED: GapKind.UNVERIFIED,
    Step.RETURNED: GapKind.RETURNED,
    Step.VERIFIED: GapKind.UNDECIDED,
    Step.HELD: GapKind.HELD,
    Step.SELECTED: GapKind.UNFORWARDED,
    Step.FORWARDED: GapKind.UNRECEIPTED,
}

HOLDER_OF: dict[GapKind, Holder] = {
    GapKind.UNREPORTED: Holder.UNIT,
    GapKind.UNVERIFIED: Holder.ORTAL,
    GapKind.RETURNED: Holder.UNIT,
    GapKind.UNDECIDED: Holder.ORTAL,
    GapKind.HELD: Holder.ORTAL,
    GapKind.UNFORWARDED: Holder.ORTAL,
    GapKind.UNRECEIPTED: Holder.MINISTRY,
}

# The lists behind the difference between a ledger and the one before it.
GAPS_BEFORE: dict[Ledger, tuple[GapKind, ...]] = {
    Ledger.REPORTED: (GapKind.UNREPORTED,),
    Ledger.VERIFIED: (GapKind.UNVERIFIED, GapKind.RETURNED),
    Ledger.SELECTED: (GapKind.UNDECIDED, GapKind.HELD),
    Ledger.FORWARDED: (GapKind.UNFORWARDED,),
    Ledger.RECEIVED: (GapKind.UNRECEIPTED,),
}

# The unit reports anew what nobody reported yet, and what came back to it.
REPORTABLE_AFTER: frozenset[Step | None] = frozenset({None, Step.RETURNED})

# What may follow what, when a person decides on a page. An import records what happened, whatever its order.
NEXT_STEPS: dict[Step | None, tuple[Step, ...]] = {
    None: (),
    Step.REPORTED: (Step.VERIFIED, Step.RETURNED),
    Step.RETURNED: (),
    Step.VERIFIED: (Step.SELECTED, Step.HELD, Step.RETURNED),
    Step.HELD: (Step.SELECTED, Step.HELD, Step.RETURNED),
    Step.SELECTED: (Step.FORWARDED, Step.HELD),
    Step.FORWARDED: (Step.RECEIVED, Step.REJECTED),
    Step.RECEIVED: (Step.FINALIST, Step.REJECTED),
    Step.FINALIST: (Step.AWARDED, Step.REJECTED),
    Step.REJECTED: (),
    Step.AWARDED: (),
}

NEEDS_REASON = frozenset({Step.RETURNED, Step.HELD, Step.REJECTED})
NEEDS_LETTER = frozenset({Step.FORWARDED})
NEEDS_DUE = frozenset({Step.HELD})

# The letter goes to the ministry: there is one from the day of the choice on, and while it stands.
LETTER_AFTER = frozenset(
    {Step.SELECTED, Step.FORWARDED, Step.RECEIVED, Step.REJECTED, Step.FINALIST, Step.AWARDED}
)

# The chain is at its end; the ministry has it, or has answered.
ENDED = frozenset({Step.RECEIVED, Step.REJECTED, Step.FINALIST, Step.AWARDED})

# What Ortal may decide on many innovations with one form; an answer of the ministry is about one.
BULK_STEPS = (Step.VERIFIED, Step.SELECTED, Step.HELD, Step.RETURNED, Step.FORWARDED)

# After these a letter is out of the house, so no click takes them back.
LEAVES_THE_HOUSE = frozenset({Step.FORWARDED})
