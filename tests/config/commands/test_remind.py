"""`tifa remind`: the shape that it promises, trying without giving, and bad input."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator

import pytest
from django.utils import translation

from tests.chain.campaigns import make_campaign
from tests.conftest import TODAY
from tests.factories import Town
from tifa.chain.models import Message, NilReport, Reminder
from tifa.config.commands import remind
from tifa.organisation.models import Person, Unit


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(remind, "today", lambda: TODAY)
    with translation.override("en"):
        yield


@pytest.fixture
def campaign(town: Town, ortal: Person, operator: Person) -> None:
    for unit in Unit.objects.exclude(pk=town.puskesmas.pk):
        NilReport.objects.create(unit=unit, year=2026, on=TODAY, signed_by="Kepala")
    make_campaign(ortal, town)


def run(*words: str) -> int:
    parser = ArgumentParser()
    remind.add_arguments(parser)
    return remind.run(parser.parse_args(words))


def test_json_has_exactly_the_promised_shape(campaign: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--json") == 0

    assert json.loads(capsys.readouterr().out) == {
        "as_of": "2026-11-24",
        "dry_run": False,
        "reminders": [
            {
                "campaign": "Pelaporan 2026",
                "unit": "PKM.ABEPURA",
                "stage": "sebelum",
                "person": "operator@example.org",
                "due": "2026-11-30",
            }
        ],
        "mail": {"sent": 0, "failed": 0, "waiting": 2},
    }
    assert Reminder.objects.count() == 1


def test_trying_stores_nothing(campaign: None, capsys: pytest.CaptureFixture[str]) -> None:
    before = Message.objects.count()

    assert run("--dry-run") == 0

    assert "PKM.ABEPURA" in capsys.readouterr().out
    assert (Reminder.objects.count(), Message.objects.count()) == (0, before)


def test_second_run_has_nothing_to_do(campaign: None, capsys: pytest.CaptureFixture[str]) -> None:
    run("--as-of", "2026-11-24")
    capsys.readouterr()

    assert run("--as-of", "2026-11-24", "--json") == 0
    assert json.loads(capsys.readouterr().out)["reminders"] == []


@pytest.mark.parametrize("day", ["besok", "2026-02-30", "20261124", ""])
def test_bad_day_is_a_sentence_and_status_two(
    campaign: None, capsys: pytest.CaptureFixture[str], day: str
) -> None:
    assert run("--as-of", day) == 2

    out, err = capsys.readouterr()
    assert (out, f"“{day}”" in err, Reminder.objects.count()) == ("", True, 0)
