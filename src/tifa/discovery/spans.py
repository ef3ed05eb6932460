"""Finds everything in a text that could be a name: in capitals, in quotes, with a prefix such as e-, or a compound."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from tifa.discovery.lexicon import Lexicon, squeezed, stem
from tifa.discovery.text import CLOSING, ENDING, Sentence, Text, Token

Form = Literal["capital", "quoted", "prefixed", "numbered", "plain"]

LONGEST_QUOTE: Final = 10
LONGEST_RUN: Final = 14
LONGEST_PLAIN: Final = 7
MONEY = re.compile(r"Rp\d*\Z")
PREFIXED = re.compile(r"[eEiImM][-–]?[A-Za-z]\w*(?:-\w+)*\Z")
YEAR = re.compile(r"(?:19|20)\d\d\Z")
ACTIVE = re.compile(r"(?:me(?:m|n|ng|ny|l|r|w|y)?|di|ber|ter)[a-z]{3,}\Z")
HALTS: Final = frozenset("di bagi untuk yang pada dan serta agar supaya oleh dengan".split())
DROPPED_FIRST: Final = frozenset(
    "aplikasi program inovasi layanan kanal platform portal terobosan kegiatan nama judul".split()
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of tokens that could be a name; ``soft``: only its place gives it a capital."""

    first: int
    last: int
    form: Form
    soft: bool = False
    joined: bool = False

    def overlaps(self, other: "Mention") -> bool:
        """Return whether both share a token."""
        return self.first < other.last and other.first < self.last


def find_mentions(text: Text, lexicon: Lexicon) -> list[Mention]:
    """Return every stretch that could be a name, in the order of the text; variants overlap."""
    found: dict[tuple[int, int], Mention] = {}
    for number, sentence in enumerate(text.sentences):
        if lexicon["boilerplate.openings"].length_from(text.tokens, _first_word(text.tokens, sentence)) and _is_label(text.tokens, sentence):
            continue
        if number == 0:
            sentence = replace(sentence, first=_behind_dateline(text.tokens, sentence))
        for mention in _of_sentence(text.tokens, sentence, lexicon):
            if all(token.kind != "word" or len(token.text) == 1 or MONEY.match(token.text) for token in text.tokens[mention.first : mention.last]):
                continue
            found.setdefault((mention.first, mention.last), mention)
    return sorted(found.values(), key=lambda mention: (mention.first, -mention.last))


def _first_word(tokens: Sequence[Token], sentence: Sentence) -> int:
    return next((at for at in range(sentence.first, sentence.last) if tokens[at].kind == "word"), sentence.first)


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
    yield from _prefixed(tokens, sentence, lexicon)
    if not sentence.heading:
        yield from _capital(tokens, sentence, lexicon)
    yield from _numbered(tokens, sentence, lexicon)
    yield from _compounds(tokens, sentence, lexicon)


# Names in quotes


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
    speech = tokens[end - 1].text == "," or (lexicon["persons.speech"].length_from(tokens, end + 1) and not titled)
    return not speech and (words[0].capital or words[0].kind == "number" or len(words) <= 6)


# Names in capitals


def _capital(tokens: Sequence[Token], sentence: Sentence, lexicon: Lexicon) -> Iterator[Mention]:
    at = sentence.first
    start = next(
        (place for place in range(sentence.first, sentence.last) if tokens[place].kind == "word"), None
    )
    while at < sentence.last:
        if not tokens[at].capital:
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
    opening = lexicon["cues_of_names.openings"].length_from(tokens, first) and tokens[first].fold not in DROPPED_FIRST
    if (start > first or (lexicon.is_common(tokens[first].fold) and not opening)) and first + 1 < last:
        yield Mention(first + 1, last, "capital")


