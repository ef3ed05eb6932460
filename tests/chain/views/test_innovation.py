"""One innovation: decisions, evidence, files, and who may not see them."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.chain.campaigns import make_campaign, row_of
from tests.chain.conftest import Enter
from tests.conftest import TODAY
from tests.factories import Town, make_handoff, make_innovation, walk_chain
from tests.whole.html import faults_of
from tifa.chain.choices import Step, Vital
from tifa.chain.models import HandOff
from tifa.chain.services.answering import VitalSaid, answer_campaign
from tifa.core.models import StoredFile
from tifa.organisation.models import Person
from tifa.organisation.selectors import unit_tree
from tifa.registry.models import Evidence, Innovation

DAY = date(2026, 3, 1)


def pdf(name: str = "bukti.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.7\n%%EOF\n", content_type="application/pdf")


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def at(town: Town, *steps: Step) -> tuple[Innovation, HandOff]:
    innovation = walk_chain(make_innovation(town.puskesmas), *((step, DAY) for step in steps))
    return innovation, innovation.handoffs.latest("pk")


def decide(client: Client, innovation: Innovation, last: HandOff, **data: Any) -> Any:
    values = {"seen": str(last.pk), "on": TODAY.isoformat(), **data}
    return client.post(reverse("chain:handoff_decide", args=[innovation.code]), values)


def test_decision_is_recorded(enter: Enter, ortal: Person, town: Town) -> None:
    innovation, last = at(town, Step.REPORTED)

    response = decide(enter(ortal), innovation, last, step=Step.VERIFIED, reason="lupa dihapus")

    handoff = innovation.handoffs.latest("pk")
    assert response["Location"] == innovation.get_absolute_url()
    assert (handoff.step, handoff.on, handoff.reason) == (Step.VERIFIED, TODAY, "")


def test_page_tells_whether_the_unit_says_that_it_still_runs(
    enter: Enter, operator: Person, ortal: Person, town: Town
) -> None:
    innovation = make_innovation(town.puskesmas)
    campaign = make_campaign(ortal, town)
    address = innovation.get_absolute_url()
    assert "not asked yet, or not answered" in text_of(enter(operator).get(address))
    for state, note in ((Vital.RUNNING, ""), (Vital.STOPPED, "Perahu rusak.")):
        answer_campaign(
            author=operator,
            row=row_of(campaign, town.puskesmas),
            said=[VitalSaid(innovation, state, TODAY, note)],
            nil=None,
            on=TODAY,
            tree=unit_tree(),
        )

    page = text_of(enter(operator).get(address))

    assert "Stopped, 24 November 2026: Perahu rusak." in page
    assert "Puskesmas Abepura said so on 24 November 2026 in “Pelaporan 2026”." in page
    assert "Still running" not in page


def test_forwarding_keeps_letter_due_and_receipt(enter: Enter, ortal: Person, town: Town) -> None:
    innovation, last = at(town, Step.REPORTED, Step.VERIFIED, Step.SELECTED)
    client = enter(ortal)

    wrong = decide(client, innovation, last, step=Step.FORWARDED, receipt_upload=pdf("tanda terima.pdf"))
    stored = StoredFile.objects.get()
    assert wrong.status_code == 422
    assert "needs the number of the letter" in text_of(wrong)
    assert "File kept: tanda terima.pdf" in text_of(wrong)
    decide(
        client,
        innovation,
        last,
        step=Step.FORWARDED,
        receipt_file=stored.pk,
        letter_number="005/12",
        due="2026-12-31",
    )

    handoff = innovation.handoffs.latest("pk")
    assert (handoff.letter_number, handoff.due, handoff.receipt) == ("005/12", date(2026, 12, 31), stored)
    receipt = client.get(reverse("chain:receipt_file", args=[handoff.pk]))
    assert "attachment" in receipt["Content-Disposition"]


@pytest.mark.parametrize(
    ("data", "field", "sentence"),
    [
        ({}, "step", "Choose a decision."),
        ({"step": Step.AWARDED}, "step", "This cannot follow the last step."),
        ({"step": Step.HELD, "due": "2027-01-01"}, "reason", "“Held back” needs a reason."),
        ({"step": Step.HELD, "reason": "anggaran"}, "due", "“Held back” needs a date"),
        ({"step": Step.HELD, "reason": "r", "due": "2026-01-01"}, "due", "lies before the date of the step"),
        ({"step": Step.RETURNED}, "reason", "“Returned” needs a reason."),
        ({"step": Step.SELECTED, "on": "2026-11-25"}, "on", "This day lies in the future."),
        ({"step": Step.SELECTED, "on": ""}, "on", "This field is required."),
        ({"step": Step.SELECTED, "on": "2026-02-01"}, "on", "The date lies before the last step"),
    ],
)
def test_wrong_decision_is_explained_and_kept(
    enter: Enter, ortal: Person, town: Town, data: dict[str, str], field: str, sentence: str
) -> None:
    innovation, last = at(town, Step.REPORTED, Step.VERIFIED)

    response = decide(enter(ortal), innovation, last, **{"letter_number": "005/77", **data})

    assert response.status_code == 422
    assert sentence in str(response.context["decision_form"].errors[field])
    assert 'value="005/77"' in text_of(response)
    assert faults_of(response.content.decode()) == []
    assert innovation.handoffs.count() == 2


@pytest.mark.parametrize(
    ("steps", "told", "untold"),
    [
        ((Step.REPORTED,), ["For “Returned”: what is missing"], ["For “Held back”", "For “Rejected”"]),
        ((Step.VERIFIED,), ["For “Returned”: what is missing", "For “Held back”: why"], ["For “Rejected”"]),
        ((Step.SELECTED,), ["For “Held back”: why"], ["For “Returned”", "For “Rejected”"]),
        ((Step.FORWARDED,), ["For “Rejected”: what the ministry"], ["For “Returned”", "For “Held back”"]),
    ],
)
def test_hint_tells_what_the_reason_of_each_offered_step_should_say(
    enter: Enter, ortal: Person, town: Town, steps: tuple[Step, ...], told: list[str], untold: list[str]
) -> None:
    innovation, _last = at(town, *steps)

    page = text_of(enter(ortal).get(innovation.get_absolute_url()))

    assert [hint for hint in (*told, *untold) if hint in page] == told


def test_decision_on_an_old_page_is_refused_then_may_be_taken_anew(
    enter: Enter, ortal: Person, town: Town
) -> None:
    innovation, last = at(town, Step.REPORTED)
    newer = make_handoff(innovation, Step.VERIFIED, DAY)
    client = enter(ortal)

    response = decide(client, innovation, last, step=Step.RETURNED, reason="bukti kurang")

    page = text_of(response)
    assert response.status_code == 422
    assert "Somebody recorded a step meanwhile: Verified on 1 March 2026" in page
    assert ("bukti kurang" in page, f'name="seen" value="{newer.pk}"' in page) == (True, True)
    assert innovation.handoffs.count() == 2


@pytest.mark.parametrize("who", ["operator", "leader", "auditor"])
def test_only_ortal_decides(request: pytest.FixtureRequest, enter: Enter, town: Town, who: str) -> None:
    innovation, last = at(town, Step.REPORTED)
    client = enter(request.getfixturevalue(who))

    assert decide(client, innovation, last, step=Step.VERIFIED).status_code == 403
    assert client.get(reverse("chain:handoff_letter", args=[innovation.code])).status_code == 403
    assert "Record the decision" not in text_of(client.get(innovation.get_absolute_url()))
    assert innovation.handoffs.count() == 1


def test_gap_box_says_who_must_act(enter: Enter, operator: Person, town: Town) -> None:
    innovation, _last = at(town, Step.REPORTED)
    make_handoff(innovation, Step.RETURNED, DAY, reason="bukti kurang", due=date(2026, 11, 12))

    page = text_of(enter(operator).get(innovation.get_absolute_url()))

    for words in ("Puskesmas Abepura", "1 March 2026", "12 November 2026", "12 days late", "bukti kurang"):
        assert words in page
    assert "Mend it and report again" in page


def test_evidence_is_added_and_handed_out_as_attachment(enter: Enter, operator: Person, town: Town) -> None:
    innovation, _last = at(town, Step.REPORTED)
    client = enter(operator)
    url = reverse("chain:evidence_add", args=[innovation.code])

    client.post(
        url, {"evidence_kind": "laporan", "evidence_title": "Laporan", "evidence_upload": pdf("lap 1.pdf")}
    )
    client.post(
        url, {"evidence_kind": "berita", "evidence_title": "Berita", "evidence_url": "https://example.org"}
    )

    file, link = Evidence.objects.order_by("pk")
    response: Any = client.get(reverse("chain:evidence_file", args=[file.pk]))
    assert b"".join(response.streaming_content) == b"%PDF-1.7\n%%EOF\n"
    assert response["Content-Disposition"] == 'attachment; filename="lap 1.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert client.get(reverse("chain:evidence_file", args=[link.pk])).status_code == 404


def test_wrong_evidence_is_explained_and_its_file_kept(enter: Enter, operator: Person, town: Town) -> None:
    innovation, _last = at(town, Step.REPORTED)

    response = enter(operator).post(
        reverse("chain:evidence_add", args=[innovation.code]),
        {"evidence_kind": "laporan", "evidence_upload": pdf()},
    )

    assert response.status_code == 422
    assert "Write in a few words what the evidence shows." in text_of(response)
    assert "File kept: bukti.pdf" in text_of(response)
    assert faults_of(response.content.decode()) == []
    assert Evidence.objects.count() == 0


def test_other_units_do_not_find_it(enter: Enter, operator: Person, stranger: Person, town: Town) -> None:
    innovation, last = at(town, Step.REPORTED)
    enter(operator).post(
        reverse("chain:evidence_add", args=[innovation.code]),
        {"evidence_kind": "laporan", "evidence_title": "Laporan", "evidence_upload": pdf()},
    )
    HandOff.objects.update(receipt=StoredFile.objects.get())
    client = enter(stranger)

    assert [
        client.get(innovation.get_absolute_url()).status_code,
        client.get(reverse("chain:evidence_file", args=[Evidence.objects.get().pk])).status_code,
        client.get(reverse("chain:receipt_file", args=[last.pk])).status_code,
        client.post(reverse("chain:evidence_add", args=[innovation.code])).status_code,
        client.post(reverse("chain:report_existing", args=[innovation.code])).status_code,
    ] == [404] * 5


def test_statements_do_not_grow(
    enter: Enter, ortal: Person, town: Town, django_assert_num_queries: Any
) -> None:
    innovation, _last = at(town, Step.REPORTED)
    client = enter(ortal)
    for rows in (1, 3):
        for _ in range(rows):
            make_handoff(innovation, Step.VERIFIED, DAY, recorded_by=ortal)
            client.post(
                reverse("chain:evidence_add", args=[innovation.code]),
                {"evidence_kind": "laporan", "evidence_title": "L", "evidence_url": "https://example.org"},
            )
        client.get(innovation.get_absolute_url())
        with django_assert_num_queries(12):
            client.get(innovation.get_absolute_url())


CHOSEN = (Step.REPORTED, Step.VERIFIED, Step.SELECTED)


@pytest.mark.parametrize(
    "steps", [CHOSEN, (*CHOSEN, Step.FORWARDED), (*CHOSEN, Step.FORWARDED, Step.RECEIVED)]
)
def test_letter_is_handed_out(enter: Enter, ortal: Person, town: Town, steps: tuple[Step, ...]) -> None:
    innovation, _last = at(town, *steps)
    client = enter(ortal)
    address = reverse("chain:handoff_letter", args=[innovation.code])

    page = text_of(client.get(innovation.get_absolute_url()))
    response = client.get(address)

    assert address in page

    assert response.content.startswith(b"PK")
    assert response["Content-Disposition"].endswith('.docx"')


@pytest.mark.parametrize("steps", [(), (Step.REPORTED,), CHOSEN[:2], (*CHOSEN, Step.RETURNED)])
def test_letter_waits_for_the_choice(
    enter: Enter, ortal: Person, town: Town, steps: tuple[Step, ...]
) -> None:
    innovation = walk_chain(make_innovation(town.puskesmas), *((step, DAY) for step in steps))
    client = enter(ortal)
    address = reverse("chain:handoff_letter", args=[innovation.code])

    page = text_of(client.get(innovation.get_absolute_url()))
    response = client.get(address, follow=True)

    assert address not in page
    assert response.redirect_chain == [(innovation.get_absolute_url(), 302)]
    assert "only once the innovation is selected" in text_of(response)
