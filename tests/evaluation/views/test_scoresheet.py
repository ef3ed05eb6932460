"""Tests of filling a score sheet in the browser."""

import re

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.conftest import ClientOf
from tests.evaluation.makers import (
    CLOSED,
    NOW,
    SECTIONS,
    entries_of,
    judge_entry,
    make_judges,
    make_open_round,
    said,
)
from tests.evaluation.views.counting import statements_of
from tests.factories import Town
from tests.whole.html import faults_of
from tifa.core.models import StoredFile
from tifa.evaluation.choices import ScoreState
from tifa.evaluation.models import Conflict, Entry, EntryProposal, PanelMember, Score, ScoreSheet
from tifa.evaluation.selectors.rubrics import rubric_of
from tifa.evaluation.services.panel import declare_conflict
from tifa.evaluation.services.rounds import close_round
from tifa.evaluation.services.scoring import record_scores
from tifa.organisation.models import Person
from tifa.registry.models import Evidence


@pytest.fixture
def entry(town: Town, judge: Person) -> Entry:
    return entries_of(make_open_round(town, [judge], entries=2))[0]


def sheet(entry: Entry, name: str = "sheet_edit") -> str:
    return reverse(f"evaluation:{name}", args=[entry.pk])


def typed(
    value: str = "80",
    version: int = 0,
    note: str = "",
    action: str = "draft",
    other: dict[str, str] | None = None,
) -> dict[str, str]:
    """Return a filled form; ``other`` names fields that differ."""
    fields = {"version": str(version), "action": action}
    for name in SECTIONS:
        fields |= {f"{name}-state": "scored", f"{name}-value": value, f"{name}-note": note}
    return fields | (other or {})


def values() -> set[str]:
    return {str(value) for value in Score.objects.values_list("value", flat=True)}


def test_the_sheet_shows_sections_with_weight_and_limits(
    client_of: ClientOf, judge: Person, entry: Entry
) -> None:
    content = client_of(judge).get(sheet(entry)).content.decode()

    assert faults_of(content) == []
    assert len(re.findall(r'<textarea name="[a-z_]+-note"', content)) == len(SECTIONS)
    assert entry.innovation.summary in content
    assert "data-autosave=" in content


def test_the_proposal_stands_beside_the_rubric(client_of: ClientOf, judge: Person, entry: Entry) -> None:
    client = client_of(judge)
    client.cookies["tifa_language"] = "en"
    assert "No proposal was ready" in client.get(sheet(entry)).content.decode()
    EntryProposal.objects.create(
        entry=entry,
        texts={
            "ringkasan": {"ringkasan": "Warga mendaftar <b>dari</b> rumah."},
            "adaptabilitas": {"sudah_direplikasi": "Sudah di dua distrik."},
        },
    )

    content = client.get(sheet(entry)).content.decode()

    assert faults_of(content) == []
    assert "Warga mendaftar &lt;b&gt;dari&lt;/b&gt; rumah." in content
    question = next(
        one
        for section in rubric_of(entry.round).sections
        for one in section.questions
        if one.id == "sudah_direplikasi"
    )
    assert content.index(question.label_en) < content.index("Sudah di dua distrik.")
    assert content.count("nothing written") == len(SECTIONS) - 2
    assert "A number from 0 to 100." in content


def test_a_draft_is_saved_with_comma_and_note(client_of: ClientOf, judge: Person, entry: Entry) -> None:
    response = client_of(judge).post(sheet(entry), typed("80,5", note="baris\r\nkedua"))

    assert response.status_code == 302
    assert response["Location"] == sheet(entry)
    assert values() == {"80.50"}
    assert set(Score.objects.values_list("note", flat=True)) == {"baris\nkedua"}
    assert ScoreSheet.objects.get().submitted_at is None


