"""Panels made up from the model, with the truth behind them."""

from dataclasses import dataclass

import numpy as np

from tifa.stats.ratings import FloatArray, IntArray, Panel, panel_from_arrays


@dataclass(frozen=True)
class World:
    """How a panel is made: sizes, and the standard deviations of its parts."""

    entries: int = 300
    judges: int = 40
    criteria: int = 8
    reviews: int = 3
    steps: int = 5
    measure: float = 1.0
    severity: float = 0.6
    halo: float = 0.0
    profile: float = 0.0
    topics: int = 0
    topic: float = 0.0
    clusters: bool = False
    bridge: float = 0.0
    weights: tuple[float, ...] = ()


@dataclass(frozen=True, eq=False)
class Made:
    """A panel, and what is true: measures, severities, and the fair score that every entry deserves."""

    panel: Panel
    measure: FloatArray
    severity: FloatArray
    fair: FloatArray


PURE = World()
HALO = World(halo=0.7, profile=0.3)
STRONG = World(severity=0.8, halo=1.1, profile=0.4)


def make(world: World, seed: int) -> Made:
    """Make one panel, judges dealt out evenly."""
    random = np.random.default_rng(seed)
    topic_of = random.integers(0, max(world.topics, 1), world.entries)
    means = (
        random.normal(0, world.topic, max(world.topics, 1)) if world.topic else np.zeros(max(world.topics, 1))
    )
    measure = means[topic_of] + random.normal(0, world.measure, world.entries)
    severity = random.normal(0, world.severity, world.judges)
    entry = np.repeat(np.arange(world.entries), world.reviews)
    judge = _dealt(world, topic_of, random)
    profile = random.normal(0, 1, (world.entries, world.criteria)) * world.profile
    halo = random.normal(0, 1, len(entry)) * world.halo
    eta = (measure[entry] - severity[judge] + halo)[:, None] + profile[entry] - _difficulty(world)
    chance = _chances(eta, _steps(world))
    category = (random.random(eta.shape)[:, :, None] > chance.cumsum(axis=2)).sum(axis=2)
    panel = panel_from_arrays(entry, judge, category.astype(np.float64), topic_of if world.topics else None)
    fair = _fair(world, measure[:, None] + profile - _difficulty(world), severity)
    return Made(panel, measure, severity, fair)


def top_share(values: FloatArray, truth: FloatArray, top: int) -> float:
    """Return the share of the true top that the largest values hold."""
    best = set(np.argsort(-truth, kind="stable")[:top].tolist())
    return len(best & set(np.argsort(-values, kind="stable")[:top].tolist())) / top


def calibration_error(chance: FloatArray, happened: FloatArray) -> float:
    """Return the mean gap between what was promised and what happened, over ten classes of probability."""
    group = np.clip((chance * 10).astype(int), 0, 9)
    gaps = np.bincount(group, chance - happened, minlength=10)
    return float(np.abs(gaps).sum()) / len(chance)


def _difficulty(world: World) -> FloatArray:
    return np.linspace(-0.6, 0.6, world.criteria)


def _steps(world: World) -> FloatArray:
    return np.linspace(-2.0, 2.0, world.steps)


def _dealt(world: World, topic_of: IntArray, random: np.random.Generator) -> IntArray:
    """Give every entry its judges: those with the lightest load; with clusters, of the own topic mostly."""
    load, judge = np.zeros(world.judges), np.empty((world.entries, world.reviews), dtype=np.intp)
    home = np.arange(world.judges) % max(world.topics, 1)
    for entry in range(world.entries):
        cost = load + random.random(world.judges) * 0.9
        if world.clusters:
            cost += np.where(home == topic_of[entry], 0.0, 1e6)
        chosen = np.argsort(cost)[: world.reviews]
        if random.random() < world.bridge * world.reviews:
            others = np.setdiff1d(np.arange(world.judges), chosen)
            chosen[-1] = others[np.argmin(load[others] + random.random(len(others)) * 0.9)]
        load[chosen] += 1
        judge[entry] = chosen
    return judge.ravel()


def _chances(eta: FloatArray, steps: FloatArray) -> FloatArray:
    logits = np.arange(len(steps) + 1) * eta[:, :, None] - np.concatenate([[0.0], np.cumsum(steps)])
    weight = np.exp(logits - logits.max(axis=2, keepdims=True))
    chances: FloatArray = weight / weight.sum(axis=2, keepdims=True)
    return chances


def _fair(world: World, location: FloatArray, severity: FloatArray) -> FloatArray:
    points = np.arange(-14, 14, 0.05)
    expected = _chances(points[:, None], _steps(world))[:, 0] @ np.arange(world.steps + 1)
    if world.halo:
        kernel = np.exp(-0.5 * (np.arange(-120, 121) * 0.05 / world.halo) ** 2)
        expected = np.convolve(np.pad(expected, 120, mode="edge"), kernel / kernel.sum(), "valid")
    panel = np.mean([np.interp(points - one, points, expected) for one in severity], axis=0)
    scores = np.interp(location, points, panel)
    return np.average(scores, axis=1, weights=world.weights or None)
