"""Finds possible names that no capital shows: with a prefix such as e-, with a number, and compounds in small letters."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from tifa.discovery.lexicon import Lexicon, stem
from tifa.discovery.mentions import ACTIVE, Mention, is_verb
from tifa.discovery.text import Sentence, Token

LONGEST_PLAIN: Final = 7
PREFIXED = re.compile(r"[eEiImM][-–]?[A-Za-z]\w*(?:-\w+)*\Z")
HALTS: Final = frozenset(
    ["di", "bagi", "untuk", "yang", "pada", "dan", "serta", "agar", "supaya", "oleh", "dengan"]
)


def prefixed(tokens: Sequence[Token], sentence: Sentence, lexicon: Lexicon) -> Iterator[Mention]:
    """Yield words such as e-X, with and without the small-letter words behind them."""
    for at in range(sentence.first, sentence.last):
        token = tokens[at]
        if token.kind == "word" and "-" in token.text[1:2] and PREFIXED.match(token.text):
            last = at + 1
            while last < min(sentence.last, at + 4) and _goes_on(tokens[last], lexicon):
                last += 1
            yield Mention(at, last, "prefixed")
            if last > at + 1:
                yield Mention(at, at + 1, "prefixed")


def _goes_on(token: Token, lexicon: Lexicon) -> bool:
    return token.kind == "word" and not lexicon.is_function(token.fold) and not ACTIVE.match(token.fold)


def numbered(tokens: Sequence[Token], sentence: Sentence, lexicon: Lexicon) -> Iterator[Mention]:
    """Yield call numbers: "call center" with what is dialled."""
    for at in range(sentence.first, sentence.last):
        length = lexicon["service_terms.call_numbers"].length_from(tokens, at)
        last = at + length
        while length and last < sentence.last and tokens[last].kind == "number":
            last += 1
        if length and last > at + length:
            yield Mention(at, last, "numbered")


def compounds(tokens: Sequence[Token], sentence: Sentence, lexicon: Lexicon) -> Iterator[Mention]:
    """Yield name-like groups of words in small letters."""
    reached = sentence.first
    for at in range(sentence.first, sentence.last):
        if at >= reached:
            for mention in _head_and_modifier(tokens, sentence, at, lexicon):
                reached = mention.last
                yield mention
        yield from _led(tokens, sentence, at, lexicon)
        yield from _listed(tokens, sentence, at, lexicon)
        yield from _started(tokens, sentence, at, lexicon)


def _head_and_modifier(
    tokens: Sequence[Token], sentence: Sentence, at: int, lexicon: Lexicon
) -> Iterator[Mention]:
    head = lexicon["service_terms.heads"].length_from(tokens, at)
    typed = lexicon["service_terms.plain_types"].length_from(tokens, at)
    if not head and not typed:
        return
    for gap in range(3):
        place = at + max(head, typed) + gap
        if place >= sentence.last or (gap and not _goes_on(tokens[place - 1], lexicon)):
            return
        length = max(
            lexicon[name].length_from(tokens, place)
            for name in ("service_terms.modifiers", "service_terms.weak_modifiers")
        )
        if (
            length
            and place + length <= sentence.last
            and not any(one.capital for one in tokens[at + 1 : place + length])
        ):
            yield Mention(at, place + length, "plain")
            if typed and not head and gap:
                yield Mention(at + typed, place + length, "plain")
            return


def _led(tokens: Sequence[Token], sentence: Sentence, at: int, lexicon: Lexicon) -> Iterator[Mention]:
    """Yield "jemput bola akta", "drive thru obat": what makes it new stands first."""
    length = lexicon["service_terms.leading"].length_from(tokens, at)
    last = at + length
    while length and last < min(sentence.last, at + length + 3) and _goes_on(tokens[last], lexicon):
        last += 1
    if length and last > at + length and not any(token.capital for token in tokens[at + 1 : last]):
        yield Mention(at, last, "plain")


def _listed(tokens: Sequence[Token], sentence: Sentence, at: int, lexicon: Lexicon) -> Iterator[Mention]:
    """Yield what stands behind "antara lain", "ada pula" and the like, up to the next mark."""
    length = lexicon["service_terms.existing"].length_from(tokens, at)
    if not length:
        return
    first = at + length
    last = first
    while (
        last < min(sentence.last, first + LONGEST_PLAIN)
        and tokens[last].kind == "word"
        and tokens[last].fold not in HALTS
    ):
        last += 1
    stopped = last < sentence.last and (
        tokens[last].text in {",", ":", ";", ".", "("} or tokens[last].fold in HALTS
    )
    counted = tokens[at].fold == "yang" and not is_verb(tokens[min(first, len(tokens) - 1)].fold, lexicon)
    if lexicon["naming.before"].within(tokens, first, last):
        return
    if stopped and last - first >= 2 and (counted or _noun_like(tokens, first, last, lexicon)):
        yield Mention(first, last, "plain")


def _started(tokens: Sequence[Token], sentence: Sentence, at: int, lexicon: Lexicon) -> Iterator[Mention]:
    """Yield the subject in front of "sudah diluncurkan" and the like."""
    if not lexicon["service_terms.started"].length_from(tokens, at):
        return
    last = at
    while last > sentence.first and lexicon.is_function(tokens[last - 1].fold):
        last -= 1
    first = last
    while first > max(sentence.first, at - LONGEST_PLAIN) and tokens[first - 1].kind == "word":
        if lexicon["persons.speech"].length_before(tokens, first) or tokens[first - 1].fold == "bahwa":
            break
        first -= 1
    if last - first >= 2 and _noun_like(tokens, first, last, lexicon):
        yield Mention(first, last, "plain")


def _noun_like(tokens: Sequence[Token], first: int, last: int, lexicon: Lexicon) -> bool:
    """Return whether the stretch opens with a thing that is served and holds no verb or small word but prepositions."""
    head = tokens[first].fold
    is_head = bool(lexicon["service_terms.heads"].length_from(tokens, first)) or (
        head.startswith("pe") and head.endswith("an") and head != stem(head)
    )
    inner = tokens[first + 1 : last]
    small = {"yang", "itu", "ini", "tersebut", "juga", "para", "setiap", "semua", "seluruh", "beberapa"}
    return is_head and not any(
        token.fold in small
        or (ACTIVE.match(token.fold) and token.fold not in {"berjalan", "bersama", "berbasis"})
        for token in inner
    )
