"""Finds what a careful reader would stumble over: careless, repeated, short and unproven answers, and titles used before."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import combinations
from typing import Any, Literal

from django.utils.translation import gettext as _
from rapidfuzz.utils import default_process

from tifa.core.likeness import likeness, nearest
from tifa.dossiers.draft import Answer, Draft
from tifa.instruments import Instrument, spoken
from tifa.instruments.reading import read_yaml
from tifa.instruments.schema import TextItem

Kind = Literal[
    "duplicate_title",
    "placeholder",
    "no_content",
    "repeated_text",
    "copied_question",
    "too_short",
    "no_proof",
]
SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
BRACKETS = re.compile(r"[\[<{(]([^\]>})]{2,80})[\]>})]")


@dataclass(frozen=True)
class Finding:
    """Something to mend: what kind, in which item (None: the whole dossier), a sentence, and what was found."""

    kind: Kind
    item: str | None
    sentence: str
    found: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Marks:
    """The marks of careless answers, from ``careless.yaml``."""

    placeholder: re.Pattern[str]
    short_share: float
    short_least: int
    same_text: float
    same_title: float
    same_summary: float
    sentence_words: int
    sentence_times: int
    letters: float


def findings(instrument: Instrument, draft: Draft) -> tuple[Finding, ...]:
    """Return what is to be mended, in the order of the form."""
    written = [one for one in draft.answers.values() if one.text.strip()]
    return (
        *_titles(draft),
        *(finding for answer in written for finding in _of_text(answer)),
        *_repeated(written),
        *_unproven(instrument, draft),
    )


@cache
def marks() -> Marks:
    """Return the marks, read once."""
    values = read_yaml(files("tifa.dossiers").joinpath("careless.yaml").read_text(encoding="utf-8")).values
    return Marks(
        placeholder=re.compile(rf"(?:{'|'.join(values['placeholders'])})[.…!\s]*", re.IGNORECASE),
        short_share=float(values["too_short"]["share"]),
        short_least=values["too_short"]["least"],
        same_text=values["same_text"],
        same_title=values["same_title"],
        same_summary=values["same_summary"],
        sentence_words=values["sentence"]["words"],
        sentence_times=values["sentence"]["times"],
        letters=float(values["letters"]),
    )


def _titles(draft: Draft) -> Iterator[Finding]:
    if not draft.title:
        return
    least, count = marks().same_title, len(draft.other_titles)
    for place, value in sorted(nearest(draft.title, draft.other_titles, least=least, most=count)):
        other = draft.other_titles[place]
        sentence = _(
            "The title is nearly that of another proposal: “%s”. Proposals of one title were rejected."
        )
        yield Finding("duplicate_title", None, sentence % other, {"title": other, "likeness": round(value)})


def _of_text(answer: Answer) -> Iterator[Finding]:
    text, item = answer.text, answer.item
    placeholder = _placeholder(text)
    if placeholder is not None:
        sentence = _("“%s” looks like a note to oneself, not like an answer.") % placeholder
        yield Finding("placeholder", item.id, sentence, {"text": placeholder})
    elif _says_nothing(text):
        yield Finding("no_content", item.id, _("The answer has hardly any words."), {"words": answer.words})
    elif isinstance(item, TextItem) and answer.words < fewest_words(item):
        sentence = _("%(words)d words; at least %(least)d would be expected here.")
        numbers = {"words": answer.words, "least": fewest_words(item)}
        yield Finding("too_short", item.id, sentence % numbers, numbers)
    for question in (item.guidance, item.label):
        if question is not None and likeness(text, spoken(question)) >= marks().same_text:
            yield Finding("copied_question", item.id, _("The answer repeats the question."))
            break
    for part, times in Counter(_sentences(text)).items():
        if times >= marks().sentence_times:
            found = {"sentence": part, "times": times}
            yield Finding(
                "repeated_text",
                item.id,
                _("One sentence stands %(times)d times: “%(sentence)s”.") % found,
                found,
            )


def fewest_words(item: TextItem) -> int:
    """Return how few words are too few: what the edition says, else a share of the upper limit."""
    if item.min_words is not None and item.min_words.value is not None:
        return item.min_words.value
    limit = item.max_words.value
    return (
        marks().short_least if limit is None else max(marks().short_least, int(limit * marks().short_share))
    )


def _placeholder(text: str) -> str | None:
    """Return a line, or what stands in brackets, that is a placeholder from its first sign to its last."""
    parts = [*text.splitlines(), *BRACKETS.findall(text)]
    trimmed = (part.strip(" \t-–*_:[]<>{}()") for part in parts)
    return next((part for part in trimmed if marks().placeholder.fullmatch(part)), None)


def _says_nothing(text: str) -> bool:
    signs = [sign for sign in text if not sign.isspace()]
    letters = [sign.casefold() for sign in signs if sign.isalpha()]
    return len(letters) < marks().letters * len(signs) or len(set(letters)) < 3


def _sentences(text: str) -> Iterator[str]:
    for part in SENTENCE_END.split(text):
        words = default_process(part)
        if len(words.split()) >= marks().sentence_words:
            yield words


def _repeated(written: Sequence[Answer]) -> Iterator[Finding]:
    for first, second in combinations(written, 2):
        value = likeness(first.text, second.text)
        if value >= marks().same_text:
            sentence = _("The answer is nearly that of “%s”.") % spoken(first.item.label)
            found = {"same_as": first.item.id, "likeness": round(value)}
            yield Finding("repeated_text", second.item.id, sentence, found)


def _unproven(instrument: Instrument, draft: Draft) -> Iterator[Finding]:
    for answer in draft.answers.values():
        if answer.item.evidence and answer.value is not None and not answer.proof:
            asked = "; ".join(spoken(one.label) for one in answer.item.evidence)
            yield Finding(
                "no_proof",
                answer.item.id,
                _("Nothing proves this answer. Asked for: %s.") % asked,
                {"asked": asked},
            )
