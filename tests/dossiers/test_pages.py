"""Dossiers on their pages: written by the unit, read by those above it, found by nobody else."""

import hashlib
import io
import json
import zipfile
from functools import partial

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document
from pypdf import PdfReader

from tests.conftest import ClientOf
from tests.evaluation.views.counting import statements_of
from tests.factories import Town, make_innovation, make_person
from tests.whole.html import faults_of
from tifa.core.models import StoredFile
from tifa.dossiers.choices import DossierState, Statement
from tifa.dossiers.models import AwardHistory, Comment, Dossier, DossierAnswer, Story
from tifa.dossiers.sending import freeze
from tifa.dossiers.services.writing import mark_ready
from tifa.organisation.choices import Role
from tifa.organisation.models import Person
from tifa.registry.choices import EvidenceKind
from tifa.registry.models import Evidence, Innovation

pytestmark = pytest.mark.django_db


@pytest.fixture
def innovation(town: Town) -> Innovation:
    return make_innovation(town.puskesmas, title="Perahu Sehat")


@pytest.fixture
def stored_pdf(operator: Person) -> StoredFile:
    stored = StoredFile(
        name="laporan.pdf",
        content_type="application/pdf",
        size=9,
        sha256=hashlib.sha256(b"%PDF-1.7\n").hexdigest(),
        uploaded_by=operator,
        uploaded_at=timezone.now(),
    )
    stored.file.save("laporan.pdf", ContentFile(b"%PDF-1.7\n"))
    return stored


def page(client: Client, address: str, status: int = 200) -> str:
    client.cookies["tifa_language"] = "en"
    response = client.get(address)
    assert response.status_code == status
    text = str(response.content.decode())
    assert faults_of(text) == []
    return text


def begun(client: Client, innovation: Innovation, edition: str = "kipp-2023") -> Dossier:
    client.post(reverse("dossiers:start", args=[innovation.code, edition]))
    return Dossier.objects.get(innovation=innovation, instrument_id=edition)


def of(name: str, dossier: Dossier, *more: str) -> str:
    return reverse(f"dossiers:{name}", args=[dossier.pk, *more])


def test_from_the_story_to_the_proposal(
    client_of: ClientOf, operator: Person, innovation: Innovation
) -> None:
    client = client_of(operator)
    whole = reverse("dossiers:innovation", args=[innovation.code])
    assert whole in page(client, reverse("chain:innovation_detail", args=[innovation.code]))
    assert "nothing yet" in page(client, whole)
    part = reverse("dossiers:story_edit", args=[innovation.code, "summary"])
    page(client, part)
    client.post(part, {"version": "0", "text": "Warga mendaftar dari rumah."})
    assert Story.objects.get().text == "Warga mendaftar dari rumah."

    dossier = begun(client, innovation)
    begun_page = page(client, of("dossier", dossier))
    assert "from the story" in begun_page
    assert "17. Partnerships for the goals" in begun_page
    item = of("answer", dossier, "ringkasan")
    assert "Warga mendaftar dari rumah." in page(client, item)
    saved = client.post(
        of("autosave", dossier, "ringkasan"),
        {"version": "1", "text-ringkasan": "Warga mendaftar lewat pesan."},
    )
    assert saved.json() == {"version": 2, "here": ""}
    client.post(item, {"version": "2", "text-ringkasan": "kata " * 210})
    assert "10 words too many" in page(client, of("dossier", dossier))
    client.post(
        of("change", dossier),
        {
            "action": "facts",
            "version": "1",
            "group": "umum",
            "category": "kesehatan",
            "goals": ["3"],
            "attachments": ["video"],
        },
    )
    dossier.refresh_from_db()
    assert (dossier.category, dossier.goals, dossier.attachments) == ("kesehatan", [3], ["video"])
    assert "Version 2" in page(client, of("history", dossier, "ringkasan"))
    assert "kata kata" in page(client, of("paste", dossier))

    word = Document(io.BytesIO(client.get(of("export", dossier, "docx")).content))
    texts = [paragraph.text for paragraph in word.paragraphs]
    assert texts[0] == "GOVERNMENT OF KOTA JAYAPURA"
    assert "Perahu Sehat" in texts
    assert any("kata kata" in text for text in texts)
    assert "Perahu Sehat" in page(client, reverse("dossiers:list"))
    assert of("dossier", dossier) not in page(client, reverse("dossiers:list") + "?state=ready")


