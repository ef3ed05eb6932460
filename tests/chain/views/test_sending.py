"""From a ready dossier to the receipt: what is sent is kept, can be checked, and its outcome is known afterwards."""

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document

from tests import files
from tests.chain.services.test_bulk import decide
from tests.conftest import TODAY, ClientOf
from tests.factories import Town, make_innovation, walk_chain
from tifa.chain.choices import FailedAt, GapKind, Step
from tifa.chain.models import HandOff
from tifa.chain.selectors.handoffs import last_handoff
from tifa.chain.selectors.ledgers import Scope, reporting_gap
from tifa.core.looking import look
from tifa.dossiers.choices import Award, DossierState
from tifa.dossiers.models import AwardHistory, Dossier, SentDossier
from tifa.dossiers.selectors.dossiers import ready_texts
from tifa.dossiers.sending import digest_of
from tifa.dossiers.services.writing import (
    DossierRefused,
    mark_ready,
    save_answer,
    send_back,
    start_dossier,
)
from tifa.instruments import load_instrument
from tifa.organisation.models import Person
from tifa.registry.models import Innovation

NOW = timezone.now()
DAY = TODAY - timedelta(days=30)
TEXT = "Warga mendaftar dari rumah."


@pytest.fixture
def innovation(town: Town) -> Innovation:
    steps = [(step, DAY) for step in (Step.REPORTED, Step.VERIFIED, Step.SELECTED)]
    return walk_chain(make_innovation(town.puskesmas, title="Antre dari Rumah"), *steps)


@pytest.fixture
def dossier(innovation: Innovation, operator: Person, head: Person) -> Dossier:
    edition = load_instrument("kipp-2023")
    found = start_dossier(
        actor=operator, innovation=innovation, instrument=edition, group=edition.groups[0].id, now=NOW
    )
    save_answer(
        actor=operator, dossier=found, item="ringkasan", texts={"ringkasan": TEXT}, version=0, now=NOW
    )
    mark_ready(actor=head, dossier=found, now=NOW)
    return found


def step_of(client: Client, innovation: Innovation, step: Step, **data: Any) -> Any:
    client.cookies["tifa_language"] = "en"
    last = last_handoff(innovation)
    return client.post(
        reverse("chain:handoff_decide", args=[innovation.code]),
        {
            "step": step,
            "on": DAY.isoformat(),
            "seen": str(last.pk) if last else "",
            "letter_number": "800/12",
            **data,
        },
    )


def page(client: Client, address: str) -> str:
    client.cookies["tifa_language"] = "en"
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_from_ready_to_the_receipt(
    client_of: ClientOf, ortal: Person, innovation: Innovation, dossier: Dossier
) -> None:
    client = client_of(ortal)
    assert "Dossier that goes out" in page(client, innovation.get_absolute_url())
    assert step_of(client, innovation, Step.FORWARDED, dossier=str(dossier.pk)).status_code == 302

    sent = SentDossier.objects.get()
    dossier.refresh_from_db()
    assert dossier.state == DossierState.SENT
    assert sent.content["items"]["ringkasan"]["texts"] == {"ringkasan": TEXT}
    assert digest_of(sent.content) == sent.digest
    with sent.pdf.file.open("rb") as file:
        paper = file.read()
    words = " ".join(look(paper, ".pdf")["text"].split())
    assert TEXT in words
    assert sent.code in words.replace(" ", "")
    about = reverse("dossiers:dossier", args=[dossier.pk])
    assert "No receipt is recorded yet" in page(client, about)
    handed: Any = client.get(reverse("dossiers:sent", args=[dossier.pk, sent.code]))
    assert b"".join(handed.streaming_content) == paper

    receipt = SimpleUploadedFile("tanda-terima.pdf", files.pdf("Tanda terima 77"))
    step_of(client, innovation, Step.RECEIVED, letter_number="REG-77", receipt_upload=receipt)

    assert list(sent.handoffs.values_list("step", flat=True)) == [Step.FORWARDED, Step.RECEIVED]
    assert "REG-77" in page(client, about)
    assert "No receipt is recorded yet" not in page(client, about)


def test_the_public_check_page_shows_no_text(
    client: Client, client_of: ClientOf, ortal: Person, innovation: Innovation, dossier: Dossier
) -> None:
    step_of(client_of(ortal), innovation, Step.FORWARDED, dossier=str(dossier.pk))
    sent = SentDossier.objects.get()
    Innovation.objects.update(title="Judul baru")

    text = page(client, reverse("portal:sent", args=[sent.code]))

    assert "Antre dari Rumah" in text
    assert "Judul baru" not in text
    assert sent.pdf.sha256 in text
    assert "no receipt is recorded yet" in text
    assert TEXT not in text
    assert client.get(reverse("portal:sent", args=["0" * 16])).status_code == 404


