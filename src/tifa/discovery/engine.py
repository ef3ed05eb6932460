"""Proposes innovations of a region from one text."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

from tifa.discovery.context import Reader, Status, outside_reason, owner_of, status_of, year_of
from tifa.discovery.cues import Features, Surroundings, features_of, joined_features, key_of
from tifa.discovery.lexicon import Lexicon, load_lexicon
from tifa.discovery.pairs import Pair, find_pairs
from tifa.discovery.spans import Mention, find_mentions
from tifa.discovery.text import Text, Token, read_text

METHOD: Final = "discovery/1"
LONGEST_TEXT: Final = 400_000
KINDS: Final = ("is_body", "is_outside_body", "is_government", "is_event", "is_national", "is_generic", "is_document")
STRONG: Final = ("named", "named_behind", "pair_said", "pair_bracket", "pair_beside", "type_word", "launched", "explained")


@dataclass(frozen=True)
class Candidate:
    """A possible innovation: what it is called, where it stands, and what the text says of it.

    ``reason`` says why it is not proposed as the region's own running innovation; None when it is.
    """

    name: str
    expansion: str | None
    owner: str | None
    year: int | None
    status: Status
    own: bool
    sentence: str
    confidence: float
    reason: str | None
    context: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """All mentions of one name, with the long name that belongs to it and the joined features."""

    mentions: tuple[Mention, ...]
    long: tuple[Mention, ...]
    features: Features


def discover(source: str, region: str | None = None, lexicon: Lexicon | None = None) -> list[Candidate]:
    """Return the candidates of a text in the order in which they stand there.

    Parameters
    ----------
    source
        The text. What lies beyond 400,000 characters is not read.
    region
        Whose innovations are looked for, such as "Kota Jayapura"; None when it is not known.
    lexicon
        Other term lists than those of the package.

    Returns
    -------
    list of Candidate
        Proposed ones, and those with a ``reason`` why they are not. The same text always gives the same.
    """
    lexicon = lexicon or load_lexicon()
    text = read_text(source[:LONGEST_TEXT])
    threshold = lexicon.weights["threshold"]
    reader = Reader(text, lexicon, region)
    scored = [(score_of(group.features, lexicon), group) for group in find_groups(reader)]
    kept = without_overlaps([(score, group) for score, group in scored if score >= threshold])
    return [
        _candidate(reader, group, score - threshold, olds) for score, group, olds in _renamed(text, lexicon, kept)
    ]


def score_of(features: Features, lexicon: Lexicon) -> float:
    """Return the sum of the weights of the features."""
    return sum(lexicon.weights.get(name, 0.0) * value for name, value in features.items())


def find_groups(reader: Reader) -> list[Group]:
    """Return every name of a text with its features, before anything is decided."""
    text, lexicon = reader.text, reader.lexicon
    mentions = find_mentions(text, lexicon)
    pairs = find_pairs(text, mentions, lexicon)
    around = Surroundings(text, lexicon, [(unit.first, unit.last) for unit in reader.units])
    features = {(one.first, one.last): features_of(around, one) for one in mentions}
    told = {(one.first, one.last) for pair in pairs for one in (pair.short, pair.long) if pair.cue != "apart"}
    _coordinate(text, mentions, features, told)
    by_key: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        by_key[key_of(text.between(mention.first, mention.last))].append(mention)
    return _joined(text, by_key, pairs, features, around)


def _joined(
    text: Text,
    by_key: Mapping[str, list[Mention]],
    pairs: Sequence[Pair],
    features: Mapping[tuple[int, int], Features],
    around: Surroundings,
) -> list[Group]:
    shorts: dict[str, list[Pair]] = defaultdict(list)
    longs: set[str] = set()
    for pair in pairs:
        shorts[key_of(text.between(pair.short.first, pair.short.last))].append(pair)
        longs.add(key_of(text.between(pair.long.first, pair.long.last)))
    plain_shorts = {
        key_of(text.between(pair.long.first, pair.long.last))
        for pair in pairs
        if text.between(pair.short.first, pair.short.last) in around.lexicon["generic.abbreviations"]
    }
    inside = [pair.long for pair in pairs if pair.cue != "apart" or pair.score > 0.9]
    groups = []
    for key in dict.fromkeys([*by_key, *shorts]):
        if not key:
            continue
        of_key = by_key.get(key) or [pair.short for pair in shorts[key]]
        rows = [features.get((one.first, one.last)) or features_of(around, one) for one in of_key]
        joined = joined_features(rows)
        long = tuple(pair.long for pair in shorts.get(key, ()))
        for pair in shorts.get(key, ()):
            joined["pair_" + pair.cue] = 1.0
            joined.pop("in_bracket", None)
            if pair.cue != "apart":
                joined |= {
                    "long_" + name: 1.0 for name in KINDS if features_of(around, pair.long).get(name)
                }
            for one in by_key.get(key_of(text.between(pair.long.first, pair.long.last)), ()):
                for name in STRONG:
                    if features[(one.first, one.last)].get(name):
                        joined[name] = 1.0
        if key in longs:
            joined["long_of_pair"] = 1.0
            if key in plain_shorts:
                joined["is_generic"] = 1.0
        elif all(any(long.first <= one.first and one.last <= long.last for long in inside) for one in of_key):
            joined["inside_long"] = 1.0
        groups.append(Group(tuple(of_key), long, joined))
    return groups


def _coordinate(
    text: Text,
    mentions: Sequence[Mention],
    features: Mapping[tuple[int, int], Features],
    told: Set[tuple[int, int]],
) -> None:
    """Let the members of a list share its cue: "meluncurkan A, B, dan C"."""
    tokens = text.tokens
    for before, mention in _neighbours(mentions):
        between = _without_brackets(tokens[before.last : mention.first])
        own, other = features[(mention.first, mention.last)], features[(before.first, before.last)]
        listed = between in ([","], ["dan"], [",", "dan"], [",", "serta"], ["serta"], [";"], ["atau"])
        strong = any(other.get(name) for name in (*STRONG, "coordinated", "behind_colon", "owner_behind")) or (before.first, before.last) in told
        if listed and strong and not (mention.form == "plain" and before.form != "plain"):
            own["coordinated"] = 1.0


def _without_brackets(tokens: Sequence[Token]) -> list[str]:
    """Return the words between two names, without quotes and what stands in brackets."""
    words: list[str] = []
    depth = 0
    for token in tokens:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth == 0 and token.text not in {"”", "“", '"', "‘", "’", "(", ")"}:
            words.append(token.fold)
    return words


def _neighbours(mentions: Sequence[Mention]) -> list[tuple[Mention, Mention]]:
    rows = []
    for number, mention in enumerate(mentions):
        for before in reversed(mentions[:number]):
            if before.last <= mention.first:
                rows.append((before, mention))
                if mention.first - before.last > 10:
                    break
    return rows


def without_overlaps(scored: list[tuple[float, Group]]) -> list[tuple[float, Group]]:
    """Keep the better of two names that share tokens, unless the other stands elsewhere too."""
    kept: list[tuple[float, Group]] = []
    spelled = [one for _score, group in scored for one in group.long]
    scored = [
        (score, group)
        for score, group in scored
        if group.long or not all(any(long.first <= one.first and one.last <= long.last for long in spelled) for one in group.mentions)
    ]
    for score, group in sorted(scored, key=lambda row: (-row[0], row[1].mentions[0].first)):
        free = [
            mention
            for mention in group.mentions
            if not any(mention.overlaps(taken) for _score, other in kept for taken in (*other.mentions, *other.long))
        ]
        if free:
            kept.append((score, group))
    return sorted(kept, key=lambda row: (row[1].mentions[0].first, row[1].mentions[0].last))


def _renamed(
    text: Text, lexicon: Lexicon, kept: Sequence[tuple[float, Group]]
) -> list[tuple[float, Group, list[Group]]]:
    """Take an old and a new name of one thing together: "X ... namanya berubah menjadi Y"."""
    rows: list[tuple[float, Group, list[Group]]] = []
    for score, group in kept:
        first = group.mentions[0].first
        while first > 0 and text.tokens[first - 1].text in "“‘\"'":
            first -= 1
        if rows and lexicon["naming.rename"].length_before(text.tokens, first):
            old_score, old, older = rows.pop()
            rows.append((max(score, old_score), group, [*older, old]))
        else:
            rows.append((score, group, []))
    return rows


def _sentences_about(text: Text, number: int) -> list[int]:
    """Return a sentence and the next one of the same paragraph."""
    following = number + 1
    same = following < len(text.sentences) and text.sentences[following].paragraph == text.sentences[number].paragraph
    return [number, following] if same else [number]


def _candidate(reader: Reader, group: Group, margin: float, olds: Sequence[Group]) -> Candidate:
    text = reader.text
    mention = group.mentions[0]
    places = (*(one for old in olds for one in old.mentions), *group.mentions, *group.long)
    status = status_of(reader, places)
    outside = outside_reason(reader, places)
    long = max(group.long, key=lambda one: one.last - one.first, default=None)
    numbers = sorted({number for one in places for number in _sentences_about(text, text.sentence_of[one.first])})
    return Candidate(
        name=text.between(mention.first, mention.last),
        expansion=text.between(long.first, long.last) if long else None,
        owner=owner_of(reader, group.mentions),
        year=year_of(reader, group.mentions, status),
        status=status,
        own=outside is None,
        sentence=text.quote(text.sentence_of[mention.first]),
        confidence=round(1 / (1 + math.exp(-margin)), 3),
        reason=outside or ("planned" if status == "planned" else None),
        context=" ".join(text.quote(number) for number in numbers[:6]),
        aliases=tuple(text.between(old.mentions[0].first, old.mentions[0].last) for old in olds),
    )
