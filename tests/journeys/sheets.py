"""Score sheets as a judge fills them in."""

import re

from playwright.sync_api import Locator, expect

from tests.journeys.visitor import Visitor


def scores(visitor: Visitor) -> Locator:
    """Return the fields for the numbers, one a section."""
    before = visitor.said("Score of “%(section)s”").split("%")[0]
    return visitor.page.get_by_label(re.compile(f"^{before}"))


def gives(visitor: Visitor, number: str, *, leaving_out: int | None = None) -> Visitor:
    """Give every section the same number, or say of one that it cannot be assessed."""
    expect(scores(visitor)).to_have_count(8)
    # Found once for all: looking through the labels of the whole sheet for each of them takes long.
    for section, field in enumerate(scores(visitor).element_handles()):
        if section == leaving_out:
            before = visitor.said("Judgement of “%(section)s”").split("%")[0]
            group = visitor.page.get_by_role("group", name=re.compile(f"^{before}")).nth(section)
            group.get_by_role("radio", name=visitor.said("Not assessable")).check()
        else:
            field.fill(number)
    return visitor