def test_two_who_write_at_once_see_both_texts(
    client_of: ClientOf, town: Town, operator: Person, innovation: Innovation
) -> None:
    other = make_person("lain@example.org", Role.OPERATOR, town.puskesmas, name="Yang Lain")
    mine, theirs = client_of(operator), client_of(other)
    mine.cookies["tifa_language"] = "en"
    dossier = begun(mine, innovation)
    item = of("answer", dossier, "ringkasan")
    theirs.post(item, {"version": "0", "text-ringkasan": "Antre tiga jam"})

    auto = mine.post(
        of("autosave", dossier, "ringkasan"), {"version": "0", "text-ringkasan": "Antre dua jam"}
    )
    clash = mine.post(item, {"version": "0", "text-ringkasan": "Antre dua jam"})

    assert auto.status_code == 409
    assert "Yang Lain" in auto.json()["message"]
    text = clash.content.decode()
    assert (clash.status_code, faults_of(text)) == (409, [])
    assert "<del>tiga </del><ins>dua </ins>" in text
    assert 'name="version" value="1"' in text
    assert DossierAnswer.objects.get().texts == {"ringkasan": "Antre tiga jam"}
    mine.post(item, {"version": "1", "text-ringkasan": "Antre dua jam"})
    assert DossierAnswer.objects.get().texts == {"ringkasan": "Antre dua jam"}


def test_comments_readiness_and_sending_back(
    client_of: ClientOf, town: Town, operator: Person, ortal: Person, innovation: Innovation
) -> None:
    writer, mentor = client_of(operator), client_of(ortal)
    head = client_of(make_person("kepala@example.org", Role.HEAD, town.puskesmas))
    dossier = begun(writer, innovation)
    remarks = of("comment", dossier, "ringkasan")
    mentor.post(remarks, {"action": "say", "text": "Angkanya mana?"})
    assert "Angkanya mana?" in page(writer, of("answer", dossier, "ringkasan"))
    assert writer.post(of("change", dossier), {"action": "ready"}).status_code == 403
    head.post(of("change", dossier), {"action": "ready"})
    assert Dossier.objects.get().state == DossierState.WRITING

    writer.post(remarks, {"action": "resolve", "comment": str(Comment.objects.get().pk)})
    head.post(of("change", dossier), {"action": "ready"})

    assert Dossier.objects.get().state == DossierState.READY
    refused = writer.post(of("autosave", dossier, "ringkasan"), {"version": "0", "text-ringkasan": "x"})
    assert refused.status_code == 409
    assert '<form class="form card"' not in page(writer, of("answer", dossier, "ringkasan"))
    mentor.post(of("change", dossier), {"action": "back", "text": "Tambah bukti"})
    assert "Tambah bukti" in page(writer, of("dossier", dossier))


def test_the_story_follows_the_dossier(client_of: ClientOf, operator: Person, innovation: Innovation) -> None:
    client = client_of(operator)
    dossier = begun(client, innovation)
    client.post(of("answer", dossier, "ringkasan"), {"version": "0", "text-ringkasan": "Baru"})

    client.post(of("comment", dossier, "ringkasan"), {"action": "story"})

    assert Story.objects.get().text == "Baru"


def test_nobody_else_finds_or_changes_it(
    client_of: ClientOf, town: Town, operator: Person, ortal: Person, innovation: Innovation
) -> None:
    dossier = begun(client_of(operator), innovation)
    stranger = client_of(make_person("asing@example.org", Role.OPERATOR, town.kampung))
    whole = reverse("dossiers:innovation", args=[innovation.code])
    for address in (
        whole,
        *(of(name, dossier) for name in ("dossier", "paste")),
        *(of("export", dossier, fmt) for fmt in ("docx", "pdf", "zip", "xlsx", "csv")),
        *(of(name, dossier, "ringkasan") for name in ("answer", "history")),
    ):
        assert stranger.get(address).status_code == 404
    assert "Perahu Sehat" not in page(stranger, reverse("dossiers:list"))
    mentor = client_of(ortal)
    typed = {"version": "0", "text-ringkasan": "x"}
    assert mentor.post(of("autosave", dossier, "ringkasan"), typed).status_code == 403
    assert mentor.post(of("answer", dossier, "ringkasan"), typed).status_code == 403
    assert mentor.post(reverse("dossiers:start", args=[innovation.code, "kipp-2022"])).status_code == 403
    assert client_of(operator).get(of("answer", dossier, "tidak-ada")).status_code == 404
    assert not DossierAnswer.objects.exists()


def test_pages_cost_the_same_for_any_number(
    client_of: ClientOf, town: Town, operator: Person, innovation: Innovation
) -> None:
    client = client_of(operator)
    counts = []
    for many in (1, 4):
        for number in range(many):
            begun(
                client,
                make_innovation(town.puskesmas, title=f"Lain {many}-{number}"),
                f"kipp-20{19 + number}",
            )
            Dossier.objects.exclude(innovation=innovation).update(instrument_id=f"kipp-{many}{number}")
        counts.append(statements_of(partial(client.get, reverse("dossiers:list"))))

    assert counts[0] == counts[1]


