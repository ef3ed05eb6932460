"""The words that the city taught, on top of the lists that come with Tifa."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import Count, QuerySet

from tifa.chain.choices import TermKind
from tifa.chain.models import LocalTerm
from tifa.discovery.lexicon import Lexicon, Phrases, load_lexicon, squeezed

# The list of the engine that a kind of term extends.
LISTS: Mapping[TermKind, str] = {
    TermKind.TYPE: "type_words.strong",
    TermKind.NATIONAL: "national.names",
    TermKind.UNIT: "organisations.unit_short",
}


@dataclass(frozen=True)
class Taught:
    """What the next reading knows: the engine's lists with those of the city, names to leave out, names of units."""

    lexicon: Lexicon
    ignored: frozenset[str]
    units: Mapping[str, int]


def local_terms(kind: str = "") -> QuerySet[LocalTerm]:
    """Return the words by kind, each with its unit and with who added it."""
    rows = LocalTerm.objects.select_related("unit", "added_by", "candidate").order_by("kind", "text", "pk")
    return rows.filter(kind=kind) if kind else rows


def term_counts() -> dict[str, int]:
    """Return how many words there are of each kind."""
    found = dict(LocalTerm.objects.order_by().values_list("kind").annotate(n=Count("pk")))
    return {kind.value: found.get(kind.value, 0) for kind in TermKind}


def taught() -> Taught:
    """Return what the city taught so far, in one statement."""
    rows = list(LocalTerm.objects.order_by("pk").values_list("kind", "text", "key", "unit_id"))
    words = {kind: [text for kind_, text, _key, _unit in rows if kind_ == kind] for kind in LISTS}
    return Taught(
        lexicon=extended(load_lexicon(), {LISTS[kind]: texts for kind, texts in words.items()}),
        ignored=frozenset(key for kind, _text, key, _unit in rows if kind == TermKind.IGNORE),
        units={key: unit for kind, _text, key, unit in rows if kind == TermKind.UNIT and unit is not None},
    )


def extended(lexicon: Lexicon, more: Mapping[str, Iterable[str]]) -> Lexicon:
    """Return term lists with words added to some of them; the lists of the package stay as they are."""
    added = {name: (*lexicon.lines(name), *words) for name, words in more.items() if words}
    if not added:
        return lexicon
    phrases = {name: Phrases(terms) for name, terms in added.items()}
    return replace(lexicon, lists={**lexicon.lists, **phrases}, raw={**lexicon.raw, **added})


def term_key(text: str) -> str:
    """Return the form under which two spellings of a word are one."""
    return squeezed(text)[:200]
