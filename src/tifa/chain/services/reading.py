"""Reads texts in the background: each text once, each candidate for a person to decide on."""

import hashlib
import logging
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path, PurePosixPath
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tifa.chain.choices import CandidateState, DocumentKind, ReadingState
from tifa.chain.models import Candidate, Document, Feed, Reading
from tifa.chain.models.discovery import CONTEXT_LENGTH
from tifa.chain.selectors.candidates import named_hosts, region, told_on
from tifa.chain.selectors.owners import OwnerFinder
from tifa.chain.selectors.terms import Taught, taught, term_key
from tifa.core import audit
from tifa.core.feeds import FeedItem, UnreadableFeed, parse_feed
from tifa.core.fetching import Fetched, NotFetched, fetch, host_of
from tifa.core.files import CheckedFile
from tifa.discovery.archives import Budget, UnreadableFile
from tifa.discovery.documents import Item, read_path
from tifa.discovery.engine import LONGEST_TEXT, METHOD, discover
from tifa.discovery.engine import Candidate as Found
from tifa.discovery.formats import html_text, plain_text
from tifa.discovery.matching import Register, Verdict
from tifa.discovery.registry import Entry
from tifa.organisation.models import Person
from tifa.organisation.selectors import unit_tree
from tifa.registry.selectors import named_innovations
from tifa.registry.services import keep_file

logger = logging.getLogger(__name__)

MOST_TEXTS: Final = 5_000
MOST_NOTICES: Final = 200
MOST_PAGES: Final = 40
SHORTEST: Final = 8
TABLES: Final = frozenset({".csv", ".tsv", ".xlsx"})
YEARS: Final = range(1900, 2101)
PROGRESS_EVERY: Final = 10

# Sentences of the reader of files, which knows no translation; they are looked up when they are stored.
READER_SAYS: Final = (
    gettext_noop("it is damaged or not what its ending says. Save it again."),
    gettext_noop("it is damaged or protected by a password. Save it again."),
    gettext_noop("it holds no text, only pictures. Give it as text or Word."),
    gettext_noop("this is not a text file. Save it as text in UTF-8."),
    gettext_noop("its letters cannot be read. Save it as text in UTF-8."),
    gettext_noop("it holds no Word document. Save it as “Word Document (.docx)”."),
    gettext_noop("it holds no Excel workbook. Save it as “Excel Workbook (.xlsx)”."),
    gettext_noop("its sheets hold too much text. Split it into several workbooks."),
    gettext_noop("its parts are nested too deeply. Save it again."),
    gettext_noop("it declares a document type, which no Office document does. Save it again."),
    gettext_noop("this is not a PDF. Save it again."),
    gettext_noop("the file is empty."),
    gettext_noop("found an archive within an archive; unpack it first."),
    gettext_noop("it is protected by a password. Save it without one."),
    gettext_noop("it has more than 2000 parts. Split it into several files."),
    gettext_noop("it holds more than 120 MB when unpacked. Split it into several files."),
    gettext_noop("a part of it is larger than 40 MB when unpacked. Split it into several files."),
    gettext_noop("it has more than 500 pages. Split it."),
)


class TooManyTexts(ValueError):
    """A batch holds more texts than are read at once; the message says how many."""


@dataclass(frozen=True)
class SourceText:
    """One text before it is read."""

    title: str
    text: str
    url: str = ""
    published_on: date | None = None


@dataclass
class Batch:
    """The texts of a reading, and sentences about what was left out.

    ``answer`` is what a feed said, to be kept once its texts are; ``waiting`` counts its pages that are left for the next
    time.
    """

    texts: list[SourceText] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    answer: Fetched | None = None
    waiting: int = 0

    def add(self, text: SourceText) -> None:
        """Take a text that has words."""
        if len(self.texts) >= MOST_TEXTS:
            raise TooManyTexts(
                _("This holds more than %(limit)d texts. Split it, then send the parts.")
                % {"limit": MOST_TEXTS}
            )
        if len(text.text.strip()) < SHORTEST:
            self.remark(_("“%(name)s” holds no text that can be read.") % {"name": text.title})
            return
        self.texts.append(text)

    def remark(self, sentence: str) -> None:
        """Say that something was left out; after some hundred nobody reads them."""
        if len(self.notices) < MOST_NOTICES:
            self.notices.append(storable(sentence[:500]))


@dataclass(frozen=True)
class _Desk:
    """What reading needs, read once a batch: words, units, the registry."""

    region: str
    taught: Taught
    owners: OwnerFinder
    register: Register
    keys: Mapping[str, int]


