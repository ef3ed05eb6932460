"""Reporting: drafts that are never lost, errors at their fields, two texts brought together."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.chain.conftest import Enter
from tests.conftest import TODAY
from tests.factories import Town, make_handoff, make_innovation, make_person, walk_chain
from tests.whole.html import faults_of
from tifa.chain.choices import Step
from tifa.chain.models import HandOff, NilReport, ReportDraft
from tifa.core.models import StoredFile
from tifa.organisation.choices import Role
from tifa.organisation.models import Person
from tifa.registry.choices import Source
from tifa.registry.models import Evidence, Innovation

PDF = b"%PDF-1.7\n%%EOF\n"


def pdf(name: str = "surat keputusan.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def answers(town: Town, **changes: Any) -> dict[str, Any]:
    return {
        "title": "Perahu Sehat",
        "unit": town.puskesmas.code,
        "function": "pelayanan",
        "stage": "penerapan",
        "trial_started": "2025-01-10",
        "use_started": "2025-03-01",
        "summary": "Baris satu.\r\nBaris dua.",
        "affairs": "kesehatan",
        "service": "posyandu",
        "initiator": "Kepala puskesmas",
        "version": "1",
        **changes,
    }


@pytest.fixture
def desk(enter: Enter, operator: Person) -> Client:
    return enter(operator)


@pytest.fixture
def draft(desk: Client, town: Town) -> ReportDraft:
    desk.post(reverse("chain:report_start"))
    return ReportDraft.objects.get()


def edit_url(draft: ReportDraft) -> str:
    return reverse("chain:report_edit", args=[draft.pk])


def send(desk: Client, draft: ReportDraft, data: dict[str, Any]) -> Any:
    return desk.post(edit_url(draft), {**data, "action": "submit"})


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_report_is_sent(desk: Client, draft: ReportDraft, town: Town) -> None:
    response = send(desk, draft, answers(town))

    innovation = Innovation.objects.get()
    assert response["Location"] == innovation.get_absolute_url()
    assert (innovation.summary, innovation.source) == ("Baris satu.\nBaris dua.", Source.REPORT)
    assert (HandOff.objects.get().on, ReportDraft.objects.count()) == (TODAY, 0)
    assert "is sent to Bagian Organisasi" in text_of(desk.get(response["Location"]))


def test_incomplete_draft_is_saved_as_it_is(desk: Client, draft: ReportDraft, town: Town) -> None:
    data = answers(town, title="", use_started="besok", function="")

    response = desk.post(edit_url(draft), {**data, "action": "save"})

    draft.refresh_from_db()
    assert response["Location"] == edit_url(draft)
    assert (draft.content["use_started"], draft.content["affairs"], draft.version) == (
        "besok",
        "kesehatan",
        2,
    )
    assert 'value="besok"' in text_of(desk.get(edit_url(draft)))


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"title": " "}, "title", "Give the innovation a title."),
        ({"unit": ""}, "unit", "Choose the unit that does it."),
        ({"unit": "91.71.03.2001"}, "unit", "You do not report for this unit."),
        ({"function": ""}, "function", "Choose one of the three functions."),
        ({"stage": ""}, "stage", "Choose how far the innovation has come."),
        ({"summary": ""}, "summary", "Describe the innovation in a few sentences."),
        ({"stage": "uji coba", "trial_started": ""}, "trial_started", "or choose the stage “initiative”"),
        ({"use_started": ""}, "use_started", "or choose an earlier stage"),
        ({"use_started": "2024-01-01"}, "use_started", "lies before the start of the trial"),
        ({"use_started": "2026-11-25"}, "use_started", "This day lies in the future."),
        ({"use_started": "besok"}, "use_started", "This is not a date."),
        ({"title": "x" * 201}, "title", "at most 200 characters"),
        ({"evidence_title": "SK"}, "evidence_url", "Give a link, or choose a file below."),
        ({"evidence_url": "https://example.org/sk"}, "evidence_kind", "Choose what kind of evidence"),
        ({"evidence_url": "javascript:alert(1)"}, "evidence_url", "This is not a link."),
        ({"evidence_file": "999"}, "evidence_file", "The uploaded file is no longer there."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_rest_is_kept(
    desk: Client, draft: ReportDraft, town: Town, changes: dict[str, Any], field: str, sentence: str
) -> None:
    response = send(desk, draft, answers(town, initiator="Ibu bidan", **changes))

    page = text_of(response)
    draft.refresh_from_db()
    assert response.status_code == 422
    assert sentence in str(response.context["form"].errors[field])
    assert sentence in page.replace("&quot;", '"')
    assert 'value="Ibu bidan"' in page
    assert draft.content["initiator"] == "Ibu bidan"
    assert faults_of(response.content.decode()) == []
    assert Innovation.objects.count() == 0


def test_uploaded_file_survives_an_error_elsewhere(desk: Client, draft: ReportDraft, town: Town) -> None:
    evidence = {"evidence_kind": "keputusan", "evidence_title": "SK Kepala"}
    response = send(desk, draft, answers(town, title="", evidence_upload=pdf(), **evidence))
    stored = StoredFile.objects.get()
    draft.refresh_from_db()
    assert "File kept: surat keputusan.pdf" in text_of(response)
    assert draft.content["evidence_file"] == str(stored.pk)

    again = answers(town, version=draft.version, evidence_file=stored.pk, **evidence)
    send(desk, draft, again)

    assert Evidence.objects.get().file == stored


def test_kept_file_can_be_taken_away(desk: Client, draft: ReportDraft, town: Town) -> None:
    desk.post(edit_url(draft), answers(town, evidence_upload=pdf()))
    draft.refresh_from_db()

    desk.post(
        edit_url(draft),
        answers(town, version=2, evidence_file=draft.content["evidence_file"], remove_file="1"),
    )

    draft.refresh_from_db()
    assert draft.content["evidence_file"] == ""


@pytest.mark.parametrize("action", ["save", "submit"])
def test_refused_file_is_explained_and_the_text_is_kept(
    desk: Client, draft: ReportDraft, town: Town, action: str
) -> None:
    upload = SimpleUploadedFile("virus.exe", b"MZ....")

    response = desk.post(edit_url(draft), answers(town, action=action, evidence_upload=upload))

    draft.refresh_from_db()
    assert response.status_code == 422
    assert "“virus.exe” is not of an accepted kind" in text_of(response)
    assert (draft.content["title"], StoredFile.objects.count()) == ("Perahu Sehat", 0)


def test_file_of_somebody_else_cannot_be_attached(
    desk: Client, draft: ReportDraft, town: Town, enter: Enter, stranger: Person
) -> None:
    other = enter(stranger)
    other.post(reverse("chain:report_start"))
    theirs = ReportDraft.objects.get(person=stranger)
    other.post(edit_url(theirs), {"version": "1", "evidence_upload": pdf()})
    stored = StoredFile.objects.get()

    response = send(desk, draft, answers(town, evidence_file=stored.pk))

    assert response.status_code == 422
    assert "surat keputusan.pdf" not in text_of(response)


def test_autosave_keeps_what_is_typed(desk: Client, draft: ReportDraft, town: Town) -> None:
    url = reverse("chain:report_autosave", args=[draft.pk])

    first = desk.post(url, {"title": "Per\x00ahu", "version": "1"})
    second = desk.post(url, {"title": "Perahu Sehat", "version": "2"})

    draft.refresh_from_db()
    assert (first.json(), second.json()) == ({"version": 2}, {"version": 3})
    assert draft.content["title"] == "Perahu Sehat"


@pytest.mark.parametrize("version", ["1", "", "abc", "9" * 30])
def test_stale_autosave_overwrites_nothing(desk: Client, draft: ReportDraft, version: str) -> None:
    url = reverse("chain:report_autosave", args=[draft.pk])
    desk.post(url, {"title": "Di kantor", "version": "1"})

    response = desk.post(url, {"title": "Di rumah", "version": version})

    draft.refresh_from_db()
    assert response.status_code == 409
    assert "another window" in response.json()["message"]
    assert draft.content["title"] == "Di kantor"


def test_autosave_of_a_draft_that_is_gone_says_so(desk: Client, draft: ReportDraft) -> None:
    url = reverse("chain:report_autosave", args=[draft.pk])
    draft.delete()

    response = desk.post(url, {"title": "x", "version": "1"})

    assert (response.status_code, "was sent or thrown away" in response.json()["message"]) == (409, True)


def test_stale_save_shows_both_texts(desk: Client, draft: ReportDraft, town: Town) -> None:
    desk.post(edit_url(draft), answers(town, title="Di kantor", stage="inisiatif"))

    response = desk.post(edit_url(draft), answers(town, title="Di rumah"))

    draft.refresh_from_db()
    page = text_of(response)
    assert response.status_code == 409
    assert faults_of(response.content.decode()) == []
    assert ("Di kantor" in page, "Di rumah" in page, "Initiative" in page) == (True, True, True)
    assert draft.content["title"] == "Di kantor"


@pytest.mark.parametrize(
    ("choice", "title", "stage"),
    [
        ({"keep": "mine"}, "Di rumah", "penerapan"),
        ({"keep": "stored"}, "Di kantor", "inisiatif"),
        ({"keep-title": "stored", "keep-stage": "mine", "action": "save"}, "Di kantor", "penerapan"),
    ],
)
def test_choice_between_two_texts_is_saved(
    desk: Client, draft: ReportDraft, town: Town, choice: dict[str, str], title: str, stage: str
) -> None:
    desk.post(edit_url(draft), answers(town, title="Di kantor", stage="inisiatif"))

    desk.post(edit_url(draft), answers(town, title="Di rumah", version="2", stored_from="draft", **choice))

    draft.refresh_from_db()
    assert (draft.content["title"], draft.content["stage"]) == (title, stage)


def test_returned_innovation_is_mended_and_sent_again(desk: Client, town: Town) -> None:
    innovation = walk_chain(make_innovation(town.puskesmas, title="Lama"), (Step.REPORTED, TODAY))
    make_handoff(innovation, Step.RETURNED, TODAY, reason="bukti kurang")

    response = desk.post(reverse("chain:report_existing", args=[innovation.code]))
    draft = ReportDraft.objects.get()
    assert response["Location"] == edit_url(draft)
    assert draft.content["title"] == "Lama"
    send(desk, draft, answers(town, innovation_version="1"))

    innovation.refresh_from_db()
    assert (innovation.title, innovation.handoffs.count()) == ("Perahu Sehat", 3)


def test_finding_that_is_reported_keeps_its_source(desk: Client, town: Town) -> None:
    finding = make_innovation(
        town.puskesmas, source="temuan", source_note="Berita", source_url="https://example.org/b"
    )
    desk.post(reverse("chain:report_existing", args=[finding.code]))

    send(desk, ReportDraft.objects.get(), answers(town, innovation_version="1"))

    finding.refresh_from_db()
    assert (finding.title, finding.source) == ("Perahu Sehat", Source.FINDING)
    assert (finding.source_note, finding.source_url) == ("Berita", "https://example.org/b")


def test_what_waits_for_somebody_else_is_not_taken_up(desk: Client, town: Town) -> None:
    innovation = walk_chain(make_innovation(town.puskesmas), (Step.REPORTED, TODAY))

    response = desk.post(reverse("chain:report_existing", args=[innovation.code]))

    assert response["Location"] == innovation.get_absolute_url()
    assert ReportDraft.objects.count() == 0


def test_innovation_changed_meanwhile_shows_both_texts(desk: Client, town: Town) -> None:
    innovation = make_innovation(town.puskesmas, title="Lama")
    desk.post(reverse("chain:report_existing", args=[innovation.code]))
    draft = ReportDraft.objects.get()
    Innovation.objects.update(title="Dari rekan", initiator="Camat", version=2)

    response = send(desk, draft, answers(town, innovation_version="1"))

    draft.refresh_from_db()
    assert response.status_code == 409
    assert faults_of(response.content.decode()) == []
    assert "Dari rekan" in text_of(response)
    assert draft.content["title"] == "Perahu Sehat"

    chosen = {"stored_from": "innovation", "keep-initiator": "stored", "innovation_version": "2"}
    send(desk, draft, answers(town, version=draft.version, **chosen))

    innovation.refresh_from_db()
    assert (innovation.title, innovation.initiator, innovation.version) == ("Perahu Sehat", "Camat", 3)


def test_unit_is_asked_when_there_are_several(enter: Enter, town: Town) -> None:
    head = make_person("dinas@example.org", Role.HEAD, town.department)
    client = enter(head)

    page = text_of(client.get(reverse("chain:report_start")))
    client.post(reverse("chain:report_start"), {"unit": town.puskesmas.code})
    client.post(reverse("chain:report_start"), {"unit": town.kampung.code})

    assert f'value="{town.puskesmas.code}"' in page
    assert town.kampung.code not in page
    units = sorted(draft.content["unit"] for draft in ReportDraft.objects.all())
    assert units == ["", town.puskesmas.code]


def test_draft_is_thrown_away_after_asking(desk: Client, draft: ReportDraft) -> None:
    url = reverse("chain:report_discard", args=[draft.pk])
    desk.get(url)
    assert ReportDraft.objects.count() == 1

    desk.post(url)

    assert ReportDraft.objects.count() == 0


def test_draft_of_somebody_else_does_not_exist(enter: Enter, draft: ReportDraft, head: Person) -> None:
    client = enter(head)

    statuses = [
        client.get(edit_url(draft)).status_code,
        client.post(edit_url(draft), {"title": "x", "version": "1"}).status_code,
        client.post(reverse("chain:report_discard", args=[draft.pk])).status_code,
        client.post(reverse("chain:report_autosave", args=[draft.pk]), {"version": "1"}).status_code,
    ]

    draft.refresh_from_db()
    assert statuses == [404, 404, 404, 409]
    assert draft.version == 1


def test_finding_is_recorded(enter: Enter, ortal: Person, town: Town) -> None:
    data = answers(
        town, summary="", use_started="", trial_started="", source_note="Berita koran", stage="uji coba"
    )

    response = enter(ortal).post(reverse("chain:finding_create"), data)

    finding = Innovation.objects.get()
    assert response["Location"] == finding.get_absolute_url()
    assert (finding.source, finding.source_note) == (Source.FINDING, "Berita koran")
    assert HandOff.objects.count() == 0


def test_finding_keeps_text_and_file_through_an_error(enter: Enter, ortal: Person, town: Town) -> None:
    data = answers(town, evidence_upload=pdf(), evidence_title="Berita", source_note="")

    response = enter(ortal).post(reverse("chain:finding_create"), data)

    page = text_of(response)
    assert response.status_code == 422
    assert "Write where it was noticed" in page
    assert ('value="Perahu Sehat"' in page, "File kept: surat keputusan.pdf" in page) == (True, True)


def test_nil_report_is_recorded_and_refused_after_a_report(desk: Client, town: Town) -> None:
    url = reverse("chain:nil_report")
    data = {"unit": town.puskesmas.code, "signed_by": "Kepala puskesmas", "note": ""}
    desk.post(url, {**data, "year": "2025"})
    walk_chain(make_innovation(town.puskesmas, title="Perahu Sehat"), (Step.REPORTED, TODAY))

    twice = desk.post(url, {**data, "year": "2025"})
    after = desk.post(url, {**data, "year": "2026"})
    early = desk.post(url, {**data, "year": "2020"})

    assert NilReport.objects.get().year == 2025
    assert "has reported “none” for that year already" in text_of(twice)
    assert "Puskesmas Abepura reported “Perahu Sehat”" in text_of(after)
    assert [response.status_code for response in (twice, after, early)] == [422, 422, 422]
    assert "Kepala puskesmas" in text_of(after)


def test_start_page_shows_what_waits_and_stays_short(desk: Client, town: Town) -> None:
    for _ in range(21):
        make_innovation(town.puskesmas)
    make_handoff(
        make_innovation(town.puskesmas, title="Kembali"), Step.RETURNED, TODAY, reason="bukti kurang"
    )

    response = desk.get(reverse("chain:report_start"))

    page = text_of(response)
    assert faults_of(response.content.decode()) == []
    assert ("Kembali" in page, "bukti kurang" in page, "See all 21" in page) == (True, True, True)
    assert page.count("Report it") == 20
