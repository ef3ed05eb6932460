"""Reads whose a text is: the region that is looked for, the bodies and the regions that it names."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from tifa.discovery.lexicon import Lexicon, squeezed
from tifa.discovery.mentions import YEAR
from tifa.discovery.text import Text, words_of

DATED: Final = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]((?:19|20)\d\d)\Z")
REGION_KINDS: Final = frozenset(
    ["kota", "kabupaten", "provinsi", "kab", "kab.", "pemkot", "pemkab", "pemprov"]
)
NOMINAL: Final = re.compile(r"(?:ke|pe)\w{3,}an\Z")


@dataclass(frozen=True, slots=True)
class Unit:
    """A body named in a text; ``own``: it belongs to a local government."""

    first: int
    last: int
    name: str
    own: bool


@dataclass(frozen=True)
class Reader:
    """A text, the region whose innovations are looked for, and the term lists."""

    text: Text
    lexicon: Lexicon
    region: str | None

    @cached_property
    def region_names(self) -> frozenset[str]:
        """Return the squeezed names by which the own region is called."""
        words = [word for word in words_of(self.region or "") if word not in REGION_KINDS]
        bare = "".join(words)
        return frozenset(
            squeezed(name) for name in (bare, words[-1] if words else "", self.region or "") if name
        )

    @cached_property
    def visits(self) -> bool:
        """Return whether the text tells of a visit to another region."""
        tokens = self.text.tokens
        return bool(self.lexicon["visiting.words"].within(tokens, 0, len(tokens)))

    @cached_property
    def units(self) -> Sequence[Unit]:
        """Return the bodies that the text names, in order."""
        return list(_units(self))

    @cached_property
    def regions(self) -> Sequence[tuple[int, int, bool]]:
        """Return each named regency or city: from token, up to token, whether it is the own one."""
        return list(_regions(self))

    @cached_property
    def year_of_text(self) -> int | None:
        """Return the year of the first full date or, failing that, the only year in the text."""
        for token in self.text.tokens:
            if match := DATED.match(token.text):
                return int(match.group(1))
        years = {int(token.text) for token in self.text.tokens if YEAR.match(token.text)}
        return years.pop() if len(years) == 1 else None


def _regions(reader: Reader) -> Iterator[tuple[int, int, bool]]:
    tokens, names = reader.text.tokens, reader.lexicon["regions.regencies"]
    at = 0
    while at < len(tokens):
        length = names.length_from(tokens, at) if tokens[at].capital else 0
        if length and _is_region(reader, at):
            name = squeezed("".join(token.fold for token in tokens[at : at + length]))
            own = name in reader.region_names or any(name in known for known in reader.region_names)
            yield at, at + length, own
        at += max(length, 1)


def _is_region(reader: Reader, at: int) -> bool:
    """Return whether a name such as "Batu" stands for the region, not for a sub-district or the tail of a name."""
    tokens = reader.text.tokens
    previous = tokens[at - 1] if at else None
    if previous is None or previous.fold in REGION_KINDS:
        return True
    if previous.fold in {
        "kecamatan",
        "kelurahan",
        "desa",
        "distrik",
        "kampung",
        "jalan",
        "puskesmas",
        "pasar",
        "nagari",
        "dusun",
    }:
        return False
    inside = any(unit.first < at < unit.last for unit in reader.units)
    governs = bool(reader.lexicon["organisations.governments"].length_before(tokens, at))
    return inside or governs or not previous.capital or reader.lexicon.is_common(previous.fold)


def _units(reader: Reader) -> Iterator[Unit]:
    tokens, lexicon = reader.text.tokens, reader.lexicon
    at = 0
    while at < len(tokens):
        own = lexicon["organisations.units"].length_from(tokens, at) or lexicon[
            "organisations.unit_short"
        ].length_from(tokens, at)
        outside = lexicon["organisations.outside"].length_from(tokens, at)
        government = 0 if own or outside else lexicon["organisations.governments"].length_from(tokens, at)
        length = own or outside or government
        if length and _inside_name(reader, at):
            length = 0
        if (
            not length
            or tokens[at].kind != "word"
            or (government and tokens[at].fold in REGION_KINDS - {"pemkot", "pemkab", "pemprov"})
        ):
            at += 1
            continue
        last = at + length
        if tokens[at].capital:
            last = _unit_end(reader, at, last)
        yield Unit(at, last, reader.text.between(at, last), bool(own or government))
        at = last


def _inside_name(reader: Reader, at: int) -> bool:
    """Return whether a word such as "Kampung" is the tail of a name: "Kita Kampung"."""
    tokens, lexicon = reader.text.tokens, reader.lexicon
    if at == 0 or not tokens[at].capital or not tokens[at - 1].capital:
        return False
    return (
        not any(
            lexicon[name].length_before(tokens, at)
            for name in ("persons.titles", "persons.people", "organisations.governments")
        )
        and not lexicon.is_function(tokens[at - 1].fold)
        and not lexicon.is_common(tokens[at - 1].fold)
    )


def _unit_end(reader: Reader, at: int, last: int) -> int:
    """Return where the name of a body ends: "Dinas Ketahanan Pangan dan Perikanan Kota X"."""
    tokens = reader.text.tokens
    limit = reader.text.sentences[reader.text.sentence_of[at]].last
    while last < limit:
        if tokens[last].capital and last - at < 12:
            last += 1
        elif (
            last + 1 < limit
            and tokens[last].fold in {"dan", "&"}
            and tokens[last + 1].capital
            and _joins(reader, at, last + 1)
        ):
            last += 2
        elif tokens[last].text == "," and (further := _listed_end(reader, last, limit)):
            last = further
        else:
            return last
    return last


def _listed_end(reader: Reader, at: int, limit: int) -> int:
    """Return the end of ", Y dan Z" behind "Dinas X", or 0 when something else follows the comma."""
    tokens = reader.text.tokens
    place = at + 1
    if place >= limit or not tokens[place].capital or not _same_body(reader, place):
        return 0
    while place < min(limit - 1, at + 8):
        if tokens[place].fold in {"dan", "&"} and tokens[place + 1].capital and _same_body(reader, place + 1):
            return place + 2
        if not tokens[place].capital and tokens[place].text != ",":
            return 0
        place += 1
    return 0


def _joins(reader: Reader, head: int, at: int) -> bool:
    """Return whether "dan X" goes on with the name of a department: "Dinas Komunikasi dan Informatika"."""
    tokens, lexicon = reader.text.tokens, reader.lexicon
    if _same_body(reader, at):
        return True
    department = tokens[head].fold in {"dinas", "badan", "kementerian", "bagian", "biro", "bidang"}
    other = any(
        lexicon[name].length_from(tokens, at)
        for name in ("organisations.units", "organisations.unit_short", "organisations.outside")
    )
    return department and not other and not tokens[at].shouted


def _same_body(reader: Reader, at: int) -> bool:
    tokens, lexicon = reader.text.tokens, reader.lexicon
    return not any(
        lexicon[name].length_from(tokens, at)
        for name in ("organisations.units", "organisations.unit_short", "organisations.outside")
    ) and (lexicon.is_common(tokens[at].fold) or bool(NOMINAL.match(tokens[at].fold)))
