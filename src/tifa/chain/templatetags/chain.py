"""How the chain's steps, dates and ages are said in words."""

from typing import Final

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tifa.chain.choices import GapKind, Step
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
