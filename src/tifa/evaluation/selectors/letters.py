"""Letters that stand for judges in one conversation, and are nobody's elsewhere."""

import hashlib
from collections.abc import Mapping, Sequence
from string import ascii_uppercase


def letters_for(place: str, members: Sequence[int]) -> Mapping[int, str]:
    """Return a letter for each judge by key, drawn for ``place``."""
    drawn = sorted(members, key=lambda key: hashlib.sha256(f"{place}:{key}".encode()).digest())
    return {key: _letter(at) for at, key in enumerate(drawn)}


def _letter(at: int) -> str:
    size = len(ascii_uppercase)
    return ascii_uppercase[at] if at < size else f"{ascii_uppercase[at % size]}{at // size}"
