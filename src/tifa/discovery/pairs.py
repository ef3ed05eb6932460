"""Pairs a short name with what it stands for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from tifa.discovery.abbreviations import abbreviation_score
from tifa.discovery.lexicon import Lexicon, squeezed
from tifa.discovery.mentions import Mention
from tifa.discovery.text import Text, Token

Cue = Literal["said", "bracket", "beside", "apart"]

BRACKET: Final = 0.5
BESIDE: Final = 0.62
APART: Final = 0.8
ALIAS: Final = 0.3
LONGEST: Final = 16
WITHIN: Final = frozenset(
    [
        "dan",
        "di",
        "ke",
        "dari",
        "untuk",
        "dengan",
        "bagi",
        "pada",
        "dalam",
        "oleh",
        "atau",
        "serta",
        "&",
        "menuju",
        "tanpa",
        "berbasis",
        "melalui",
        "lewat",
        "antar",
        "to",
        "of",
        "for",
        "and",
        "the",
    ]
)
STOPS: Final = frozenset(
    [
        "yang",
        "untuk",
        "agar",
        "supaya",
        "guna",
        "sehingga",
        "ini",
        "itu",
        "tersebut",
        "kata",
        "ujar",
        "jelas",
        "serta",
        "adalah",
        "merupakan",
        "bagi",
    ]
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A short name and the stretch that spells it out, with the cue that joined them."""

    short: Mention
    long: Mention
    cue: Cue
    score: float


def find_pairs(text: Text, mentions: Sequence[Mention], lexicon: Lexicon) -> list[Pair]:
    """Return the best pair of each short name."""
    best: dict[tuple[int, int], Pair] = {}
    for pair in _all_pairs(text, mentions, lexicon):
        key = (pair.short.first, pair.short.last)
        rank = (_RANKS[pair.cue], pair.score)
        old = best.get(key)
        if old is None or rank > (_RANKS[old.cue], old.score):
            best[key] = pair
    return list(best.values())


_RANKS: Final[dict[str, int]] = {"said": 3, "bracket": 2, "beside": 1, "apart": 0}


def _all_pairs(text: Text, mentions: Sequence[Mention], lexicon: Lexicon) -> Iterator[Pair]:
    for mention in mentions:
        if mention.last - mention.first > 5:
            continue
        limit = text.sentences[text.sentence_of[mention.first]].last
        yield from _behind(text, mention, limit, lexicon)
    yield from _announced(text, mentions, lexicon)
    yield from _loose(text, mentions, lexicon)
    yield from _apart(text, mentions)


def _behind(text: Text, short: Mention, limit: int, lexicon: Lexicon) -> Iterator[Pair]:
    """Yield what the words behind a name say: brackets, "singkatan dari", a comma, "alias"."""
    tokens = text.tokens
    at = short.last
    if at < limit and tokens[at].text in "”’\"'»":
        at += 1
    if at >= limit:
        return
    mark = tokens[at].text
    if mark == "(":
        yield from _bracket(text, short, at + 1, limit)
    start = at + (mark in {",", ":", "–", "-", "—", "("})
    start += start < limit and tokens[start].fold in {"yang", "ini", "itu", "adalah", "merupakan"}
    cue = lexicon["expansion_cues.short_first"].length_from(tokens, start)
    if cue:
        long = _stretch(tokens, _past(tokens, start + cue, limit), limit)
        if long:
            long = _shortened(text, short, long)
            score = _score(text, short, long)
            body = any(
                lexicon[name].length_from(tokens, short.first)
                for name in ("organisations.units", "organisations.unit_short")
            )
            if score >= BRACKET or not body:
                yield Pair(short, long, "said", score)
        return
    alias = lexicon["expansion_cues.alias"].length_from(tokens, at)
    if alias:
        yield from _alias(text, short, at + alias, limit)
    elif mark in {",", ":", "–", "-", "—"}:
        long = _best_stretch(text, short, at + 1, limit)
        close = mark == "," or (at + 1 < limit and tokens[at + 1].capital)
        least = BESIDE if close else APART
        if long and (score := _score(text, short, long)) >= least:
            yield Pair(short, long, "beside", score)


def _past(tokens: Sequence[Token], at: int, limit: int) -> int:
    """Step over "dari", a colon and an opening quote."""
    while at < limit and (
        tokens[at].fold in {"dari", "adalah", "yakni", "yaitu"} or tokens[at].text in ":“\"‘'"
    ):
        at += 1
    return at


def _bracket(text: Text, outer: Mention, first: int, limit: int) -> Iterator[Pair]:
    tokens = text.tokens
    last = next((place for place in range(first, limit) if tokens[place].text == ")"), None)
    if last is None or last == first or last - first > LONGEST:
        return
    inner = Mention(first, last, "capital")
    forward, backward = _score(text, outer, inner), _score(text, inner, outer)
    if forward >= BRACKET and forward >= backward:
        yield Pair(outer, inner, "bracket", forward)
    elif backward >= BRACKET:
        yield Pair(inner, outer, "bracket", backward)


def _alias(text: Text, one: Mention, first: int, limit: int) -> Iterator[Pair]:
    last = first
    while last < limit and text.tokens[last].capital:
        last += 1
    if last == first:
        return
    other = Mention(first, last, "capital")
    forward, backward = _score(text, one, other), _score(text, other, one)
    said = text.tokens[first - 1].fold == "alias"
    if max(forward, backward) >= (ALIAS if said else BESIDE):
        short, long = (one, other) if forward >= backward else (other, one)
        yield Pair(short, long, "said", max(forward, backward))


