"""What one version of a text says otherwise than another, in words that people can read."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from re import findall


@dataclass(frozen=True)
class Piece:
    """Some words of a text: kept, taken away or added."""

    kind: str
    text: str


def pieces(before: str, after: str) -> Iterator[Piece]:
    """Yield the words of both texts in reading order, those that differ marked.

    Examples
    --------
    >>> [(one.kind, one.text) for one in pieces("dua hari saja", "tiga hari saja")]
    [('removed', 'dua '), ('added', 'tiga '), ('kept', 'hari saja')]
    """
    old, new = (findall(r"\S+\s*|\s+", text) for text in (before, after))
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("kept", "".join(old[a:b]))
            continue
        if b > a:
            yield Piece("removed", "".join(old[a:b]))
        if d > c:
            yield Piece("added", "".join(new[c:d]))
