"""Decisions: what may follow, what a person has seen, and two at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from tests.conftest import TODAY
from tests.factories import Town, build_town, make_innovation, make_person, walk_chain
from tifa.chain.choices import NEXT_STEPS, Step
from tifa.chain.models import HandOff
from tifa.chain.services.handoffs import Decision, WrongStep, decide_handoff
from tifa.core.models import Event
from tifa.organisation.choices import Role
from tifa.organisation.models import Person
from tifa.registry.models import Innovation

DAY = date(2026, 3, 1)


def reported(town: Town) -> tuple[Innovation, int]:
    innovation = walk_chain(make_innovation(town.puskesmas), (Step.REPORTED, DAY))
    return innovation, innovation.handoffs.get().pk


def test_decision_is_recorded_with_the_digest_of_what_was_decided_on(town: Town, ortal: Person) -> None:
    innovation, seen = reported(town)

    handoff = decide_handoff(
        actor=ortal, innovation=innovation, decision=Decision(Step.VERIFIED, TODAY), seen=seen
    )

    innovation.refresh_from_db()
    assert (handoff.step, handoff.recorded_by, len(handoff.content_digest)) == (Step.VERIFIED, ortal, 64)
    assert (innovation.verified_on, innovation.published_on) == (TODAY, TODAY)
    assert Event.objects.filter(action="handoff.diverifikasi", object_key=innovation.code).count() == 1


@pytest.mark.parametrize(
    ("before", "step", "parties"),
    [
        (Step.REPORTED, Step.VERIFIED, ("Bagian Organisasi", "Bagian Organisasi")),
        (Step.REPORTED, Step.RETURNED, ("Bagian Organisasi", "Puskesmas Abepura")),
        (Step.VERIFIED, Step.SELECTED, ("Bagian Organisasi", "Bagian Organisasi")),
        (Step.VERIFIED, Step.HELD, ("Bagian Organisasi", "Bagian Organisasi")),
        (Step.SELECTED, Step.FORWARDED, ("Bagian Organisasi", "Kementerian PANRB")),
        (Step.FORWARDED, Step.RECEIVED, ("Kementerian PANRB", "Bagian Organisasi")),
        (Step.FORWARDED, Step.REJECTED, ("Kementerian PANRB", "Bagian Organisasi")),
        (Step.RECEIVED, Step.FINALIST, ("Kementerian PANRB", "Bagian Organisasi")),
        (Step.FINALIST, Step.AWARDED, ("Kementerian PANRB", "Bagian Organisasi")),
    ],
)
def test_step_names_who_handed_it_to_whom(
    town: Town, ortal: Person, before: Step, step: Step, parties: tuple[str, str]
) -> None:
    innovation = walk_chain(make_innovation(town.puskesmas), (before, DAY))
    decision = Decision(step, TODAY, due=TODAY, reason="alasan", letter_number="1")

    handoff = decide_handoff(
        actor=ortal, innovation=innovation, decision=decision, seen=innovation.handoffs.get().pk
    )

    assert (handoff.from_party, handoff.to_party) == parties


@pytest.mark.parametrize("step", Step)
def test_only_what_may_follow_follows(town: Town, ortal: Person, step: Step) -> None:
    innovation, seen = reported(town)
    decision = Decision(step, TODAY, due=TODAY, reason="alasan", letter_number="1")

    if step in NEXT_STEPS[Step.REPORTED]:
        decide_handoff(actor=ortal, innovation=innovation, decision=decision, seen=seen)
    else:
        with pytest.raises(WrongStep, match="cannot follow “Reported”"):
            decide_handoff(actor=ortal, innovation=innovation, decision=decision, seen=seen)

    assert innovation.handoffs.count() == (2 if step in NEXT_STEPS[Step.REPORTED] else 1)


def test_who_did_not_see_the_newest_step_is_refused(town: Town, ortal: Person) -> None:
    innovation, seen = reported(town)
    decide_handoff(actor=ortal, innovation=innovation, decision=Decision(Step.VERIFIED, TODAY), seen=seen)

    with pytest.raises(WrongStep, match="meanwhile: Verified on 24 November 2026"):
        decide_handoff(
            actor=ortal,
            innovation=innovation,
            decision=Decision(Step.RETURNED, TODAY, reason="bukti"),
            seen=seen,
        )


def test_a_day_before_the_last_step_is_refused(town: Town, ortal: Person) -> None:
    innovation, seen = reported(town)

    with pytest.raises(WrongStep, match="lies before the last step"):
        decide_handoff(
            actor=ortal,
            innovation=innovation,
            decision=Decision(Step.VERIFIED, DAY - timedelta(days=1)),
            seen=seen,
        )


@pytest.mark.parametrize(("reason", "due"), [("", date(2027, 1, 1)), ("menunggu", None)])
def test_holding_back_needs_reason_and_due(town: Town, ortal: Person, reason: str, due: date | None) -> None:
    innovation, seen = reported(town)
    last = decide_handoff(
        actor=ortal, innovation=innovation, decision=Decision(Step.VERIFIED, TODAY), seen=seen
    )

    with pytest.raises(ValidationError, match="Holding back needs a reason and a date"):
        decide_handoff(
            actor=ortal,
            innovation=innovation,
            decision=Decision(Step.HELD, TODAY, reason=reason, due=due),
            seen=last.pk,
        )


@pytest.mark.django_db(transaction=True)
def test_of_two_decisions_at_once_exactly_one_wins() -> None:
    town = build_town()
    ortal = make_person("ortal@example.org", Role.ORTAL, town.city)
    innovation, seen = reported(town)

    def decide(step: Step) -> str:
        try:
            decide_handoff(
                actor=ortal, innovation=innovation, decision=Decision(step, TODAY, reason="r"), seen=seen
            )
        except WrongStep:
            return "refused"
        finally:
            connection.close()
        return "won"

    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(decide, [Step.VERIFIED, Step.RETURNED]))

    assert results == ["refused", "won"]
    assert HandOff.objects.count() == 2
