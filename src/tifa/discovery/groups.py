"""Gathers the mentions of one name with its cues, its spelled-out form and what its neighbours in a list share."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

from tifa.discovery.bodies import Reader
from tifa.discovery.cues import features_of, joined_features, key_of
from tifa.discovery.mentions import Mention
from tifa.discovery.pairs import Pair, find_pairs
from tifa.discovery.spans import find_mentions
from tifa.discovery.surroundings import Features, Surroundings
from tifa.discovery.text import Text, Token

Place = tuple[int, int]

LIST_REACH: Final = 10
CLEAR: Final = 0.9
KINDS: Final = (
    "is_body",
    "is_outside_body",
    "is_government",
    "is_event",
    "is_national",
    "is_generic",
    "is_document",
)
STRONG: Final = (
    "named",
    "named_behind",
    "pair_said",
    "pair_bracket",
    "pair_beside",
    "type_word",
    "launched",
    "explained",
)
SHARED: Final = (*STRONG, "coordinated", "behind_colon", "owner_behind")
LISTING: Final = ([","], ["dan"], [",", "dan"], [",", "serta"], ["serta"], [";"], ["atau"])


@dataclass(frozen=True)
class Group:
    """All mentions of one name, the stretches that spell it out, and the joined features."""

    mentions: tuple[Mention, ...]
    long: tuple[Mention, ...]
    features: Features


@dataclass(frozen=True)
class _Findings:
    """What is known of a text while its groups are made."""

    text: Text
    around: Surroundings
    features: Mapping[Place, Features]
    by_key: Mapping[str, Sequence[Mention]]
    pairs: Sequence[Pair]

    def key(self, mention: Mention) -> str:
        return key_of(self.text.between(mention.first, mention.last))


def find_groups(reader: Reader) -> list[Group]:
    """Return every name of a text with its features, before anything is decided."""
    text, lexicon = reader.text, reader.lexicon
    mentions = find_mentions(text, lexicon)
    pairs = find_pairs(text, mentions, lexicon)
    around = Surroundings(text, lexicon, [(unit.first, unit.last) for unit in reader.units])
    features = {_place(one): features_of(around, one) for one in mentions}
    told = {_place(one) for pair in pairs for one in (pair.short, pair.long) if pair.cue != "apart"}
    _share_in_lists(text, mentions, features, told)
    by_key: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        by_key[key_of(text.between(mention.first, mention.last))].append(mention)
    return list(_groups(_Findings(text, around, features, by_key, pairs)))


def _groups(found: _Findings) -> Iterable[Group]:
    shorts: dict[str, list[Pair]] = defaultdict(list)
    for pair in found.pairs:
        shorts[found.key(pair.short)].append(pair)
    longs = {found.key(pair.long) for pair in found.pairs}
    generic = found.around.lexicon["generic.abbreviations"]
    plain = {
        found.key(pair.long)
        for pair in found.pairs
        if found.text.between(pair.short.first, pair.short.last) in generic
    }
    clear = [pair.long for pair in found.pairs if pair.cue != "apart" or pair.score > CLEAR]
    for key in dict.fromkeys([*found.by_key, *shorts]):
        mentions = found.by_key.get(key) or [pair.short for pair in shorts[key]]
        if key:
            joined = _paired(found, mentions, shorts.get(key, ()))
            if key in longs:
                joined["long_of_pair"] = 1.0
            elif all(_lies_within(one, clear) for one in mentions):
                joined["inside_long"] = 1.0
            if key in plain:
                joined["is_generic"] = 1.0
            yield Group(tuple(mentions), tuple(pair.long for pair in shorts.get(key, ())), joined)


def _paired(found: _Findings, mentions: Sequence[Mention], pairs: Sequence[Pair]) -> Features:
    """Return the features of a name, with those that it takes over from what it stands for."""
    joined = joined_features(
        [found.features.get(_place(one)) or features_of(found.around, one) for one in mentions]
    )
    for pair in pairs:
        joined["pair_" + pair.cue] = 1.0
        joined.pop("in_bracket", None)
        if pair.cue != "apart":
            kind = features_of(found.around, pair.long)
            joined |= {"long_" + name: 1.0 for name in KINDS if kind.get(name)}
        for one in found.by_key.get(found.key(pair.long), ()):
            joined |= {name: 1.0 for name in STRONG if found.features[_place(one)].get(name)}
    return joined


def _lies_within(mention: Mention, stretches: Sequence[Mention]) -> bool:
    return any(one.first <= mention.first and mention.last <= one.last for one in stretches)


def _place(mention: Mention) -> Place:
    return mention.first, mention.last


def _share_in_lists(
    text: Text, mentions: Sequence[Mention], features: Mapping[Place, Features], told: Set[Place]
) -> None:
    """Let the members of a list share its cue: "meluncurkan A, B, dan C"."""
    for before, mention in _neighbours(mentions):
        between = _without_brackets(text.tokens[before.last : mention.first])
        other = features[_place(before)]
        strong = any(other.get(name) for name in SHARED) or _place(before) in told
        explains = mention.form == "plain" and before.form != "plain"
        if between in LISTING and strong and not explains:
            features[_place(mention)]["coordinated"] = 1.0


def _without_brackets(tokens: Sequence[Token]) -> list[str]:
    """Return the words between two names, without quotes and what stands in brackets."""
    words: list[str] = []
    depth = 0
    for token in tokens:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth == 0 and token.text not in {"”", "“", '"', "‘", "’", "(", ")"}:
            words.append(token.fold)
    return words


def _neighbours(mentions: Sequence[Mention]) -> Iterable[tuple[Mention, Mention]]:
    """Yield each mention with those that end shortly before it."""
    for number, mention in enumerate(mentions):
        for before in reversed(mentions[:number]):
            if before.last <= mention.first:
                yield before, mention
                if mention.first - before.last > LIST_REACH:
                    break
