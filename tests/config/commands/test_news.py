"""`tifa news`: what it fetched, in the shape that it promises."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator

import pytest
from django.utils import timezone, translation

from tests.chain.services.test_reading import feed_of, rss
from tests.server import Answer, Site, serving
from tifa.config.commands import news
from tifa.organisation.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(news, "today", lambda: timezone.localdate())
    with translation.override("en"):
        yield


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        yield running


def run(*words: str) -> int:
    parser = ArgumentParser()
    news.add_arguments(parser)
    return news.run(parser.parse_args(words))


def test_json_has_exactly_the_promised_shape(
    site: Site, ortal: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    site.answers["/rss"] = Answer(rss(("Antar Obat", "")))
    feed_of(site, ortal)

    assert run("--json") == 0

    (told,) = json.loads(capsys.readouterr().out)
    assert told == {"feed": "Berita", "state": "done", "texts": 1, "known": 0, "notices": []}


def test_a_feed_that_cannot_be_read_is_named(
    site: Site, ortal: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    site.answers["/rss"] = Answer(b"<html>")
    feed_of(site, ortal)

    assert run() == 1
    assert "Berita" in capsys.readouterr().out


def test_nothing_to_fetch_is_said(ortal: Person, capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    assert capsys.readouterr().out.strip()
