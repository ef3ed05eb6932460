"""The rubric of a round: frozen in it once it has opened, the published one before."""

import json
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language

from tifa.evaluation.models import Round
from tifa.instruments import (
    NoRubric,
    Rubric,
    RubricQuestion,
    RubricSection,
    instrument_from_json,
    list_instruments,
    load_instrument,
    rubric,
)


def rubric_of(round_: Round) -> Rubric:
    """Return the rubric that the round is judged by."""
    if round_.instrument_copy is None:
        return rubric(load_instrument(round_.instrument_id))
    return _frozen(round_.instrument_digest, json.dumps(round_.instrument_copy))


def rubric_choices() -> list[tuple[str, str]]:
    """Return the instruments that can rank, as choices: every section of theirs has a weight."""
    return [
        (summary.id, f"{summary.title.id} ({summary.id})")
        for summary in list_instruments()
        if _ranks(summary.id)
    ]


def label_of(part: RubricSection | RubricQuestion) -> str:
    """Return the name of a section or question in the language of the reader."""
    return _either(part.label_id, part.label_en)


def guidance_of(section: RubricSection) -> str:
    """Return what a section asks for in the language of the reader, empty when the instrument does not say."""
    return _either(section.guidance_id, section.guidance_en)


def _either(indonesian: str | None, english: str | None) -> str:
    first, second = (
        (english, indonesian) if (get_language() or "").startswith("en") else (indonesian, english)
    )
    return first or second or ""


def _ranks(instrument_id: str) -> bool:
    try:
        rubric(load_instrument(instrument_id))
    except NoRubric:
        return False
    return True


@lru_cache(maxsize=16)
def _frozen(_digest: str, text: str) -> Rubric:
    """Read a frozen copy once a process, not once a page; the text is part of the key, so it is what is read."""
    copy: dict[str, Any] = json.loads(text)
    return rubric(instrument_from_json(copy))