def _stretch(tokens: Sequence[Token], first: int, limit: int) -> Mention | None:
    """Return the spelled-out name from ``first``: a run of capitals, else all up to a mark or a small word."""
    if first >= limit or tokens[first].kind != "word":
        return None
    last = _capitals_end(tokens, first, limit) if tokens[first].capital else first
    if last - first < 2:
        last = first
        while (
            last < min(limit, first + LONGEST)
            and tokens[last].kind != "mark"
            and tokens[last].fold not in STOPS
        ):
            last += 1
    return Mention(first, last, "capital") if last - first >= 2 else None


def _shortened(text: Text, short: Mention, long: Mention) -> Mention:
    """Return a spelled-out name without what follows a comma, when the short name fits that better."""
    ends = [place for place in range(long.first + 2, long.last) if text.tokens[place].text == ","]
    best, fit = long, _score(text, short, long) + 0.02
    for end in ends:
        part = Mention(long.first, end, long.form)
        if _score(text, short, part) > fit:
            best, fit = part, _score(text, short, part)
    return best


def _capitals_end(tokens: Sequence[Token], first: int, limit: int) -> int:
    """Return the end of a run of capitals that may hold commas and small joining words."""
    last = at = first
    small = 0
    while at < min(limit, first + LONGEST + 4):
        token = tokens[at]
        if token.capital or (token.kind == "number" and small == 0):
            last, small = at + 1, 0
        elif token.text == "," or token.fold in WITHIN:
            small += 1
        else:
            break
        at += 1
        if small > 2:
            break
    return last


def _best_stretch(text: Text, short: Mention, first: int, limit: int) -> Mention | None:
    """Return the stretch from ``first`` that the short name abbreviates best."""
    tokens = text.tokens
    best: tuple[float, Mention] | None = None
    for last in range(first + 2, min(limit, first + LONGEST) + 1):
        token = tokens[last - 1]
        if token.kind == "mark" and token.text != ",":
            break
        if token.kind == "mark" or token.fold in STOPS or tokens[first].kind != "word":
            continue
        if tokens[first].capital and not token.capital:
            continue
        mention = Mention(first, last, "capital")
        score = _score(text, short, mention)
        if best is None or score > best[0] + 0.005:
            best = (score, mention)
    return best[1] if best else None


def _announced(text: Text, mentions: Sequence[Mention], lexicon: Lexicon) -> Iterator[Pair]:
    """Yield pairs whose short name comes last: "Y yang disingkat X", "Nama pendeknya X"."""
    tokens = text.tokens
    for short in mentions:
        start = short.first
        while start > 0 and tokens[start - 1].text in "“‘\"':":
            start -= 1
        cue = lexicon["expansion_cues.long_first"].length_before(tokens, start) or _shortened_by(
            tokens, start
        )
        if not cue:
            continue
        sentence = text.sentence_of[short.first]
        reach = text.sentences[max(sentence - 1, 0)].first
        before = [
            mention
            for mention in mentions
            if reach <= mention.first and mention.last <= start - cue and mention.last - mention.first >= 2
        ]
        scored = [
            (_score(text, short, long), long.last - long.first, -number, long)
            for number, long in enumerate(before)
        ]
        if scored:
            score, _size, _number, long = max(scored, key=lambda row: row[:3])
            if score >= BRACKET:
                yield Pair(short, long, "said", score)


def _shortened_by(tokens: Sequence[Token], at: int) -> int:
    """Return the length of "yang warga singkat", "yang biasa mereka sebut" and the like before ``at``."""
    if at < 2 or tokens[at - 1].fold not in {"singkat", "sebut", "panggil", "kenal", "juluki"}:
        return 0
    return next((length for length in (2, 3, 4) if at >= length and tokens[at - length].fold == "yang"), 0)


def _loose(text: Text, mentions: Sequence[Mention], lexicon: Lexicon) -> Iterator[Pair]:
    """Yield pairs of "kepanjangannya ..." in a later clause or sentence: the nearest name before it that fits."""
    tokens = text.tokens
    for number, sentence in enumerate(text.sentences):
        for at in range(sentence.first, sentence.last):
            turned = tokens[at].fold in {"melainkan", "tapi", "tetapi"} and any(
                token.fold == "bukan" for token in tokens[sentence.first : at]
            )
            if not turned and not tokens[at].fold.startswith(
                ("kepanjangan", "singkatan", "kependekan", "akronim")
            ):
                continue
            start = _past(tokens, at + 1, sentence.last)
            while (
                start < sentence.last
                and tokens[start].kind == "word"
                and not tokens[start].capital
                and start < at + 4
            ):
                start = _past(tokens, start + 1, sentence.last)
            long = _stretch(tokens, start, sentence.last)
            reach = text.sentences[max(number - 2, 0)].first
            before = [
                one for one in mentions if reach <= one.first and one.last <= at and one.last - one.first <= 5
            ]
            if long and before:
                score, short = max(((_score(text, one, long), one) for one in before), key=lambda row: row[0])
                long = _shortened(text, short, long)
                if score >= (BESIDE if turned else BRACKET):
                    yield Pair(short, long, "said", score)


def _apart(text: Text, mentions: Sequence[Mention]) -> Iterator[Pair]:
    """Yield pairs that stand far apart but fit each other very well."""
    longs = [one for one in mentions if one.last - one.first >= 3 and one.form in {"capital", "quoted"}]
    for short in mentions:
        if short.last - short.first > 3 or short.form not in {"capital", "quoted"}:
            continue
        for long in longs:
            if short.overlaps(long) or long.last - long.first <= short.last - short.first:
                continue
            score = _score(text, short, long)
            if score >= APART and len(squeezed(text.between(short.first, short.last))) >= 4:
                yield Pair(short, long, "apart", score)


def _score(text: Text, short: Mention, long: Mention) -> float:
    return abbreviation_score(text.between(short.first, short.last), text.between(long.first, long.last))
