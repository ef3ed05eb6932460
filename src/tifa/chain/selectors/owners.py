"""Finds the unit of the tree that a text means."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from rapidfuzz import fuzz, process

from tifa.discovery.lexicon import load_lexicon, squeezed
from tifa.discovery.text import words_of
from tifa.organisation.choices import UnitKind
from tifa.organisation.models import Unit, UnitAlias
from tifa.organisation.selectors import UnitTree, is_valid_on

ALIKE: Final = 92
LONG_ENOUGH: Final = 10
KIND_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    UnitKind.PROVINCE: ("provinsi",),
    UnitKind.REGENCY: ("kabupaten",),
    UnitKind.CITY: ("kota",),
    UnitKind.DISTRIK: ("distrik", "kecamatan"),
    UnitKind.KELURAHAN: ("kelurahan",),
    UnitKind.KAMPUNG: ("kampung", "desa"),
    UnitKind.HEALTH_CENTRE: ("puskesmas",),
}
GOVERNMENTS: Final[Mapping[str, str]] = {"pemkot": "kota", "pemkab": "kabupaten", "pemprov": "provinsi"}
# Words before a name that say nothing about which unit it is.
EMPTY: Final = frozenset({"pemerintah", "upt", "uptd", "blud"})
LONGEST: Final = 20
REGIONS: Final = frozenset({"provinsi", "prov", "kabupaten", "kab", "kota"})
AFTER_COMMA: Final = re.compile(r"[,(;].*")


class OwnerFinder:
    """Knows every name of every unit of the own government.

    A name that two units share, such as that of a kelurahan and a kampung, means neither unless its kind stands
    before it.
    """

    def __init__(self, tree: UnitTree, region: str, taught: Mapping[str, int] | None = None) -> None:
        self._tree = tree
        self._taught = taught or {}
        self._own = tree.own_government()
        self._short = _short_forms()
        self._region = squeezed(region)
        self._bare_region = squeezed(" ".join(words_of(region)[1:])) or self._region
        self._by_key: dict[str, set[int]] = {}
        for unit in tree.units.values():
            if self._own is None or unit.pk in self._own:
                self._learn(unit, [unit.name])
        for unit_id, text in UnitAlias.objects.order_by("pk").values_list("unit_id", "text"):
            if unit_id in tree.units and (self._own is None or unit_id in self._own):
                self._learn(tree.units[unit_id], [text])

    def find(self, owner: str, on: date) -> Unit | None:
        """Return the unit that exists on a day and that an owner's name means, or nothing when that is not sure."""
        keys = list(dict.fromkeys(self._keys(owner)))
        for key in keys:
            taught = self._tree.units.get(self._taught.get(key, 0))
            if taught is not None and is_valid_on(taught, on):
                return taught
        for key in keys:
            units = self._valid(self._by_key.get(key, ()), on)
            if len(units) == 1:
                return units[0]
            if units:
                return None
        return self._beginning(owner, on) or self._alike(keys, on)

    def _beginning(self, owner: str, on: date) -> Unit | None:
        """Return the unit whose name opens a longer one, as in headlines: "Puskesmas X Luncurkan ...".

        A region behind the name means a unit of another government.
        """
        words = words_of(owner)[:LONGEST]
        for length in range(len(words) - 1, 1, -1):
            if words[length] in REGIONS:
                continue
            units = self._valid(self._by_key.get(squeezed(" ".join(words[:length])), ()), on)
            if units:
                return units[0] if len(units) == 1 else None
        return None

    def _learn(self, unit: Unit, names: Iterable[str]) -> None:
        kinds = KIND_WORDS.get(unit.kind, ())
        for name in names:
            for written in (name, *(f"{kind} {name}" for kind in kinds)):
                for key in self._keys(written):
                    self._by_key.setdefault(key, set()).add(unit.pk)

    def _keys(self, name: str) -> Iterator[str]:
        """Yield the forms of a name: as it is, with short forms spelled out, and without the name of the city."""
        for text in (name, AFTER_COMMA.sub("", name)):
            words = [word for word in words_of(text) if word not in EMPTY]
            spelled = [
                part for word in words for part in self._short.get(word, (GOVERNMENTS.get(word, word),))
            ]
            for form in (words, spelled):
                whole = squeezed(" ".join(form))
                if whole:
                    yield whole
                for tail in (self._region, self._bare_region):
                    if tail and whole.endswith(tail) and len(whole) > len(tail):
                        yield whole.removesuffix(tail)

    def _valid(self, ids: Iterable[int], on: date) -> list[Unit]:
        units = [self._tree.units[key] for key in ids]
        return [unit for unit in units if is_valid_on(unit, on)]

    def _alike(self, keys: list[str], on: date) -> Unit | None:
        """Return the only unit whose name differs by a slip of the pen."""
        found: set[int] = set()
        for key in keys:
            if len(key) >= LONG_ENOUGH:
                rows = process.extract(
                    key, self._by_key.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE, limit=5
                )
                # "SD Negeri 1" is no slip of the pen for "SD Negeri 2".
                same = (name for name, _score, _at in rows if _digits(name) == _digits(key))
                found.update(*(self._by_key[name] for name in same))
        units = self._valid(found, on)
        return units[0] if len(units) == 1 else None


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())


def _short_forms() -> Mapping[str, tuple[str, ...]]:
    rows = (row.partition("=") for row in load_lexicon().lines("short_forms.forms"))
    return {short.strip().casefold(): tuple(words_of(long)) for short, _sign, long in rows}
