"""An entry is taken up again on its pages: by Ortal, by its judges, and for everybody who reads the result."""

import pytest
from django.urls import reverse

from tests.conftest import ClientOf
from tests.evaluation.makers import CLOSED, NOW, SECTIONS, entries_of, make_closed_round, make_judges
from tests.factories import Town
from tests.whole.html import faults_of
from tifa.evaluation.models import Entry, RankingPublication, Reopening, Revision, Round, ScoreSheet
from tifa.evaluation.services.ranking import publish_ranking
from tifa.organisation.models import Person

pytestmark = pytest.mark.django_db
APPEAL = {"kind": "appeal", "reason": "Bukti baru dari unit"}


@pytest.fixture
def judges(town: Town) -> list[Person]:
    return make_judges(town, 4)


@pytest.fixture
def published(town: Town, ortal: Person, judges: list[Person]) -> Round:
    round_ = make_closed_round(town, ortal, judges, missing={(3, 0)})
    publish_ranking(actor=ortal, round_=round_, on=CLOSED, now=NOW)
    return Round.objects.get(pk=round_.pk)


def address(name: str, entry: Entry) -> str:
    return reverse(f"evaluation:{name}", args=[entry.pk])


def filled(value: str) -> dict[str, str]:
    return {f"{name}-value": value for name in SECTIONS} | {f"{name}-state": "scored" for name in SECTIONS}


def test_from_the_objection_to_the_correction(
    client_of: ClientOf, published: Round, ortal: Person, judges: list[Person]
) -> None:
    entry, other = entries_of(published)[:2]
    client, page = client_of(ortal), address("entry_reopen", entry)
    assert page in client.get(address("entry_detail", entry)).content.decode()
    assert faults_of(client.get(page).content.decode()) == []
    assert client.post(page, {"kind": "appeal", "reason": " "}).status_code == 422
    client.post(page, APPEAL)
    assert faults_of(client.get(page).content.decode()) == []
    assert (
        APPEAL["reason"]
        in client.get(reverse("evaluation:round_detail", args=[published.pk])).content.decode()
    )

    own = client_of(judges[0])
    sheet = address("moderation_sheet", entry)
    assert sheet in own.get(reverse("evaluation:judging_round", args=[published.pk])).content.decode()
    assert own.get(address("moderation_sheet", other)).status_code == 404
    shown = own.get(sheet).content.decode()
    assert APPEAL["reason"] in shown
    assert faults_of(shown) == []
    own.post(sheet, {**filled("95"), "version": "1", "action": "revise", "reason": "Bukti baru"})
    own.post(sheet, {"action": "say", "text": "Sudah saya lihat lagi."})
    assert Revision.objects.get().sheet.entry == entry

    late, missing = client_of(judges[3]), address("sheet_edit", entry)
    assert missing in late.get(reverse("evaluation:judging_round", args=[published.pk])).content.decode()
    assert 'name="action" value="submit"' in late.get(missing).content.decode()
    late.post(missing, {**filled("70"), "version": "0", "action": "submit"})
    assert ScoreSheet.objects.filter(entry=entry, submitted_at__isnull=False).count() == 4
    assert 'name="action" value="submit"' not in late.get(missing).content.decode()

    assert reverse("evaluation:round_publish", args=[published.pk]) in client.get(page).content.decode()
    assert client.post(page, {"answer": "x"}).status_code == 422
    publish = reverse("evaluation:round_publish", args=[published.pk])
    assert entry.innovation.title in client.get(publish).content.decode()
    client.post(publish, {"publish": "yes", "reason": "Keberatan dikabulkan"})

    assert RankingPublication.objects.count() == 2
    result = client.get(reverse("portal:result", args=[published.code])).content.decode()
    assert faults_of(result) == []
    assert APPEAL["reason"] in result
    assert own.get(sheet).status_code == 404
    history = client.get(page).content.decode()
    assert APPEAL["reason"] in history


def test_it_ends_with_an_answer(client_of: ClientOf, published: Round, ortal: Person) -> None:
    entry = entries_of(published)[1]
    client, page = client_of(ortal), address("entry_reopen", entry)
    client.post(page, APPEAL)
    assert client.post(page, {"answer": ""}).status_code == 422

    client.post(page, {"answer": "Semua bukti sudah dinilai."})

    assert Reopening.objects.get().answer == "Semua bukti sudah dinilai."
    assert "Semua bukti sudah dinilai." in client.get(page).content.decode()


def test_an_entry_that_left_is_told_in_the_correction(
    client_of: ClientOf, published: Round, ortal: Person
) -> None:
    entry = entries_of(published)[1]
    client = client_of(ortal)
    client.cookies["tifa_language"] = "en"
    client.post(address("entry_reopen", entry), {"kind": "entry", "reason": "Bukan milik unit"})
    client.post(address("entry_withdraw", entry), {"action": "withdraw", "reason": "Bukan milik unit"})
    client.post(
        reverse("evaluation:round_publish", args=[published.pk]),
        {"publish": "yes", "reason": "Entri ditarik"},
    )

    result = client.get(reverse("portal:result", args=[published.code])).content.decode()

    assert "left the round" in result
    assert faults_of(result) == []


def test_who_judges_with_a_conflict_finds_nothing_of_it(
    client_of: ClientOf, published: Round, ortal: Person, judges: list[Person]
) -> None:
    entry = entries_of(published)[1]
    client_of(ortal).post(address("entry_reopen", entry), {"kind": "judge", "reason": "Salah menilai"})
    member = published.panel.get(person=judges[1])
    client_of(ortal).post(address("conflict_declare", entry), {"member": member.pk, "reason": "Atasan"})

    own = client_of(judges[1])

    assert (
        entry.innovation.title
        not in own.get(reverse("evaluation:judging_round", args=[published.pk])).content.decode()
    )
    assert own.get(address("moderation_sheet", entry)).status_code == 404
    assert own.get(address("sheet_edit", entry)).status_code == 404


@pytest.mark.parametrize("who", ["operator", "leader"])
def test_nobody_but_ortal_takes_an_entry_up(
    client_of: ClientOf, published: Round, who: str, request: pytest.FixtureRequest
) -> None:
    client = client_of(request.getfixturevalue(who))

    assert client.post(address("entry_reopen", entries_of(published)[0]), APPEAL).status_code in {403, 404}
    assert not Reopening.objects.exists()
