"""What a bundle holds, as files and read back; and the computation that both sides do."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from tifa.evaluation.bundle.anonymity import LINKED
from tifa.evaluation.bundle.layout import (
    ENTRIES,
    INSTRUMENT,
    METHOD,
    PUBLISHED_RATINGS,
    RATING_COLUMNS,
    RATINGS,
    RUBRIC,
    as_bytes,
)
from tifa.evaluation.bundle.official import BANDS, METHODS, TIES, official_of
from tifa.evaluation.bundle.results import Json, results_of
from tifa.instruments import digest, instrument_from_json
from tifa.stats.ranking import METHOD as PLAIN_METHOD
from tifa.stats.ranking import SectionWeight
from tifa.stats.reviews import DRAWS, OUT, SURE, Progress, Review, Terms
from tifa.stats.reviews import METHOD as FAIR_METHOD

if TYPE_CHECKING:
    from tifa.stats.outcome import Outcome

# What results tell from the second detail on; bundles that do not say so have none of it.
DETAIL: Final = 2
LATER: Final = frozenset({"leaders", "needed"})
MOST_ENTRIES: Final = 20_000
MOST_ROWS: Final = 500_000
MOST_JUDGES: Final = 4_000
MOST_SECTIONS: Final = 100
_NUMBER: Final = re.compile(r"\d{1,7}(\.\d{1,4})?")
_NAME: Final = re.compile(r"[^\x00-\x1f\x7f]{1,200}")


class UnreadableBundle(ValueError):
    """A bundle cannot be used; the message says which file, what was found and what was expected."""


@dataclass(frozen=True)
class Content:
    """What results are computed from; ``published`` are the reviews of the first publication, when this corrects it."""

    instrument: Mapping[str, Any]
    rubric: Json
    method: Json
    entries: Sequence[Json]
    reviews: Sequence[Review]
    published: Sequence[Review] | None = None

    @property
    def width(self) -> float:
        """Return the width of the scale."""
        return float(Decimal(self.rubric["maximum"]) - Decimal(self.rubric["minimum"]))


def method_of(
    *,
    top: int | None,
    seed: int,
    places: int,
    official: Json | None = None,
    frozen: str | None = None,
) -> Json:
    """Return the settings of the methods, as a bundle states them.

    ``official`` is the rule of the official order, ``frozen`` the digest of the manifest of the first publication in a
    correction.
    """
    return {
        **({} if official is None else {"official": official}),
        **({} if frozen is None else {"frozen": frozen}),
        "detail": DETAIL,
        "plain": PLAIN_METHOD,
        "fair": FAIR_METHOD,
        "places": places,
        "top": top,
        "seed": seed,
        "draws": DRAWS,
        "sure": SURE,
        "out": OUT,
    }


def computed(content: Content) -> Json:
    """Compute the results of a bundle: in publishing and in verifying the same function."""
    return stated(content, outcome_of(content))


def stated(content: Content, found: "Outcome") -> Json:
    """Return what a bundle states of an outcome; older bundles have no rule of the official order."""
    first = content.method.get("detail") != DETAIL
    results = results_of(found, content.width, ROUND_HALF_EVEN if first else ROUND_HALF_UP)
    if results["fair"] and first:
        results["fair"] = {name: one for name, one in results["fair"].items() if name not in LATER}
    return in_official_order(content, results)


def in_official_order(content: Content, results: Json) -> Json:
    """Return results with the official order that the rule in the content makes of them."""
    if "official" not in content.method:
        return results
    return results | {"official": official_of(results, content.rubric, content.method)}


def outcome_of(
    content: Content,
    progress: Progress | None = None,
    moments: Mapping[tuple[str, str], float] | None = None,
) -> "Outcome":
    """Judge what a bundle holds; the ``moments`` of the reviews, which no bundle holds, show judges who changed."""
    from tifa.stats.outcome import outcome  # noqa: PLC0415  # SciPy is loaded when something is judged, not to serve

    sections = tuple(SectionWeight(one["id"], Decimal(one["weight"])) for one in content.rubric["sections"])
    scale = Decimal(content.rubric["minimum"]), Decimal(content.rubric["maximum"])
    terms = Terms(sections, *scale, content.method["top"], content.method["seed"], content.method["places"])
    names = [one["code"] for one in content.entries]
    return outcome(names, content.reviews, terms, progress, content.published, moments)


def files_of(content: Content) -> dict[str, bytes]:
    """Return the files of the content by their names."""
    published = content.published
    return {
        **({} if published is None else {PUBLISHED_RATINGS: _ratings(content.rubric, published)}),
        INSTRUMENT: as_bytes(content.instrument),
        RUBRIC: as_bytes(content.rubric),
        METHOD: as_bytes(content.method),
        ENTRIES: as_bytes(list(content.entries)),
        RATINGS: _ratings(content.rubric, content.reviews),
    }


def content_of(files: Mapping[str, bytes]) -> Content:
    """Read the content back.

    Raises
    ------
    UnreadableBundle
        When a file is not what it should be.
    """
    rubric = _rubric(files)
    entries = _entries(files)
    sections = [one["id"] for one in rubric["sections"]]
    reviews = _reviews(files, RATINGS, {one["code"] for one in entries}, sections, rubric)
    # Entries may have left since the first publication.
    published = (
        _reviews(files, PUBLISHED_RATINGS, None, sections, rubric) if PUBLISHED_RATINGS in files else None
    )
    instrument = json_of(files, INSTRUMENT, dict)
    return Content(instrument, rubric, _method(files), entries, reviews, published)


def json_of(files: Mapping[str, bytes], name: str, kind: type) -> Any:
    """Return a JSON file that holds an object or a list."""
    try:
        value = json.loads(files[name].decode())
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise UnreadableBundle(f"{name}: it is no JSON in UTF-8 ({type(error).__name__}).") from error
    if not isinstance(value, kind):
        raise UnreadableBundle(f"{name}: found {type(value).__name__}; expected {kind.__name__}.")
    return value


def instrument_digest(content: Content) -> str:
    """Return the digest of the instrument in a bundle.

    Raises
    ------
    UnreadableBundle
        When it is no instrument.
    """
    try:
        return digest(instrument_from_json(dict(content.instrument)))
    except (ValidationError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise UnreadableBundle(f"{INSTRUMENT}: it is no instrument ({type(error).__name__}).") from error


def _ratings(rubric: Json, reviews: Sequence[Review]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(RATING_COLUMNS)
    order = [one["id"] for one in rubric["sections"]]
    for review in sorted(reviews, key=lambda one: (one.entry, one.judge)):
        writer.writerows(
            (review.entry, review.judge, section, _score(review.values.get(section))) for section in order
        )
    return text.getvalue().encode()


def _score(value: Decimal | None) -> str:
    return "" if value is None else str(value)


def _rubric(files: Mapping[str, bytes]) -> Json:
    rubric: Json = json_of(files, RUBRIC, dict)
    for name in ("minimum", "maximum"):
        _number(RUBRIC, name, rubric.get(name))
    sections = rubric.get("sections")
    if not isinstance(sections, list) or not 0 < len(sections) <= MOST_SECTIONS:
        raise UnreadableBundle(f"{RUBRIC}: expected 1 to {MOST_SECTIONS} sections.")
    for one in sections:
        if not isinstance(one, dict):
            raise UnreadableBundle(f"{RUBRIC}: a section is no object.")
        _name(RUBRIC, "id", one.get("id"))
        _number(RUBRIC, "weight", one.get("weight"))
    if Decimal(rubric["minimum"]) >= Decimal(rubric["maximum"]):
        raise UnreadableBundle(f"{RUBRIC}: the scale has no width.")
    return rubric


def _method(files: Mapping[str, bytes]) -> Json:
    method: Json = json_of(files, METHOD, dict)
    known = method_of(top=None, seed=0, places=2)
    for name in ("plain", "fair", "draws", "sure", "out"):
        if method.get(name) != known[name]:
            raise UnreadableBundle(
                f"{METHOD}: {name} is {method.get(name)!r}; this version of Tifa computes {known[name]!r}. "
                "Verify with the version that the manifest names."
            )
    top = method.get("top")
    limits = {"seed": 2**63 - 1, "places": 6, **({} if top is None else {"top": MOST_ENTRIES})}
    for name, most in limits.items():
        value = method.get(name)
        if type(value) is not int or not 0 <= value <= most:
            raise UnreadableBundle(f"{METHOD}: {name} is no whole number from 0 to {most}.")
    if "official" in method:
        _check_official(method["official"])
    if ("frozen" in method) != (PUBLISHED_RATINGS in files):
        raise UnreadableBundle(
            f"{METHOD}: a correction names what it corrects in frozen and holds {PUBLISHED_RATINGS}; found one of the two."
        )
    if "frozen" in method:
        _name(METHOD, "frozen", method["frozen"])
    return {"top": None, **method}


def _check_official(rule: Any) -> None:
    if not isinstance(rule, dict):
        raise UnreadableBundle(f"{METHOD}: official is no object.")
    for name, known in (("method", METHODS), ("ties", TIES), ("band", BANDS)):
        if rule.get(name) not in known:
            raise UnreadableBundle(
                f"{METHOD}, official: {name} is {str(rule.get(name))[:40]!r}; expected one of {', '.join(known)}."
            )
    if not isinstance(rule.get("lot"), str) or not isinstance(rule.get("decided"), list):
        raise UnreadableBundle(f"{METHOD}, official: expected lot as text and decided as a list.")
    for code in rule["decided"]:
        _name(METHOD, "decided", code)


def _entries(files: Mapping[str, bytes]) -> list[Json]:
    entries: list[Json] = json_of(files, ENTRIES, list)
    if len(entries) > MOST_ENTRIES:
        raise UnreadableBundle(f"{ENTRIES}: {len(entries)} entries; at most {MOST_ENTRIES} are read.")
    for one in entries:
        if not isinstance(one, dict):
            raise UnreadableBundle(f"{ENTRIES}: an entry is no object.")
        _name(ENTRIES, "code", one.get("code"))
    if len({one["code"] for one in entries}) < len(entries):
        raise UnreadableBundle(f"{ENTRIES}: a code stands twice.")
    return entries


def _reviews(
    files: Mapping[str, bytes],
    file: str,
    entries: set[str] | None,
    sections: Sequence[str],
    rubric: Mapping[str, Any],
) -> list[Review]:
    try:
        rows = csv.reader(io.StringIO(files[file].decode(), newline=""), strict=True)
        if tuple(next(rows, ())) != RATING_COLUMNS:
            raise UnreadableBundle(f"{file}: expected the columns {', '.join(RATING_COLUMNS)}.")
        said = _said(rows, file, entries, set(sections), rubric)
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableBundle(f"{file}: it is no CSV in UTF-8 ({error}).") from error
    if len({judge for _, judge in said}) > MOST_JUDGES:
        raise UnreadableBundle(f"{file}: more than {MOST_JUDGES} labels of judges.")
    return [Review(entry, judge, values, judge.startswith(LINKED)) for (entry, judge), values in said.items()]


def _said(
    rows: Iterable[list[str]],
    file: str,
    entries: set[str] | None,
    sections: set[str],
    rubric: Mapping[str, Any],
) -> dict[tuple[str, str], dict[str, Decimal | None]]:
    least, most = Decimal(rubric["minimum"]), Decimal(rubric["maximum"])
    said: dict[tuple[str, str], dict[str, Decimal | None]] = {}
    for number, row in enumerate(rows, start=2):
        if number > MOST_ROWS:
            raise UnreadableBundle(f"{file}: more than {MOST_ROWS} rows.")
        foreign = entries is not None and row and row[0] not in entries
        if len(row) != len(RATING_COLUMNS) or foreign or row[2] not in sections:
            raise UnreadableBundle(f"{file}, row {number}: it names no entry and section of the bundle.")
        _name(file, "entry", row[0])
        _name(file, "judge", row[1])
        values = said.setdefault((row[0], row[1]), {})
        if row[2] in values:
            raise UnreadableBundle(f"{file}, row {number}: the same score stands twice.")
        values[row[2]] = _number(file, f"row {number}", row[3]) if row[3] else None
        value = values[row[2]]
        if value is not None and not least <= value <= most:
            raise UnreadableBundle(f"{file}, row {number}: {value} is outside the scale {least} to {most}.")
    return said


def _number(file: str, field: str, value: Any) -> Decimal:
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        raise UnreadableBundle(f"{file}, {field}: found {str(value)[:40]!r}; expected a number such as 78.5.")
    return Decimal(value)


def _name(file: str, field: str, value: Any) -> None:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise UnreadableBundle(f"{file}, {field}: found {str(value)[:40]!r}; expected a short name.")
