"""How the chain's steps, dates and ages are said in words."""

from typing import Final

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tifa.chain.choices import AnswerState, GapKind, MessageState, Step
from tifa.chain.models import Campaign, Message
from tifa.chain.selectors.campaigns import Progress
from tifa.chain.selectors.ledgers import Gap
from tifa.core.templatetags.tifa import badge, dash, number

register = template.Library()

TONES: Final[dict[str, str]] = {
    Step.REPORTED: "info",
    Step.DECLINED: "neutral",
    Step.VERIFIED: "ok",
    Step.RETURNED: "warn",
    Step.SELECTED: "ok",
    Step.HELD: "neutral",
    Step.FORWARDED: "wait",
    Step.RECEIVED: "ok",
    Step.REJECTED: "bad",
    Step.FINALIST: "ok",
    Step.AWARDED: "ok",
}

OUTSIDE: Final[dict[str, str | Promise]] = {
    "national": gettext_lazy("a system of the national government"),
    "other region": gettext_lazy("another region"),
    "not a local government": gettext_lazy("a company, the police or a community"),
    "planned": gettext_lazy("only planned so far"),
}
ANSWER_TONES: Final[dict[str, str]] = {
    AnswerState.SILENT: "warn",
    AnswerState.PARTIAL: "wait",
    AnswerState.DONE: "ok",
}
MESSAGE_TONES: Final[dict[str, str]] = {
    MessageState.QUEUED: "wait",
    MessageState.SENDING: "info",
    MessageState.SENT: "ok",
    MessageState.UNCERTAIN: "warn",
    MessageState.FAILED: "bad",
    MessageState.MUTED: "neutral",
    MessageState.WITHDRAWN: "neutral",
    MessageState.LAPSED: "neutral",
}


@register.filter
def step_badge(step: str | None) -> SafeString:
    """Draw the step that decides; nothing reported yet is a state of its own."""
    if not step:
        return badge("warn", _("Not reported yet"))
    return badge(TONES[step], Step(step).label)


@register.filter
def kind_badge(gap: Gap) -> SafeString:
    """Draw the kind of a gap, red when it is overdue; what was held back says when it is back."""
    if gap.is_back:
        return badge("bad" if gap.days_late else "wait", _("Back to be decided"))
    if gap.kind == GapKind.HELD:
        return badge("bad" if gap.days_late else "neutral", gap.kind.label)
    return badge("bad" if gap.days_late else "wait", gap.kind.label)


@register.filter
def days_left(gap: Gap) -> object:
    """Say how many days are left until the due date, or how many it is late."""
    if gap.days_left is None:
        return dash(None)
    if gap.days_left == 0:
        return _("due today")
    if gap.days_late:
        return ngettext("%(days)d day late", "%(days)d days late", gap.days_late) % {"days": gap.days_late}
    return ngettext("%(days)d day left", "%(days)d days left", gap.days_left) % {"days": gap.days_left}


@register.filter
def with_name(sentence: str, name: str) -> SafeString:
    """Draw a sentence with a name in it set off; where it does not stand there, the sentence alone."""
    at = sentence.casefold().find(name.casefold())
    if at < 0 or len(sentence.casefold()) != len(sentence):
        return format_html("{}", sentence)
    end = at + len(name)
    return format_html("{}<b>{}</b>{}", sentence[:at], sentence[at:end], sentence[end:])


@register.filter
def outside_words(reason: str) -> str:
    """Say why the reading set a candidate aside."""
    return str(OUTSIDE.get(reason, reason))


@register.filter
def age(months: int | None) -> object:
    """Say an age in years and months."""
    if months is None:
        return dash(None)
    years, rest = divmod(months, 12)
    parts = []
    if years:
        parts.append(ngettext("%(years)d year", "%(years)d years", years) % {"years": years})
    if rest or not years:
        parts.append(ngettext("%(months)d month", "%(months)d months", rest) % {"months": rest})
    return " ".join(parts)


@register.filter
def indent(depth: int) -> str:
    """Return the marks that show how deep a unit lies in the tree."""
    return "– " * depth


@register.filter
def in_days(days: float | None) -> object:
    """Say a number of days; half a day stands when the middle lies between two."""
    if days is None:
        return dash(None)
    shown = number(days, 0 if days == int(days) else 1)
    return ngettext("%(days)s day", "%(days)s days", int(days)) % {"days": shown}


@register.filter
def hundredths(share: float) -> str:
    """Say a share of one as a percentage with one place, as the sources do."""
    return f"{number(round(share * 100, 1), 1)}%"


@register.filter
def answer_badge(state: str) -> SafeString:
    """Draw how far a unit has answered."""
    return badge(ANSWER_TONES[state], AnswerState(state).label)


@register.filter
def message_badge(message: Message) -> SafeString:
    """Draw what became of the mail of a message."""
    return badge(MESSAGE_TONES[message.state], message.get_state_display())


@register.filter
def campaign_badge(campaign: Campaign) -> SafeString:
    """Draw whether a campaign is prepared, runs or is closed."""
    if campaign.is_draft:
        return badge("neutral", _("Being prepared"))
    return badge("ok", _("Runs")) if campaign.is_running else badge("neutral", _("Closed"))


@register.filter
def campaign_days(unit: Progress) -> str:
    """Say how many days a unit has left, or how many it is late; nothing of it once all is answered."""
    if unit.state == AnswerState.DONE:
        return _("answered")
    if unit.days_left == 0:
        return _("due today")
    if unit.days_left < 0:
        return ngettext("%(days)d day late", "%(days)d days late", -unit.days_left) % {
            "days": -unit.days_left
        }
    return ngettext("%(days)d day left", "%(days)d days left", unit.days_left) % {"days": unit.days_left}