def _without_opening(tokens: Sequence[Token], first: int, lexicon: Lexicon) -> int:
    """Return where a run starts when a small word or a verb at its head is left out."""
    token = tokens[first]
    fold = token.fold
    if token.shouted or token.mixed:
        return first
    small = lexicon.is_function(fold) or fold in DROPPED_FIRST or _is_verb(fold, lexicon)
    alone = first + 1 >= len(tokens) or not tokens[first + 1].capital
    return first + 1 if small or (alone and lexicon.is_common(fold)) else first


def _is_verb(fold: str, lexicon: Lexicon) -> bool:
    return bool(ACTIVE.match(fold)) and lexicon.is_common(fold) or any(
        squeezed(fold) in lexicon[name].keys for name in ("launch_verbs.launch", "launch_verbs.use", "launch_verbs.means")
    )


def _belong(tokens: Sequence[Token], parts: Sequence[tuple[int, int, str]], lexicon: Lexicon) -> bool:
    """Return whether parts make one name: the later ones are everyday words, not places, bodies or names."""
    for number in range(1, len(parts)):
        first, last, _joint = parts[number]
        joint = parts[number - 1][2]
        words = tokens[first:last]
        if any(token.shouted or token.mixed for token in words):
            return False
        if not all(token.kind == "number" or lexicon.is_common(token.fold) for token in words):
            return False
        if any(lexicon[name].length_from(tokens, first) for name in ("organisations.units", "places.heads")):
            if not (joint == "join" and last - first == 1):
                return False
        if joint == "list" and last - first == 1 and parts[number - 1][1] - parts[number - 1][0] == 1:
            return False
    return True


# Names with a prefix, with a number, and compounds in small letters


def _prefixed(tokens: Sequence[Token], sentence: Sentence, lexicon: Lexicon) -> Iterator[Mention]:
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
    return (
        token.kind == "word"
        and not lexicon.is_function(token.fold)
        and not ACTIVE.match(token.fold)
    )


def _numbered(tokens: Sequence[Token], sentence: Sentence, lexicon: Lexicon) -> Iterator[Mention]:
    for at in range(sentence.first, sentence.last):
        length = lexicon["service_terms.call_numbers"].length_from(tokens, at)
        last = at + length
        while length and last < sentence.last and tokens[last].kind == "number":
            last += 1
        if length and last > at + length:
            yield Mention(at, last, "numbered")


def _compounds(tokens: Sequence[Token], sentence: Sentence, lexicon: Lexicon) -> Iterator[Mention]:
    reached = sentence.first
    for at in range(sentence.first, sentence.last):
        if at >= reached:
            for mention in _head_and_modifier(tokens, sentence, at, lexicon):
                reached = mention.last
                yield mention
        yield from _led(tokens, sentence, at, lexicon)
        yield from _listed(tokens, sentence, at, lexicon)
        yield from _started(tokens, sentence, at, lexicon)


def _head_and_modifier(tokens: Sequence[Token], sentence: Sentence, at: int, lexicon: Lexicon) -> Iterator[Mention]:
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
        if length and place + length <= sentence.last and not any(one.capital for one in tokens[at + 1 : place + length]):
            yield Mention(at, place + length, "plain")
            if typed and not head and gap:
                yield Mention(at + typed, place + length, "plain")
            return


def _led(tokens: Sequence[Token], sentence: Sentence, at: int, lexicon: Lexicon) -> Iterator[Mention]:
    """Yield "jemput bola akta", "drive thru farmasi": what makes it new stands first."""
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
    while last < min(sentence.last, first + LONGEST_PLAIN) and tokens[last].kind == "word" and tokens[last].fold not in HALTS:
        last += 1
    stopped = last < sentence.last and (tokens[last].text in {",", ":", ";", ".", "("} or tokens[last].fold in HALTS)
    counted = tokens[at].fold == "yang" and not _is_verb(tokens[min(first, len(tokens) - 1)].fold, lexicon)
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
        token.fold in small or (ACTIVE.match(token.fold) and token.fold not in {"berjalan", "bersama", "berbasis"})
        for token in inner
    )