@transaction.atomic
def start_paste(
    *, actor: Person, kind: str, text: str, title: str, url: str, on: date | None, now: datetime
) -> Reading:
    """Keep a pasted text to be read in the background."""
    source = {"text": storable(text), "url": url, "on": on.isoformat() if on else None}
    return _started(actor, kind, title, source, now)


@transaction.atomic
def start_files(
    *,
    actor: Person,
    kind: str,
    uploads: Sequence[tuple["UploadedFile[Any]", CheckedFile]],
    rows: bool,
    on: date | None,
    now: datetime,
) -> Reading:
    """Keep uploaded files to be read in the background; ``rows``: each row of a table is a text of its own."""
    names = ", ".join(checked.name for _upload, checked in uploads)
    reading = _started(actor, kind, names, {"rows": rows, "on": on.isoformat() if on else None}, now)
    reading.files.set([keep_file(actor=actor, upload=upload, checked=checked) for upload, checked in uploads])
    return reading


@transaction.atomic
def start_feed(*, actor: Person, feed: Feed, now: datetime) -> Reading:
    """Have a feed fetched in the background; one that is being fetched is not fetched twice."""
    running = Reading.objects.filter(feed=feed, person=actor, state=ReadingState.READING).first()
    return running or _started(actor, DocumentKind.FEED, feed.title, {}, now, feed=feed)


@transaction.atomic
def start_feeds(*, day: date, now: datetime) -> list[Reading]:
    """Have each feed of a named host fetched that was not fetched on a day yet, in the name of who entered it."""
    begins = timezone.make_aware(datetime.combine(day, time.min))
    of_the_day = Reading.objects.filter(started_at__gte=begins).values("feed").exclude(feed=None)
    allowed = named_hosts()
    feeds = Feed.objects.exclude(pk__in=of_the_day).select_related("added_by").order_by("pk")
    return [
        start_feed(actor=feed.added_by, feed=feed, now=now) for feed in feeds if _is_named(feed.url, allowed)
    ]


@transaction.atomic
def start_page(*, actor: Person, url: str, on: date | None, now: datetime) -> Reading:
    """Have one page of a named host fetched in the background."""
    source = {"page": url, "on": on.isoformat() if on else None}
    return _started(actor, DocumentKind.PAGE, url, source, now)


@transaction.atomic
def begin_again(*, reading: Reading) -> bool:
    """Let a batch be read again after it failed or the machine stopped; one that is read stays as it is."""
    changed = Reading.objects.filter(pk=reading.pk).exclude(state=ReadingState.DONE)
    return bool(changed.update(state=ReadingState.READING, notices=[]))


def read_batch(*, reading_id: int, now: datetime) -> None:
    """Read the texts of a batch; each text and its candidates are stored together, so it can stop anywhere."""
    reading = Reading.objects.select_related("feed", "person").get(pk=reading_id)
    if reading.state != ReadingState.READING:
        return
    batch = Batch()
    try:
        _collect(reading, batch)
        desk = _desk()
        total = len(batch.texts)
        for number, text in enumerate(batch.texts, start=1):
            _take(reading, text, desk, now)
            if number % PROGRESS_EVERY == 0 or number == total:
                Reading.objects.filter(pk=reading.pk).update(done=number, total=total)
        _keep_answer(reading, batch, now)
        _finish(reading, batch)
    except (NotFetched, UnreadableFeed, TooManyTexts) as refusal:
        _fail(reading, [*batch.notices, str(refusal)])
    except Exception:
        logger.exception("Reading %s failed", reading.pk)
        _fail(
            reading,
            [
                _("Something went wrong inside Tifa. Tell your administrator the number %(number)d.")
                % {"number": reading.pk}
            ],
        )
        raise


def _keep_answer(reading: Reading, batch: Batch, now: datetime) -> None:
    """Note what a feed said, so that the site can answer that nothing is new: only once all its texts are kept."""
    if reading.feed is None or batch.answer is None:
        return
    whole = not batch.waiting
    Feed.objects.filter(pk=reading.feed.pk).update(
        etag=batch.answer.etag if whole else "",
        last_modified=batch.answer.last_modified if whole else "",
        fetched_at=now,
    )


def storable(text: str) -> str:
    """Return a text without what no database takes: zero characters and halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def normalised(text: str) -> str:
    """Return the words of a text as they are compared: one form of each letter, one blank between words."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _started(
    actor: Person, kind: str, title: str, source: Mapping[str, Any], now: datetime, feed: Feed | None = None
) -> Reading:
    reading = Reading.objects.create(
        kind=kind, title=title[:300], person=actor, feed=feed, source=dict(source), started_at=now
    )
    audit.record(
        actor=actor,
        action="reading.started",
        object_type="reading",
        object_key=str(reading.pk),
        kind=kind,
        title=reading.title,
    )
    return reading


