"""Training on its pages: Ortal gives examples, judges score them, and each sees their own standing alone."""

from functools import partial

import pytest
from django.urls import reverse

from tests.conftest import ClientOf
from tests.evaluation.makers import SECTIONS, make_judges, make_round
from tests.evaluation.views.counting import statements_of
from tests.factories import Town
from tests.whole.html import faults_of
from tifa.evaluation.models import Round, TrainingExample, TrainingNote, TrainingSheet
from tifa.evaluation.services.training import add_example
from tifa.organisation.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def judges(town: Town) -> list[Person]:
    return make_judges(town, 4)


@pytest.fixture
def round_(town: Town, judges: list[Person]) -> Round:
    return make_round(town, judges)


@pytest.fixture
def examples(round_: Round, ortal: Person) -> list[TrainingExample]:
    return [add_example(actor=ortal, round_=round_, title=f"Contoh {n}", text=f"Antrean {n}") for n in (1, 2)]


def marks(value: int | str) -> dict[str, str]:
    return {**dict.fromkeys(SECTIONS, str(value)), "action": "submit"}


def sheet(example: TrainingExample) -> str:
    return reverse("evaluation:training_sheet", args=[example.pk])


def test_ortal_gives_examples_and_notes_what_was_agreed(
    client_of: ClientOf, round_: Round, ortal: Person, judges: list[Person]
) -> None:
    client, page = client_of(ortal), reverse("evaluation:training", args=[round_.pk])
    assert page in client.get(reverse("evaluation:round_detail", args=[round_.pk])).content.decode()
    assert client.post(page, {"title": "Contoh", "text": ""}).status_code == 422
    client.post(page, {"title": "Contoh", "text": "Antrean daring"})
    example = TrainingExample.objects.get()
    own = reverse("evaluation:training_example", args=[example.pk])
    client.post(
        own, {"action": "change", "example-title": "Contoh 1", "example-text": "Antrean di puskesmas"}
    )
    client_of(judges[0]).post(sheet(example), marks(63))
    client.post(own, {"action": "say", "text": "Mohon alasan."})
    client.post(own, {"action": "agree", "agreed": "Uji coba paling tinggi 60."})

    shown = client.get(own).content.decode()

    assert faults_of(shown) == []
    assert "63,00" in shown
    assert judges[0].name not in shown
    assert "Uji coba paling tinggi 60." in client.get(page).content.decode()
    assert client.post(own, {"action": "remove"}).status_code == 302
    assert TrainingExample.objects.get().title == "Contoh 1"


def test_an_example_is_taken_away(
    client_of: ClientOf, examples: list[TrainingExample], ortal: Person
) -> None:
    client_of(ortal).post(reverse("evaluation:training_example", args=[examples[1].pk]), {"action": "remove"})

    assert list(TrainingExample.objects.all()) == examples[:1]


def test_a_judge_scores_then_sees_the_panel(
    client_of: ClientOf, round_: Round, examples: list[TrainingExample], judges: list[Person]
) -> None:
    for seat, judge in enumerate(judges[1:], start=1):
        for example in examples:
            assert client_of(judge).post(sheet(example), marks(50 + 7 * seat)).status_code == 302
    client = client_of(judges[0])
    client.cookies["tifa_language"] = "en"
    mine = reverse("evaluation:training_mine", args=[round_.pk])
    assert mine in client.get(reverse("evaluation:judging_list")).content.decode()
    before = client.get(sheet(examples[0])).content.decode()
    assert faults_of(before) == []
    assert "57" not in before
    assert client.post(sheet(examples[0]), {"action": "say", "text": "Boleh?"}).status_code == 200
    assert not TrainingNote.objects.exists()
    assert client.post(sheet(examples[0]), marks(101)).status_code == 422
    assert "Score at least two examples" in client.get(mine).content.decode()

    for example in examples:
        client.post(sheet(example), marks("41,5"))
    client.post(sheet(examples[0]), {"action": "say", "text": "Bagi saya lemah."})

    after = client.get(sheet(examples[0])).content.decode()
    assert faults_of(after) == []
    assert "41.50" in after
    assert "57.00–71.00" not in after  # the lowest is the judge's own now
    assert "41.50–71.00" in after
    assert "Bagi saya lemah." in after
    standing = client.get(mine).content.decode()
    assert faults_of(standing) == []
    assert "You score stricter than the panel." in standing


def test_who_runs_the_round_and_judges_scores_first(
    client_of: ClientOf, round_: Round, examples: list[TrainingExample], judges: list[Person], ortal: Person
) -> None:
    client_of(judges[0]).post(sheet(examples[0]), marks(63))
    round_.panel.create(name="Ortal", person=ortal)
    client = client_of(ortal)
    client.cookies["tifa_language"] = "en"

    shown = client.get(reverse("evaluation:training_example", args=[examples[0].pk])).content.decode()

    assert "63.00" not in shown
    assert "score the example first" in shown


def test_nobody_else_finds_it(
    client_of: ClientOf,
    town: Town,
    round_: Round,
    examples: list[TrainingExample],
    judges: list[Person],
    operator: Person,
    leader: Person,
) -> None:
    (stranger,) = make_judges(town, 1, start=20)
    mine = reverse("evaluation:training_mine", args=[round_.pk])
    for person in (stranger, operator, leader):
        client = client_of(person)
        for address in (mine, sheet(examples[0])):
            assert client.get(address).status_code in {403, 404}
        assert client.post(sheet(examples[0]), marks(60)).status_code in {403, 404}
        for address in (
            reverse("evaluation:training", args=[round_.pk]),
            reverse("evaluation:training_example", args=[examples[0].pk]),
        ):
            assert client.get(address).status_code in {403, 404}
    assert not TrainingSheet.objects.exists()


def test_statements_do_not_grow_with_the_panel(
    client_of: ClientOf, town: Town, examples: list[TrainingExample], judges: list[Person], round_: Round
) -> None:
    mine = reverse("evaluation:training_mine", args=[round_.pk])
    counts = []
    for more in (judges, make_judges(town, 8, start=30)):
        for judge in more:
            round_.panel.get_or_create(person=judge, defaults={"name": judge.name})
            for example in examples:
                client_of(judge).post(sheet(example), marks(60))
        client = client_of(judges[0])
        counts.append([statements_of(partial(client.get, address)) for address in (mine, sheet(examples[0]))])

    assert counts[0] == counts[1]
