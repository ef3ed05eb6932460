"""Measures what instruments promise: loading all packs, one dossier, a region, all regions, a survey of a million."""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from tifa.instruments import list_instruments, load_instrument, loading, score
from tifa.instruments.schema import ChoiceItem, TextItem
from tifa.instruments.scoring.bulk import MemberTable, score_scopes, score_survey
from tifa.instruments.scoring.facts import Given

REPEATS = 5
DAY = date(2026, 1, 1)
RESPONSES, REGIONS, INNOVATIONS = 1_000_000, 546, 36_742
SEED = 2026


@dataclass(frozen=True)
class NumberMeasurement:
    """What a computation takes, and the plain pass over the same numbers in the same run."""

    name: str
    seconds: float
    floor: float | None

    @property
    def ratio(self) -> float | None:
        """Return how many times the floor it takes."""
        return None if self.floor is None else self.seconds / self.floor


def measure_instruments() -> Iterator[NumberMeasurement]:
    """Measure all, one after the other."""
    yield NumberMeasurement(
        f"load and check all {len(list_instruments())} editions", _median(_load_all), None
    )
    dossier = _dossier()
    kipp = load_instrument("kipp-2023")
    yield NumberMeasurement(
        "one dossier (KIPP 2023, 8 texts)", _median(lambda: score(kipp, dossier, on=DAY)), None
    )
    iga = load_instrument("iga-2026")
    region = _region(200)
    yield NumberMeasurement(
        "one region of 200 innovations, each explained", _median(lambda: score(iga, region, on=DAY)), None
    )
    yield _regions()
    yield _survey()


def _load_all() -> None:
    loading.load_instrument.cache_clear()
    list_instruments()


def _dossier() -> Mapping[str, Any]:
    items = [item for item in load_instrument("kipp-2023").items_of("umum") if isinstance(item, TextItem)]
    return {
        "items": {item.id: {"text": "kata " * (item.max_words.value or 200), "score": 80} for item in items}
    }


def _indicators() -> list[ChoiceItem]:
    items = load_instrument("iga-2026").items_of(None, "innovations")
    return [item for item in items if isinstance(item, ChoiceItem)]


def _affairs() -> list[str]:
    return [choice.id for choice in load_instrument("iga-2026").collections[0].fields[0].choices]


def _region(innovations: int) -> Mapping[str, Any]:
    random = np.random.default_rng(SEED)
    names, affairs = [item.id for item in _indicators()], _affairs()
    return {
        "items": {"spd": 40},
        "innovations": [
            {
                "urusan": affairs[at % len(affairs)],
                "items": {
                    name: int(level)
                    for name, level in zip(names, random.integers(1, 4, len(names)), strict=True)
                },
            }
            for at in range(innovations)
        ],
    }


def _regions() -> NumberMeasurement:
    """The index of all regions, against adding up the same levels with NumPy alone."""
    random = np.random.default_rng(SEED)
    iga, items, affairs = load_instrument("iga-2026"), _indicators(), _affairs()
    levels = random.integers(1, 4, (INNOVATIONS, len(items))).astype(np.int8)
    owner = random.integers(0, REGIONS, INNOVATIONS)
    fields = {"urusan": [affairs[at] for at in random.integers(0, len(affairs), INNOVATIONS)]}
    table = MemberTable([item.id for item in items], levels, owner, fields)
    own = [item for item in iga.items_of(None) if isinstance(item, ChoiceItem)]
    tops = [{item.id: Given(2, 1) for item in own} for _ in range(REGIONS)]  # type: ignore[arg-type]
    weights = np.array([float(item.weight.value or 0) for item in items if item.weight])

    def floor() -> None:
        np.bincount(owner, weights=levels @ weights, minlength=REGIONS)

    return NumberMeasurement(
        f"index of {REGIONS} regions with {INNOVATIONS:,} innovations",
        _median(lambda: score_scopes(iga, "innovations", table, tops, on=DAY)),
        _median(floor),
    )


def _survey() -> NumberMeasurement:
    """A survey of a million, against adding up the same answers with NumPy alone."""
    skm = load_instrument("skm-2017")
    names = [item.id for item in skm.items]
    answers = np.random.default_rng(SEED).integers(1, 5, (RESPONSES, len(names))).astype(np.int8)

    def floor() -> None:
        answers.sum(axis=0, dtype=np.int64)

    return NumberMeasurement(
        f"satisfaction survey of {RESPONSES:,} responses",
        _median(lambda: score_survey(skm, names, answers, on=DAY)),
        _median(floor),
    )


def _median(call: Callable[[], object]) -> float:
    call()
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)
