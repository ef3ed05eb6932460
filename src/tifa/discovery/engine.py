"""Proposes innovations of a region from one text."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tifa.discovery.bodies import Reader
from tifa.discovery.cues import key_of
from tifa.discovery.groups import Group, find_groups
from tifa.discovery.lexicon import Lexicon, load_lexicon
from tifa.discovery.ownership import outside_reason, owner_of
from tifa.discovery.status import Status, status_of, year_of
from tifa.discovery.surroundings import Features
from tifa.discovery.text import Text, read_text

METHOD: Final = "discovery/1"
LONGEST_TEXT: Final = 2_000_000
PART: Final = 12_000
ABOUT: Final = 6


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


def discover(source: str, region: str | None = None, lexicon: Lexicon | None = None) -> list[Candidate]:
    """Return the candidates of a text in the order in which they stand there.

    Parameters
    ----------
    source
        The text. It is read in parts of about 12,000 characters; what lies beyond two million is not read.
    region
        Whose innovations are looked for, such as "Kota Jayapura"; None when it is not known.
    lexicon
        Other term lists than those of the package.

    Returns
    -------
    list of Candidate
        Proposed ones, and those with a ``reason`` why they are not. The same text always gives the same.

    Examples
    --------
    >>> [found] = discover("Dinas Sosial meluncurkan aplikasi Antar Obat.", "Kota Jayapura")
    >>> found.name, found.owner, found.status
    ('Antar Obat', 'Dinas Sosial', 'launched')
    """
    lexicon = lexicon or load_lexicon()
    found: dict[str, Candidate] = {}
    for part in _parts(source[:LONGEST_TEXT]):
        for candidate in _of_part(part, region, lexicon):
            known = found.setdefault(key_of(candidate.name), candidate)
            if known.reason is not None and candidate.reason is None:
                found[key_of(candidate.name)] = candidate
    return list(found.values())


def score_of(features: Features, lexicon: Lexicon) -> float:
    """Return the sum of the weights of the features."""
    return sum(lexicon.weights.get(name, 0.0) * value for name, value in features.items())


def _parts(source: str) -> Iterator[str]:
    """Cut a long text at the ends of paragraphs, or at blanks where there are none."""
    start = 0
    while len(source) - start > PART:
        end = max(
            source.rfind("\n\n", start, start + PART), source.rfind("\n", start + PART // 2, start + PART)
        )
        if end <= start:
            end = source.rfind(" ", start + 1, start + PART)
        end = end if end > start else start + PART
        yield source[start:end]
        start = end
    yield source[start:]


def _of_part(source: str, region: str | None, lexicon: Lexicon) -> list[Candidate]:
    reader = Reader(read_text(source), lexicon, region)
    threshold = lexicon.weights["threshold"]
    scored = [(score_of(group.features, lexicon), group) for group in find_groups(reader)]
    kept = _without_overlaps([(score, group) for score, group in scored if score >= threshold])
    return [
        _candidate(reader, group, score - threshold, olds)
        for score, group, olds in _renamed(reader.text, lexicon, kept)
    ]


def _without_overlaps(scored: list[tuple[float, Group]]) -> list[tuple[float, Group]]:
    """Drop what only spells out another name; of two that share tokens keep the better, or one that stands elsewhere."""
    spelled = [one for _score, group in scored for one in group.long]
    kept: list[tuple[float, Group]] = []
    for score, group in sorted(scored, key=lambda row: (-row[0], row[1].mentions[0].first)):
        taken = [place for _score, other in kept for place in (*other.mentions, *other.long)]
        explains = not group.long and all(
            any(long.first <= one.first and one.last <= long.last for long in spelled)
            for one in group.mentions
        )
        free = any(not any(mention.overlaps(place) for place in taken) for mention in group.mentions)
        if free and not explains:
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


def _candidate(reader: Reader, group: Group, margin: float, olds: Sequence[Group]) -> Candidate:
    text = reader.text
    mention = group.mentions[0]
    places = (*(one for old in olds for one in old.mentions), *group.mentions, *group.long)
    status = status_of(reader, places)
    outside = outside_reason(reader, places)
    long = max(group.long, key=lambda one: one.last - one.first, default=None)
    numbers = {number for one in places for number in _sentences_about(text, text.sentence_of[one.first])}
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
        context=" ".join(text.quote(number) for number in sorted(numbers)[:ABOUT]),
        aliases=tuple(text.between(old.mentions[0].first, old.mentions[0].last) for old in olds),
    )


def _sentences_about(text: Text, number: int) -> list[int]:
    """Return a sentence and the next one of the same paragraph."""
    following = number + 1
    same = (
        following < len(text.sentences)
        and text.sentences[following].paragraph == text.sentences[number].paragraph
    )
    return [number, following] if same else [number]
