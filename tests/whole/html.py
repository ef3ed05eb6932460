"""Looks at a page as a browser and a screen reader would."""

from collections import Counter
from xml.etree.ElementTree import Element

import html5lib

IGNORED = frozenset({"expected-doctype-but-got-chars"})


def faults_of(page: str) -> list[str]:
    """Return what is wrong with a page; a fragment for htmx is only parsed."""
    fragment = "<html" not in page
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    tree = parser.parseFragment(page) if fragment else parser.parse(page)
    faults = [f"{code} at {place}" for place, code, _ in parser.errors if code not in IGNORED]
    faults += _double_ids(tree)
    faults += _forms(tree)
    if not fragment:
        faults += _heading(tree)
    if "<c-" in page or "{%" in page or "{{" in page:
        faults.append("a template tag reached the page")
    return faults


def _double_ids(tree: Element) -> list[str]:
    counts = Counter(element.get("id") for element in tree.iter() if element.get("id"))
    return [f"id {name} stands {count} times" for name, count in counts.items() if count > 1]


def _forms(tree: Element) -> list[str]:
    return ["a form without action" for form in tree.iter("form") if form.get("action") is None]


def _heading(tree: Element) -> list[str]:
    headings = list(tree.iter("h1"))
    if len(headings) != 1:
        return [f"{len(headings)} h1 instead of one"]
    heading = _text(headings[0])
    title = next((_text(element) for element in tree.iter("title")), "")
    return (
        []
        if heading and title.startswith(heading)
        else [f"the title {title!r} does not begin with {heading!r}"]
    )


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
