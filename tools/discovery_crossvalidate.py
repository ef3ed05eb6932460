"""Measures discovery on labelled items as they are, and with weights fitted on other items than those measured.

usage: python tools/discovery_crossvalidate.py LABELLED.yaml... [--folds 5] [--strength 4] [--write]

The weights are those of a logistic model that is held close to the weights of ``terms/weights.yaml``: the penalty is
``strength`` times the squared distance from them. Each fold is proposed with the weights fitted on the others.
``--write`` fits on everything and writes the weights.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from tifa.discovery.bodies import Reader
from tifa.discovery.engine import discover
from tifa.discovery.groups import Group, find_groups
from tifa.discovery.lexicon import Lexicon, load_lexicon, squeezed
from tifa.discovery.text import read_text

WEIGHTS = Path(__file__).resolve().parents[1] / "src" / "tifa" / "discovery" / "terms" / "weights.yaml"
STEPS = 40


@dataclass(frozen=True)
class Counts:
    """What was right, falsely proposed, and missed."""

    right: int = 0
    false: int = 0
    missed: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.right + other.right, self.false + other.false, self.missed + other.missed)

    @property
    def precision(self) -> float:
        """Return the share of what was proposed that is right."""
        return self.right / max(self.right + self.false, 1)

    @property
    def recall(self) -> float:
        """Return the share of what is labelled that was found."""
        return self.right / max(self.right + self.missed, 1)

    @property
    def f1(self) -> float:
        """Return the harmonic mean of both."""
        return 2 * self.right / max(2 * self.right + self.false + self.missed, 1)

    def __str__(self) -> str:
        return (
            f"precision {self.precision:.3f}  recall {self.recall:.3f}  F1 {self.f1:.3f}  "
            f"({self.right} right, {self.false} false, {self.missed} missed)"
        )


def forms(innovation: Mapping[str, Any]) -> set[str]:
    """Return every accepted spelling of a labelled innovation."""
    names = [innovation["name"], innovation.get("expansion"), *(innovation.get("mentions") or [])]
    return {squeezed(name) for name in names if name}


def count(item: Mapping[str, Any], lexicon: Lexicon) -> Counts:
    """Compare what is proposed for one item with its labels, as the scorer of the examples does."""
    wanted = [
        forms(one) for one in item.get("innovations") or [] if one["own"] and one["status"] != "planned"
    ]
    found: set[int] = set()
    false = 0
    for candidate in discover(item["text"], item.get("region"), lexicon):
        if candidate.reason is None:
            hits = [number for number, names in enumerate(wanted) if squeezed(candidate.name) in names]
            false += not hits
            fresh = [number for number in hits if number not in found]
            found.update(fresh[:1])
    return Counts(len(found), false, len(wanted) - len(found))


def labelled_groups(item: Mapping[str, Any], lexicon: Lexicon) -> list[tuple[Group, bool]]:
    """Return every possible name of an item, and whether it is one of an innovation, own or not, planned or not."""
    reader = Reader(read_text(item["text"]), lexicon, item.get("region"))
    names = set().union(*(forms(one) for one in item.get("innovations") or []), set())
    return [
        (group, squeezed(reader.text.between(group.mentions[0].first, group.mentions[0].last)) in names)
        for group in find_groups(reader)
    ]


def fitted(items: Sequence[Mapping[str, Any]], lexicon: Lexicon, strength: float) -> Lexicon:
    """Return the lexicon with weights fitted on the items, by Newton steps from the given ones."""
    rows = [row for item in items for row in labelled_groups(item, lexicon)]
    names = [name for name in lexicon.weights if name != "threshold"]
    prior = np.array([*(lexicon.weights[name] for name in names), -lexicon.weights["threshold"]])
    matrix = np.array([[*(group.features.get(name, 0.0) for name in names), 1.0] for group, _label in rows])
    truth = np.array([float(label) for _group, label in rows])
    weights = prior.copy()
    penalty = np.full(len(prior), strength)
    penalty[-1] = strength / 4
    for _step in range(STEPS):
        chance = 1 / (1 + np.exp(-matrix @ weights))
        slope = matrix.T @ (chance - truth) + penalty * (weights - prior)
        curve = (matrix.T * (chance * (1 - chance))) @ matrix + np.diag(penalty)
        move = np.linalg.solve(curve, slope)
        weights = weights - move
        if np.abs(move).max() < 1e-6:
            break
    new = {name: round(float(value), 2) for name, value in zip(names, weights[:-1], strict=True)}
    return replace(lexicon, weights=new | {"threshold": round(float(-weights[-1]), 2)})


def cross_validated(
    items: Sequence[Mapping[str, Any]], lexicon: Lexicon, folds: int, strength: float
) -> Counts:
    """Return the counts of each fold under the weights fitted on the other folds."""
    total = Counts()
    for fold in range(folds):
        held_out = [item for number, item in enumerate(items) if number % folds == fold]
        others = [item for number, item in enumerate(items) if number % folds != fold]
        weights = fitted(others, lexicon, strength)
        total = sum((count(item, weights) for item in held_out), total)
    return total


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("labelled", nargs="+", type=Path)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--strength", type=float, default=4.0)
    parser.add_argument("--write", action="store_true", help="fit on everything and write the weights")
    options = parser.parse_args()
    items = [item for path in options.labelled for item in yaml.safe_load(path.read_text(encoding="utf-8"))]
    lexicon = load_lexicon()
    print("as it stands:    ", sum((count(item, lexicon) for item in items), Counts()))
    weights = fitted(items, lexicon, options.strength)
    print("fitted, in sample:", sum((count(item, weights) for item in items), Counts()))
    print("cross-validated: ", cross_validated(items, lexicon, options.folds, options.strength))
    if options.write:
        head = "".join(
            line for line in WEIGHTS.read_text(encoding="utf-8").splitlines(True) if line.startswith("#")
        )
        rows = "".join(f"  {name}: {value:g}\n" for name, value in weights.weights.items())
        WEIGHTS.write_text(f"{head}weights:\n{rows}", encoding="utf-8")


if __name__ == "__main__":
    main()
