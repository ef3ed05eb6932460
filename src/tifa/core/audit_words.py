"""What stands in the audit trail, in words; the stored events keep their names."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Words = Mapping[str, str | Promise]

ACTIONS: Final[Words] = {
    "assignment.accepted": gettext_lazy("Plan of who judges what accepted"),
    "assignment.dissolved": gettext_lazy("Division of the work given up"),
    "assignment.given": gettext_lazy("Entry assigned to a judge"),
    "assignment.taken": gettext_lazy("Entry taken from a judge"),
    "calendar.renewed": gettext_lazy("New address of a calendar"),
    "campaign.changed": gettext_lazy("Campaign changed"),
    "campaign.closed": gettext_lazy("Campaign closed"),
    "campaign.created": gettext_lazy("Campaign prepared"),
    "campaign.extended": gettext_lazy("More time given in a campaign"),
    "campaign.opened": gettext_lazy("Campaign opened"),
    "candidate.asked": gettext_lazy("Unit asked about a find"),
    "candidate.dismissed": gettext_lazy("Find dismissed"),
    "candidate.merged": gettext_lazy("Find merged with an innovation"),
    "candidate.reopened": gettext_lazy("Decision on a find taken back"),
    "conflict.added": gettext_lazy("Conflict of interest added by Ortal"),
    "conflict.declared": gettext_lazy("Conflict of interest declared"),
    "conflict.withdrawn": gettext_lazy("Conflict of interest withdrawn"),
    "conflicts.found": gettext_lazy("Conflicts of interest found"),
    "delegation.ended": gettext_lazy("Unit answers for itself again"),
    "delegation.made": gettext_lazy("Another unit answers for a unit"),
    "entry.restored": gettext_lazy("Withdrawn entry taken back"),
    "entry.withdrawn": gettext_lazy("Entry withdrawn"),
    "evidence.added": gettext_lazy("Evidence added"),
    "feed.added": gettext_lazy("News feed added"),
    "feed.removed": gettext_lazy("News feed taken away"),
    "file.stored": gettext_lazy("File stored"),
    "handoff.changed": gettext_lazy("Step changed by a workbook"),
    "handoff.dikembalikan": gettext_lazy("Step recorded: returned"),
    "handoff.dilaporkan": gettext_lazy("Step recorded: reported"),
    "handoff.dipilih": gettext_lazy("Step recorded: selected"),
    "handoff.ditahan": gettext_lazy("Step recorded: held back"),
    "handoff.diterima": gettext_lazy("Step recorded: received"),
    "handoff.diteruskan": gettext_lazy("Step recorded: forwarded"),
    "handoff.ditolak": gettext_lazy("Step recorded: rejected"),
    "handoff.ditutup": gettext_lazy("Step recorded: declined by the unit"),
    "handoff.diverifikasi": gettext_lazy("Step recorded: verified"),
    "handoff.finalis": gettext_lazy("Step recorded: finalist"),
    "handoff.penghargaan": gettext_lazy("Step recorded: award"),
    "handoff.undone": gettext_lazy("Step taken back"),
    "hold_reasons.changed": gettext_lazy("Reasons for holding back changed"),
    "holidays.changed": gettext_lazy("Days off changed"),
    "host.named": gettext_lazy("Host named for news"),
    "host.removed": gettext_lazy("Host for news taken away"),
    "innovation.checked": gettext_lazy("State of an innovation told"),
    "innovation.hidden": gettext_lazy("Verification taken back"),
    "innovation.name_removed": gettext_lazy("Other name of an innovation taken away"),
    "innovation.named": gettext_lazy("Innovation given another name"),
    "innovation.published": gettext_lazy("Innovation shown to the public"),
    "innovation.recorded": gettext_lazy("Innovation entered"),
    "innovation.reported": gettext_lazy("Innovation reported"),
    "innovation.revised": gettext_lazy("Innovation changed"),
    "judge.restored": gettext_lazy("Withdrawn judge judges again"),
    "judge.withdrawn": gettext_lazy("Judge withdrawn"),
    "ledgers.published": gettext_lazy("Funnel published"),
    "message.retried": gettext_lazy("Mail sent again"),
    "message.withdrawn": gettext_lazy("Mail withdrawn"),
    "messages.chosen": gettext_lazy("Wishes about mail kept"),
    "nil.reported": gettext_lazy("Nil report given"),
    "nil.signed": gettext_lazy("Nothing new in a campaign, signed"),
    "notes.released": gettext_lazy("Notes released to the applicant"),
    "person.changed": gettext_lazy("Person changed"),
    "person.created": gettext_lazy("Person entered"),
    "question.asked": gettext_lazy("Unit asked again"),
    "ranking.published": gettext_lazy("Ranking published"),
    "reading.done": gettext_lazy("Texts read"),
    "reading.started": gettext_lazy("Texts sent to be read"),
    "reminder.given": gettext_lazy("Reminder given"),
    "result.computed": gettext_lazy("Result of a round computed"),
    "role.granted": gettext_lazy("Role given"),
    "role.revoked": gettext_lazy("Role taken away"),
    "moderation.said": gettext_lazy("Something said of an entry in moderation"),
    "moderation.settled": gettext_lazy("Moderation of an entry settled"),
    "moderation.started": gettext_lazy("Moderation started"),
    "round.amended": gettext_lazy("Rule or dates of a running round changed"),
    "round.changed": gettext_lazy("Round changed"),
    "round.closed": gettext_lazy("Round closed"),
    "round.created": gettext_lazy("Round made"),
    "round.entries_chosen": gettext_lazy("Entries of a round chosen"),
    "round.expertise_set": gettext_lazy("Topics of judges set"),
    "round.imported": gettext_lazy("Round taken from a workbook"),
    "round.judges_named": gettext_lazy("Judges of a round named"),
    "round.opened": gettext_lazy("Round opened"),
    "round.topics_set": gettext_lazy("Topics of entries set"),
    "scores.imported": gettext_lazy("Scores taken from a workbook"),
    "scores.revised": gettext_lazy("Scores revised in moderation"),
    "scores.saved": gettext_lazy("Score sheet saved"),
    "scores.submitted": gettext_lazy("Score sheet submitted"),
    "service_levels.changed": gettext_lazy("Deadlines changed"),
    "term.added": gettext_lazy("Word added for the reading"),
    "term.removed": gettext_lazy("Word of the reading taken away"),
    "unit.changed": gettext_lazy("Unit changed"),
    "unit.created": gettext_lazy("Unit entered"),
    "workbook.imported": gettext_lazy("Workbook imported"),
}

OBJECTS: Final[Words] = {
    "candidate": gettext_lazy("find"),
    "feed": gettext_lazy("news feed"),
    "campaign": gettext_lazy("campaign"),
    "file": gettext_lazy("file"),
    "hold_reasons": gettext_lazy("reasons for holding back"),
    "holidays": gettext_lazy("days off"),
    "host": gettext_lazy("host"),
    "innovation": gettext_lazy("innovation"),
    "ledgers": gettext_lazy("funnel"),
    "message": gettext_lazy("message"),
    "person": gettext_lazy("person"),
    "reading": gettext_lazy("texts"),
    "round": gettext_lazy("round"),
    "term": gettext_lazy("word"),
    "unit": gettext_lazy("unit"),
    "workbook": gettext_lazy("workbook"),
}

KEYS: Final[Words] = {
    "added": gettext_lazy("Added"),
    "affairs": gettext_lazy("Government affairs (urusan)"),
    "after": gettext_lazy("After"),
    "aliases": gettext_lazy("Aliases"),
    "answer": gettext_lazy("Answer"),
    "asked": gettext_lazy("What is asked"),
    "before": gettext_lazy("Before"),
    "campaign": gettext_lazy("Campaign"),
    "candidates": gettext_lazy("Found"),
    "changed": gettext_lazy("Changed"),
    "closed_on": gettext_lazy("Closed on"),
    "content_digest": gettext_lazy("Digest of the content"),
    "corrects": gettext_lazy("Corrects"),
    "count": gettext_lazy("Number"),
    "created": gettext_lazy("New"),
    "digest": gettext_lazy("Digest of what was recorded"),
    "documents": gettext_lazy("Texts"),
    "drafts": gettext_lazy("Drafts"),
    "due": gettext_lazy("Due"),
    "edition": gettext_lazy("Edition"),
    "ends_on": gettext_lazy("Until"),
    "entries": gettext_lazy("Entries"),
    "expertise": gettext_lazy("Expertise"),
    "file": gettext_lazy("File"),
    "freed": gettext_lazy("To be assigned again"),
    "from": gettext_lazy("From"),
    "function": gettext_lazy("Function of government"),
    "initiator": gettext_lazy("Initiator"),
    "innovation": gettext_lazy("Innovation"),
    "inside": gettext_lazy("In our own network"),
    "instead_of": gettext_lazy("Instead of"),
    "instrument": gettext_lazy("Instrument"),
    "instrument_digest": gettext_lazy("Digest of the instrument"),
    "is_active": gettext_lazy("May sign in"),
    "judge": gettext_lazy("Judge"),
    "judges": gettext_lazy("Judges"),
    "kind": gettext_lazy("Kind"),
    "known": gettext_lazy("Known already"),
    "language": gettext_lazy("Language"),
    "largest_load": gettext_lazy("Most entries of one judge"),
    "letter_number": gettext_lazy("Letter number"),
    "manifest": gettext_lazy("Digest of the bundle"),
    "method": gettext_lazy("Method"),
    "muted": gettext_lazy("Not by mail"),
    "name": gettext_lazy("Name"),
    "note": gettext_lazy("Note"),
    "notes": gettext_lazy("Notes"),
    "on": gettext_lazy("Date"),
    "opened_on": gettext_lazy("Opened on"),
    "pairs": gettext_lazy("Pairs"),
    "parent": gettext_lazy("Part of"),
    "published": gettext_lazy("Shown to the public"),
    "reason": gettext_lazy("Reason"),
    "receipt": gettext_lazy("Receipt"),
    "released": gettext_lazy("Released"),
    "removed": gettext_lazy("Taken away"),
    "returned": gettext_lazy("Returned to the unit"),
    "reviews_each": gettext_lazy("Judges for each entry"),
    "role": gettext_lazy("Role"),
    "sections": gettext_lazy("Sections changed"),
    "service": gettext_lazy("Public service"),
    "sha256": gettext_lazy("Digest of the file"),
    "sheets": gettext_lazy("Sheets"),
    "signed_by": gettext_lazy("Signed by"),
    "source": gettext_lazy("Source"),
    "source_note": gettext_lazy("Note on the source"),
    "source_url": gettext_lazy("Link to the source"),
    "sources": gettext_lazy("Sources"),
    "stage": gettext_lazy("Stage"),
    "starts_on": gettext_lazy("From"),
    "state": gettext_lazy("State"),
    "step": gettext_lazy("Step"),
    "submitted": gettext_lazy("Submitted"),
    "summary": gettext_lazy("Summary"),
    "title": gettext_lazy("Title"),
    "to": gettext_lazy("To"),
    "top": gettext_lazy("Places that count as the top"),
    "topics": gettext_lazy("Topics"),
    "trial_started": gettext_lazy("Start of the trial"),
    "unchanged": gettext_lazy("Unchanged"),
    "undecided": gettext_lazy("Verified but not decided"),
    "unforwarded": gettext_lazy("Selected but not forwarded"),
    "unit": gettext_lazy("Unit"),
    "units": gettext_lazy("Units"),
    "unreceipted": gettext_lazy("Forwarded but without receipt"),
    "unreported": gettext_lazy("Known but not reported"),
    "unverified": gettext_lazy("Reported but not verified"),
    "url": gettext_lazy("Link"),
    "use_started": gettext_lazy("Start of use"),
    "valid_from": gettext_lazy("Valid from"),
    "valid_to": gettext_lazy("Valid to"),
    "version": gettext_lazy("Version"),
    "year": gettext_lazy("Year"),
}

# Stored words that are not Indonesian already.
VALUES: Final[Mapping[str, Words]] = {
    "answer": {
        "not_innovation": gettext_lazy("Not an innovation"),
        "not_ours": gettext_lazy("Not ours"),
        "stopped": gettext_lazy("Stopped"),
    },
    "role": {
        "head": gettext_lazy("Unit head"),
        "judge": gettext_lazy("Judge"),
        "leader": gettext_lazy("Leader"),
    },
    "source": {"workbook": gettext_lazy("workbook")},
}


def in_words(words: Words, name: str) -> str:
    """Return what ``name`` is called, itself when the table does not know it."""
    return str(words.get(name, name))


def detail_in_words(detail: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each fact of an event with its name; what lies inside another is named with it."""
    for name, value in detail.items():
        label = in_words(KEYS, name)
        if isinstance(value, Mapping):
            yield from ((f"{label}: {inner}", text) for inner, text in detail_in_words(value))
        else:
            yield label, _value(name, value)


def _value(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value) or "–"
    if isinstance(value, str):
        return in_words(VALUES.get(name, {}), value)
    return json.dumps(value, ensure_ascii=False)
