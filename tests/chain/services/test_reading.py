"""Texts are read once, stored with what was found, and safely begun again."""

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook

from tests.factories import Town, make_innovation
from tests.server import Answer, Site, serving
from tifa.chain.choices import CandidateState, DocumentKind, ReadingState, TermKind
from tifa.chain.models import Candidate, Document, Feed, HandOff, Host, Reading
from tifa.chain.services.reading import (
    READER_SAYS,
    begin_again,
    context_of,
    read_batch,
    start_feed,
    start_feeds,
    start_files,
    start_page,
    start_paste,
)
from tifa.chain.services.sources import add_feed, name_host
from tifa.chain.services.terms import add_term
from tifa.core.files import READABLE, check_upload
from tifa.core.models import Event
from tifa.discovery import archives, formats
from tifa.discovery.engine import discover
from tifa.organisation.models import Person
from tifa.registry.models import Innovation
from tifa.registry.services import add_aliases

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
NEWS = (
    "Puskesmas Abepura meluncurkan inovasi PERAHU PINTAR (Pelayanan Rawat Jalan Terintegrasi) pada 3 Maret 2025.\n\n"
    "Perawat datang setiap pekan. Aplikasi Sapa Sorong milik Pemkot Sorong menjadi contoh."
)


def paste(person: Person, text: str = NEWS, **values: Any) -> Reading:
    content = {"kind": DocumentKind.NEWS, "title": "Berita", "url": "", "on": date(2025, 3, 4), **values}
    started = start_paste(actor=person, text=text, now=NOW, **content)
    read_batch(reading_id=started.pk, now=NOW)
    started.refresh_from_db()
    return started


def send(person: Person, *files: tuple[str, bytes], rows: bool = False) -> Reading:
    uploads = [
        (upload, check_upload(upload, READABLE))
        for upload in (SimpleUploadedFile(name, data) for name, data in files)
    ]
    started = start_files(
        actor=person, kind=DocumentKind.REPORT, uploads=uploads, rows=rows, on=None, now=NOW
    )
    read_batch(reading_id=started.pk, now=NOW)
    started.refresh_from_db()
    return started


def test_text_gives_candidates_and_nothing_in_a_ledger(ortal: Person, town: Town) -> None:
    reading = paste(ortal)

    found = Candidate.objects.get(name="PERAHU PINTAR")
    assert (reading.state, reading.done, reading.total, reading.known) == (ReadingState.DONE, 1, 1, 0)
    assert (found.unit, found.status, found.state) == (town.puskesmas, "launched", CandidateState.WAITING)
    assert found.expansion == "Pelayanan Rawat Jalan Terintegrasi"
    assert "meluncurkan inovasi PERAHU PINTAR" in found.sentence
    assert found.after.startswith("Perawat datang setiap pekan.")
    assert Candidate.objects.get(name="Sapa Sorong").state == CandidateState.ASIDE
    assert not Innovation.objects.exists()
    assert not HandOff.objects.exists()
    assert list(Event.objects.order_by("sequence").values_list("action", flat=True)) == [
        "reading.started",
        "reading.done",
    ]


def test_same_words_give_nothing_new_under_any_name(ortal: Person) -> None:
    paste(ortal)
    again = paste(ortal, NEWS.replace("\n\n", "   \r\n"), title="Lain", kind=DocumentKind.REPORT)
    file = send(ortal, ("salinan.txt", NEWS.encode()), ("salinan lagi.txt", NEWS.encode("utf-16")))

    assert Document.objects.count() == 1
    assert (again.known, file.known) == (1, 2)


def test_what_the_registry_knows_is_not_waiting(ortal: Person, town: Town) -> None:
    innovation = make_innovation(town.puskesmas, title="Klinik Apung")
    add_aliases(actor=ortal, innovation=innovation, texts=["PERAHU PINTAR"])

    paste(ortal)

    found = Candidate.objects.get(name="PERAHU PINTAR")
    assert (found.state, found.match) == (CandidateState.KNOWN, innovation)


def test_words_of_the_city_hold_from_the_next_reading_on(ortal: Person, town: Town) -> None:
    add_term(actor=ortal, kind=TermKind.IGNORE, text="Perahu pintar", now=NOW)
    add_term(actor=ortal, kind=TermKind.UNIT, text="Rumah Kasih", unit=town.distrik, now=NOW)
    add_term(actor=ortal, kind=TermKind.TYPE, text="gerobak sakti", now=NOW)

    paste(ortal, NEWS + "\n\nDistrik ini punya gerobak sakti Maju Bersama sejak 2024.")

    names = set(Candidate.objects.values_list("name", flat=True))
    assert "PERAHU PINTAR" not in names
    assert "Maju Bersama" in names


def test_every_row_of_a_list_is_a_text(ortal: Person) -> None:
    book = Workbook()
    for row in (
        ["Kode", "Kegiatan"],
        ["1", "Aplikasi Antar Obat Dinas Kesehatan"],
        ["2", "Belanja kertas kantor"],
    ):
        book.active.append(row)  # type: ignore[union-attr]  # a new workbook has a sheet
    stream = io.BytesIO()
    book.save(stream)

    reading = send(ortal, ("dpa.xlsx", stream.getvalue()), rows=True)

    titles = list(Document.objects.order_by("pk").values_list("title", flat=True))
    assert len(titles) == 3
    assert all(title.startswith("dpa.xlsx") for title in titles)
    assert reading.notices == []