def _collect(reading: Reading, batch: Batch) -> None:
    on = date.fromisoformat(reading.source["on"]) if reading.source.get("on") else None
    if reading.feed is not None:
        _collect_feed(reading.feed, batch)
    elif "page" in reading.source:
        batch.add(_page_text(reading.source["page"], on))
    elif "text" in reading.source:
        batch.add(SourceText(reading.title, reading.source["text"], reading.source["url"], on))
    else:
        _collect_files(reading, batch, on)


def _collect_files(reading: Reading, batch: Batch, on: date | None) -> None:
    rows = bool(reading.source.get("rows"))
    for stored in reading.files.order_by("pk"):
        path = Path(stored.file.path)
        try:
            found = read_path(path)
        except UnreadableFile as error:
            batch.remark(_left_out(str(error), path, stored.name))
            continue
        for notice in found.notices:
            batch.remark(_left_out(notice, path, stored.name))
        for item in found.items:
            for text in _texts_of(item, item.id.replace(path.name, stored.name, 1), rows=rows, on=on):
                batch.add(text)


def _texts_of(item: Item, name: str, *, rows: bool, on: date | None) -> Iterator[SourceText]:
    if rows and PurePosixPath(name).suffix.lower() in TABLES:
        for number, line in enumerate(item.text.splitlines(), start=1):
            if len(line.strip()) >= SHORTEST:
                yield SourceText(_("%(name)s, row %(row)d") % {"name": name, "row": number}, line, "", on)
    else:
        yield SourceText(name, item.text, "", on)


def _left_out(sentence: str, path: Path, name: str) -> str:
    """Return why a file was left out, with the name that it came with."""
    inner, _colon, why = sentence.replace(str(path), name).replace(path.name, name).partition(": ")
    return _("%(file)s was left out: %(why)s") % {"file": inner, "why": _(why) if why else inner}


def _collect_feed(feed: Feed, batch: Batch) -> None:
    allowed = named_hosts()
    answer = fetch(feed.url, hosts=allowed, etag=feed.etag, last_modified=feed.last_modified)
    batch.answer = answer
    if answer.unchanged:
        batch.remark(_("The site says that nothing is new since the last time."))
        return
    pages = 0
    for item in parse_feed(answer.data):
        link = item.link if item.link.startswith(("http://", "https://")) else ""
        if not (feed.pages and link and _is_named(link, allowed)):
            batch.add(_told(item, link))
        elif _is_read(link):
            continue
        elif pages >= MOST_PAGES:
            batch.waiting += 1
        else:
            pages += 1
            _add_page(item, link, batch, allowed)
    if batch.waiting:
        batch.remark(_("Pages that are left for the next time: %(count)d.") % {"count": batch.waiting})


def _is_read(link: str) -> bool:
    return Document.objects.filter(url=link[:500]).exists()


def _is_named(link: str, allowed: Mapping[str, bool]) -> bool:
    try:
        return host_of(link) in allowed
    except NotFetched:
        return False


def _add_page(item: FeedItem, link: str, batch: Batch, allowed: Mapping[str, bool]) -> None:
    """Take the page behind an item; one that does not come now is asked for the next time, not replaced by its teaser."""
    try:
        words = _words(fetch(link, hosts=allowed))
    except (NotFetched, UnreadableFile) as error:
        batch.waiting += 1
        batch.remark(_("%(file)s was left out: %(why)s") % {"file": link, "why": error})
        return
    batch.add(SourceText(_title_of(item, link), words, link, _day_of(item)))


def _told(item: FeedItem, link: str) -> SourceText:
    """Return what the feed itself tells of an item."""
    told = html_text(item.html.encode(), Budget())
    return SourceText(_title_of(item, link), f"{item.title}\n\n{told}".strip(), link, _day_of(item))


def _title_of(item: FeedItem, link: str) -> str:
    return item.title or link or _("News without a title")


def _day_of(item: FeedItem) -> date | None:
    return timezone.localdate(item.at) if item.at else None


def _page_text(url: str, on: date | None) -> SourceText:
    try:
        return SourceText(url, _words(fetch(url, hosts=named_hosts())), url, on)
    except UnreadableFile as error:
        raise NotFetched(_("%(file)s was left out: %(why)s") % {"file": url, "why": _(str(error))}) from error


def _words(page: Fetched) -> str:
    is_page = "html" in page.content_type or b"<html" in page.data[:2000].lower()
    return (html_text if is_page else plain_text)(page.data, Budget())


