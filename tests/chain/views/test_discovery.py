"""Pages of discovery: who sees what, what a wrong form keeps, and what each page costs."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.chain.conftest import Enter
from tests.conftest import TODAY
from tests.factories import Town, make_candidate, make_innovation, make_person
from tests.whole.html import faults_of
from tifa.chain.choices import Answer, CandidateState, Step, TermKind
from tifa.chain.models import Candidate, Document, Feed, Host, LocalTerm, Question, Reading
from tifa.chain.services.questions import decline_finding
from tifa.chain.services.sources import name_host
from tifa.chain.services.terms import add_term
from tifa.core.models import Event, StoredFile
from tifa.organisation.choices import Role
from tifa.organisation.models import Person
from tifa.registry.models import Innovation

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
NEWS = "Puskesmas Abepura meluncurkan aplikasi Antar Obat. Warga senang."


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def question_about(ortal: Person, town: Town, title: str = "Antar Obat") -> Question:
    candidate = make_candidate(ortal, title, unit=town.puskesmas, state=CandidateState.ASKED)
    innovation = make_innovation(town.puskesmas, title=title, source="temuan", use_started=None)
    return Question.objects.create(
        innovation=innovation, unit=town.puskesmas, candidate=candidate, asked_by=ortal, asked_on=TODAY
    )


def fill(ortal: Person, town: Town, rows: int) -> None:
    for _ in range(rows):
        number = Candidate.objects.count()
        near = make_innovation(town.puskesmas)
        make_candidate(ortal, f"Temu {number}", unit=town.puskesmas, near=near)
        make_candidate(ortal, f"Lain {number}")
        question_about(ortal, town, f"Tanya {number}")
        add_term(actor=ortal, kind=TermKind.IGNORE, text=f"Kata {number}", now=NOW)
        host = name_host(actor=ortal, name=f"b{number}.example.org", inside=False, now=NOW)
        Feed.objects.create(title=host.name, url=f"https://{host.name}/rss", added_by=ortal, added_at=NOW)


@pytest.mark.parametrize(
    ("name", "query", "statements"),
    [
        ("candidate_list", {}, 8),
        ("candidate_list", {"q": "temu", "unit": "OPD.DINKES", "confidence": "0.7", "year": "2026"}, 8),
        ("candidate_detail", {}, 9),
        ("candidate_ask", {}, 8),
        ("question_list", {}, 6),
        ("reading_list", {}, 5),
        ("reading_detail", {}, 7),
        ("document_detail", {}, 6),
        ("feed_list", {}, 7),
        ("term_list", {}, 7),
    ],
)
def test_statements_do_not_grow_with_the_rows(
    enter: Enter,
    ortal: Person,
    town: Town,
    django_assert_num_queries: Any,
    name: str,
    query: dict[str, str],
    statements: int,
) -> None:
    client = enter(ortal)
    for rows in (1, 3):
        fill(ortal, town, rows)
        candidate = Candidate.objects.filter(state=CandidateState.WAITING, unit=town.puskesmas).latest("pk")
        keys = {
            "candidate_detail": [candidate.pk],
            "candidate_ask": [candidate.pk],
            "reading_detail": [candidate.document.reading_id],
            "document_detail": [candidate.document_id],
        }
        address = reverse(f"chain:{name}", args=keys.get(name, []))
        client.get(address, query)
        with django_assert_num_queries(statements):
            response = client.get(address, query)
        assert (response.status_code, faults_of(response.content.decode())) == (200, [])


def test_answer_page_costs_the_same(
    enter: Enter, ortal: Person, operator: Person, town: Town, django_assert_num_queries: Any
) -> None:
    client = enter(operator)
    for rows in (1, 3):
        fill(ortal, town, rows)
        address = reverse("chain:finding_answer", args=[Question.objects.latest("pk").innovation.code])
        client.get(address)
        with django_assert_num_queries(8):
            assert client.get(address).status_code == 200


def test_queue_shows_the_best_first_with_its_sentence(enter: Enter, ortal: Person, town: Town) -> None:
    make_candidate(ortal, "Yang Ragu", confidence=0.6)
    make_candidate(ortal, "Yang Yakin", confidence=0.95, unit=town.puskesmas)
    make_candidate(ortal, "Yang Rencana", state=CandidateState.ASIDE, outside="planned")

    page = text_of(enter(ortal).get(reverse("chain:candidate_list")))

    assert page.index("Yang Yakin") < page.index("Yang Ragu")
    assert "<mark>Puskesmas meluncurkan aplikasi <b>Yang Yakin</b>.</mark>" in page
    assert "Yang Rencana" not in page
    assert "Waiting (2)" in page
    assert "Set aside by the reading (1)" in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"unit": "PKM.ABEPURA"}, {"Satu"}),
        ({"unit": "-"}, {"Dua"}),
        ({"kind": "news", "status": "trial"}, {"Dua"}),
        ({"year": "2024"}, {"Dua"}),
        ({"confidence": "0.9"}, {"Satu"}),
        ({"q": "satu"}, {"Satu"}),
        ({"q": "x" * 300, "unit": "TIDAK", "year": "abc", "page": "-1", "state": "apa"}, {"Satu", "Dua"}),
    ],
)
def test_queue_is_narrowed(
    enter: Enter, ortal: Person, town: Town, query: dict[str, str], shown: set[str]
) -> None:
    make_candidate(ortal, "Satu", unit=town.puskesmas, confidence=0.95)
    make_candidate(ortal, "Dua", year=2024, status="trial", confidence=0.5)

    page = text_of(enter(ortal).get(reverse("chain:candidate_list"), query))

    assert {name for name in ("Satu", "Dua") if f"<b>{name}</b>" in page} == shown


def test_ortal_of_a_part_sees_nothing_of_other_units(enter: Enter, ortal: Person, town: Town) -> None:
    narrow = make_person("distrik@example.org", Role.ORTAL, town.distrik)
    mine = make_candidate(ortal, "Punya Kami", unit=town.kampung)
    other = make_candidate(ortal, "Rahasia", unit=town.puskesmas)
    client = enter(narrow)

    page = text_of(client.get(reverse("chain:candidate_list")))

    assert "Punya Kami" in page
    assert "Rahasia" not in page
    assert "Waiting (1)" in page
    assert client.get(reverse("chain:candidate_detail", args=[mine.pk])).status_code == 200
    for name in ("candidate_detail", "candidate_ask"):
        assert client.get(reverse(f"chain:{name}", args=[other.pk])).status_code == 404
    for name in ("candidate_merge", "candidate_dismiss", "candidate_reopen"):
        assert client.post(reverse(f"chain:{name}", args=[other.pk])).status_code == 404
    assert client.get(reverse("chain:document_detail", args=[other.document_id])).status_code == 404
    assert client.get(reverse("chain:reading_detail", args=[other.document.reading_id])).status_code == 404


def test_text_is_pasted_and_read(enter: Enter, ortal: Person, town: Town) -> None:
    response = enter(ortal).post(
        reverse("chain:reading_paste"), {"text": NEWS, "kind": "news", "on": "2025-03-04"}, follow=True
    )

    document = Document.objects.get()
    assert (document.title, document.published_on) == (NEWS, date(2025, 3, 4))
    assert "Antar Obat" in text_of(response)
    assert faults_of(response.content.decode()) == []


def test_wrong_paste_keeps_what_was_typed(enter: Enter, ortal: Person) -> None:
    response = enter(ortal).post(
        reverse("chain:reading_paste"), {"text": "", "title": "Judul saya", "kind": "news", "url": "bukan"}
    )

    page = text_of(response)
    assert response.status_code == 422
    assert "Paste the text that is to be read." in page
    assert "This is not a link." in page
    assert 'value="Judul saya"' in page
    assert not Reading.objects.exists()


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.exe", b"MZ", "not of a kind that is read"),
        ("a.txt", b"", "is empty"),
        ("a.txt", b"\x00\x01", "is in truth"),
        ("a.pdf", b"bukan", "is in truth"),
        ("a.zip", b"bukan", "is in truth"),
        ("a.html", b"PK\x03\x04", "is in truth"),
    ],
)
def test_file_that_is_not_read_is_refused(
    enter: Enter, ortal: Person, name: str, data: bytes, sentence: str
) -> None:
    response = enter(ortal).post(
        reverse("chain:reading_files"),
        {
            "documents": [SimpleUploadedFile("baik.txt", NEWS.encode()), SimpleUploadedFile(name, data)],
            "kind": "report",
        },
    )

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not StoredFile.objects.exists()


def test_several_files_are_read(enter: Enter, ortal: Person, town: Town) -> None:
    files = [SimpleUploadedFile(f"{n}.txt", f"{NEWS} {n}".encode()) for n in range(3)]

    enter(ortal).post(reverse("chain:reading_files"), {"documents": files, "kind": "report"})

    assert Document.objects.count() == 3


def test_markup_in_a_text_stays_text(enter: Enter, ortal: Person, town: Town) -> None:
    evil = "Puskesmas Abepura meluncurkan aplikasi <img src=x onerror=alert(1)> Antar Obat."
    client = enter(ortal)
    client.post(
        reverse("chain:reading_paste"), {"text": evil, "kind": "news", "url": "https://b.example.org/<b>"}
    )

    for address in (
        reverse("chain:candidate_list"),
        reverse("chain:document_detail", args=[Document.objects.get().pk]),
        reverse("chain:reading_list"),
    ):
        page = client.get(address).content.decode()
        assert "<img src=x" not in page
        assert faults_of(page) == []


def test_asking_goes_on_to_the_next(enter: Enter, ortal: Person, town: Town) -> None:
    first = make_candidate(ortal, "Satu", unit=town.puskesmas, confidence=0.9)
    second = make_candidate(ortal, "Dua", confidence=0.8)
    client = enter(ortal)
    address = reverse("chain:candidate_ask", args=[first.pk])
    form = client.get(address).context["form"]

    response = client.post(address, {**form.initial, "note": "Mohon dicek."})

    innovation = Innovation.objects.get()
    assert response["Location"] == reverse("chain:candidate_detail", args=[second.pk])
    assert (innovation.title, innovation.unit, innovation.source) == ("Satu", town.puskesmas, "temuan")
    assert innovation.source_url == "https://berita.example.org/1"


def test_asking_without_a_unit_is_mended_at_the_field(enter: Enter, ortal: Person, town: Town) -> None:
    candidate = make_candidate(ortal, "Satu")
    client = enter(ortal)
    address = reverse("chain:candidate_ask", args=[candidate.pk])

    response = client.post(address, {**client.get(address).context["form"].initial, "note": "Catatan saya"})

    assert response.status_code == 422
    assert "Choose the unit that does it." in text_of(response)
    assert "Catatan saya" in text_of(response)
    assert not Innovation.objects.exists()


def test_near_match_stands_beside_and_is_merged(enter: Enter, ortal: Person, town: Town) -> None:
    innovation = make_innovation(town.puskesmas, title="Perahu Sehat")
    candidate = make_candidate(ortal, "Kapal Sehat", near=innovation)
    client = enter(ortal)
    page = text_of(client.get(reverse("chain:candidate_detail", args=[candidate.pk])))
    assert "near, not the same" in page

    client.post(reverse("chain:candidate_merge", args=[candidate.pk]), {"innovation": innovation.code})

    assert "Kapal Sehat" in text_of(client.get(innovation.get_absolute_url()))
    alias = innovation.aliases.get()
    client.post(reverse("chain:alias_remove", args=[alias.pk]))
    assert not innovation.aliases.exists()


def test_unknown_code_is_said_at_the_field(enter: Enter, ortal: Person, town: Town) -> None:
    candidate = make_candidate(ortal, "Kapal Sehat")

    response = enter(ortal).post(
        reverse("chain:candidate_merge", args=[candidate.pk]), {"innovation": "INV-<b>"}
    )

    assert response.status_code == 422
    assert "There is no innovation with the code INV-&lt;b&gt;" in text_of(response)


def test_dismissal_needs_a_reason(enter: Enter, ortal: Person, town: Town) -> None:
    candidate = make_candidate(ortal, "Kata")
    client = enter(ortal)
    address = reverse("chain:candidate_dismiss", args=[candidate.pk])

    wrong = client.post(address, {"note": "catatan saya"})
    assert wrong.status_code == 422
    assert "catatan saya" in text_of(wrong)
    client.post(address, {"reason": "ordinary", "remember": "on"})

    assert LocalTerm.objects.get().text == "Kata"
    again = client.post(address, {"reason": "ordinary"}, follow=True)
    assert "decided on meanwhile" in text_of(again)
    client.post(reverse("chain:candidate_reopen", args=[candidate.pk]))
    assert not LocalTerm.objects.exists()


def test_unit_declines_on_its_page(enter: Enter, ortal: Person, operator: Person, town: Town) -> None:
    question = question_about(ortal, town)
    client = enter(operator)
    start = text_of(client.get(reverse("portal:start")))
    address = reverse("chain:finding_answer", args=[question.innovation.code])
    assert "Ortal asks you" in start
    assert address in start

    wrong = client.post(address, {"answer": "", "reason": "kata saya"})
    assert wrong.status_code == 422
    assert "kata saya" in text_of(wrong)
    client.post(address, {"answer": "not_ours", "reason": "Milik dinas."})

    assert "Ortal asks you" not in text_of(client.get(reverse("portal:start")))
    answers = text_of(enter(ortal).get(reverse("chain:question_list")))
    assert "Not ours" in answers
    assert "Milik dinas." in answers
    assert client.get(address).status_code == 302


def test_other_units_neither_see_nor_answer(
    enter: Enter, ortal: Person, stranger: Person, town: Town
) -> None:
    question = question_about(ortal, town)
    client = enter(stranger)
    address = reverse("chain:finding_answer", args=[question.innovation.code])

    assert "Ortal asks you" not in text_of(client.get(reverse("portal:start")))
    assert client.get(address).status_code == 404
    assert client.post(address, {"answer": "not_ours", "reason": "x"}).status_code == 404
    assert not question.innovation.handoffs.exists()


def test_ortal_asks_another_unit(enter: Enter, ortal: Person, operator: Person, town: Town) -> None:
    innovation = question_about(ortal, town).innovation
    decline_finding(actor=operator, innovation=innovation, answer=Answer.NOT_OURS, reason="Bukan.", on=TODAY)
    client = enter(ortal)
    address = reverse("chain:question_again", args=[innovation.code])

    assert client.post(address, {"unit": "", "note": ""}).status_code == 422
    client.post(address, {"unit": town.department.code, "note": "Milik Anda?"})

    innovation.refresh_from_db()
    assert innovation.unit == town.department
    assert innovation.handoffs.latest("pk").step == Step.RETURNED


def test_hosts_are_named_by_administrators_only(
    enter: Enter, ortal: Person, administrator: Person, town: Town
) -> None:
    address = reverse("chain:host_list")
    client = enter(administrator)

    assert enter(ortal).get(address).status_code == 403
    assert "not the name of a host" in text_of(client.post(address, {"name": "a b/c"}))
    client.post(address, {"name": "https://Berita.Example.org/kabar", "inside": ""})
    assert "exists" in text_of(client.post(address, {"name": "berita.example.org"})).lower()

    host = Host.objects.get()
    assert (host.name, host.inside) == ("berita.example.org", False)
    client.post(reverse("chain:host_remove", args=[host.pk]))
    assert list(Event.objects.order_by("sequence").values_list("action", flat=True)) == [
        "host.named",
        "host.removed",
    ]


def test_feed_and_page_of_an_unnamed_host_are_refused(enter: Enter, ortal: Person, town: Town) -> None:
    client = enter(ortal)

    feed = client.post(reverse("chain:feed_list"), {"title": "Berita", "url": "https://b.example.org/rss"})
    page = client.post(reverse("chain:page_fetch"), {"page-url": "http://169.254.169.254/"})

    assert (feed.status_code, page.status_code) == (422, 422)
    assert "b.example.org is not among the named hosts" in text_of(feed)
    assert "169.254.169.254 is not among the named hosts" in text_of(page)
    assert not Feed.objects.exists()
    assert not Reading.objects.exists()


def test_words_are_kept_on_their_page(enter: Enter, ortal: Person, town: Town) -> None:
    client = enter(ortal)
    address = reverse("chain:term_list")

    assert "Choose the unit that has this name." in text_of(
        client.post(address, {"kind": "unit", "text": "Rumah Kasih"})
    )
    client.post(address, {"kind": "unit", "text": "Rumah Kasih", "unit": town.puskesmas.code})
    assert "stands in the list already" in text_of(
        client.post(address, {"kind": "unit", "text": "rumah kasih", "unit": town.puskesmas.code})
    )

    term = LocalTerm.objects.get()
    assert term.unit == town.puskesmas
    client.post(reverse("chain:term_remove", args=[term.pk]))
    assert not LocalTerm.objects.exists()
