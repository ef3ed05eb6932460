"""RSS and Atom are read; what could do harm is refused."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.utils import translation

from tifa.core.feeds import MOST_ITEMS, UnreadableFeed, parse_feed

RSS = b"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Berita</title><link>https://b.example.org</link>
<item><title>Satu &amp; dua</title><link>https://b.example.org/1</link><pubDate>Mon, 03 Mar 2025 08:00:00 +0900</pubDate>
<description>pendek</description><content:encoded><![CDATA[<p>Isi yang <b>panjang</b></p>]]></content:encoded></item>
<item><title>Tanpa apa pun</title></item></channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Berita</title><entry><title>Tiga</title>
<link rel="self" href="https://b.example.org/self"/><link href="https://b.example.org/3"/><updated>2025-03-04T01:02:03Z</updated>
<content type="xhtml"><div><p>Satu</p><p>Dua</p></div></content></entry></feed>"""


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def test_rss_is_read() -> None:
    first, second = parse_feed(RSS)

    assert (first.title, first.link) == ("Satu & dua", "https://b.example.org/1")
    assert first.html == "<p>Isi yang <b>panjang</b></p>"
    assert first.at == datetime(2025, 3, 2, 23, tzinfo=UTC)
    assert (second.title, second.link, second.html, second.at) == ("Tanpa apa pun", "", "", None)


def test_atom_is_read() -> None:
    [item] = parse_feed(ATOM)

    assert (item.title, item.link, item.html.split()) == ("Tiga", "https://b.example.org/3", ["Satu", "Dua"])
    assert item.at == datetime(2025, 3, 4, 1, 2, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            b'<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><item><title>&b;</title></item></rss>',
            "document type",
        ),
        (b'<!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss/>', "document type"),
        (b"<rss>" + b"<a>" * 100, "damaged"),
        (b"<rss><item>", "damaged"),
        (b"", "damaged"),
        (b"\xff\xfe\x00", "damaged"),
        (b'<?xml version="1.0" encoding="tidak-ada"?><rss/>', "damaged"),
        (b"<html><body>Halo</body></html>", "gives no news feed"),
    ],
)
def test_what_is_no_feed_is_refused(data: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableFeed, match=sentence):
        parse_feed(data)


def test_endless_feed_is_cut() -> None:
    many = b"<rss><channel>" + b"<item><title>x</title></item>" * 1000 + b"</channel></rss>"
    long = b"<rss><item><description>" + b"x" * 2_000_000 + b"</description></item></rss>"

    assert len(parse_feed(many)) == MOST_ITEMS
    assert len(parse_feed(long)[0].html) < 500_000


@pytest.mark.parametrize(
    "day", ["kemarin", "99 Foo 9999", "2025-13-45T00:00:00Z", "Mon, 32 Mar 2025 08:00:00"]
)
def test_day_that_is_none_is_unknown(day: str) -> None:
    [item] = parse_feed(f"<rss><item><title>a</title><pubDate>{day}</pubDate></item></rss>".encode())

    assert item.at is None
