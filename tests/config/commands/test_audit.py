"""`tifa audit verify`: what it prints, and how it leaves."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.utils import translation

from tifa.config.commands import audit as command
from tifa.core import audit
from tifa.core.models import Event


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def three(db: None) -> None:
    with transaction.atomic():
        for number in range(3):
            audit.record(actor=None, action="unit.created", object_type="unit", object_key=str(number))


def run(*words: str) -> int:
    parser = ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(["verify", *words]))


def test_whole_chain_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0

    assert capsys.readouterr().out.startswith("The chain is whole: 3 rows were checked. It ends with ")


def test_first_broken_row_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    Event.objects.filter(sequence=2).update(object_key="9")

    assert run() == 1
    assert capsys.readouterr().out == (
        "The chain is broken at row 2: its content was changed after it was written. Rows before it that hold: 1.\n"
    )


def test_json_names_the_row_and_the_fault(capsys: pytest.CaptureFixture[str]) -> None:
    head = audit.verify().head
    assert run("--json") == 0
    whole = json.loads(capsys.readouterr().out)
    Event.objects.filter(sequence=1).delete()
    assert run("--json") == 1
    broken = json.loads(capsys.readouterr().out)

    assert whole == {"intact": True, "checked": 3, "head": head, "broken_at": None, "reason": ""}
    assert broken == {"intact": False, "checked": 0, "head": "", "broken_at": 1, "reason": "missing"}