def test_files_that_cannot_be_read_are_named_and_the_others_are_read(ortal: Person) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("berita.html", f"<html><script>alert(1)</script><p>{NEWS}</p></html>")
        archive.writestr("gambar.exe", b"MZ")
        archive.writestr("dalam.zip", b"PK\x03\x04")

    reading = send(ortal, ("kumpulan.zip", stream.getvalue()), ("rusak.docx", b"PK\x03\x04 rusak"))

    assert reading.state == ReadingState.DONE
    assert Document.objects.get().title == "kumpulan.zip/berita.html"
    assert "alert" not in Document.objects.get().text
    assert sorted(notice.split(" ")[0] for notice in reading.notices) == [
        "kumpulan.zip/dalam.zip",
        "kumpulan.zip/gambar.exe",
        "rusak.docx",
    ]


def test_archive_that_inflates_without_end_is_refused(ortal: Person) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"{number}.txt", b"a" * (39 * 2**20))

    reading = send(ortal, ("bom.zip", stream.getvalue()))

    assert any("MB" in notice for notice in reading.notices)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script> " * 50,
        "(" * 5000,
        "A" * 50_000,
        "aplikasi " * 5000,
        "\u202e\u0000\ufffe aplikasi " + "Ä" * 300 + ' "Sehat" ' * 200,
        "Dinas meluncurkan aplikasi " + "Sehat" * 200 + ".",
        "💉" * 3000,
        "aplikasi \ud800Sehat\udfff",
    ],
)
def test_hostile_text_is_read_or_refused_with_a_sentence(ortal: Person, town: Town, text: str) -> None:
    reading = paste(ortal, text)

    assert reading.state == ReadingState.DONE
    assert all(len(one.name) <= 200 for one in Candidate.objects.all())


