"""How a ledger and a kind of gap are counted, in sentences for whoever asks."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tifa.chain.choices import GapKind, Ledger

KIND_RULES: Mapping[GapKind, str | Promise] = {
    GapKind.UNREPORTED: _(
        "No step up to that day, whether its unit entered it or somebody else noticed it. "
        "The unit must report it, or decline with a reason. It waits since the start of use, else since the start of the trial, else nobody "
        "knows since when."
    ),
    GapKind.UNVERIFIED: _("The last step up to that day is “reported”. Ortal must verify or return it."),
    GapKind.RETURNED: _(
        "The last step up to that day is “returned”. The unit must mend it and report again."
    ),
    GapKind.UNDECIDED: _("The last step up to that day is “verified”. Ortal must select, hold or return it."),
    GapKind.HELD: _(
        "The last step up to that day is “held back”, with a reason and a date: the only kind that is on purpose."
    ),
    GapKind.UNFORWARDED: _("The last step up to that day is “selected”. Ortal must forward it."),
    GapKind.UNRECEIPTED: _(
        "The last step up to that day is “forwarded”. The ministry has not confirmed it; Ortal must ask."
    ),
}

LEDGER_RULES: Mapping[Ledger, str | Promise] = {
    Ledger.KNOWN: _(
        "Every innovation that a unit entered or that somebody found, and that had begun or taken a step by that "
        "day. One without any known date counts on every day."
    ),
    Ledger.REPORTED: _("Those that ever had the step “reported” up to that day."),
    Ledger.VERIFIED: _("Those that ever had the step “verified” up to that day."),
    Ledger.SELECTED: _("Those that ever had the step “selected” up to that day."),
    Ledger.FORWARDED: _("Those that ever had the step “forwarded” up to that day."),
    Ledger.RECEIVED: _("Those that ever had the step “received”, “finalist” or “awarded” up to that day."),
}
