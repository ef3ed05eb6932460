"""A stretch of a text that could be a name, and the shapes of words that several modules ask for."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from tifa.discovery.lexicon import Lexicon, squeezed

Form = Literal["capital", "quoted", "prefixed", "numbered", "plain"]
YEAR = re.compile(r"(?:19|20)\d\d\Z")
ACTIVE = re.compile(r"(?:me(?:m|n|ng|ny|l|r|w|y)?|di|ber|ter)[a-z]{3,}\Z")
DROPPED_FIRST: Final = frozenset(
    [
        "aplikasi",
        "program",
        "inovasi",
        "layanan",
        "kanal",
        "platform",
        "portal",
        "terobosan",
        "kegiatan",
        "nama",
        "judul",
    ]
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of tokens that could be a name; ``soft``: only its place gives it a capital."""

    first: int
    last: int
    form: Form
    soft: bool = False
    joined: bool = False

    def overlaps(self, other: "Mention") -> bool:
        """Return whether both share a token."""
        return self.first < other.last and other.first < self.last


def is_verb(fold: str, lexicon: Lexicon) -> bool:
    """Return whether a word is an active or passive verb, or one of starting and using."""
    return (bool(ACTIVE.match(fold)) and lexicon.is_common(fold)) or any(
        squeezed(fold) in lexicon[name].keys
        for name in ("launch_verbs.launch", "launch_verbs.use", "launch_verbs.means")
    )