def test_reading_that_was_broken_off_goes_on_where_it_stopped(
    ortal: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [("1.txt", NEWS.encode()), ("2.txt", b"Dinas Kesehatan meluncurkan aplikasi Antar Obat.")]
    calls: list[str] = []

    def breaks(text: str, *rest: Any) -> Any:
        calls.append(text)
        if len(calls) == 2:
            raise RuntimeError("power cut")
        return discover(text, *rest)

    monkeypatch.setattr("tifa.chain.services.reading.discover", breaks)
    with pytest.raises(RuntimeError):
        send(ortal, *texts)
    reading = Reading.objects.get()
    assert (reading.state, Document.objects.count()) == (ReadingState.FAILED, 1)

    assert begin_again(reading=reading)
    read_batch(reading_id=reading.pk, now=NOW)
    read_batch(reading_id=reading.pk, now=NOW)

    reading.refresh_from_db()
    assert (reading.state, reading.known, Document.objects.count()) == (ReadingState.DONE, 0, 2)
    assert Candidate.objects.filter(name="PERAHU PINTAR").count() == 1
    assert not begin_again(reading=reading)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        yield running


def feed_of(site: Site, person: Person, **values: Any) -> Feed:
    name_host(actor=person, name=site.host, inside=True, now=NOW)
    return add_feed(actor=person, title="Berita", url=f"{site.url}/rss", now=NOW, **{"pages": True, **values})


def fetched(feed: Feed, person: Person) -> Reading:
    started = start_feed(actor=person, feed=feed, now=NOW)
    read_batch(reading_id=started.pk, now=NOW)
    started.refresh_from_db()
    return started


def rss(*items: tuple[str, str]) -> bytes:
    told = "".join(
        f"<item><title>{title}</title><link>{link}</link><pubDate>Tue, 04 Mar 2025 08:00:00 +0900</pubDate>"
        f"<description>Dinas Kesehatan meluncurkan aplikasi {title}.</description></item>"
        for title, link in items
    )
    return f"<rss><channel>{told}</channel></rss>".encode()


def test_feed_gives_its_pages_and_nothing_of_other_hosts(site: Site, ortal: Person) -> None:
    site.answers["/rss"] = Answer(
        rss(
            ("Antar Obat", f"{site.url}/1"),
            ("Kabar Pasar", "http://169.254.169.254/2"),
            ("Hilang", f"{site.url}/3"),
        )
    )
    site.answers["/1"] = Answer(f"<html><p>{NEWS}</p></html>".encode(), headers={"Content-Type": "text/html"})
    feed = feed_of(site, ortal)

    reading = fetched(feed, ortal)

    texts = {one.url: one for one in Document.objects.all()}
    assert "PERAHU PINTAR" in texts[f"{site.url}/1"].text
    assert "Kabar Pasar" in texts["http://169.254.169.254/2"].text
    assert texts[f"{site.url}/1"].published_on == date(2025, 3, 4)
    assert [path for path, _headers in site.asked] == ["/rss", "/1", "/3"]
    assert len(reading.notices) == 2


def test_feed_that_says_nothing_is_new_gives_nothing(site: Site, ortal: Person) -> None:
    site.answers["/rss"] = Answer(rss(("Antar Obat", "")), etag='"7"')
    feed = feed_of(site, ortal, pages=False)

    fetched(feed, ortal)
    feed.refresh_from_db()
    again = fetched(feed, ortal)

    assert feed.etag == '"7"'
    assert (again.state, again.total, len(again.notices)) == (ReadingState.DONE, 0, 1)
    assert Document.objects.count() == 1


def test_feed_whose_texts_were_not_kept_is_asked_for_them_again(
    site: Site, ortal: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.answers["/rss"] = Answer(rss(("Antar Obat", "")), etag='"7"')
    feed = feed_of(site, ortal, pages=False)

    def breaks(*_words: object) -> list[object]:
        raise RuntimeError("broken off")

    with monkeypatch.context() as patch:
        patch.setattr("tifa.chain.services.reading.discover", breaks)
        with pytest.raises(RuntimeError):
            fetched(feed, ortal)
    feed.refresh_from_db()
    assert (feed.etag, Document.objects.count()) == ("", 0)

    fetched(feed, ortal)

    assert Document.objects.count() == 1


def test_page_that_does_not_come_is_asked_for_the_next_time(
    site: Site, ortal: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tifa.chain.services.reading.MOST_PAGES", 2)
    html = {"Content-Type": "text/html"}
    names = ("1", "2", "3")
    site.answers["/rss"] = Answer(
        rss(*((f"Kabar {name}", f"{site.url}/{name}") for name in names)), etag='"7"'
    )
    site.answers["/1"] = Answer(f"<html><p>{NEWS}</p></html>".encode(), headers=html)
    feed = feed_of(site, ortal)

    first = fetched(feed, ortal)

    feed.refresh_from_db()
    assert feed.etag == ""
    assert [one.url for one in Document.objects.all()] == [f"{site.url}/1"]
    assert first.notices[-1].endswith(": 2.")
    for name in names[1:]:
        site.answers[f"/{name}"] = Answer(f"<html><p>{NEWS} Kabar {name}.</p></html>".encode(), headers=html)
    fetched(feed, ortal)

    feed.refresh_from_db()
    assert feed.etag == '"7"'
    assert {one.url for one in Document.objects.all()} == {f"{site.url}/{name}" for name in names}
    assert all("pintar" in one.text.casefold() for one in Document.objects.all())


def test_host_that_was_taken_away_is_not_asked(site: Site, ortal: Person) -> None:
    feed = feed_of(site, ortal)
    Host.objects.all().delete()

    reading = fetched(feed, ortal)

    assert reading.state == ReadingState.FAILED
    assert site.asked == []


def test_page_of_a_named_host_is_read(site: Site, ortal: Person) -> None:
    name_host(actor=ortal, name=site.host, inside=True, now=NOW)
    site.answers["/1"] = Answer(f"<html><p>{NEWS}</p></html>".encode())
    started = start_page(actor=ortal, url=f"{site.url}/1", on=None, now=NOW)

    read_batch(reading_id=started.pk, now=NOW)

    assert Document.objects.get().kind == DocumentKind.PAGE
    assert Candidate.objects.filter(name="PERAHU PINTAR").exists()


def test_context_is_cut_and_survives_what_is_not_there() -> None:
    before, after = context_of("x" * 1000 + " Satu\n kalimat. " + "y" * 1000, "Satu kalimat.")

    assert (before[0], after[-1], len(before) <= 400, len(after) <= 400) == ("…", "…", True, True)
    assert context_of("teks", "bukan") == ("", "")
    assert context_of("teks", "") == ("", "")


@pytest.mark.parametrize(
    "sentence",
    [
        "it is protected by a password. Save it without one.",
        f"it has more than {archives.MEMBERS} parts. Split it into several files.",
        f"it holds more than {archives.INFLATED_BYTES // 2**20} MB when unpacked. Split it into several files.",
        f"a part of it is larger than {archives.MEMBER_BYTES // 2**20} MB when unpacked. Split it into several files.",
        f"it has more than {formats.PAGES} pages. Split it.",
    ],
)
def test_sentences_about_limits_can_be_translated(sentence: str) -> None:
    assert sentence in READER_SAYS


def test_feeds_are_fetched_once_a_day_and_only_of_named_hosts(site: Site, ortal: Person) -> None:
    site.answers["/rss"] = Answer(rss(("Antar Obat", "")))
    feed = feed_of(site, ortal)
    Feed.objects.create(
        title="Lain", url="https://lain.example.org/rss", pages=True, added_by=ortal, added_at=NOW
    )
    day = timezone.localtime(NOW).date()

    started = start_feeds(day=day, now=NOW)

    assert [(one.feed, one.person) for one in started] == [(feed, ortal)]
    assert start_feeds(day=day, now=NOW) == []
    read_batch(reading_id=started[0].pk, now=NOW)
    assert start_feeds(day=day, now=NOW) == []
    assert len(start_feeds(day=day + timedelta(days=1), now=NOW + timedelta(days=1))) == 1
