"""A text with the lists by which its words are judged."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tifa.discovery.lexicon import Lexicon
from tifa.discovery.text import Text

Features = dict[str, float]


@dataclass(frozen=True)
class Surroundings:
    """A text with the lists by which its words are judged."""

    text: Text
    lexicon: Lexicon
    bodies: Sequence[tuple[int, int]] = ()

    @cached_property
    def innovation_words(self) -> float:
        """Return from 0 to 1 how much a text speaks of new services at all."""
        tokens = self.text.tokens
        found = len(self.lexicon["innovation_words.strong"].within(tokens, 0, len(tokens)))
        return min(found, 4) / 4


def unit_at(around: Surroundings, at: int) -> int:
    """Return how many tokens the opening of a unit's name has at a place; 0 when none starts there."""
    lexicon, tokens = around.lexicon, around.text.tokens
    return lexicon["organisations.units"].length_from(tokens, at) or lexicon[
        "organisations.unit_short"
    ].length_from(tokens, at)