def _desk() -> _Desk:
    tree, words, innovations = unit_tree(), taught(), named_innovations()
    return _Desk(
        region=region(),
        taught=words,
        owners=OwnerFinder(tree, region(), words.units),
        register=Register(
            (Entry(one.code, one.title, one.unit, one.summary, one.aliases) for one in innovations),
            words.lexicon,
        ),
        keys={one.code: one.pk for one in innovations},
    )


def _take(reading: Reading, source: SourceText, desk: _Desk, now: datetime) -> None:
    """Store a text with its candidates, unless the same words are there already."""
    text = storable(source.text[:LONGEST_TEXT])
    digest = hashlib.sha256(normalised(text).encode()).hexdigest()
    if Document.objects.filter(sha256=digest).exists():
        return
    found = discover(text, desk.region, desk.taught.lexicon)
    document = Document(
        reading=reading,
        kind=reading.kind,
        title=storable(source.title or _("Text without a title"))[:300],
        url=source.url[:500],
        published_on=source.published_on,
        text=text,
        sha256=digest,
        method=METHOD,
        taken_at=now,
    )
    try:
        with transaction.atomic():
            document.save()
            Candidate.objects.bulk_create(
                _candidates(document, found, desk, told_on(document, timezone.localdate(now)))
            )
    except IntegrityError:
        # Another reading stored the same words in this moment.
        if not Document.objects.filter(sha256=digest).exists():
            raise


def _candidates(document: Document, found: Iterable[Found], desk: _Desk, on: date) -> Iterator[Candidate]:
    seen: set[str] = set()
    for one in found:
        key = term_key(one.name)
        names = {key, term_key(one.expansion or "")} - {""}
        if not key or key in seen or names & desk.taught.ignored:
            continue
        seen.add(key)
        yield _candidate(document, key, one, desk, on)


def _candidate(document: Document, key: str, one: Found, desk: _Desk, on: date) -> Candidate:
    verdict = desk.register.look_up(one, desk.region)
    owner = one.owner or ""
    before, after = context_of(document.text, one.sentence)
    return Candidate(
        document=document,
        key=key,
        name=one.name[:200],
        expansion=(one.expansion or "")[:300],
        owner=owner[:200],
        unit=desk.owners.find(owner, on) if owner and one.own else None,
        year=one.year if one.year in YEARS else None,
        status=one.status,
        own=one.own,
        outside=one.reason or "",
        before=before,
        sentence=one.sentence,
        after=after,
        confidence=one.confidence,
        match_id=desk.keys[verdict.match.entry.id] if verdict.match else None,
        match_confidence=verdict.match.confidence if verdict.match else None,
        near=[_near(match) for match in verdict.near],
        state=_first_state(one, verdict),
    )


def _near(match: Any) -> dict[str, Any]:
    return {"code": match.entry.id, "name": match.entry.name, "confidence": match.confidence}


def _first_state(one: Found, verdict: Verdict) -> CandidateState:
    if verdict.match is not None:
        return CandidateState.KNOWN
    return CandidateState.ASIDE if one.reason else CandidateState.WAITING


def context_of(text: str, sentence: str) -> tuple[str, str]:
    """Return what stands before and behind a sentence in its text, on one line each."""
    words = sentence.split()
    place = re.search(r"\s+".join(re.escape(word) for word in words), text) if words else None
    if place is None:
        return "", ""
    room = CONTEXT_LENGTH - 2
    before = " ".join(text[max(place.start() - room, 0) : place.start()].split())
    after = " ".join(text[place.end() : place.end() + room].split())
    return (
        f"…{before}" if place.start() > room else before,
        f"{after}…" if place.end() + room < len(text) else after,
    )


def _finish(reading: Reading, batch: Batch) -> None:
    total = len(batch.texts)
    with transaction.atomic():
        new = reading.documents.count()
        found = Candidate.objects.filter(document__reading=reading).count()
        done = Reading.objects.filter(pk=reading.pk, state=ReadingState.READING).update(
            state=ReadingState.DONE,
            done=total,
            total=total,
            known=max(total - new, 0),
            notices=batch.notices,
        )
        if done:
            audit.record(
                actor=reading.person,
                action="reading.done",
                object_type="reading",
                object_key=str(reading.pk),
                documents=new,
                known=max(total - new, 0),
                candidates=found,
            )


def _fail(reading: Reading, notices: list[str]) -> None:
    Reading.objects.filter(pk=reading.pk, state=ReadingState.READING).update(
        state=ReadingState.FAILED, notices=notices
    )
