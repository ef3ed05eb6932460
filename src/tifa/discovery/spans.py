"""Finds everything in a text that could be a name: in capitals, in quotes, and what ``compounds`` finds."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from tifa.discovery.compounds import compounds, numbered, prefixed
from tifa.discovery.lexicon import Lexicon
from tifa.discovery.mentions import DROPPED_FIRST, YEAR, Mention, is_verb
from tifa.discovery.text import CLOSING, ENDING, Sentence, Text, Token

LONGEST_QUOTE: Final = 10
LONGEST_RUN: Final = 14
MONEY = re.compile(r"Rp\d*\Z")


def find_mentions(text: Text, lexicon: Lexicon) -> list[Mention]:
    """Return every stretch that could be a name, in the order of the text; variants overlap."""
    found: dict[tuple[int, int], Mention] = {}
    for number, sentence in enumerate(text.sentences):
        if lexicon["boilerplate.openings"].length_from(
            text.tokens, _first_word(text.tokens, sentence)
        ) and _is_label(text.tokens, sentence):
            continue
        if number == 0:
            sentence = replace(sentence, first=_behind_dateline(text.tokens, sentence))
        for mention in _of_sentence(text.tokens, sentence, lexicon):
            if all(
                token.kind != "word" or len(token.text) == 1 or MONEY.match(token.text)
                for token in text.tokens[mention.first : mention.last]
            ):
                continue
            found.setdefault((mention.first, mention.last), mention)
    return sorted(found.values(), key=lambda mention: (mention.first, -mention.last))


def _first_word(tokens: Sequence[Token], sentence: Sentence) -> int:
    return next(
        (at for at in range(sentence.first, sentence.last) if tokens[at].kind == "word"), sentence.first
    )


def _is_label(tokens: Sequence[Token], sentence: Sentence) -> bool:
    """Return whether a colon stands among the first words: "Baca juga: ...", "Penulis : ..."."""
    return any(tokens[at].text == ":" for at in range(sentence.first, min(sentence.last, sentence.first + 5)))


def _behind_dateline(tokens: Sequence[Token], sentence: Sentence) -> int:
    """Return where the text starts behind "MALANG, KOMPAS.com -"."""
    for at in range(sentence.first, min(sentence.last - 1, sentence.first + 8)):
        token = tokens[at]
        if token.text in {"-", "–", "—"} and at > sentence.first:
            return at + 1
        if not (token.capital or token.kind == "tag" or token.text in {",", "(", ")", "."}):
            break
    return sentence.first


def _of_sentence(tokens: Sequence[Token], sentence: Sentence, lexicon: Lexicon) -> Iterator[Mention]:
    yield from _quoted(tokens, sentence, lexicon)
    yield from prefixed(tokens, sentence, lexicon)
    if not sentence.heading:
        yield from _capital(tokens, sentence, lexicon)
    yield from numbered(tokens, sentence, lexicon)
    yield from compounds(tokens, sentence, lexicon)


def _quoted(tokens: Sequence[Token], sentence: Sentence, lexicon: Lexicon) -> Iterator[Mention]:
    at = sentence.first
    while at < sentence.last:
        end = _closing(tokens, at, sentence.last)
        if end is None:
            at += 1
            continue
        first, last = at + 1, end
        while last > first and tokens[last - 1].text in {",", ".", "!"}:
            last -= 1
        if _may_be_title(tokens, first, last, end, lexicon):
            yield Mention(first, last, "quoted")
        at = end + 1


def _closing(tokens: Sequence[Token], at: int, limit: int) -> int | None:
    closing = CLOSING.get(tokens[at].text)
    if closing is None or tokens[at].kind != "mark":
        return None
    for place in range(at + 2, min(limit, at + LONGEST_QUOTE + 3)):
        if tokens[place].kind == "mark" and tokens[place].text in closing:
            return place
    return None


def _may_be_title(tokens: Sequence[Token], first: int, last: int, end: int, lexicon: Lexicon) -> bool:
    inside = tokens[first:last]
    words = [token for token in inside if token.kind in {"word", "number"}]
    if not words or len(words) > LONGEST_QUOTE or any(token.text in ENDING for token in inside[:-1]):
        return False
    titled = all(token.capital for token in words if not lexicon.is_function(token.fold))
    speech = tokens[end - 1].text == "," or (
        lexicon["persons.speech"].length_from(tokens, end + 1) and not titled
    )
    return not speech and (words[0].capital or words[0].kind == "number" or len(words) <= 6)


def _capital(tokens: Sequence[Token], sentence: Sentence, lexicon: Lexicon) -> Iterator[Mention]:
    at = sentence.first
    start = next(
        (place for place in range(sentence.first, sentence.last) if tokens[place].kind == "word"), None
    )
    while at < sentence.last:
        if not tokens[at].capital or tokens[at].fold.startswith("se-"):
            at += 1
            continue
        parts = _run(tokens, at, sentence.last, lexicon)
        yield from _variants(tokens, parts, at == start and not sentence.item, lexicon)
        at = parts[-1][1]


def _run(tokens: Sequence[Token], at: int, limit: int, lexicon: Lexicon) -> list[tuple[int, int, str]]:
    """Return the parts of a run of capitals with what joins each to the next: a joining, a listing word, nothing."""
    parts: list[tuple[int, int, str]] = []
    first = at
    while True:
        last = first
        while last < limit and (tokens[last].capital or _numbers_on(tokens, first, last)):
            last += 1
        link = _link(tokens, last, limit, lexicon)
        if link is None or last - at > LONGEST_RUN:
            return [*parts, (first, last, "")]
        parts.append((first, last, link))
        first = last + 1


def _numbers_on(tokens: Sequence[Token], first: int, at: int) -> bool:
    token = tokens[at]
    if at == first or token.kind != "number" or YEAR.match(token.text):
        return False
    following = tokens[at + 1].text if at + 1 < len(tokens) else ""
    return len(token.text) <= 4 and token.text.isdigit() and following not in {"%", "/"}


def _link(tokens: Sequence[Token], at: int, limit: int, lexicon: Lexicon) -> str | None:
    if at + 1 >= limit or not tokens[at + 1].capital:
        return None
    if tokens[at].text == "&" or lexicon["function_words.listing"].length_from(tokens, at):
        return "list"
    if tokens[at].kind == "word" and lexicon["function_words.joining"].length_from(tokens, at):
        return "join"
    return None


def _variants(
    tokens: Sequence[Token], parts: list[tuple[int, int, str]], opens: bool, lexicon: Lexicon
) -> Iterator[Mention]:
    """Yield the whole run and its parts; the first word of a sentence is taken with doubt."""
    for number, (first, last, _joint) in enumerate(parts):
        if opens and number == 0:
            yield from _opening(tokens, first, last, lexicon)
        else:
            yield Mention(first, last, "capital")
            if tokens[first].fold in DROPPED_FIRST and last - first >= 2:
                yield Mention(first + 1, last, "capital")
        for further in range(number + 1, len(parts)):
            start = _without_opening(tokens, first, lexicon) if opens and number == 0 else first
            if start < last and _belong(tokens, parts[number : further + 1], lexicon):
                yield Mention(start, parts[further][1], "capital", joined=True)


def _opening(tokens: Sequence[Token], first: int, last: int, lexicon: Lexicon) -> Iterator[Mention]:
    start = _without_opening(tokens, first, lexicon)
    if last - first == 1:
        token = tokens[first]
        if token.shouted or token.mixed or start == first:
            yield Mention(first, last, "capital", soft=not (token.shouted or token.mixed))
        return
    if start == first:
        yield Mention(first, last, "capital")
    opening = (
        lexicon["cues_of_names.openings"].length_from(tokens, first)
        and tokens[first].fold not in DROPPED_FIRST
    )
    if (start > first or (lexicon.is_common(tokens[first].fold) and not opening)) and first + 1 < last:
        yield Mention(first + 1, last, "capital")


def _without_opening(tokens: Sequence[Token], first: int, lexicon: Lexicon) -> int:
    """Return where a run starts when a small word or a verb at its head is left out."""
    token = tokens[first]
    fold = token.fold
    if token.shouted or token.mixed:
        return first
    small = lexicon.is_function(fold) or fold in DROPPED_FIRST or is_verb(fold, lexicon)
    alone = first + 1 >= len(tokens) or not tokens[first + 1].capital
    return first + 1 if small or (alone and lexicon.is_common(fold)) else first


def _belong(tokens: Sequence[Token], parts: Sequence[tuple[int, int, str]], lexicon: Lexicon) -> bool:
    """Return whether parts make one name: the later ones are everyday words, not places, bodies or names."""
    for number in range(1, len(parts)):
        first, last, _joint = parts[number]
        joint = parts[number - 1][2]
        words = tokens[first:last]
        if any(token.shouted or token.mixed for token in words):
            return False
        if not all(token.kind == "number" or lexicon.is_ordinary(token.fold) for token in words):
            return False
        opens = any(
            lexicon[name].length_from(tokens, first) for name in ("organisations.units", "places.heads")
        )
        if opens and not (joint == "join" and last - first == 1):
            return False
        if joint == "list" and last - first == 1 and parts[number - 1][1] - parts[number - 1][0] == 1:
            return False
    return True
