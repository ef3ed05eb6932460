"""Finds the registry entry that is the same thing as a candidate, however it is written, or says what is only near."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from tifa.discovery.abbreviations import SKIPPED, abbreviation_score
from tifa.discovery.engine import Candidate
from tifa.discovery.lexicon import Lexicon, load_lexicon, squeezed, stem
from tifa.discovery.registry import Entry
from tifa.discovery.text import words_of

SURE: Final = 0.8
NEAR: Final = 0.6
LOOKED_AT: Final = 25
CROWDED: Final = 1500
BRACKET: Final = re.compile(r"\(([^)]*)\)")
KINDS: Final = {
    "kota": "kota",
    "kabupaten": "kabupaten",
    "kab": "kabupaten",
    "provinsi": "provinsi",
    "prov": "provinsi",
}
OTHERS: Final = 3
AGREE: Final = 0.45
ABOUT: Final = 0.1
MEANT: Final = 0.6
STRANGE: Final = 0.15
TYPES: Final = frozenset(
    [
        "aplikasi",
        "program",
        "inovasi",
        "layanan",
        "pelayanan",
        "sistem",
        "gerakan",
        "gebrakan",
        "kanal",
        "platform",
        "portal",
        "si",
        "posyandu",
        "kegiatan",
    ]
)
FUZZY: Final = 0.86
LONG_ENOUGH: Final = 6


@dataclass(frozen=True)
class Match:
    """An entry with how sure it is that it is the same thing, from 0 to 1."""

    entry: Entry
    confidence: float


@dataclass(frozen=True)
class Verdict:
    """What the registry says of a candidate: the entry that it is, or None, and what is only near."""

    match: Match | None
    near: tuple[Match, ...]


@dataclass(frozen=True)
class Forms:
    """The names of one thing: short ones, and long ones that say what it is."""

    names: tuple[str, ...]
    long: tuple[str, ...]


class Register:
    """Reported innovations, indexed by exact names, words and groups of three letters."""

    def __init__(self, entries: Iterable[Entry], lexicon: Lexicon | None = None) -> None:
        self._lexicon = lexicon or load_lexicon()
        self._entries = list(entries)
        self._forms = [_forms_of(entry) for entry in self._entries]
        self._exact: dict[str, list[int]] = defaultdict(list)
        self._grams: dict[str, list[int]] = defaultdict(list)
        for number, forms in enumerate(self._forms):
            for name in forms.names:
                for key in {squeezed(name), _first_letters(name)} - {""}:
                    self._exact[key].append(number)
            for gram in set().union(*(_grams(name) for name in forms.names)):
                self._grams[gram].append(number)
        self._shorts = _short_index(self._forms)
        self._regions = _single_regions(self._lexicon)

    def __len__(self) -> int:
        return len(self._entries)

    def look_up(self, candidate: Candidate, region: str | None = None) -> Verdict:
        """Return the entry that is the same thing as a candidate, and up to three that only resemble it."""
        forms = _forms_of_candidate(candidate)
        scored = [
            Match(self._entries[number], round(score, 3))
            for number in self._possible(forms)
            if (score := self._score(candidate, forms, number, region)) >= NEAR
        ]
        scored.sort(key=lambda match: (-match.confidence, match.entry.id))
        if scored and scored[0].confidence >= SURE:
            return Verdict(scored[0], tuple(scored[1 : OTHERS + 1]))
        return Verdict(None, tuple(scored[:OTHERS]))

    def _possible(self, forms: Forms) -> list[int]:
        """Return the entries that share an exact name, most letter groups, or an abbreviation with a candidate."""
        found: set[int] = set()
        counts: Counter[int] = Counter()
        for name in forms.names:
            found.update(self._exact.get(squeezed(name), ()))
            grams = sorted((len(self._grams.get(gram, ())), gram) for gram in _grams(name))
            for crowd, gram in grams:
                if crowd <= CROWDED:
                    counts.update(self._grams.get(gram, ()))
            found.update(self._shorts.get(_initials(name), ()))
        found.update(number for number, _count in counts.most_common(LOOKED_AT))
        return sorted(found)

    def _score(self, candidate: Candidate, forms: Forms, number: int, region: str | None) -> float:
        entry, others = self._entries[number], self._forms[number]
        likeness = max(self._likeness(one, other) for one in forms.names for other in others.names)
        if likeness < NEAR:
            return 0.0
        if not _same_region(entry.owner, region, self._lexicon):
            return min(likeness, SURE - 0.1)
        if self._contradicts(candidate, forms, entry, others, likeness):
            return min(likeness, SURE - 0.05)
        return likeness

    def _likeness(self, one: str, other: str) -> float:
        left, right = squeezed(one), squeezed(other)
        if not left or not right:
            return 0.0
        if left == right:
            return 1.0
        bare_left, bare_right = self._bare(one), self._bare(other)
        if bare_left and (bare_left == bare_right or sorted(bare_left) == sorted(bare_right)):
            return 0.96
        scores = [self._letters(left, right), self._inside(bare_left, bare_right), _abbreviates(one, other)]
        return max(scores)

    def _letters(self, left: str, right: str) -> float:
        if min(len(left), len(right)) < LONG_ENOUGH:
            return 0.0
        ratio = fuzz.ratio(left, right) / 100
        return ratio if ratio >= FUZZY else min(ratio, SURE - 0.05)

    def _inside(self, left: Sequence[str], right: Sequence[str]) -> float:
        """Return how far one name is the other with words added; a registry name may be the shorter, not the longer."""
        if len(right) >= 2 and len(left) > len(right) and set(right) <= set(left):
            return 0.9 if len(right) / len(left) >= 0.6 else 0.75
        if left and set(left) < set(right):
            share = len(left) / len(right)
            return 0.85 if share >= 0.75 and len(left) >= 3 else 0.7
        return 0.0

    def _bare(self, name: str) -> tuple[str, ...]:
        """Return the words of a name without the words for its kind and the names of regions."""
        return _bare_words(name, self._regions)

    def _contradicts(
        self, candidate: Candidate, forms: Forms, entry: Entry, others: Forms, likeness: float
    ) -> bool:
        """Return whether what is known of both shows that only the names are alike."""
        agreement = [
            _agreement(one, other)
            for one in forms.long
            for other in (*others.long, entry.description)
            if other
        ]
        if agreement and max(agreement) >= AGREE:
            return False
        meanings = _spelled_out(others)
        spelled = [_agreement(one, other) for one in forms.long for other in meanings]
        if spelled and max(spelled) < AGREE and not _spells(forms, others):
            return True
        about = _agreement(entry.description, candidate.context) if entry.description else None
        unit = candidate.owner if candidate.owner and not candidate.owner.islower() else None
        same_unit = _agreement(entry.owner, unit) >= 0.5 if entry.owner and unit else None
        single = len(words_of(candidate.name)) == 1
        if single and agreement and entry.description and max(agreement) < STRANGE and same_unit is False:
            return True
        if any(_abbreviates(one, other) for one in forms.names for other in others.names):
            return False
        exact = any(self._bare(one) == self._bare(other) for one in forms.names for other in others.names)
        supported = bool(same_unit) or (about or 0.0) >= ABOUT
        if not exact and likeness < 1.0 and len(self._bare(candidate.name)) <= 1:
            return not supported
        told = about is not None or same_unit is not None
        wider = any(
            set(self._bare(other)) < set(self._bare(one)) for one in forms.names for other in others.names
        )
        if not exact and wider and told:
            return not supported
        return about == 0.0 and same_unit is False


@lru_cache(maxsize=100_000)
def _bare_words(name: str, regions: frozenset[str]) -> tuple[str, ...]:
    words = [word for word in words_of(name) if word not in TYPES and word not in KINDS]
    left: list[str] = []
    at = 0
    while at < len(words):
        length = next(
            (size for size in (4, 3, 2, 1) if squeezed("".join(words[at : at + size])) in regions), 0
        )
        if not length:
            left.append(words[at])
        at += length or 1
    return tuple(squeezed(word) for word in (left or words) if squeezed(word))


def _spelled_out(forms: Forms) -> list[str]:
    """Return the long names that a short name of the same entry abbreviates."""
    return [
        long
        for long in forms.long
        if any(short != long and abbreviation_score(short, long) >= MEANT for short in forms.names)
    ]


def _spells(forms: Forms, others: Forms) -> bool:
    """Return whether a long name of one side is a name of the other."""
    left, right = {squeezed(name) for name in forms.names}, {squeezed(name) for name in others.names}
    longer = {squeezed(name) for name in (*forms.long, *others.long)}
    return bool(left & right & longer)


def _forms_of(entry: Entry) -> Forms:
    outside = BRACKET.sub(" ", entry.name).strip()
    inside = [part.strip() for part in BRACKET.findall(entry.name) if part.strip()]
    names = [
        name for name in (outside, entry.name if inside else "", *inside, *entry.aliases) if squeezed(name)
    ]
    return Forms(tuple(dict.fromkeys(names)), tuple(_long([*inside, *entry.aliases, outside], outside)))


def _forms_of_candidate(candidate: Candidate) -> Forms:
    names = [candidate.name, *candidate.aliases]
    if candidate.expansion:
        names.append(candidate.expansion)
    return Forms(tuple(dict.fromkeys(names)), tuple(_long([*names[1:], candidate.name], candidate.name)))


def _long(names: Iterable[str], short: str) -> list[str]:
    """Return the names that say what a thing is: at least three words, and more than the short one has."""
    return [
        name
        for name in dict.fromkeys(names)
        if len(words_of(name)) >= 3 or (name != short and len(words_of(name)) > len(words_of(short)))
    ]


def _grams(name: str) -> set[str]:
    key = squeezed(name)
    return {key[at : at + 3] for at in range(len(key) - 2)} or {key}


def _first_letters(name: str) -> str:
    """Return the first letters of a name of three words or more, small words left out."""
    words = [squeezed(word) for word in words_of(name) if word not in SKIPPED]
    return "".join(word[:1] for word in words) if len(words) >= 3 else ""


def _initials(name: str) -> str:
    return squeezed(name)[:2]


def _short_index(all_forms: Sequence[Forms]) -> Mapping[str, list[int]]:
    """Index long names by their first two letters, under which an acronym of them would start."""
    index: dict[str, list[int]] = defaultdict(list)
    for number, forms in enumerate(all_forms):
        for name in forms.names:
            words = words_of(name)
            if len(words) >= 3 and len(words[0]) >= 2:
                index[squeezed(words[0])[:2]].append(number)
    return {key: rows for key, rows in index.items() if len(rows) <= CROWDED}


def _abbreviates(one: str, other: str) -> float:
    for short, long in ((one, other), (other, one)):
        words = [squeezed(word) for word in words_of(long) if word not in SKIPPED]
        if len(words) >= 3 and squeezed(short) == "".join(word[:1] for word in words):
            return 0.9
        key = squeezed(short)
        possible = len(words_of(long)) >= 3 and len(words_of(short)) <= 2 and len(key) >= 5
        if possible and _in_order(key, squeezed(long)):
            score = abbreviation_score(short, long)
            if score >= 0.88:
                return min(score, 0.95)
    return 0.0


def _in_order(letters: str, text: str) -> bool:
    """Return whether the letters stand in a text in this order, others between them."""
    rest = iter(text)
    return all(letter in rest for letter in letters)


def _same_region(owner: str, region: str | None, lexicon: Lexicon) -> bool:
    """Return whether an owner may belong to a region; an owner without a region may."""
    if not owner or not region:
        return True
    kind, name = _region_of(owner, lexicon)
    own_kind, own_name = _region_of(region, lexicon)
    if name is None or own_name is None:
        return True
    return name == own_name and (kind is None or own_kind is None or kind == own_kind)


@lru_cache(maxsize=50_000)
def _region_key(text: str) -> tuple[str | None, tuple[str, ...]]:
    words = words_of(text)
    for at, word in enumerate(words):
        if word in KINDS and at + 1 < len(words):
            return KINDS[word], words[at + 1 :]
    return None, words


def _region_of(text: str, lexicon: Lexicon) -> tuple[str | None, str | None]:
    kind, words = _region_key(text)
    if kind is not None:
        return kind, "".join(squeezed(word) for word in words)
    names = lexicon["regions.regencies"].keys
    for length in (4, 3, 2, 1):
        tail = squeezed("".join(words[-length:]))
        if tail in names:
            return None, tail
    return None, None


@lru_cache(maxsize=4)
def _single_regions(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(lexicon["regions.regencies"].keys | lexicon["regions.provinces"].keys)


@lru_cache(maxsize=50_000)
def meaning_of(text: str) -> frozenset[str]:
    """Return the stems of the content words of a text, everyday short forms spelled out."""
    lexicon = load_lexicon()
    words = [word for word in words_of(text) if not lexicon.is_function(word)]
    forms = _short_forms()
    spelled = [
        part for word in words for piece in re.split(r"[-–/]", word) for part in forms.get(piece, (piece,))
    ]
    return frozenset(stem(word) for word in spelled if len(word) > 2 and not lexicon.is_function(word))


@lru_cache(maxsize=1)
def _short_forms() -> Mapping[str, tuple[str, ...]]:
    rows = (row.partition("=") for row in load_lexicon().lines("short_forms.forms"))
    return {short.strip().casefold(): words_of(long) for short, _sign, long in rows}


def _agreement(one: str, other: str) -> float:
    """Return the share of the meaning of the smaller text that the other has too."""
    left, right = meaning_of(one), meaning_of(other)
    if not left or not right:
        return 0.0
    return len(left & right) / min(len(left), len(right))