def test_what_was_sent_is_not_written_on_and_not_sent_twice(
    client_of: ClientOf,
    ortal: Person,
    operator: Person,
    head: Person,
    innovation: Innovation,
    dossier: Dossier,
) -> None:
    step_of(client_of(ortal), innovation, Step.FORWARDED, dossier=str(dossier.pk))

    with pytest.raises(DossierRefused):
        save_answer(
            actor=operator, dossier=dossier, item="ringkasan", texts={"ringkasan": "Lain"}, version=1, now=NOW
        )
    with pytest.raises(DossierRefused):
        send_back(actor=head, dossier=dossier, note="Perbaiki", now=NOW)
    assert ready_texts("kipp-2023", [innovation.pk])[innovation.pk]["ringkasan"]["ringkasan"] == TEXT
    again = step_of(client_of(ortal), innovation, Step.FORWARDED, dossier=str(dossier.pk))
    assert again.status_code == 422
    assert SentDossier.objects.count() == 1


def test_one_that_was_sent_back_meanwhile_is_not_sent(
    client_of: ClientOf, ortal: Person, head: Person, innovation: Innovation, dossier: Dossier
) -> None:
    send_back(actor=head, dossier=dossier, note="Perbaiki", now=NOW)

    step_of(client_of(ortal), innovation, Step.FORWARDED, dossier=str(dossier.pk))

    assert not SentDossier.objects.exists()
    assert HandOff.objects.get(step=Step.FORWARDED).sent is None


def test_many_at_once_leave_those_with_a_ready_dossier(
    ortal: Person, town: Town, innovation: Innovation, dossier: Dossier
) -> None:
    other = walk_chain(make_innovation(town.puskesmas), (Step.REPORTED, DAY), (Step.SELECTED, DAY))

    outcome = decide(ortal, [innovation, other], Step.FORWARDED, letter_number="1")

    assert [one.innovation for one in outcome.done] == [other]
    assert [one.innovation for one in outcome.refused] == [innovation]


def test_an_award_is_told_once_for_later_editions(
    client_of: ClientOf, ortal: Person, innovation: Innovation, dossier: Dossier
) -> None:
    client = client_of(ortal)
    step_of(client, innovation, Step.FORWARDED, dossier=str(dossier.pk))
    step_of(client, innovation, Step.RECEIVED)
    step_of(client, innovation, Step.FINALIST)
    step_of(client, innovation, Step.AWARDED, award=Award.TOP99)

    assert AwardHistory.objects.get().awards == [{"award": Award.TOP99, "year": DAY.year}]
    assert "Top 99" in page(client, innovation.get_absolute_url())


def test_the_score_of_the_ministry_stands_beside_the_others(
    client_of: ClientOf, ortal: Person, operator: Person, head: Person, innovation: Innovation
) -> None:
    edition = load_instrument("iga-2026")
    found = start_dossier(actor=operator, innovation=innovation, instrument=edition, group="", now=NOW)
    save_answer(actor=operator, dossier=found, item="regulasi", texts={"level": "3"}, version=0, now=NOW)
    mark_ready(actor=head, dossier=found, now=NOW)
    client, about = client_of(ortal), reverse("dossiers:dossier", args=[found.pk])
    step_of(client, innovation, Step.FORWARDED, dossier=str(found.pk))
    step_of(client, innovation, Step.RECEIVED)
    assert HandOff.objects.get(step=Step.RECEIVED).score is None

    step_of(client, innovation, Step.FINALIST, score="61.25")

    assert HandOff.objects.get(step=Step.FINALIST).score == Decimal("61.25")
    assert "61.25" in page(client, about)
    wrong = step_of(client, innovation, Step.AWARDED, score="-1")
    assert wrong.status_code == 422


def test_a_rejection_says_where_it_ended_and_is_a_lesson(
    client_of: ClientOf, ortal: Person, leader: Person, innovation: Innovation, dossier: Dossier
) -> None:
    client = client_of(ortal)
    step_of(client, innovation, Step.FORWARDED, dossier=str(dossier.pk))
    step_of(
        client,
        innovation,
        Step.REJECTED,
        failed_at=FailedAt.PAPERS,
        reason="Surat pernyataan tidak ditandatangani.",
    )

    text = page(client_of(leader), reverse("chain:lessons"))

    assert "Surat pernyataan tidak ditandatangani." in text
    assert "Papers: incomplete or against the rules" in text
    assert "Antre dari Rumah" in text


@pytest.fixture
def second(innovation: Innovation, operator: Person, head: Person) -> Dossier:
    edition = load_instrument("iga-2026")
    found = start_dossier(actor=operator, innovation=innovation, instrument=edition, group="", now=NOW)
    mark_ready(actor=head, dossier=found, now=NOW)
    return found