def test_earlier_awards_are_told_once_for_all_editions(
    client_of: ClientOf, town: Town, operator: Person, ortal: Person, innovation: Innovation
) -> None:
    client, whole = client_of(operator), reverse("dossiers:innovation", args=[innovation.code])
    dossier = begun(client, innovation)
    assert "is not told yet" in page(client, of("dossier", dossier))
    assert client.post(whole, {"version": "0", "top99": "dua kali"}).status_code == 422

    client.post(whole, {"version": "0", "top99": "2019, 2021"})

    assert AwardHistory.objects.get().awards == [
        {"award": "top99", "year": 2019},
        {"award": "top99", "year": 2021},
    ]
    assert 'value="2019, 2021"' in page(client, whole)
    told = page(client, of("dossier", dossier))
    assert "is not told yet" not in told
    assert "2019, 2021" in told
    assert client_of(ortal).post(whole, {"top99": ""}).status_code == 403


def test_awards_and_facts_are_not_overwritten_silently(
    client_of: ClientOf, operator: Person, innovation: Innovation
) -> None:
    client, whole = client_of(operator), reverse("dossiers:innovation", args=[innovation.code])
    client.cookies["tifa_language"] = "en"
    client.post(whole, {"version": "0", "top99": "2019"})

    answer = client.post(whole, {"version": "0", "top99": "", "oapsi": "2021"})

    said = answer.content.decode()
    assert (answer.status_code, faults_of(said)) == (409, [])
    assert "changed this meanwhile" in said
    assert "<li>Top 99 2019</li>" in said
    assert 'value="2021"' in said
    assert AwardHistory.objects.get().awards == [{"award": "top99", "year": 2019}]
    client.post(whole, {"version": "1", "top99": "2019", "oapsi": "2021"})
    assert len(AwardHistory.objects.get().awards) == 2

    dossier = begun(client, innovation)
    facts = {"action": "facts", "version": "1", "group": "umum", "category": "kesehatan"}
    client.post(of("change", dossier), facts)
    refused = client.post(of("change", dossier), {**facts, "category": "pendidikan"}, follow=True)
    assert "yours were not stored" in refused.content.decode()
    dossier.refresh_from_db()
    assert dossier.category == "kesehatan"


def test_the_proposal_comes_in_every_form(
    client_of: ClientOf, operator: Person, innovation: Innovation, stored_pdf: StoredFile
) -> None:
    Evidence.objects.create(
        innovation=innovation,
        kind=EvidenceKind.OTHER,
        title="Laporan <mutu>",
        file=stored_pdf,
        added_by=operator,
        added_at=stored_pdf.uploaded_at,
    )
    Evidence.objects.create(
        innovation=innovation,
        kind=EvidenceKind.OTHER,
        title="Video",
        url="https://contoh.example.org/video",
        added_by=operator,
        added_at=stored_pdf.uploaded_at,
    )
    client = client_of(operator)
    dossier = begun(client, innovation)
    text = "Satu paragraf.\n\n- butir satu\n- butir dua"
    client.post(of("answer", dossier, "ringkasan"), {"version": "0", "text-ringkasan": text})

    pdf = PdfReader(io.BytesIO(client.get(of("export", dossier, "pdf")).content))
    packed = b"".join(client.get(of("export", dossier, "zip")).streaming_content)  # type: ignore[attr-defined]
    table = b"".join(client.get(of("export", dossier, "csv")).streaming_content).decode()  # type: ignore[attr-defined]

    words = "".join(page_.extract_text() for page_ in pdf.pages)
    assert "Satu paragraf." in words
    assert "Perahu Sehat" in words
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        names = set(archive.namelist())
        assert names == {"proposal.docx", "proposal.pdf", "bukti/lain/01-laporan-mutu.pdf", "manifest.json"}
        for name, told in manifest["files"].items():
            assert hashlib.sha256(archive.read(name)).hexdigest() == told["sha256"]
    assert manifest["links"] == [{"title": "Video", "url": "https://contoh.example.org/video", "proves": []}]
    assert table.count("\n") > len("satu")
    assert "Satu paragraf." in table
    assert client.get(of("export", dossier, "exe")).status_code == 404


