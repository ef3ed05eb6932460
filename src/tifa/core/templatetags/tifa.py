"""Tags and filters of every template."""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BoundField
from django.http import QueryDict
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tifa.core.templatetags.icons import DRAWINGS

register = template.Library()

TONES: Final = frozenset({"ok", "wait", "warn", "bad", "neutral", "info"})
FIRST_HEADING: Final = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
CURRENT: Final = {True: ' aria-current="page"', False: ' aria-current="true"'}
CHOOSERS: Final = frozenset({"radioselect", "checkboxselectmultiple"})


class CaptureNode(template.Node):
    """Keeps what it encloses in a variable, so that a page can show it at another place."""

    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist = nodelist
        self.name = name

    def render(self, context: Context) -> SafeString:
        """Render the enclosed text into the variable, and nothing here."""
        context[self.name] = self.nodelist.render(context)
        return SafeString("")


@register.tag
def capture(parser: Parser, token: Token) -> CaptureNode:
    """Keep the text up to ``{% endcapture %}`` in a variable: ``{% capture name %}...{% endcapture %}``."""
    words = token.split_contents()
    if len(words) != 2:
        raise template.TemplateSyntaxError("capture takes one name: {% capture name %}")
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return CaptureNode(nodelist, words[1])


@register.filter(is_safe=True)
def first_heading(page: str) -> str:
    """Return the words of the first h1 of ``page``, so that the title of a page begins with its heading."""
    found = FIRST_HEADING.search(page)
    words = " ".join(strip_tags(found.group(1)).split()) if found else ""
    return mark_safe(words)  # noqa: S308  # cut out of a rendered page: escaped already, tags removed


@register.simple_tag
def city_name() -> str:
    """Return the city's name, also where no request is at hand or a page has a ``site`` of its own."""
    return str(settings.CITY_NAME)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw the icon ``name``; it is an ornament, so say the meaning in words beside it."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">{}</svg>',
        mark_safe(DRAWINGS[name]),  # noqa: S308  # a constant of this package
    )


@register.simple_tag
def badge(tone: str, label: object) -> SafeString:
    """Draw a status: a coloured dot and always a word; an unknown tone is neutral."""
    return format_html('<span class="badge {}">{}</span>', tone if tone in TONES else "neutral", label)


@register.simple_tag(takes_context=True)
def query_string(context: Context, **changes: Any) -> str:
    """Return this page's query string with parameters replaced, or removed where the new value is None."""
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        elif isinstance(value, Iterable) and not isinstance(value, str):
            query.setlist(name, [str(item) for item in value])
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def nav_link(context: Context, name: str, label: str) -> SafeString:
    """Link to the page ``name`` and say whether the reader is on it or below it."""
    target = reverse(name)
    path = getattr(context.get("request"), "path", "")
    below = len(target) > 1 and path.startswith(target)
    state = mark_safe(CURRENT[path == target] if path == target or below else "")  # noqa: S308  # constants
    return format_html('<a href="{}"{}>{}</a>', target, state, label)


@register.simple_tag
def page_window(page: "Page[Any]") -> list[int | str]:
    """Return the page numbers to offer around ``page``, with "…" where some are left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


@register.simple_tag
def share(part: object, whole: object) -> str:
    """Return the width of an SVG bar, such as ``75.3%``: a point in every language, never over 100."""
    ratio = _ratio(part, whole)
    return "0%" if ratio is None else f"{min(max(ratio, Decimal(0)), Decimal(100)):.1f}%"


@register.simple_tag
def shows_when(field: BoundField) -> str:
    """Return the condition under which ``field`` is shown, from the ``shows_when`` of its form, else ""."""
    conditions: dict[str, str] = getattr(field.form, "shows_when", {})
    condition = conditions.get(field.name, "")
    return field.form.add_prefix(condition) if condition else ""


@register.filter
def chooser(field: BoundField) -> bool:
    """Tell whether ``field`` is a group of radio buttons or checkboxes."""
    return field.widget_type in CHOOSERS


@register.filter
def dash(value: object) -> object:
    """Show a missing value as the word "unknown", never as an empty place or as zero."""
    return _unknown() if value is None or value == "" else value


@register.filter
def number(value: object, places: int | None = None) -> str:
    """Show a number as the reader's language groups it: 1.284 or 1,284; with ``places`` rounded half up."""
    amount = _decimal(value)
    if amount is None:
        return _unknown()
    if places is not None:  # number_format would cut the rest off
        amount = amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return number_format(amount, decimal_pos=places, force_grouping=True)


@register.filter
def percent(part: object, whole: object = 100) -> str:
    """Show ``part`` of ``whole`` as a rounded percentage; of nothing it is unknown."""
    ratio = _ratio(part, whole)
    if ratio is None:
        return _unknown()
    return f"{number_format(ratio.quantize(Decimal(1), ROUND_HALF_UP), decimal_pos=0)}%"


def _unknown() -> SafeString:
    return format_html('<span class="unknown">{}</span>', _("unknown"))


def _ratio(part: object, whole: object) -> Decimal | None:
    above, below = _decimal(part), _decimal(whole)
    return above * 100 / below if above is not None and below else None


def _decimal(value: object) -> Decimal | None:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None
