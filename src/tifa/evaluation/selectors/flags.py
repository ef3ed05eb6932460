"""What Ortal should look at before it believes a result, in sentences; names of judges stay in the workspace."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _


def flag_sentences(flags: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a sentence for each flag."""
    return [_sentence(flag) for flag in flags]


def _sentence(flag: Mapping[str, Any]) -> str:
    shown = {
        "judge": flag["judge"],
        "section": flag["criterion"],
        "size": "" if flag["size"] is None else number_format(round(Decimal(str(flag["size"])), 2), 2),
    }
    if flag["kind"] == "bias":
        if flag["size"] > 0:
            return (
                _("%(judge)s scores the section “%(section)s” higher than their own totals explain.") % shown
            )
        return _("%(judge)s scores the section “%(section)s” lower than their own totals explain.") % shown
    if flag["kind"] == "drift":
        if flag["size"] > 0:
            return _("%(judge)s scored the later half of the entries more generously than the first.") % shown
        return _("%(judge)s scored the later half of the entries more strictly than the first.") % shown
    if flag["kind"] == "misfit":
        if flag["size"] > 1:
            return (
                _("%(judge)s scores the sections less evenly than the totals explain (infit %(size)s).")
                % shown
            )
        return _("%(judge)s scores the sections more alike than the totals explain (infit %(size)s).") % shown
    if flag["kind"] == "disconnected":
        return _(
            "The entries fall into groups that share no judge. Comparing the groups rests on the assumption that they are alike."
        )
    if flag["kind"] == "unused-score":
        return _("Nobody gave the score %(size)s; its step is a guess.") % shown
    return _("Something is unusual: %(kind)s.") % {"kind": flag["kind"]}
