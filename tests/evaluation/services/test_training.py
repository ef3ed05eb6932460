"""Training: marks are handed in once, nobody is drawn by others, and a judge's standing is their own."""

from decimal import Decimal

import pytest

from tests.evaluation.makers import (
    CLOSED,
    NOW,
    SECTIONS,
    entries_of,
    judge_entry,
    make_judges,
    make_open_round,
    make_round,
)
from tests.factories import Town
from tifa.core.models import Event
from tifa.evaluation.models import PanelMember, Round, TrainingExample, TrainingSheet
from tifa.evaluation.selectors.rubrics import rubric_of
from tifa.evaluation.selectors.training import (
    compared,
    my_examples,
    own_standing,
    remarks_on,
    training_rounds,
)
from tifa.evaluation.services.locking import RoundRefused
from tifa.evaluation.services.rounds import close_round
from tifa.evaluation.services.scoring import IncompleteSheet, NotOnPanel, WrongScore
from tifa.evaluation.services.training import (
    MOST_EXAMPLES,
    add_example,
    agree_training,
    change_example,
    remove_example,
    say_training,
    submit_training,
)
from tifa.evaluation.services.withdrawing import withdraw_judge
from tifa.organisation.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def judges(town: Town) -> list[Person]:
    return make_judges(town, 4)


@pytest.fixture
def round_(town: Town, ortal: Person, judges: list[Person]) -> Round:
    made = make_round(town, judges)
    for number in (1, 2):
        add_example(actor=ortal, round_=made, title=f"Contoh {number}", text="Antrean daring")
    return made


def examples(round_: Round) -> list[TrainingExample]:
    return list(TrainingExample.objects.filter(round=round_).select_related("round"))


def score(judge: Person, example: TrainingExample, value: int) -> TrainingSheet:
    marks = dict.fromkeys(SECTIONS, Decimal(value))
    return submit_training(judge=judge, example=example, marks=marks, now=NOW)


def all_score(round_: Round, judges: list[Person]) -> None:
    for seat, judge in enumerate(judges):
        for number, example in enumerate(examples(round_)):
            score(judge, example, 70 - 4 * seat + 10 * number + (seat * number) % 3)


def test_a_judge_sees_the_panel_and_their_own_standing(round_: Round, judges: list[Person]) -> None:
    all_score(round_, judges)
    rubric = rubric_of(round_)

    rows = compared(examples(round_)[0], rubric, judges[0])
    strict, generous = (own_standing(judges[seat], round_, rubric) for seat in (3, 0))

    assert (rows[0].own, rows[0].mean, rows[0].apart) == (Decimal(70), Decimal(64), Decimal(6))
    assert (rows[0].lowest, rows[0].highest) == (Decimal(58), Decimal(70))
    assert strict is not None
    assert generous is not None
    assert strict.severity > 0 > generous.severity
    assert strict.low < strict.severity < strict.high


def test_too_few_say_nothing(round_: Round, judges: list[Person], ortal: Person) -> None:
    rubric = rubric_of(round_)
    for judge in judges[:2]:
        for example in examples(round_):
            score(judge, example, 60)

    assert own_standing(judges[0], round_, rubric) is None
    assert own_standing(judges[3], round_, rubric) is None
    assert own_standing(ortal, round_, rubric) is None


def test_marks_are_handed_in_once(round_: Round, judges: list[Person]) -> None:
    example = examples(round_)[0]
    score(judges[0], example, 60)

    with pytest.raises(RoundRefused, match="already"):
        score(judges[0], example, 90)
    assert TrainingSheet.objects.get().marks["kebaruan"] == "60"


def test_what_does_not_fit_is_refused(round_: Round, judges: list[Person], ortal: Person) -> None:
    example = examples(round_)[0]

    with pytest.raises(NotOnPanel):
        score(ortal, example, 60)
    with pytest.raises(WrongScore):
        score(judges[0], example, 101)
    with pytest.raises(IncompleteSheet):
        submit_training(judge=judges[0], example=example, marks={"kebaruan": Decimal(60)}, now=NOW)
    with pytest.raises(WrongScore):
        submit_training(judge=judges[0], example=example, marks={"lain": Decimal(60)}, now=NOW)


def test_a_withdrawn_judge_is_out(round_: Round, judges: list[Person], ortal: Person) -> None:
    all_score(round_, judges)
    member = PanelMember.objects.get(round=round_, person=judges[0])
    withdraw_judge(actor=ortal, member=member, reason="Sakit", now=NOW)

    assert not my_examples(judges[0]).exists()
    assert not training_rounds(judges[0]).exists()
    assert compared(examples(round_)[0], rubric_of(round_), judges[1])[0].highest == Decimal(66)


def test_it_is_over_with_the_scoring(town: Town, ortal: Person, judges: list[Person]) -> None:
    made = make_open_round(town, judges)
    example = add_example(actor=ortal, round_=made, title="Contoh", text="Teks")
    score(judges[0], example, 60)
    judge_entry(judges[0], entries_of(made)[0], 60)
    close_round(actor=ortal, round_=made, on=CLOSED)

    assert not training_rounds(judges[0]).exists()
    with pytest.raises(RoundRefused):
        score(judges[1], example, 60)
    with pytest.raises(RoundRefused):
        say_training(author=ortal, example=example, text="x", now=NOW)
    with pytest.raises(RoundRefused):
        agree_training(actor=ortal, example=example, text="x")
    with pytest.raises(RoundRefused):
        add_example(actor=ortal, round_=made, title="x", text="x")


def test_an_example_stays_as_it_was_read(round_: Round, judges: list[Person], ortal: Person) -> None:
    first, second = examples(round_)
    score(judges[0], first, 60)

    with pytest.raises(RoundRefused, match="as they read it"):
        change_example(actor=ortal, example=first, title="Lain", text="Lain")
    with pytest.raises(RoundRefused, match="as they read it"):
        remove_example(actor=ortal, example=first)
    change_example(actor=ortal, example=second, title="Lain", text="Lain")
    remove_example(actor=ortal, example=second)
    assert [one.title for one in examples(round_)] == ["Contoh 1"]


def test_a_few_examples_are_enough(round_: Round, ortal: Person) -> None:
    for number in range(2, MOST_EXAMPLES):
        add_example(actor=ortal, round_=round_, title=f"Contoh {number}", text="Teks")

    with pytest.raises(RoundRefused, match="enough"):
        add_example(actor=ortal, round_=round_, title="Lagi", text="Teks")


def test_who_speaks_is_a_letter(round_: Round, judges: list[Person], ortal: Person) -> None:
    example = examples(round_)[0]
    say_training(author=judges[0], example=example, text="Menurut saya kuat", now=NOW)
    say_training(author=ortal, example=example, text="Mohon alasannya", now=NOW)

    first, second = remarks_on(example, judges[0])

    assert (first.own, len(first.who)) == (True, 1)
    assert second.who == ""
    assert remarks_on(example, judges[1])[0].own is False


def test_no_mark_stands_in_the_log(round_: Round, judges: list[Person]) -> None:
    score(judges[0], examples(round_)[0], 77)

    (event,) = Event.objects.filter(action="training.submitted")
    assert "77" not in str(event.detail)
