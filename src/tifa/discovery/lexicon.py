"""Loads the term lists of ``terms/`` and answers which term stands at a place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from tifa.discovery.reading import UnreadableYaml, read_yaml
from tifa.discovery.text import Token, words_of

TERMS = files("tifa.discovery") / "terms"


class BrokenTerms(ValueError):
    """A file of terms cannot be used; the message says which and why."""


class Phrases:
    """A list of words and groups of words that is looked up at a place of a text."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        self._by_last: dict[str, list[tuple[str, ...]]] = {}
        self.keys: set[str] = set()
        for term in terms:
            words = tuple(words_of(term))
            if words:
                self.keys.add(squeezed(term))
                self._by_first.setdefault(words[0], []).append(words)
                self._by_last.setdefault(words[-1], []).append(words)
        for groups in (*self._by_first.values(), *self._by_last.values()):
            groups.sort(key=len, reverse=True)

    def length_from(self, tokens: Sequence[Token], at: int) -> int:
        """Return how many tokens the longest term has that starts at ``at``; 0 when none does."""
        if not 0 <= at < len(tokens):
            return 0
        for words in self._by_first.get(tokens[at].fold, ()):
            if tuple(token.fold for token in tokens[at : at + len(words)]) == words:
                return len(words)
        return 0

    def length_before(self, tokens: Sequence[Token], at: int) -> int:
        """Return how many tokens the longest term has that ends just before ``at``; 0 when none does."""
        if not 0 < at <= len(tokens):
            return 0
        for words in self._by_last.get(tokens[at - 1].fold, ()):
            start = at - len(words)
            if start >= 0 and tuple(token.fold for token in tokens[start:at]) == words:
                return len(words)
        return 0

    def within(self, tokens: Sequence[Token], start: int, end: int) -> list[int]:
        """Return every place from ``start`` up to ``end`` where a term starts."""
        return [at for at in range(max(start, 0), min(end, len(tokens))) if self.length_from(tokens, at)]

    def __contains__(self, name: str) -> bool:
        return squeezed(name) in self.keys


@dataclass(frozen=True, eq=False)
class Lexicon:
    """All term lists: ``lexicon["plan_cues.done"]``, and the weights of the features."""

    lists: Mapping[str, Phrases]
    weights: Mapping[str, float]
    raw: Mapping[str, Sequence[str]]

    def __getitem__(self, name: str) -> Phrases:
        return self.lists[name]

    def lines(self, name: str) -> Sequence[str]:
        """Return the terms of a list as they are written."""
        return self.raw[name]

    def is_common(self, fold: str) -> bool:
        """Return whether a word is an everyday one, as it stands or by its stem."""
        keys = self.lists["common_words.words"].keys
        return squeezed(fold) in keys or squeezed(stem(fold)) in keys or self.is_function(fold)

    def is_ordinary(self, fold: str) -> bool:
        """Return whether a word is an everyday one or an everyday noun that makes up names of services."""
        nouns = self.lists["common_words.nouns"].keys
        return self.is_common(fold) or squeezed(fold) in nouns or squeezed(stem(fold)) in nouns

    def is_function(self, fold: str) -> bool:
        """Return whether a word is a small word that never makes a name."""
        return fold in self.lists["function_words.other"].keys


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """Return the term lists that come with the package; read once a process.

    Raises
    ------
    BrokenTerms
        When a file is not a block of lists of texts.
    """
    weights: dict[str, float] = {}
    raw: dict[str, Sequence[str]] = {}
    for path in sorted(TERMS.iterdir(), key=lambda one: one.name):
        if path.name.endswith(".yaml"):
            groups = _groups(path.name, path.read_text(encoding="utf-8"))
            if path.name == "weights.yaml":
                weights = _numbers(groups)
            else:
                stem_ = path.name.removesuffix(".yaml")
                raw |= {f"{stem_}.{name}": terms for name, terms in groups.items()}
    return Lexicon({name: Phrases(terms) for name, terms in raw.items()}, weights, raw)


@lru_cache(maxsize=100_000)
def stem(fold: str) -> str:
    """Return the Snowball stem of a word in small letters."""
    return str(_stemmer().stemWord(fold))


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import snowballstemmer  # noqa: PLC0415  # it loads thirty languages, and serving stems nothing

    return snowballstemmer.stemmer("indonesian")


@lru_cache(maxsize=100_000)
def squeezed(text: str) -> str:
    """Return a text without capitals and without everything but letters and digits."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _groups(name: str, text: str) -> Mapping[str, Any]:
    try:
        groups = read_yaml(text)
    except UnreadableYaml as error:
        raise BrokenTerms(f"{name}, {error}") from error
    if not isinstance(groups, dict):
        raise BrokenTerms(f"{name}: found no block of lists; expected a name and a list of terms.")
    for group, terms in groups.items():
        wrong = not isinstance(terms, list | dict) or (
            isinstance(terms, list) and not all(isinstance(term, str) for term in terms)
        )
        if wrong:
            raise BrokenTerms(f"{name}, {group}: found something else than a list of texts.")
    return groups


def _numbers(groups: Mapping[str, Any]) -> dict[str, float]:
    try:
        return {name: float(value) for group in groups.values() for name, value in group.items()}
    except (TypeError, ValueError, AttributeError) as error:
        raise BrokenTerms(f"weights.yaml: found something else than a number: {error}.") from error
