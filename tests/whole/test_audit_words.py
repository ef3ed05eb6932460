"""Every event that a service writes has words for the auditor."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import tifa
from tifa.chain.choices import Step
from tifa.core.audit_words import ACTIONS, KEYS, OBJECTS
from tifa.core.models import Event
from tifa.demo.loading import load_demo
from tifa.exchange.format import SPECS

WRITTEN = re.compile(r'(?:action=|Action\(\s*|_action\(\s*|_record\w*\(\s*actor, )"([a-z]+\.[a-z_]+)"')


def written() -> set[str]:
    sources = Path(tifa.__file__).parent.rglob("*.py")
    found = {name for path in sources for name in WRITTEN.findall(path.read_text(encoding="utf-8"))}
    return found | {f"handoff.{step}" for step in Step}


def keys_of(detail: Mapping[str, Any]) -> Iterator[str]:
    for name, value in detail.items():
        yield name
        if isinstance(value, dict):
            yield from keys_of(value)


def test_every_action_of_the_source_has_words() -> None:
    assert len(written()) > 30
    assert written() - set(ACTIONS) == set()


@pytest.mark.django_db
def test_everything_in_the_trail_of_the_demo_has_words() -> None:
    load_demo()

    events = list(Event.objects.all())
    sheets = {spec.name for spec in SPECS}
    assert {event.action for event in events} - set(ACTIONS) == set()
    assert {event.object_type for event in events} - set(OBJECTS) == set()
    assert {key for event in events for key in keys_of(event.detail)} - set(KEYS) - sheets == set()
