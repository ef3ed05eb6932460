"""Steps of the chain, the ledgers they fill, and the kinds of gap they leave."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Step(models.TextChoices):
    """One hand-off; the values are the words of the workbook."""

    REPORTED = "dilaporkan", _("Reported")
    DECLINED = "ditutup", _("Declined by the unit")
    VERIFIED = "diverifikasi", _("Verified")
    RETURNED = "dikembalikan", _("Returned")
    SELECTED = "dipilih", _("Selected")
    HELD = "ditahan", _("Held back")
    FORWARDED = "diteruskan", _("Forwarded")
    RECEIVED = "diterima", _("Received")
    REJECTED = "ditolak", _("Rejected")
    FINALIST = "finalis", _("Finalist")
    AWARDED = "penghargaan", _("Awarded")


class FailedAt(models.TextChoices):
    """Where a rejected innovation ended."""

    PAPERS = "administrasi", _("Papers: incomplete or against the rules")
    PROPOSAL = "proposal", _("Assessment of the proposal")
    PRESENTATION = "presentasi", _("Presentation and interview")
    VISIT = "kunjungan", _("Visit to the place")


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

# The last step decides the gap; after the ministry's answer there is none, and none after a unit said, with a
# reason, that there is nothing to report.
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

# The unit reports anew what nobody reported yet, what came back to it, and what it declined before.
REPORTABLE_AFTER: frozenset[Step | None] = frozenset({None, Step.RETURNED, Step.DECLINED})

# What may follow what, when a person decides on a page. An import records what happened, whatever its order.
# Once the ministry has answered, the innovation may be selected anew, for another edition.
NEXT_STEPS: dict[Step | None, tuple[Step, ...]] = {
    None: (),
    Step.DECLINED: (Step.RETURNED,),
    Step.REPORTED: (Step.VERIFIED, Step.RETURNED),
    Step.RETURNED: (),
    Step.VERIFIED: (Step.SELECTED, Step.HELD, Step.RETURNED),
    Step.HELD: (Step.SELECTED, Step.HELD, Step.RETURNED),
    Step.SELECTED: (Step.FORWARDED, Step.HELD),
    Step.FORWARDED: (Step.RECEIVED, Step.REJECTED),
    Step.RECEIVED: (Step.FINALIST, Step.REJECTED, Step.SELECTED),
    Step.FINALIST: (Step.AWARDED, Step.REJECTED, Step.SELECTED),
    Step.REJECTED: (Step.SELECTED,),
    Step.AWARDED: (Step.SELECTED,),
}

# What the ministry says to Ortal.
ANSWERS = frozenset({Step.RECEIVED, Step.REJECTED, Step.FINALIST, Step.AWARDED})
NEEDS_REASON = frozenset({Step.DECLINED, Step.RETURNED, Step.HELD, Step.REJECTED})
NEEDS_LETTER = frozenset({Step.FORWARDED})
NEEDS_DUE = frozenset({Step.HELD})

# The letter goes to the ministry: there is one from the day of the choice on, and while it stands.
LETTER_AFTER = frozenset(
    {Step.SELECTED, Step.FORWARDED, Step.RECEIVED, Step.REJECTED, Step.FINALIST, Step.AWARDED}
)

# The chain is at its end; the ministry has it, or has answered.

# What Ortal may decide on many innovations with one form; an answer of the ministry is about one.
BULK_STEPS = (Step.VERIFIED, Step.SELECTED, Step.HELD, Step.RETURNED, Step.FORWARDED)

# After these a letter is out of the house, so no click takes them back.
LEAVES_THE_HOUSE = frozenset({Step.FORWARDED})


class DocumentKind(models.TextChoices):
    """Where a text came from, which is also what kind of evidence it is."""

    NEWS = "news", _("News")
    REPORT = "report", _("Report or letter")
    POST = "post", _("Post or photo caption")
    DECREE = "decree", _("Decree or regulation")
    BUDGET = "budget", _("Budget line")
    EXPORT = "export", _("List of another system")
    PAGE = "page", _("Saved page")
    FEED = "feed", _("News feed")
    OTHER = "other", _("Other text")


class ReadingState(models.TextChoices):
    """Where the reading of a batch stands."""

    READING = "reading", _("Being read")
    DONE = "done", _("Read")
    FAILED = "failed", _("Not read")


class TextStatus(models.TextChoices):
    """What a text says of an innovation."""

    PLANNED = "planned", _("Planned")
    TRIAL = "trial", _("On trial")
    LAUNCHED = "launched", _("Launched")
    IMPLEMENTED = "implemented", _("In use")


class CandidateState(models.TextChoices):
    """What became of a candidate."""

    WAITING = "waiting", _("Waiting")
    KNOWN = "known", _("In the registry already")
    ASIDE = "aside", _("Set aside by the reading")
    ASKED = "asked", _("Unit asked")
    MERGED = "merged", _("Merged")
    DISMISSED = "dismissed", _("Dismissed")


class Dismissal(models.TextChoices):
    """Why Ortal dismisses a candidate."""

    ORDINARY = "ordinary", _("No innovation: an ordinary activity, name or word")
    NATIONAL = "national", _("A system or programme of the national government")
    EVENT = "event", _("An award, a contest or an event")
    ELSEWHERE = "elsewhere", _("Of another region, a company or a community")
    PLAN = "plan", _("Only a plan so far")
    MISREAD = "misread", _("The name was read wrongly")


class Answer(models.TextChoices):
    """How a unit answers the question whether something is its innovation."""

    REPORTED = "reported", _("Reported")
    NOT_INNOVATION = "not_innovation", _("Not an innovation")
    NOT_OURS = "not_ours", _("Not ours")
    STOPPED = "stopped", _("Stopped")


class TermKind(models.TextChoices):
    """What a word that the city taught means to the reading."""

    IGNORE = "ignore", _("Name that is never proposed")
    TYPE = "type", _("Word that stands before a name")
    NATIONAL = "national", _("National system")
    UNIT = "unit", _("Other name of a unit")


OPEN_STATES = frozenset({CandidateState.WAITING, CandidateState.KNOWN, CandidateState.ASIDE})
# What a dismissal teaches; a plan may be launched one day, so it teaches nothing.
TEACHES: dict[Dismissal, TermKind] = {
    Dismissal.ORDINARY: TermKind.IGNORE,
    Dismissal.NATIONAL: TermKind.NATIONAL,
    Dismissal.EVENT: TermKind.IGNORE,
    Dismissal.ELSEWHERE: TermKind.IGNORE,
    Dismissal.MISREAD: TermKind.IGNORE,
}
DECLINING = (Answer.NOT_INNOVATION, Answer.NOT_OURS, Answer.STOPPED)


class CampaignKind(models.TextChoices):
    """For which period a campaign asks."""

    YEARLY = "tahunan", _("A year")
    SEMESTER = "semester", _("A half-year")
    EDITION = "edisi", _("The window of an edition")


class Vital(models.TextChoices):
    """What its unit says of an innovation that is known already."""

    RUNNING = "berjalan", _("Still running")
    CHANGED = "berubah", _("Changed")
    STOPPED = "berhenti", _("Stopped")


NEEDS_NOTE = frozenset({Vital.CHANGED, Vital.STOPPED})


class AnswerState(models.TextChoices):
    """How far a unit has answered a campaign."""

    SILENT = "diam", _("Silent")
    PARTIAL = "sebagian", _("Begun")
    DONE = "selesai", _("Complete")


class ReminderStage(models.TextChoices):
    """When a reminder is due, seen from the day on which the answer is due."""

    BEFORE = "sebelum", _("Before the due date")
    DUE = "tenggat", _("On the due date")
    OVERDUE = "lewat", _("After the due date")
    LISTED = "daftar", _("On the leader's list")


class MessageKind(models.TextChoices):
    """What a message is about; each kind can be switched off by itself."""

    INVITATION = "undangan", _("Invitation to report")
    REMINDER = "pengingat", _("Reminders")
    EXTENSION = "perpanjangan", _("New due date")
    DELEGATION = "pelimpahan", _("Answering for another unit")
    LIST = "daftar", _("List for the leader")
    QUESTION = "pertanyaan", _("Questions about what was found")
    RETURNED = "kembali", _("Reports given back")
    DOSSIER = "berkas", _("Dossiers: sent back, and closing soon")


class MessageState(models.TextChoices):
    """What became of the mail of a message; in the workspace it can be read whatever became of it."""

    QUEUED = "antre", _("Waiting")
    SENDING = "dikirim", _("Being sent")
    SENT = "terkirim", _("Sent")
    UNCERTAIN = "ragu", _("Broken off while sending")
    FAILED = "gagal", _("Failed")
    MUTED = "senyap", _("Not wanted by mail")
    WITHDRAWN = "batal", _("Withdrawn")
    LAPSED = "basi", _("Too old to send")