def test_submitting_leads_to_the_next_entry(client_of: ClientOf, judge: Person, entry: Entry) -> None:
    second = entries_of(entry.round)[1]

    response = client_of(judge).post(sheet(entry), typed(action="submit"), follow=True)

    assert response.redirect_chain[-1][0] == sheet(second)
    assert ScoreSheet.objects.get().submitted_at is not None

    response = client_of(judge).post(sheet(second), typed(action="submit"), follow=True)
    assert response.redirect_chain[-1][0] == reverse("evaluation:judging_round", args=[entry.round_id])


def test_a_number_without_a_chosen_state_is_a_score(client_of: ClientOf, judge: Person, entry: Entry) -> None:
    client_of(judge).post(
        sheet(entry), typed(other={f"{name}-state": "" for name in SECTIONS}, action="submit")
    )

    assert set(Score.objects.values_list("state", flat=True)) == {ScoreState.SCORED}


def test_a_wrong_number_is_told_and_the_rest_is_kept(
    client_of: ClientOf, judge: Person, entry: Entry
) -> None:
    wrong = typed(other={"kebaruan-value": "8o", "signifikansi-value": "101", "signifikansi-note": "besar"})

    response = client_of(judge).post(sheet(entry), wrong)

    assert response.status_code == 422
    form = response.context["form"]
    assert set(form.errors) == {"kebaruan-value", "signifikansi-value"}
    assert (form["kebaruan-value"].value(), form["signifikansi-note"].value()) == ("8o", "besar")
    assert form["version"].value() == "1"
    assert set(Score.objects.values_list("section", flat=True)) == set(SECTIONS) - {
        "kebaruan",
        "signifikansi",
    }
    assert faults_of(response.content.decode()) == []


def test_submitting_with_an_open_section_keeps_a_draft(
    client_of: ClientOf, judge: Person, entry: Entry
) -> None:
    open_ = typed(
        other={"kebaruan-state": "", "kebaruan-value": "", "kebaruan-note": "nanti"}, action="submit"
    )

    response = client_of(judge).post(sheet(entry), open_)

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"kebaruan-state"}
    assert ScoreSheet.objects.get().submitted_at is None
    assert Score.objects.filter(state=ScoreState.SCORED).count() == 7


def test_a_number_and_a_reason_do_not_go_together(client_of: ClientOf, judge: Person, entry: Entry) -> None:
    both = typed(other={"kebaruan-state": "conflict"})

    response = client_of(judge).post(sheet(entry), both)

    assert set(response.context["form"].errors) == {"kebaruan-value"}


def test_a_section_without_weight_may_stay_open(client_of: ClientOf, judge: Person, entry: Entry) -> None:
    client_of(judge).post(
        sheet(entry), typed(other={"ringkasan-state": "", "ringkasan-value": ""}, action="submit")
    )

    assert ScoreSheet.objects.get().submitted_at is not None


def test_an_older_window_gets_both_texts_and_nothing_is_overwritten(
    client_of: ClientOf, judge: Person, entry: Entry
) -> None:
    client = client_of(judge)
    client.post(sheet(entry), typed("80", note="dari jendela pertama"))

    response = client.post(sheet(entry), typed("70", note="dari jendela kedua"))
    content = response.content.decode()

    assert response.status_code == 409
    assert "dari jendela pertama" in content
    assert "dari jendela kedua" in content
    assert faults_of(content) == []
    assert values() == {"80.00"}

    keep = {f"keep-{name}": "mine" for name in SECTIONS} | {"keep-kebaruan": "stored"}
    version = response.context["form"]["version"].value()
    merged = client.post(sheet(entry), typed("70", int(version), "dari jendela kedua", other=keep))

    assert merged.status_code == 302
    stored = dict(Score.objects.values_list("section", "note"))
    assert stored.pop("kebaruan") == "dari jendela pertama"
    assert set(stored.values()) == {"dari jendela kedua"}


