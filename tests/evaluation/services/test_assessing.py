"""What Ortal alone is told of a computed result."""

import random
from datetime import timedelta

import pytest
from django.utils import translation

from tests.evaluation.makers import CLOSED, NOW, entries_of, judge_entry, make_judges, make_open_round
from tests.factories import Town
from tifa.evaluation.models import ScoreSheet
from tifa.evaluation.selectors.flags import flag_sentences
from tifa.evaluation.services.assessing import assessed_round
from tifa.evaluation.services.rounds import close_round
from tifa.organisation.models import Person

pytestmark = pytest.mark.django_db


def test_a_judge_who_grows_strict_is_pointed_out(town: Town, ortal: Person) -> None:
    judges = make_judges(town, 5)
    round_ = make_open_round(town, judges, entries=24)
    chance = random.Random(5)  # repeatable, not secret
    for number, entry in enumerate(entries_of(round_)):
        level = 50 + chance.randrange(30)
        for seat, judge in enumerate(judges):
            harsher = 15 if seat == 2 and number >= 12 else 0
            sheet = judge_entry(judge, entry, level + chance.randrange(5) - harsher)
            ScoreSheet.objects.filter(pk=sheet.pk).update(submitted_at=NOW + timedelta(minutes=number))
    closed = close_round(actor=ortal, round_=round_, on=CLOSED)

    found = assessed_round(closed, 3)

    drift = [flag for flag in found.judges["flags"] if flag["kind"] == "drift"]
    assert [(flag["judge"], flag["size"] < 0) for flag in drift] == [(judges[2].name, True)]
    with translation.override("en"):
        assert "more strictly" in flag_sentences(drift)[0]
