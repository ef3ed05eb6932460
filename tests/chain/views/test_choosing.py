"""The choice under the cap: in order, with reasons, nobody dropped in silence."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document
from pytest_django import DjangoAssertNumQueries

from tests.conftest import TODAY, ClientOf
from tests.factories import Town, make_handoff, make_innovation, walk_chain
from tifa.chain.choices import Step
from tifa.chain.models import HandOff
from tifa.chain.selectors.handoffs import last_handoff
from tifa.chain.services.handoffs import WrongStep, decide_handoff
from tifa.core.models import Event
from tifa.dossiers.models import Dossier, Selection
from tifa.dossiers.sending import freeze
from tifa.dossiers.services.writing import mark_ready, set_facts, start_dossier
from tifa.instruments import load_instrument
from tifa.organisation.models import Person
from tifa.registry.models import Innovation

NOW = timezone.now()
DAY = TODAY - timedelta(days=30)
EDITION = "kipp-2021"
PAGE = reverse("chain:choice", args=[EDITION])
DUE = (TODAY + timedelta(days=60)).isoformat()
REASONS = {"reason": "Bukti paling lengkap.", "rest_reason": "Belum ada angka hasil.", "due": DUE}


def innovation_of(town: Town, title: str, *steps: Step) -> Innovation:
    made = make_innovation(town.puskesmas, title=title, trial_started=None, use_started=date(2018, 1, 15))
    return walk_chain(made, *((step, DAY) for step in steps or (Step.REPORTED, Step.VERIFIED)))


def begun(
    operator: Person, innovation: Innovation, edition: str = EDITION, group: str = "replikasi"
) -> Dossier:
    instrument = load_instrument(edition)
    dossier = start_dossier(
        actor=operator,
        innovation=innovation,
        instrument=instrument,
        group=group if instrument.groups else "",
        now=NOW,
    )
    if instrument.categories:
        set_facts(
            actor=operator,
            dossier=dossier,
            instrument=instrument,
            facts={
                "group": group,
                "category": instrument.categories.choices[0].id,
                "goals": [3],
                "attachments": [one.id for one in instrument.attachments],
            },
            version=1,
            now=NOW,
        )
    return Dossier.objects.get(pk=dossier.pk)


@pytest.fixture
def room(client_of: ClientOf, ortal: Person) -> Client:
    found = client_of(ortal)
    found.cookies["tifa_language"] = "en"
    return found


def record(room: Client, *picked: Dossier, **changes: Any) -> Any:
    newest = Selection.objects.order_by("pk").last()
    data = {"picked": [one.pk for one in picked], "seen": newest.pk if newest else "", **REASONS, **changes}
    return room.post(PAGE, data, follow=True)


def step_of(dossier: Dossier) -> str:
    last = last_handoff(dossier.innovation)
    return last.step if last else ""


def test_chosen_one_is_selected_and_the_other_held_back_with_reason_and_day(
    room: Client, town: Town, operator: Person
) -> None:
    first, second = (begun(operator, innovation_of(town, title)) for title in ("Antre Rumah", "Surat Pantai"))

    page = record(room, first)

    assert page.status_code == 200
    assert "1 of 2 is chosen" in page.content.decode()
    assert (step_of(first), step_of(second)) == (Step.SELECTED, Step.HELD)
    held = last_handoff(second.innovation)
    assert held is not None
    assert (held.reason, held.due) == (REASONS["rest_reason"], date.fromisoformat(DUE))
    assert [one.chosen for one in Selection.objects.order_by("dossier_id")] == [True, False]
    assert Event.objects.filter(action__in=["dossier.chosen", "dossier.held"]).count() == 2


def test_unit_reads_in_its_dossier_why_it_waits(
    room: Client, client_of: ClientOf, town: Town, operator: Person
) -> None:
    dossier = begun(operator, innovation_of(town, "Surat Pantai"))
    record(room)

    page = client_of(operator).get(reverse("dossiers:dossier", args=[dossier.pk])).content.decode()

    assert REASONS["rest_reason"] in page


def test_more_than_the_cap_is_refused_and_what_was_typed_stays(
    room: Client, town: Town, operator: Person
) -> None:
    dossiers = [begun(operator, innovation_of(town, f"Cara Nomor {at}")) for at in range(6)]

    page = record(room, *dossiers)

    assert page.status_code == 422
    shown = page.content.decode()
    assert "the edition takes at most 5 of one institution" in shown
    assert REASONS["reason"] in shown
    assert shown.count(" checked>") == 6
    assert not Selection.objects.exists()


def test_looking_counts_without_recording(room: Client, town: Town, operator: Person) -> None:
    dossiers = [begun(operator, innovation_of(town, f"Cara Nomor {at}")) for at in range(6)]

    page = record(room, *dossiers, look="1", reason="", rest_reason="").content.decode()

    assert "1 too many" in page
    assert 'id="errors"' not in page
    assert not Selection.objects.exists()


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("reason", "Say why these were chosen"),
        ("rest_reason", "nobody is dropped in silence"),
        ("due", "Give the day on which the others are looked at again"),
    ],
)
def test_reasons_and_day_are_asked_for(
    room: Client, town: Town, operator: Person, missing: str, sentence: str
) -> None:
    first, _second = (
        begun(operator, innovation_of(town, title)) for title in ("Antre Rumah", "Surat Pantai")
    )

    page = record(room, first, **{missing: ""})

    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert not Selection.objects.exists()


def test_what_may_not_enter_is_held_back_with_the_rule_it_breaks(
    room: Client, town: Town, operator: Person
) -> None:
    innovation = innovation_of(town, "Cara Baru")
    Innovation.objects.filter(pk=innovation.pk).update(use_started=TODAY - timedelta(days=40))
    dossier = begun(operator, innovation, group="umum")

    refused = record(room, dossier)
    assert refused.status_code == 422
    record(room)

    held = Selection.objects.get()
    assert not held.chosen
    assert "24" in held.reason
    assert held.reason.endswith(REASONS["rest_reason"])


def test_what_is_not_verified_cannot_be_chosen_and_keeps_its_place_in_the_chain(
    room: Client, town: Town, operator: Person
) -> None:
    dossier = begun(operator, innovation_of(town, "Cara Baru", Step.REPORTED))

    page = room.get(PAGE).content.decode()
    record(room)

    assert "First it has to be verified" in page
    assert step_of(dossier) == Step.REPORTED
    assert Selection.objects.get().chosen is False


def test_one_that_another_edition_takes_stays_selected(room: Client, town: Town, operator: Person) -> None:
    innovation = innovation_of(town, "Antre Rumah")
    begun(operator, innovation)
    other = begun(operator, innovation, "kipp-2023", "umum")
    Selection.objects.create(dossier=other, chosen=True, reason="Kuat.", decided_by=operator, decided_at=NOW)
    walk_chain(innovation, (Step.SELECTED, DAY))

    record(room, seen="")

    assert last_handoff(innovation).step == Step.SELECTED  # type: ignore[union-attr]
    assert Selection.objects.filter(dossier__instrument_id=EDITION).get().chosen is False


def test_choice_of_somebody_else_meanwhile_is_not_overwritten(
    room: Client, town: Town, operator: Person
) -> None:
    first, second = (begun(operator, innovation_of(town, title)) for title in ("Antre Rumah", "Surat Pantai"))
    record(room, first)

    page = record(room, second, seen="")

    assert page.status_code == 422
    assert "Somebody recorded another choice meanwhile" in page.content.decode()
    assert Selection.objects.filter(chosen=True).get().dossier == first


def test_choice_can_be_changed_and_the_newest_holds(room: Client, town: Town, operator: Person) -> None:
    first, second = (begun(operator, innovation_of(town, title)) for title in ("Antre Rumah", "Surat Pantai"))
    record(room, first)

    record(room, second)

    assert (step_of(first), step_of(second)) == (Step.HELD, Step.SELECTED)
    assert Selection.objects.count() == 4


def test_sent_one_takes_its_place_and_is_not_chosen_anew(
    room: Client, town: Town, operator: Person, head: Person, ortal: Person
) -> None:
    dossier = begun(operator, innovation_of(town, "Antre Rumah"))
    mark_ready(actor=head, dossier=dossier, now=NOW)
    freeze(actor=ortal, dossier=dossier, now=NOW)

    page = room.get(PAGE).content.decode()

    assert "It was sent already." in page
    assert f'name="picked" value="{dossier.pk}"' not in page


def test_minutes_are_a_pdf_once_something_was_chosen(room: Client, town: Town, operator: Person) -> None:
    dossier = begun(operator, innovation_of(town, "Antre Rumah"))
    minutes = reverse("chain:choice_minutes", args=[EDITION])
    assert room.get(minutes).status_code == 404
    record(room, dossier)

    found = room.get(minutes)

    assert found.content.startswith(b"%PDF")


def test_page_takes_as_many_statements_for_many_dossiers_as_for_few(
    room: Client, town: Town, operator: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    begun(operator, innovation_of(town, "Antre Rumah"))
    room.get(PAGE)
    with django_assert_max_num_queries(40) as few:
        room.get(PAGE)
    for at in range(5):
        begun(operator, innovation_of(town, f"Cara Nomor {at}"))

    with django_assert_max_num_queries(40) as many:
        room.get(PAGE)

    assert len(many.captured_queries) == len(few.captured_queries)


@pytest.mark.parametrize("who", ["operator", "leader", "auditor", "judge"])
def test_only_ortal_chooses(who: str, client_of: ClientOf, request: pytest.FixtureRequest) -> None:
    assert client_of(request.getfixturevalue(who)).get(PAGE).status_code == 403


def test_choice_leaves_no_step_behind_when_one_cannot_be_taken(
    room: Client, town: Town, operator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _second = (
        begun(operator, innovation_of(town, title)) for title in ("Antre Rumah", "Surat Pantai")
    )

    def fails(**given: Any) -> HandOff:
        if given["decision"].step == Step.HELD:
            raise WrongStep("Meanwhile.")
        return decide_handoff(**given)

    monkeypatch.setattr("tifa.chain.services.choosing.decide_handoff", fails)
    page = record(room, first)

    assert "Meanwhile." in page.content.decode()
    assert not Selection.objects.exists()
    assert step_of(first) == Step.VERIFIED


def words_of(docx: bytes) -> str:
    document = Document(io.BytesIO(docx))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_covering_letter_numbers_the_chosen_ones(room: Client, town: Town, operator: Person) -> None:
    first, second = (begun(operator, innovation_of(town, title)) for title in ("Antre Rumah", "Surat Pantai"))
    address = reverse("chain:choice_letter", args=[EDITION])
    assert room.get(address).status_code == 404
    record(room, first)

    letter = words_of(room.get(address, {"nomor": "7/ORG/2026", "kepada": "Menteri"}).content)

    assert "PEMERINTAH KOTA JAYAPURA" in letter
    assert ": 7/ORG/2026" in letter
    assert "Yth. Menteri" in letter
    assert first.innovation.title in letter
    assert second.innovation.title not in letter
    assert "{" not in letter
    assert "...." in words_of(room.get(address).content)


def test_number_that_would_follow_is_offered(room: Client, town: Town, operator: Person) -> None:
    record(room, begun(operator, innovation_of(town, "Antre Rumah")))
    sent = innovation_of(town, "Surat Pantai")
    make_handoff(sent, Step.FORWARDED, on=date(TODAY.year, 1, 1), letter_number="000.8/017/ORG")

    page = room.get(PAGE).content.decode()

    assert 'value="000.8/018/ORG"' in page
