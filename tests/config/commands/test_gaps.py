"""`tifa gaps`: the shape that it promises, and bad input."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import translation

from tests.conftest import TODAY
from tests.factories import Town, make_handoff, make_innovation, walk_chain
from tifa.chain.choices import Step
from tifa.config.commands import gaps

DAY = date(2026, 3, 1)


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(gaps, "today", lambda: TODAY)
    with translation.override("en"):
        yield


def run(*words: str) -> int:
    parser = ArgumentParser()
    gaps.add_arguments(parser)
    return gaps.run(parser.parse_args(words))


def test_json_has_exactly_the_promised_shape(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    make_innovation(town.puskesmas, code="INV-A", use_started=None)
    make_handoff(
        walk_chain(make_innovation(town.kampung, code="INV-B"), (Step.REPORTED, DAY), (Step.VERIFIED, DAY)),
        Step.HELD,
        DAY,
        reason="menunggu anggaran",
        due=date(2026, 11, 20),
    )
    walk_chain(make_innovation(town.kampung, code="INV-C"), (Step.FORWARDED, DAY))

    status = run("--json")

    assert status == 0
    assert json.loads(capsys.readouterr().out) == {
        "as_of": "2026-11-24",
        "ledgers": {
            "known": 3,
            "reported": 1,
            "verified": 1,
            "selected": 0,
            "forwarded": 1,
            "received": 0,
        },
        "gaps": [
            {
                "kind": "held",
                "innovation": "INV-B",
                "unit": "91.71.03.2001",
                "holder": "ortal",
                "since": "2026-03-01",
                "due": "2026-11-20",
                "days_left": -4,
                "deliberate": True,
                "reason": "menunggu anggaran",
            },
            {
                "kind": "unreported",
                "innovation": "INV-A",
                "unit": "PKM.ABEPURA",
                "holder": "PKM.ABEPURA",
                "since": None,
                "due": None,
                "days_left": None,
                "deliberate": False,
                "reason": None,
            },
            {
                "kind": "unreceipted",
                "innovation": "INV-C",
                "unit": "91.71.03.2001",
                "holder": "ministry",
                "since": "2026-03-01",
                "due": None,
                "days_left": None,
                "deliberate": False,
                "reason": None,
            },
        ],
        "silent_units": ["91.71", "91.71.03", "OPD.DINKES", "PKM.ABEPURA", "SETDA.ORTAL"],
    }


def test_day_and_unit_narrow(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    walk_chain(make_innovation(town.puskesmas, code="INV-A"), (Step.REPORTED, DAY))
    make_innovation(town.kampung, code="INV-B")

    run("--as-of", "2026-02-28", "--unit", "OPD.DINKES", "--json")

    found = json.loads(capsys.readouterr().out)
    assert [(gap["innovation"], gap["kind"]) for gap in found["gaps"]] == [("INV-A", "unreported")]
    assert found["as_of"] == "2026-02-28"
    assert found["silent_units"] == ["OPD.DINKES", "PKM.ABEPURA"]


def test_table_is_readable(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    make_innovation(town.puskesmas, code="INV-A", use_started=None)

    assert run() == 0

    lines = capsys.readouterr().out.splitlines()
    assert "2026-11-24" in lines[0]
    assert [line for line in lines if "INV-A" in line and "PKM.ABEPURA" in line]


def test_empty_city_has_no_gaps(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert (run("--json"), run()) == (0, 0)
    assert '"gaps": []' in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        ("--as-of", "kemarin"),
        ("--as-of", "2026-02-30"),
        ("--as-of", "20261124"),
        ("--as-of", "2026-W10-1"),
        ("--as-of", "2026-11-24T00:00"),
        ("--as-of", ""),
        ("--unit", "TIDAK.ADA"),
        ("--unit", ""),
    ],
)
def test_bad_input_is_a_sentence_and_status_two(
    town: Town, capsys: pytest.CaptureFixture[str], words: tuple[str, str]
) -> None:
    assert run(*words) == 2

    out, err = capsys.readouterr()
    assert (out, f"“{words[1]}”" in err) == ("", True)
