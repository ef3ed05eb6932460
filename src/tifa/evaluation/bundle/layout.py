"""Which files a bundle has, how large each may be, and how they are written."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

FORMAT: Final = "tifa-bundle/1"
MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "signature.txt"
KEY: Final = "public-key.pem"
README: Final = "README.txt"
INSTRUMENT: Final = "instrument.json"
RUBRIC: Final = "rubric.json"
METHOD: Final = "method.json"
ENTRIES: Final = "entries.json"
RATINGS: Final = "ratings.csv"
# In a correction: the ratings of the first publication, from which severities, steps and variances stay.
PUBLISHED_RATINGS: Final = "published-ratings.csv"
RESULTS: Final = "results.json"

KIB: Final = 1024
MIB: Final = 1024 * KIB
# The largest size of each file; a round of 3,000 entries with 3 reviews of 8 sections stays below a tenth of each.
LIMITS: Final[Mapping[str, int]] = {
    MANIFEST: 64 * KIB,
    SIGNATURE: KIB,
    KEY: 4 * KIB,
    README: 64 * KIB,
    INSTRUMENT: 4 * MIB,
    RUBRIC: MIB,
    METHOD: 64 * KIB,
    ENTRIES: 8 * MIB,
    RATINGS: 24 * MIB,
    PUBLISHED_RATINGS: 24 * MIB,
    RESULTS: 16 * MIB,
}
# What the manifest lists; it cannot list itself, nor the signature over it.
LISTED: Final = (README, INSTRUMENT, RUBRIC, METHOD, ENTRIES, RATINGS, PUBLISHED_RATINGS, RESULTS, KEY)
OPTIONAL: Final = frozenset({PUBLISHED_RATINGS})
RATING_COLUMNS: Final = ("entry", "judge", "section", "score")


def as_bytes(value: Any) -> bytes:
    """Return a value as JSON that is the same bytes whenever the value is the same."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, indent=1, allow_nan=False)
    return f"{text}\n".encode()


def sha256_of(content: bytes) -> str:
    """Return the SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
