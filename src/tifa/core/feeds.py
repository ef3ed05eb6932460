"""Reads RSS and Atom; a feed that declares a document type, is nested deeply or is endless is refused."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from xml.parsers import expat

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

DEEPEST = 60
MOST_ITEMS = 200
ITEM_LENGTH = 400_000
ITEMS = frozenset({"item", "entry"})
TEXTS = {
    "title": "title",
    "description": "summary",
    "summary": "summary",
    "encoded": "content",
    "content": "content",
    "pubDate": "day",
    "published": "day",
    "updated": "changed",
    "date": "day",
}


class UnreadableFeed(ValueError):
    """What a server sent is no feed that is read; the message says why."""


@dataclass(frozen=True)
class FeedItem:
    """One piece of news: ``html`` is what the feed tells of it, ``at`` when it appeared, if that is known."""

    title: str
    link: str
    html: str
    at: datetime | None


@dataclass
class _Item:
    parts: dict[str, list[str]] = field(default_factory=dict)
    link: str = ""
    length: int = 0


def parse_feed(data: bytes) -> list[FeedItem]:
    """Return the items of a feed in its order, at most two hundred.

    Raises
    ------
    UnreadableFeed
        When it is no RSS or Atom, damaged, or declares entities.
    """
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = reader.text, _refuse_declaration
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise _damaged() from error
    except LookupError as error:  # an encoding that nobody knows
        raise _damaged() from error
    if not reader.is_feed:
        raise UnreadableFeed(
            _("This address gives no news feed. Look for a link named RSS or Atom on the site.")
        )
    return reader.items


class _Reader:
    """Collects the texts of items; markup inside an Atom text (XHTML) counts as its words."""

    def __init__(self) -> None:
        self.items: list[FeedItem] = []
        self.is_feed = False
        self._depth = 0
        self._item: _Item | None = None
        self._item_depth = 0
        self._into = ""
        self._into_depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _damaged()
        local = name.rpartition(":")[2]
        if self._depth == 1:
            self.is_feed = local in {"rss", "feed", "RDF"}
        if local in ITEMS and self._item is None:
            self._item, self._item_depth = _Item(), self._depth
        elif self._item is not None and self._depth == self._item_depth + 1:
            self._begin(self._item, local, attributes)

    def _begin(self, item: _Item, local: str, attributes: dict[str, str]) -> None:
        if local == "link":
            if attributes.get("rel", "alternate") == "alternate" and attributes.get("href"):
                item.link = item.link or attributes["href"]
            self._into = "link"
        else:
            self._into = TEXTS.get(local, "")
        self._into_depth = self._depth

    def end(self, _name: str) -> None:
        if self._into and self._depth == self._into_depth:
            self._into = ""
        elif self._into and self._item is not None:
            self._item.parts.setdefault(self._into, []).append(" ")
        if self._item is not None and self._depth == self._item_depth:
            if len(self.items) < MOST_ITEMS:
                self.items.append(_finished(self._item))
            self._item = None
        self._depth -= 1

    def text(self, text: str) -> None:
        if self._into and self._item is not None:
            self._item.length += len(text)
            if self._item.length <= ITEM_LENGTH:
                self._item.parts.setdefault(self._into, []).append(text)


def _finished(item: _Item) -> FeedItem:
    said = {name: "".join(parts).strip() for name, parts in item.parts.items()}
    content, summary = said.get("content", ""), said.get("summary", "")
    return FeedItem(
        title=" ".join(said.get("title", "").split()),
        link=item.link or said.get("link", ""),
        html=content if len(content) >= len(summary) else summary,
        at=_moment(said.get("day", "")) or _moment(said.get("changed", "")),
    )


def _moment(text: str) -> datetime | None:
    """Return a moment written as RSS or as Atom writes it; without a zone it is taken as UTC."""
    try:
        moment = parse_datetime(text) or parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _refuse_declaration(*_declared: Any) -> None:
    raise UnreadableFeed(
        _("The feed declares a document type of its own, which no feed needs. It is not read.")
    )


def _damaged() -> UnreadableFeed:
    return UnreadableFeed(_("What the server sent is damaged or no feed. Ask whoever keeps the site."))