def test_autosave_stores_a_draft_and_gives_the_new_version(
    client_of: ClientOf, judge: Person, entry: Entry
) -> None:
    client = client_of(judge)

    first = client.post(sheet(entry, "sheet_autosave"), typed("80"))
    second = client.post(sheet(entry, "sheet_autosave"), typed("70", 1, other={"kebaruan-value": "x"}))

    assert (first.status_code, first.json()["version"]) == (200, 1)
    assert (second.status_code, second.json()["version"]) == (200, 2)
    assert set(second.json()["errors"]) == {"kebaruan-value"}
    assert values() == {"80.00", "70.00"}


def test_autosave_of_an_older_window_is_refused_with_a_sentence(
    client_of: ClientOf, judge: Person, entry: Entry
) -> None:
    client = client_of(judge)
    client.post(sheet(entry, "sheet_autosave"), typed("80"))

    stale = client.post(sheet(entry, "sheet_autosave"), typed("70"))

    assert (stale.status_code, stale.json()["version"]) == (409, 1)
    assert stale.json()["message"]
    assert values() == {"80.00"}


def test_autosave_never_submits_and_leaves_a_submitted_sheet_alone(
    client_of: ClientOf, judge: Person, entry: Entry
) -> None:
    client = client_of(judge)
    client.post(sheet(entry), typed("80", action="submit"))

    answer = client.post(sheet(entry, "sheet_autosave"), typed("70", 1))

    assert answer.status_code == 409
    assert values() == {"80.00"}
    assert client.get(sheet(entry, "sheet_autosave")).status_code == 405


def test_a_submitted_sheet_is_corrected(client_of: ClientOf, judge: Person, entry: Entry) -> None:
    client = client_of(judge)
    client.post(sheet(entry), typed("80", action="submit"))

    page = client.get(sheet(entry)).content.decode()
    wrong = client.post(sheet(entry), typed("70", 1, other={"kebaruan-value": "x"}, action="submit"))
    assert "data-autosave=" not in page
    assert (wrong.status_code, values()) == (422, {"80.00"})

    client.post(sheet(entry), typed("70", 1, action="submit"))
    assert values() == {"70.00"}


@pytest.mark.parametrize("saved", [False, True])
def test_saving_stays_under_its_ceiling(
    client_of: ClientOf, judge: Person, entry: Entry, saved: bool
) -> None:
    client = client_of(judge)
    if saved:
        client.post(sheet(entry), typed("80"))

    def save() -> None:
        assert client.post(sheet(entry), typed("70", int(saved), action="submit")).status_code == 302

    assert statements_of(save) == 12


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_of_a_judge_cost_the_same(client_of: ClientOf, town: Town, rows: int) -> None:
    judges = make_judges(town, rows)
    entries = entries_of(make_open_round(town, judges, entries=rows))
    for entry in entries:
        for judge in judges:
            judge_entry(judge, entry, 80, submit=False)
    client = client_of(judges[0])
    round_page = reverse("evaluation:judging_round", args=[entries[0].round_id])

    assert statements_of(lambda: client.get(sheet(entries[0]))) == 7
    assert statements_of(lambda: client.get(round_page)) == 7
    assert statements_of(lambda: client.get(reverse("evaluation:judging_list"))) == 6


def test_the_lists_of_a_judge_are_valid_and_narrowed(
    client_of: ClientOf, judge: Person, entry: Entry
) -> None:
    client = client_of(judge)
    client.post(sheet(entry), typed("80"))
    round_page = reverse("evaluation:judging_round", args=[entry.round_id])

    drafts = client.get(round_page, {"state": "draft"})

    assert list(drafts.context["page_obj"]) == [entry]
    assert list(client.get(round_page, {"q": "nothing"}).context["page_obj"]) == []
    for page in (
        round_page,
        reverse("evaluation:judging_list"),
        sheet(entry),
        sheet(entry, "sheet_conflict"),
    ):
        assert faults_of(client.get(page).content.decode()) == []