def test_one_innovation_goes_to_two_ministries_and_each_answer_finds_its_sending(
    client_of: ClientOf, ortal: Person, innovation: Innovation, dossier: Dossier, second: Dossier
) -> None:
    client = client_of(ortal)
    step_of(client, innovation, Step.FORWARDED, dossier=str(dossier.pk))
    assert step_of(client, innovation, Step.SELECTED).status_code == 422, "first the receipt"
    step_of(client, innovation, Step.RECEIVED, letter_number="REG-1")
    step_of(client, innovation, Step.SELECTED)
    step_of(client, innovation, Step.FORWARDED, dossier=str(second.pk))
    first_sent, second_sent = SentDossier.objects.order_by("pk")

    asked = page(client, innovation.get_absolute_url())
    assert "What the ministry answers to" in asked
    assert "kipp-2023: Received" in asked
    assert step_of(client, innovation, Step.FINALIST, about=str(first_sent.pk)).status_code == 302

    finalist = HandOff.objects.get(step=Step.FINALIST)
    assert (finalist.sent, finalist.aside) == (first_sent, True)
    assert last_handoff(innovation).step == Step.FORWARDED  # type: ignore[union-attr]
    gaps = reporting_gap(Scope(as_of=TODAY)).gaps
    assert [(one.innovation, one.kind) for one in gaps] == [(innovation.code, GapKind.UNRECEIPTED)]
    step_of(client, innovation, Step.RECEIVED, letter_number="REG-2")
    step_of(client, innovation, Step.AWARDED, about=str(first_sent.pk), award=Award.TOP99)
    received = HandOff.objects.filter(step=Step.RECEIVED).order_by("pk").last()
    assert received is not None
    assert (received.sent, received.aside) == (second_sent, False)
    assert last_handoff(innovation) == received
    assert AwardHistory.objects.get().awards == [{"award": "top99", "year": DAY.year}]


@pytest.mark.parametrize("about", ["999", "x", ""])
def test_an_answer_to_no_sending_is_refused(
    about: str,
    client_of: ClientOf,
    ortal: Person,
    innovation: Innovation,
    dossier: Dossier,
    second: Dossier,
) -> None:
    client = client_of(ortal)
    for step, data in (
        (Step.FORWARDED, {"dossier": str(dossier.pk)}),
        (Step.RECEIVED, {}),
        (Step.SELECTED, {}),
        (Step.FORWARDED, {"dossier": str(second.pk)}),
    ):
        step_of(client, innovation, step, **data)

    assert step_of(client, innovation, Step.FINALIST, about=about).status_code == 422
    assert not HandOff.objects.filter(step=Step.FINALIST).exists()


def test_after_a_rejection_the_next_year_is_another_try(
    client_of: ClientOf, ortal: Person, innovation: Innovation
) -> None:
    client = client_of(ortal)
    step_of(client, innovation, Step.FORWARDED)
    step_of(client, innovation, Step.REJECTED, reason="Tidak lengkap.")

    assert step_of(client, innovation, Step.SELECTED).status_code == 302
    assert step_of(client, innovation, Step.FORWARDED).status_code == 302


def test_answer_to_a_sending_without_a_dossier_comes_after_the_next_selection(
    client_of: ClientOf, ortal: Person, innovation: Innovation
) -> None:
    client = client_of(ortal)
    for step in (Step.FORWARDED, Step.RECEIVED, Step.SELECTED):
        step_of(client, innovation, step)

    assert step_of(client, innovation, Step.FINALIST, about="0").status_code == 302
    assert HandOff.objects.get(step=Step.FINALIST).aside
    assert last_handoff(innovation).step == Step.SELECTED  # type: ignore[union-attr]


def test_after_it_was_sent_word_carries_the_code_and_the_pdf_is_the_one_that_went_out(
    client_of: ClientOf, ortal: Person, innovation: Innovation, dossier: Dossier
) -> None:
    client = client_of(ortal)
    word = reverse("dossiers:export", args=[dossier.pk, "docx"])
    assert not Document(io.BytesIO(client.get(word).content)).inline_shapes
    step_of(client, innovation, Step.FORWARDED, dossier=str(dossier.pk))
    sent = SentDossier.objects.get()
    Innovation.objects.update(title="Judul baru")

    document = Document(io.BytesIO(client.get(word).content))
    pdf: Any = client.get(reverse("dossiers:export", args=[dossier.pk, "pdf"]))

    assert len(document.inline_shapes) == 1
    assert sent.code in document.paragraphs[-1].text
    with sent.pdf.file.open("rb") as file:
        assert b"".join(pdf.streaming_content) == file.read()
