"""The vault: one document for many claims, found by its words, replaced openly, and closed where persons stand in it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import files
from tests.conftest import ClientOf
from tests.factories import Town, make_innovation
from tifa.core.models import Event, StoredFile, Upload
from tifa.dossiers.models import DossierAnswer
from tifa.dossiers.services.writing import DossierRefused, save_answer, start_dossier, verify_answer
from tifa.instruments import load_instrument
from tifa.organisation.models import Person
from tifa.registry.choices import Confidentiality
from tifa.registry.models import Evidence, EvidenceVersion, FileReading, Innovation
from tifa.registry.selectors import shared_evidence
from tifa.registry.tasks import read_unread

NOW = timezone.now()


@pytest.fixture
def innovation(town: Town) -> Innovation:
    return make_innovation(town.puskesmas, title="Antre dari Rumah")


def text_of(client: Client, address: str, status: int = 200) -> str:
    client.cookies["tifa_language"] = "en"
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def add(client: Client, innovation: Innovation, name: str, data: bytes, title: str = "Keputusan") -> Any:
    client.cookies["tifa_language"] = "en"
    return client.post(
        reverse("chain:evidence_add", args=[innovation.code]),
        {
            "evidence_kind": "keputusan",
            "evidence_title": title,
            "evidence_upload": SimpleUploadedFile(name, data),
        },
    )


def of(name: str, evidence: Evidence) -> str:
    return reverse(f"chain:evidence_{name}", args=[evidence.pk])


def facts(evidence: Evidence, **changes: Any) -> dict[str, Any]:
    return {
        "kind": evidence.kind,
        "title": evidence.title,
        "confidentiality": evidence.confidentiality,
        "version": evidence.version,
        **changes,
    }


def test_a_document_is_found_by_the_words_in_it(
    client_of: ClientOf, operator: Person, leader: Person, innovation: Innovation
) -> None:
    client = client_of(operator)
    added = add(client, innovation, "sk.pdf", files.pdf("Penetapan", "loket", "antrean"))
    evidence = Evidence.objects.get()
    assert added.url == of("detail", evidence)

    listed = text_of(client_of(leader), reverse("chain:evidence_list") + "?q=loket+penetapan")
    assert "Keputusan" in listed
    assert "1 page" in listed
    assert "No evidence fits" in text_of(client, reverse("chain:evidence_list") + "?q=perahu")
    picture = client.get(of("preview", evidence))
    assert picture["Content-Type"] == "image/jpeg"
    assert picture.content.startswith(b"\xff\xd8\xff")
    handed = client.get(of("file", evidence))
    assert handed["Content-Disposition"].startswith("attachment")
    assert handed["X-Content-Type-Options"] == "nosniff"


def test_the_same_content_under_another_name_is_refused_here_and_told_there(
    client_of: ClientOf, operator: Person, innovation: Innovation, town: Town
) -> None:
    client, data = client_of(operator), files.pdf("Peraturan")
    add(client, innovation, "satu.pdf", data, "Peraturan")
    again = add(client, innovation, "dua.pdf", data, "Nama lain")
    assert again.status_code == 422
    assert "lies here already as “Peraturan”" in again.content.decode()

    other = make_innovation(town.puskesmas, title="Perahu Sehat")
    add(client, other, "tiga.pdf", data, "Peraturan yang sama")
    twin = Evidence.objects.get(innovation=other)
    assert "The same content lies here also as" in text_of(client, of("detail", twin))
    assert FileReading.objects.count() == 1


def test_facts_are_kept_and_never_overwritten_silently(
    client_of: ClientOf, operator: Person, innovation: Innovation
) -> None:
    client = client_of(operator)
    add(client, innovation, "sk.pdf", files.pdf("a"))
    evidence = Evidence.objects.get()
    said = facts(evidence, number="188.4/12", first_year="2024", last_year="2025", valid_until="2020-01-31")
    assert client.post(of("detail", evidence), said).status_code == 302
    stored = Evidence.objects.get()
    assert (stored.number, stored.first_year, stored.last_year) == ("188.4/12", 2024, 2025)
    assert "It has expired" in text_of(client, of("detail", evidence))

    late = client.post(of("detail", evidence), {**said, "number": "lain"})
    assert late.status_code == 409
    shown = late.content.decode()
    assert "Somebody changed this evidence meanwhile" in shown
    assert "Stored meanwhile: 188.4/12" in shown
    assert 'value="lain"' in shown
    assert 'name="version" value="2"' in shown
    wrong = client.post(of("detail", stored), facts(stored, first_year="2026", last_year="2025"))
    assert wrong.status_code == 422
    assert "The last year lies before the first." in wrong.content.decode()
    assert Evidence.objects.get().number == "188.4/12"


def claimed(person: Person, evidence: Evidence) -> DossierAnswer:
    dossier = start_dossier(
        actor=person,
        innovation=evidence.innovation,
        instrument=load_instrument("iga-2026"),
        group="",
        now=NOW,
    )
    return save_answer(
        actor=person,
        dossier=dossier,
        item="regulasi",
        texts={"level": "3"},
        version=0,
        proof=[evidence.pk],
        now=NOW,
    )


def test_replaced_proof_is_to_be_checked_again(
    client_of: ClientOf, operator: Person, ortal: Person, innovation: Innovation
) -> None:
    client = client_of(operator)
    add(client, innovation, "sk.pdf", files.pdf("lama"))
    evidence = Evidence.objects.get()
    answer = claimed(operator, evidence)
    verify_answer(actor=ortal, answer=answer, version=1, proof={evidence.pk: 1}, now=NOW)

    response = client.post(
        of("replace", evidence),
        {"version": "1", "evidence_upload": SimpleUploadedFile("baru.pdf", files.pdf("baru"))},
        follow=True,
    )

    assert "To be checked again: 1 answer." in response.content.decode()
    assert not DossierAnswer.objects.get().is_verified
    assert EvidenceVersion.objects.filter(file__name="sk.pdf").count() == 1
    with pytest.raises(DossierRefused, match="changed meanwhile"):
        verify_answer(actor=ortal, answer=answer, version=1, proof={evidence.pk: 1}, now=NOW)
    verify_answer(actor=ortal, answer=answer, version=1, proof={evidence.pk: 2}, now=NOW)
    stale = client.post(
        of("replace", evidence), {"version": "1", "evidence_url": "https://contoh.example.org/a"}
    )
    assert stale.status_code == 409


def test_expired_proof_is_not_checked(operator: Person, ortal: Person, innovation: Innovation) -> None:
    evidence = Evidence.objects.create(
        innovation=innovation,
        kind="keputusan",
        title="Izin",
        url="https://contoh.example.org/izin",
        valid_until=timezone.localdate(NOW) - timedelta(days=1),
        added_by=operator,
        added_at=NOW,
    )
    answer = claimed(operator, evidence)

    with pytest.raises(DossierRefused, match="has expired"):
        verify_answer(actor=ortal, answer=answer, version=1, proof={evidence.pk: 1}, now=NOW)


def test_data_of_persons_stay_with_the_unit(
    client_of: ClientOf, operator: Person, leader: Person, innovation: Innovation
) -> None:
    client, outside = client_of(operator), client_of(leader)
    add(client, innovation, "daftar.pdf", files.pdf("penerima", "rahasia"), "Daftar penerima")
    evidence = Evidence.objects.get()
    client.post(of("detail", evidence), facts(evidence, confidentiality=Confidentiality.PERSONAL))
    evidence.refresh_from_db()
    for name in ("detail", "file", "preview", "redacted"):
        assert outside.get(of(name, evidence)).status_code == 404
    assert "Daftar penerima" not in text_of(outside, reverse("chain:evidence_list"))
    assert shared_evidence(innovation) == []
    assert "no-store" in client.get(of("preview", evidence))["Cache-Control"]
    assert client.get(of("file", evidence)).status_code == 200

    same = client.post(
        of("redact", evidence),
        {"version": "2", "evidence_upload": SimpleUploadedFile("x.pdf", files.pdf("penerima", "rahasia"))},
        follow=True,
    )
    assert "This is the original itself" in same.content.decode()
    copy = files.pdf("penerima", "disamarkan")
    client.post(
        of("redact", evidence), {"version": "2", "evidence_upload": SimpleUploadedFile("salin.pdf", copy)}
    )

    handed: Any = outside.get(of("file", evidence))
    assert b"".join(handed.streaming_content) == copy
    assert outside.get(of("preview", evidence)).status_code == 404
    assert "No evidence fits" in text_of(outside, reverse("chain:evidence_list") + "?q=rahasia")
    assert [one.handed_out.name for one in shared_evidence(innovation) if one.handed_out] == ["salin.pdf"]
    assert not Event.objects.filter(action="evidence.redacted", detail__title="Daftar penerima").exists()


def test_data_of_persons_are_closed_from_the_first_moment(
    client_of: ClientOf, operator: Person, leader: Person, innovation: Innovation
) -> None:
    client = client_of(operator)
    client.post(
        reverse("chain:evidence_add", args=[innovation.code]),
        {
            "evidence_kind": "data",
            "evidence_title": "Daftar penerima",
            "evidence_personal": "on",
            "evidence_upload": SimpleUploadedFile("daftar.pdf", files.pdf("nama")),
        },
    )

    assert Evidence.objects.get().is_personal
    assert client_of(leader).get(of("detail", Evidence.objects.get())).status_code == 404


def test_others_neither_see_nor_change(
    client_of: ClientOf, operator: Person, auditor: Person, judge: Person, innovation: Innovation
) -> None:
    add(client_of(operator), innovation, "sk.pdf", files.pdf("a"))
    evidence = Evidence.objects.get()

    assert client_of(judge).get(of("detail", evidence)).status_code in {403, 404}
    assert client_of(auditor).post(of("detail", evidence), facts(evidence, title="Lain")).status_code == 403
    assert Evidence.objects.get().title == "Keputusan"


def test_states_narrow_the_vault(client_of: ClientOf, operator: Person, innovation: Innovation) -> None:
    for number, until in enumerate((None, date(2020, 1, 1), timezone.localdate() + timedelta(days=30))):
        Evidence.objects.create(
            innovation=innovation,
            kind="keputusan",
            title=f"Surat {number}",
            url=f"https://contoh.example.org/{number}",
            valid_until=until,
            added_by=operator,
            added_at=NOW,
        )
    client = client_of(operator)

    def titles(state: str) -> list[str]:
        text = text_of(client, reverse("chain:evidence_list") + f"?state={state}")
        return [title for title in ("Surat 0", "Surat 1", "Surat 2") if title in text]

    assert titles("expired") == ["Surat 1"]
    assert titles("expiring") == ["Surat 2"]
    assert titles("personal") == []
    assert titles("undated") == ["Surat 0", "Surat 1", "Surat 2"]


def test_a_file_that_was_not_read_is_read_later(
    client_of: ClientOf, operator: Person, innovation: Innovation
) -> None:
    add(client_of(operator), innovation, "sk.pdf", files.pdf("kata"))
    FileReading.objects.all().delete()

    read_unread.call("en")

    assert FileReading.objects.get().text == "kata"


# Files in pieces


def begin(client: Client, name: str, size: int) -> Any:
    return client.post(reverse("chain:upload_begin"), {"name": name, "size": size})


def piece(client: Client, key: int, offset: int, data: bytes) -> Any:
    return client.post(
        reverse("chain:upload_piece", args=[key]),
        {"offset": offset, "piece": SimpleUploadedFile("blob", data)},
    )


def test_a_file_goes_on_where_it_stopped(client_of: ClientOf, operator: Person) -> None:
    client, data = client_of(operator), files.jpeg("x" * 500)
    key = begin(client, "foto.jpg", len(data)).json()["id"]
    assert piece(client, key, 0, data[:1000]).json() == {"received": 1000}

    again = client_of(operator)  # a new tab, the same file
    assert begin(again, "foto.jpg", len(data)).json() == {"id": key, "received": 1000}
    wrong = piece(again, key, 0, data[:1000])
    assert (wrong.status_code, wrong.json()) == (409, {"received": 1000})
    beyond = piece(again, key, 1000, data + b"zu viel")
    assert beyond.status_code == 409
    done = piece(again, key, 1000, data[1000:]).json()

    stored = StoredFile.objects.get(pk=done["file"])
    with stored.file.open() as file:
        assert file.read() == data
    assert stored.uploaded_by == operator
    assert not Upload.objects.exists()


def test_pieces_belong_to_whoever_sends_them(client_of: ClientOf, operator: Person, ortal: Person) -> None:
    key = begin(client_of(operator), "foto.jpg", 100).json()["id"]

    assert piece(client_of(ortal), key, 0, b"x").status_code == 404


def test_what_is_not_accepted_is_said_before_and_after(
    client_of: ClientOf, operator: Person, settings: Any
) -> None:
    client = client_of(operator)
    for name, size in (("virus.exe", 10), ("besar.pdf", settings.UPLOAD_MAX_BYTES + 1), ("kosong.pdf", 0)):
        assert begin(client, name, size).status_code == 422
    page = b"<html></html>"
    key = begin(client, "surat.pdf", len(page)).json()["id"]
    assert piece(client, key, 0, page).status_code == 422
    assert not StoredFile.objects.exists()
    assert not Upload.objects.exists()


def test_at_most_five_files_are_on_their_way(client_of: ClientOf, operator: Person) -> None:
    client = client_of(operator)
    for number in range(8):
        begin(client, f"{number}.pdf", 10)

    assert set(Upload.objects.values_list("name", flat=True)) == {f"{n}.pdf" for n in range(3, 8)}