def test_any_two_versions_are_compared(
    client_of: ClientOf, operator: Person, ortal: Person, head: Person, innovation: Innovation
) -> None:
    client, others = client_of(operator), client_of(head)
    dossier = begun(client, innovation)
    item = of("answer", dossier, "ringkasan")
    for version, (who, text) in enumerate(
        ((client, "Satu dua."), (others, "Satu tiga."), (client, "Satu empat.")), start=0
    ):
        who.post(item, {"version": str(version), "text-ringkasan": text})

    address = of("history", dossier, "ringkasan")
    text = page(client, address + "?dari=1&ke=3")

    assert "From version 1 to version 3" in text
    assert text.index("<del>dua") < text.index("<ins>empat")
    assert faults_of(text) == []
    assert "From version" in page(client, address)
    assert "to version 9" not in page(client, address + "?dari=1&ke=9")


def test_all_of_an_edition_come_in_folders_with_what_was_sent(
    client_of: ClientOf, operator: Person, ortal: Person, town: Town, stored_pdf: StoredFile
) -> None:
    client = client_of(operator)
    address = reverse("dossiers:edition_zip", args=["iga-2026"])
    assert client.get(address).status_code == 404
    for title in ("Perahu Sehat", "Antre dari Rumah", "Masih ditulis"):
        innovation = make_innovation(town.puskesmas, title=title)
        proof = Evidence.objects.create(
            innovation=innovation,
            kind=EvidenceKind.OTHER,
            title="SK 12/2024",
            file=stored_pdf,
            added_by=operator,
            added_at=stored_pdf.uploaded_at,
        )
        dossier = begun(client, innovation, "iga-2026")
        client.post(
            of("answer", dossier, "regulasi"), {"version": "0", "text-level": "3", "proof": [str(proof.pk)]}
        )
        if title != "Masih ditulis":
            mark_ready(actor=ortal, dossier=dossier, now=timezone.now())
    sent = freeze(actor=ortal, dossier=Dossier.objects.filter(state="ready")[0], now=timezone.now())

    packed = b"".join(client.get(address).streaming_content)  # type: ignore[attr-defined]

    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.testzip() is None
        folders = {name.split("/")[0] for name in archive.namelist()}
        assert len(folders) == 2
        manifest = json.loads(archive.read(f"{sent.dossier.innovation.code}/manifest.json"))
        assert manifest["files"]["bukti/regulasi/01-sk-122024.pdf"]["proves"] == ["regulasi"]
        assert manifest["files"]["proposal.pdf"]["sha256"] == sent.pdf.sha256


def test_a_level_is_claimed_proven_and_checked(
    client_of: ClientOf, operator: Person, ortal: Person, innovation: Innovation, stored_pdf: StoredFile
) -> None:
    client, checker = client_of(operator), client_of(ortal)
    dossier = begun(client, innovation, "iga-2026")
    item = of("answer", dossier, "regulasi")
    assert "The innovation has no evidence yet" in page(client, item)
    proof = Evidence.objects.create(
        innovation=innovation,
        kind=EvidenceKind.OTHER,
        title="SK 12/2024",
        file=stored_pdf,
        added_by=operator,
        added_at=stored_pdf.uploaded_at,
    )
    assert client.post(item, {"version": "0", "text-level": "9"}).status_code == 422
    client.post(item, {"version": "0", "text-level": "3", "proof": [str(proof.pk)]})
    assert DossierAnswer.objects.get().proof == [proof.pk]
    assert "to be checked" in page(client, of("dossier", dossier))

    remarks = of("comment", dossier, "regulasi")
    assert client.post(remarks, {"action": "verify", "version": "1"}).status_code == 403
    checker.post(remarks, {"action": "verify", "version": "1", "proof": [f"{proof.pk}:1"]})

    assert "checked by Ortal" in page(client, of("dossier", dossier))
    assert DossierAnswer.objects.get().is_verified
    client.post(item, {"version": "1", "text-level": "2", "proof": [str(proof.pk)]})
    assert not DossierAnswer.objects.get().is_verified


@pytest.mark.parametrize("kind", Statement.values)
def test_statements_are_filled_as_far_as_is_known_and_hold_no_mark_of_the_template(
    kind: str, client_of: ClientOf, operator: Person, innovation: Innovation
) -> None:
    client = client_of(operator)
    dossier = begun(client, innovation)

    found = client.get(reverse("dossiers:statement", args=[dossier.pk, kind]))

    document = Document(io.BytesIO(found.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    words = "\n".join([*(one.text for one in document.paragraphs), *cells])
    assert innovation.title in words
    assert "SURAT PERNYATAAN" in words
    assert "{" not in words


def test_statement_that_does_not_exist_is_not_found(
    client_of: ClientOf, operator: Person, innovation: Innovation
) -> None:
    client = client_of(operator)
    dossier = begun(client, innovation)

    assert client.get(reverse("dossiers:statement", args=[dossier.pk, "lain"])).status_code == 404