def everything(client: Client, entry: Entry) -> dict[str, int]:
    """Open every address of an entry as a judge, by reading and by writing."""
    found = {name: client.get(sheet(entry, name)).status_code for name in ("sheet_edit", "sheet_conflict")}
    for name in ("sheet_edit", "sheet_autosave", "sheet_conflict"):
        found[f"{name} post"] = client.post(sheet(entry, name), typed()).status_code
    found["evidence"] = client.get(reverse("evaluation:sheet_evidence", args=[entry.pk, 1])).status_code
    return found


def test_a_declared_conflict_takes_the_entry_away(client_of: ClientOf, judge: Person, entry: Entry) -> None:
    client = client_of(judge)
    client.post(sheet(entry), typed("80", action="submit"), follow=True)

    response = client.post(sheet(entry, "sheet_conflict"), {"reason": "unit saya"}, follow=True)

    assert Conflict.objects.get().reason == "unit saya"
    assert entry.innovation.title not in response.content.decode()
    assert (response.context["round"].expected, response.context["round"].submitted) == (1, 0)
    assert set(everything(client, entry).values()) == {404}
    assert values() == {"80.00"}


def test_other_judges_and_other_roles_find_nothing(
    client_of: ClientOf, town: Town, ortal: Person, entry: Entry
) -> None:
    (stranger,) = make_judges(town, 1)

    assert set(everything(client_of(stranger), entry).values()) == {404}
    assert set(everything(client_of(ortal), entry).values()) == {403}
    page = reverse("evaluation:judging_round", args=[entry.round_id])
    assert client_of(stranger).get(page).status_code == 404
    assert not ScoreSheet.objects.exists()


def test_a_conflict_recorded_by_ortal_meanwhile_stores_nothing(
    client_of: ClientOf, judge: Person, ortal: Person, entry: Entry
) -> None:
    client = client_of(judge)
    client.get(sheet(entry))
    member = PanelMember.objects.get()
    declare_conflict(actor=ortal, entry=entry, member=member, reason="", now=NOW)

    assert client.post(sheet(entry), typed()).status_code == 404
    assert not ScoreSheet.objects.exists()


def test_a_closed_round_is_read_and_keeps_what_is_typed_on_the_page(
    client_of: ClientOf, judge: Person, ortal: Person, entry: Entry
) -> None:
    client = client_of(judge)
    record_scores(judge=judge, entry=entry, version=0, scores=said(80, "catatan"), submit=True, now=NOW)
    close_round(actor=ortal, round_=entry.round, on=CLOSED)

    page = client.get(sheet(entry)).content.decode()
    late = client.post(sheet(entry), typed("70", 1, note="terlambat", action="submit"))

    assert "catatan" in page
    assert "<textarea" not in page
    assert faults_of(page) == []
    assert late.status_code == 422
    assert "terlambat" in late.content.decode()
    assert values() == {"80.00"}


def test_evidence_is_handed_to_the_judge_as_a_file(
    client_of: ClientOf, judge: Person, operator: Person, entry: Entry
) -> None:
    stored = StoredFile.objects.create(
        file=ContentFile(b"%PDF-1.7", name="a.pdf"),
        name="keputusan.pdf",
        content_type="application/pdf",
        size=8,
        sha256="0" * 64,
        uploaded_by=operator,
        uploaded_at=timezone.now(),
    )
    evidence = Evidence.objects.create(
        innovation=entry.innovation,
        kind="keputusan",
        title="Keputusan",
        file=stored,
        added_by=operator,
        added_at=timezone.now(),
    )
    client = client_of(judge)

    answer = client.get(reverse("evaluation:sheet_evidence", args=[entry.pk, evidence.pk]))
    other = entries_of(entry.round)[1]

    assert answer["Content-Disposition"] == 'attachment; filename="keputusan.pdf"'
    assert b"".join(answer.streaming_content) == b"%PDF-1.7"  # type: ignore[attr-defined]
    assert client.get(reverse("evaluation:sheet_evidence", args=[other.pk, evidence.pk])).status_code == 404
    assert faults_of(client.get(sheet(entry)).content.decode()) == []
