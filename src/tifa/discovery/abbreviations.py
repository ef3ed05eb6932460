"""Says how well a short name abbreviates a long one, the Indonesian way: initials, syllables and word ends."""

from functools import lru_cache
from typing import Final

from tifa.discovery.text import words_of

Taken = tuple[float, frozenset[int]]

INITIAL: Final = 1.0
FOLLOWING: Final = 0.95
INSIDE: Final = 0.55
SKIPPED: Final = frozenset(
    [
        "dan",
        "di",
        "ke",
        "dari",
        "untuk",
        "dengan",
        "bagi",
        "yang",
        "pada",
        "oleh",
        "atau",
        "serta",
        "of",
        "and",
        "the",
        "to",
        "in",
    ]
)
LONGEST: Final = 160


@lru_cache(maxsize=20_000)
def abbreviation_score(short: str, long: str) -> float:
    """Return from 0 to 1 how well the letters of ``short`` are taken in order from the words of ``long``.

    A letter that opens a word counts 1, one that follows its neighbour 0.95, any other 0.55. A long name
    most of whose words give no letter, or whose first word gives none, scores less.

    Examples
    --------
    >>> round(abbreviation_score("SIKAP", "Sistem Kendali Pengaduan"), 2) > 0.8
    True
    >>> abbreviation_score("SIKAP", "Dinas Perhubungan Kota") < 0.5
    True
    """
    letters = "".join(letter for letter in short.casefold() if letter.isalnum())
    words = ["".join(letter for letter in word if letter.isalnum()) for word in words_of(long)]
    words = [word for word in words if word]
    if len(letters) < 2 or len(words) < 2 or sum(map(len, words)) > LONGEST or len(letters) > 40:
        return 0.0
    if set(words_of(short)) <= set(words_of(long)):  # a part of a name does not abbreviate it
        return 0.0
    taken, used = _best(letters, words)
    content = [place for place, word in enumerate(words) if word not in SKIPPED]
    coverage = sum(place in used for place in content) / max(len(content), 1)
    score = taken / len(letters) * (0.55 + 0.45 * min(1.0, coverage * 1.15))
    return score if 0 in used else score * 0.8


def _best(letters: str, words: list[str]) -> Taken:
    """Return the best sum and the words it uses, by a walk over the letters of both."""
    count = len(letters)
    open_: list[Taken] = [(0.0, frozenset())] * (count + 1)
    for number, word in enumerate(words):
        chained: list[Taken | None] = [None] * (count + 1)
        for place, letter in enumerate(word):
            next_open = list(open_)
            next_chained: list[Taken | None] = [None] * (count + 1)
            for taken in range(count):
                if letters[taken] != letter:
                    continue
                gain = INITIAL if place == 0 else INSIDE
                best = (open_[taken][0] + gain, open_[taken][1] | {number})
                before = chained[taken]
                if before is not None and before[0] + FOLLOWING > best[0]:
                    best = (before[0] + FOLLOWING, before[1] | {number})
                next_chained[taken + 1] = best
                if best[0] > next_open[taken + 1][0]:
                    next_open[taken + 1] = best
            open_, chained = _carried(next_open), next_chained
    return open_[count]


def _carried(row: list[Taken]) -> list[Taken]:
    """Let a letter of the short name be left out."""
    for place in range(1, len(row)):
        if row[place - 1][0] > row[place][0]:
            row[place] = row[place - 1]
    return row
