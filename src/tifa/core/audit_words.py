"""What stands in the audit trail, in words; the stored events keep their names."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Words = Mapping[str, str | Promise]

ACTIONS: Final[Words] = {
    "calendar.renewed": gettext_lazy("New address of a calendar"),
    "campaign.changed": gettext_lazy("Campaign changed"),
    "campaign.closed": gettext_lazy("Campaign closed"),
    "campaign.created": gettext_lazy("Campaign prepared"),
    "campaign.extended": gettext_lazy("More time given in a campaign"),
    "campaign.opened": gettext_lazy("Campaign opened"),
    "conflict.declared": gettext_lazy("Conflict of interest declared"),
    "conflict.withdrawn": gettext_lazy("Conflict of interest withdrawn"),
    "delegation.ended": gettext_lazy("Unit answers for itself again"),
    "delegation.made": gettext_lazy("Another unit answers for a unit"),
    "evidence.added": gettext_lazy("Evidence added"),
    "file.stored": gettext_lazy("File stored"),
    "handoff.changed": gettext_lazy("Step changed by a workbook"),
    "handoff.dilaporkan": gettext_lazy("Step recorded: reported"),
    "handoff.diverifikasi": gettext_lazy("Step recorded: verified"),
    "handoff.dikembalikan": gettext_lazy("Step recorded: returned"),
    "handoff.dipilih": gettext_lazy("Step recorded: selected"),
    "handoff.ditahan": gettext_lazy("Step recorded: held back"),
    "handoff.diteruskan": gettext_lazy("Step recorded: forwarded"),
    "handoff.diterima": gettext_lazy("Step recorded: received"),
    "handoff.ditolak": gettext_lazy("Step recorded: rejected"),
    "handoff.finalis": gettext_lazy("Step recorded: finalist"),
    "handoff.penghargaan": gettext_lazy("Step recorded: award"),
    "innovation.checked": gettext_lazy("State of an innovation told"),
    "innovation.published": gettext_lazy("Innovation shown to the public"),
    "innovation.recorded": gettext_lazy("Innovation entered"),
    "innovation.reported": gettext_lazy("Innovation reported"),
    "innovation.revised": gettext_lazy("Innovation changed"),
    "ledgers.published": gettext_lazy("Funnel published"),
    "message.retried": gettext_lazy("Mail sent again"),
    "message.withdrawn": gettext_lazy("Mail withdrawn"),
    "messages.chosen": gettext_lazy("Wishes about mail kept"),
    "nil.reported": gettext_lazy("Nil report given"),
    "nil.signed": gettext_lazy("Nothing new in a campaign, signed"),
    "person.changed": gettext_lazy("Person changed"),
    "person.created": gettext_lazy("Person entered"),
    "ranking.published": gettext_lazy("Ranking published"),
    "role.granted": gettext_lazy("Role given"),
    "role.revoked": gettext_lazy("Role taken away"),
    "reminder.given": gettext_lazy("Reminder given"),
    "round.changed": gettext_lazy("Round changed"),
    "round.closed": gettext_lazy("Round closed"),
    "round.created": gettext_lazy("Round made"),
    "round.entries_chosen": gettext_lazy("Entries of a round chosen"),
    "round.imported": gettext_lazy("Round taken from a workbook"),
    "round.judges_named": gettext_lazy("Judges of a round named"),
    "round.opened": gettext_lazy("Round opened"),
    "scores.imported": gettext_lazy("Scores taken from a workbook"),
    "scores.saved": gettext_lazy("Score sheet saved"),
    "scores.submitted": gettext_lazy("Score sheet submitted"),
    "unit.changed": gettext_lazy("Unit changed"),
    "unit.created": gettext_lazy("Unit entered"),
    "workbook.imported": gettext_lazy("Workbook imported"),
}

OBJECTS: Final[Words] = {
    "campaign": gettext_lazy("campaign"),
    "file": gettext_lazy("file"),
    "innovation": gettext_lazy("innovation"),
    "ledgers": gettext_lazy("funnel"),
    "message": gettext_lazy("message"),
    "person": gettext_lazy("person"),
    "round": gettext_lazy("round"),
    "unit": gettext_lazy("unit"),
    "workbook": gettext_lazy("workbook"),
}

KEYS: Final[Words] = {
    "language": gettext_lazy("Language"),
    "muted": gettext_lazy("Not by mail"),
    "units": gettext_lazy("Units"),
    "state": gettext_lazy("State"),
    "ends_on": gettext_lazy("Until"),
    "starts_on": gettext_lazy("From"),
    "edition": gettext_lazy("Edition"),
    "asked": gettext_lazy("What is asked"),
    "campaign": gettext_lazy("Campaign"),
    "added": gettext_lazy("Added"),
    "affairs": gettext_lazy("Government affairs (urusan)"),
    "after": gettext_lazy("After"),
    "aliases": gettext_lazy("Aliases"),
    "before": gettext_lazy("Before"),
    "changed": gettext_lazy("Changed"),
    "closed_on": gettext_lazy("Closed on"),
    "content_digest": gettext_lazy("Digest of the content"),
    "created": gettext_lazy("New"),
    "digest": gettext_lazy("Digest of what was recorded"),
    "drafts": gettext_lazy("Drafts"),
    "due": gettext_lazy("Due"),
    "entries": gettext_lazy("Entries"),
    "file": gettext_lazy("File"),
    "from": gettext_lazy("From"),
    "function": gettext_lazy("Function of government"),
    "initiator": gettext_lazy("Initiator"),
    "innovation": gettext_lazy("Innovation"),
    "instrument": gettext_lazy("Instrument"),
    "instrument_digest": gettext_lazy("Digest of the instrument"),
    "is_active": gettext_lazy("May sign in"),
    "judge": gettext_lazy("Judge"),
    "judges": gettext_lazy("Judges"),
    "kind": gettext_lazy("Kind"),
    "letter_number": gettext_lazy("Letter number"),
    "method": gettext_lazy("Method"),
    "name": gettext_lazy("Name"),
    "on": gettext_lazy("Date"),
    "opened_on": gettext_lazy("Opened on"),
    "parent": gettext_lazy("Part of"),
    "reason": gettext_lazy("Reason"),
    "receipt": gettext_lazy("Receipt"),
    "removed": gettext_lazy("Taken away"),
    "role": gettext_lazy("Role"),
    "sections": gettext_lazy("Sections changed"),
    "service": gettext_lazy("Public service"),
    "sha256": gettext_lazy("Digest of the file"),
    "sheets": gettext_lazy("Sheets"),
    "signed_by": gettext_lazy("Signed by"),
    "source": gettext_lazy("Source"),
    "source_note": gettext_lazy("Note on the source"),
    "source_url": gettext_lazy("Link to the source"),
    "stage": gettext_lazy("Stage"),
    "step": gettext_lazy("Step"),
    "submitted": gettext_lazy("Submitted"),
    "summary": gettext_lazy("Summary"),
    "title": gettext_lazy("Title"),
    "to": gettext_lazy("To"),
    "trial_started": gettext_lazy("Start of the trial"),
    "unchanged": gettext_lazy("Unchanged"),
    "unit": gettext_lazy("Unit"),
    "url": gettext_lazy("Link"),
    "use_started": gettext_lazy("Start of use"),
    "valid_from": gettext_lazy("Valid from"),
    "valid_to": gettext_lazy("Valid to"),
    "version": gettext_lazy("Version"),
    "year": gettext_lazy("Year"),
}

# Stored words that are not Indonesian already.
VALUES: Final[Mapping[str, Words]] = {
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
