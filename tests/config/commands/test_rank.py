"""`tifa rank`: what it prints in the language of the city, and bad input."""

from argparse import ArgumentParser

import pytest
from django.utils import translation

from tests.evaluation.makers import entries_of, judge_entry, make_judges, make_open_round
from tests.factories import Town
from tifa.config.commands import rank


def run(*words: str) -> int:
    parser = ArgumentParser()
    rank.add_arguments(parser)
    with translation.override("en"):
        return rank.run(parser.parse_args(words))


def test_table_speaks_english_when_asked(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    judges = make_judges(town, 1)
    judged, _unjudged = entries_of(make_open_round(town, judges, entries=2, code="P-1"))
    judge_entry(judges[0], judged, 80)

    assert run("P-1") == 0

    head, first, second = capsys.readouterr().out.splitlines()
    assert head == "Putaran P-1 (P-1), method weighted-mean/1"
    assert first.split()[:3] == ["1", "80.00", judged.innovation.code]
    assert second.split()[:2] == ["–", "incomplete"]


def test_unknown_round_is_a_sentence_and_status_two(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("TIDAK.ADA") == 2

    assert capsys.readouterr() == ("", "tifa: there is no round “TIDAK.ADA”. There are: –.\n")
