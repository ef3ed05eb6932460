"""A whole judgement: ratings in; fair scores, places, judges, agreement and flags out."""

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from typing import Final, Literal

import numpy as np
from scipy.special import chdtrc

from tifa.stats import linear, mfrm, ranking
from tifa.stats.agreement import components_icc, krippendorff_alpha
from tifa.stats.anchored import anchored_linear_scores, anchored_measures, joined
from tifa.stats.drift import linear_residuals, review_residuals
from tifa.stats.errors import JudgingError
from tifa.stats.fair import FairScores, fair_scores, linear_fair_scores
from tifa.stats.generalizability import Dependability, d_study
from tifa.stats.judging_flags import Flag, design_flags, drift_flags, fit_flags
from tifa.stats.linear import LinearFit, fit_linear
from tifa.stats.mfrm import MfrmFit, MfrmOptions, StepKind, fit_mfrm
from tifa.stats.misfit import JudgeFit, conditional, judge_fit
from tifa.stats.ratings import (
    FloatArray,
    IntArray,
    Panel,
    Subset,
    criterion_weights,
    review_scores,
    subsets_of,
    totals,
)
from tifa.stats.reviews import top_of
from tifa.stats.separation import separation_of
from tifa.stats.uncertain import Places, places_of, ranks_of

Model = Literal["mfrm", "linear", "raw"]

METHODS: Final[dict[Model, str]] = {"mfrm": mfrm.METHOD, "linear": linear.METHOD, "raw": ranking.METHOD}


@dataclass(frozen=True)
class JudgingOptions:
    """How to judge; ``top`` is by default a tenth of the entries, ``weights`` by default equal."""

    model: Model = "mfrm"
    steps: StepKind = "rating-scale"
    halo: bool = True
    topics: bool = False
    weights: dict[str, float] | None = None
    top: int | None = None
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Correction:
    """What was said anew after a publication: ``now`` is the whole panel that counts, ``anew`` the entries said anew.

    ``known`` are the judges whose severity stays as it was published.
    """

    now: Panel
    anew: Panel | None
    known: frozenset[str]


@dataclass(frozen=True)
class JudgedEntry:
    """One entry; numbers that the model does not give are None."""

    entry: str
    n_reviews: int
    raw: float | None = None
    fair: float | None = None
    fair_lo: float | None = None
    fair_hi: float | None = None
    measure: float | None = None
    se: float | None = None
    rank: int | None = None
    rank_lo: int | None = None
    rank_hi: int | None = None
    p_top: float | None = None


@dataclass(frozen=True)
class JudgedJudge:
    """One judge: positive severity is strict; ``n`` reviews."""

    judge: str
    severity: float | None
    se: float | None
    infit: float | None
    outfit: float | None
    n: int


@dataclass(frozen=True)
class JudgedCriterion:
    """One criterion: positive difficulty gets low scores."""

    criterion: str
    difficulty: float | None
    se: float | None


@dataclass(frozen=True)
class Leader:
    """One of the best entries, with its chance to take the first place, the second one, and so on."""

    entry: str
    chances: tuple[float, ...]


@dataclass(frozen=True)
class Agreement:
    """How far the judges agree, and how well the entries are told apart."""

    alpha: dict[str, float | dict[str, dict[str, float | None]] | None]
    icc: dict[str, float | None]
    reliability: float | None
    separation: float | None


@dataclass(frozen=True)
class Judgement:
    """The result, with the method that made it and the digest of what went in."""

    method: str
    digest: str
    converged: bool
    subsets: tuple[Subset, ...]
    deviance: float | None
    parameters: dict[str, float | None]
    entries: tuple[JudgedEntry, ...]
    judges: tuple[JudgedJudge, ...]
    criteria: tuple[JudgedCriterion, ...]
    thresholds: tuple[float, ...] | tuple[tuple[float, ...], ...]
    agreement: Agreement
    flags: tuple[Flag, ...]
    leaders: tuple[Leader, ...] = ()
    needed: tuple[Dependability, ...] = ()


@dataclass(frozen=True, eq=False)
class _Parts:
    """What a model gives."""

    converged: bool = True
    deviance: float | None = None
    parameters: dict[str, float | None] = field(default_factory=dict)
    fair: FairScores | None = None
    measure: FloatArray | None = None
    se: FloatArray | None = None
    severity: FloatArray | None = None
    severity_se: FloatArray | None = None
    judge_fit: JudgeFit | None = None
    difficulty: FloatArray | None = None
    difficulty_se: FloatArray | None = None
    thresholds: tuple[float, ...] | tuple[tuple[float, ...], ...] = ()
    flags: tuple[Flag, ...] = ()
    fit: MfrmFit | LinearFit | None = None


def judge(
    panel: Panel,
    options: JudgingOptions | None = None,
    correction: Correction | None = None,
    late: IntArray | None = None,
) -> Judgement:
    """Judge a panel.

    Parameters
    ----------
    panel
        The ratings from which severities, steps and variances are estimated.
    options
        How to judge.
    correction
        What changed after the publication of this panel: judges, criteria, agreement and flags stay those of
        ``panel``, and so do the scores of every entry that was not said anew. Places are those of the entries now.
    late
        For each review 1 when it belongs to the later half of its judge's, else 0; with it, judges who changed are
        pointed out.

    Raises
    ------
    JudgingError
        When the ratings, weights or ``top`` do not suit the model.
    """
    chosen = JudgingOptions() if options is None else options
    weights = criterion_weights(panel, chosen.weights)
    if chosen.topics and not panel.topics:
        raise JudgingError("Topic means were asked for, but no rating has a topic; add a column topic.")
    variances = _variances(panel, weights, chosen)
    parts = _parts(panel, weights, chosen, variances)
    subsets = subsets_of(panel)
    now, corrected = (
        (panel, parts)
        if correction is None
        else (correction.now, _corrected(panel, parts, weights, correction))
    )
    places = _places(now, chosen, corrected)
    return Judgement(
        method=METHODS[chosen.model],
        digest=digest_of(now, chosen),
        converged=bool(parts.converged),
        subsets=subsets,
        deviance=parts.deviance,
        parameters=parts.parameters,
        entries=_entries(now, raw_scores(now, weights), corrected, places),
        judges=_judges(panel, parts),
        criteria=_criteria(panel, parts),
        thresholds=parts.thresholds,
        agreement=_agreement(panel, weights, parts, variances),
        flags=(
            *design_flags(panel, subsets, converged=parts.converged),
            *parts.flags,
            *_drift(panel, weights, parts, late),
        ),
        leaders=_leaders(now, places),
        needed=() if variances is None else d_study(variances),
    )


def raw_scores(panel: Panel, weights: FloatArray) -> FloatArray:
    """Return the plain weighted mean of each entry; NaN when a criterion with a weight was rated by nobody."""
    entries = len(panel.entries)
    total = np.zeros(entries)
    for column, weight in zip(panel.scores.T, weights, strict=True):
        rated = ~np.isnan(column)
        count = np.bincount(panel.entry_of[rated], minlength=entries)
        points = totals(panel.entry_of[rated], column[rated], entries)
        mean = np.divide(points, count, out=np.full(entries, np.nan), where=count > 0)
        total += weight * mean if weight > 0 else 0.0
    return total


def digest_of(panel: Panel, options: JudgingOptions) -> str:
    """Return the SHA-256 of ratings and options, whatever the order in which the ratings came."""
    names = [panel.entries, panel.judges, panel.criteria, panel.topics, panel.unscored, panel.silent]
    told = json.dumps([names, asdict(options)], sort_keys=True, ensure_ascii=False)
    found = hashlib.sha256(told.encode())
    for numbers in (panel.entry_of, panel.judge_of, panel.topic_of):
        found.update(numbers.astype("<i8").tobytes())
    # One pattern of bits for every missing score.
    found.update(np.where(panel.rated, panel.scores + 0.0, np.nan).astype("<f8").tobytes())
    return found.hexdigest()


def _variances(panel: Panel, weights: FloatArray, options: JudgingOptions) -> LinearFit | None:
    try:
        return fit_linear(panel, weights, topics=options.topics)
    except JudgingError:
        if options.model == "linear":
            raise
        return None


def _parts(panel: Panel, weights: FloatArray, options: JudgingOptions, variances: LinearFit | None) -> _Parts:
    if options.model == "mfrm":
        return _mfrm_parts(panel, weights, options)
    if options.model == "linear" and variances is not None:
        return _linear_parts(variances)
    return _Parts()


def _mfrm_parts(panel: Panel, weights: FloatArray, options: JudgingOptions) -> _Parts:
    chosen = MfrmOptions(steps=options.steps, halo=options.halo, topics=options.topics)
    fit = fit_mfrm(panel, chosen)
    found = conditional(fit)
    quality = judge_fit(fit, found)
    relative = fit.thresholds - fit.difficulty[:, None]
    thresholds: tuple[float, ...] | tuple[tuple[float, ...], ...] = tuple(relative[0].tolist())
    if options.steps == "partial-credit":
        thresholds = tuple(tuple(row) for row in relative.tolist())
    return _Parts(
        converged=fit.converged,
        deviance=fit.deviance,
        parameters={
            "s_theta": fit.s_theta,
            "s_alpha": fit.s_alpha,
            "s_eps": fit.s_eps,
            "s_topic": fit.s_topic if fit.topic_means.size else None,
            **_halo_test(fit, chosen),
        },
        fair=fair_scores(fit, weights),
        measure=fit.measure,
        se=fit.se,
        severity=fit.severity,
        severity_se=fit.severity_se,
        judge_fit=quality,
        difficulty=fit.difficulty,
        difficulty_se=fit.difficulty_se,
        thresholds=thresholds,
        flags=fit_flags(fit, quality, found),
        fit=fit,
    )


def _halo_test(fit: MfrmFit, options: MfrmOptions) -> dict[str, float | None]:
    """Compare with the fit without review effect; half the usual p-value, the null being on the boundary."""
    if not options.halo:
        return {"halo_lr": None, "halo_p": None}
    if fit.s_eps == 0:
        return {"halo_lr": 0.0, "halo_p": 1.0}
    without = fit_mfrm(fit.panel, MfrmOptions(steps=options.steps, halo=False, topics=options.topics))
    ratio = max(without.deviance - fit.deviance, 0.0)
    return {"halo_lr": ratio, "halo_p": float(chdtrc(1, ratio)) / 2}


def _linear_parts(fit: LinearFit) -> _Parts:
    return _Parts(
        converged=fit.converged,
        deviance=-2 * fit.log_likelihood,
        parameters={
            "mean": fit.mean,
            "s_theta": fit.s_entry,
            "s_alpha": fit.s_judge,
            "s_eps": fit.s_rest,
            "s_topic": fit.s_topic if fit.topic_effects.size else None,
        },
        fair=linear_fair_scores(fit.estimates),
        measure=fit.estimates.value - fit.mean,
        se=fit.estimates.se,
        severity=fit.severity,
        severity_se=fit.severity_se,
        fit=fit,
    )


def _drift(panel: Panel, weights: FloatArray, parts: _Parts, late: IntArray | None) -> tuple[Flag, ...]:
    if late is None or parts.fit is None:
        return ()
    found = (
        review_residuals(parts.fit)
        if isinstance(parts.fit, MfrmFit)
        else linear_residuals(parts.fit, panel, weights)
    )
    return drift_flags(panel, found, late)


def _corrected(panel: Panel, parts: _Parts, weights: FloatArray, correction: Correction) -> _Parts:
    """Return the numbers of the entries now: of those said anew under the published fit, of all others as they were."""
    fit, anew, names = parts.fit, correction.anew, correction.now.entries
    if fit is None or parts.fair is None:
        return parts
    if anew is None:
        return _chosen(parts, panel.entries, parts, (), names)
    if isinstance(fit, MfrmFit):
        measured = anchored_measures(fit, anew, correction.known)
        again = replace(
            parts,
            fair=fair_scores(fit, weights, measured),
            measure=measured.estimates.value,
            se=measured.estimates.se,
        )
    else:
        found = anchored_linear_scores(fit, panel.judges, anew, weights, correction.known)
        again = replace(parts, fair=linear_fair_scores(found), measure=found.value - fit.mean, se=found.se)
    return _chosen(parts, panel.entries, again, anew.entries, names)


def _chosen(
    base: _Parts, entries: tuple[str, ...], again: _Parts, anew: tuple[str, ...], names: tuple[str, ...]
) -> _Parts:
    """Return the numbers of the entries ``names``: from ``again`` where they were said ``anew``, else from ``base``."""
    row = {name: position for position, name in enumerate((*entries, *anew))}
    at = np.array([row[name] for name in names], dtype=np.intp)
    return replace(
        base,
        fair=None if base.fair is None or again.fair is None else joined(base.fair, again.fair, at),
        measure=_picked(base.measure, again.measure, at),
        se=_picked(base.se, again.se, at),
    )


def _picked(base: FloatArray | None, again: FloatArray | None, at: IntArray) -> FloatArray | None:
    return None if base is None or again is None else np.concatenate([base, again])[at]


def _entries(panel: Panel, raw: FloatArray, parts: _Parts, places: Places | None) -> tuple[JudgedEntry, ...]:
    ranks = places.rank if places else _raw_ranks(raw)
    reviews = panel.reviews_each
    rows = [
        JudgedEntry(
            entry=name,
            n_reviews=int(reviews[i]),
            raw=_number(raw, i),
            fair=_number(parts.fair.score if parts.fair else None, i),
            fair_lo=_number(parts.fair.low if parts.fair else None, i),
            fair_hi=_number(parts.fair.high if parts.fair else None, i),
            measure=_number(parts.measure, i),
            se=_number(parts.se, i),
            rank=int(ranks[i]) or None,
            rank_lo=int(places.low[i]) if places else None,
            rank_hi=int(places.high[i]) if places else None,
            p_top=_number(places.p_top if places else None, i),
        )
        for i, name in enumerate(panel.entries)
    ]
    rows.sort(key=lambda row: (row.rank is None, row.rank, row.entry))
    return (*rows, *(JudgedEntry(name, 0) for name in panel.unscored))


def _places(panel: Panel, options: JudgingOptions, parts: _Parts) -> Places | None:
    top = top_of(len(panel.entries), options.top)
    return None if parts.fair is None else places_of(parts.fair.ranked, top=top, seed=options.seed)


def _leaders(panel: Panel, places: Places | None) -> tuple[Leader, ...]:
    if places is None:
        return ()
    rows = zip(places.leaders, places.chances, strict=True)
    return tuple(Leader(panel.entries[at], tuple(float(one) for one in chances)) for at, chances in rows)


def _raw_ranks(raw: FloatArray) -> FloatArray:
    """Return the ranks of the plain means; 0 where there is none."""
    known = ~np.isnan(raw)
    ranks = np.zeros(len(raw))
    ranks[known] = ranks_of(raw[known])
    return ranks


def _judges(panel: Panel, parts: _Parts) -> tuple[JudgedJudge, ...]:
    reviews = np.bincount(panel.judge_of, minlength=len(panel.judges))
    quality = parts.judge_fit
    rows = [
        JudgedJudge(
            name,
            _number(parts.severity, i),
            _number(parts.severity_se, i),
            _number(quality.infit if quality else None, i),
            _number(quality.outfit if quality else None, i),
            int(reviews[i]),
        )
        for i, name in enumerate(panel.judges)
    ]
    return (*rows, *(JudgedJudge(name, None, None, None, None, 0) for name in panel.silent))


def _criteria(panel: Panel, parts: _Parts) -> tuple[JudgedCriterion, ...]:
    return tuple(
        JudgedCriterion(name, _number(parts.difficulty, i), _number(parts.difficulty_se, i))
        for i, name in enumerate(panel.criteria)
    )


def _agreement(panel: Panel, weights: FloatArray, parts: _Parts, variances: LinearFit | None) -> Agreement:
    if parts.measure is not None and parts.se is not None:
        told = separation_of(parts.measure, parts.se, shrunken=True)
        reliability, separation = _finite(told.reliability), _finite(told.separation)
    else:
        reliability = separation = None
    of_reviews = review_scores(panel, weights)
    return Agreement(
        alpha={
            "review": _finite(krippendorff_alpha(_side_by_side(panel, of_reviews), "interval")),
            "criteria": {
                name: _alphas(panel, column)
                for name, column in zip(panel.criteria, panel.scores.T, strict=True)
            },
        },
        icc=_icc(panel, variances),
        reliability=reliability,
        separation=separation,
    )


def _icc(panel: Panel, variances: LinearFit | None) -> dict[str, float | None]:
    if variances is None:
        return {"single": None, "mean": None, "corrected": None, "judges": None}
    each = len(panel.entry_of) / len(panel.entries)
    parts = np.hypot(variances.s_entry, variances.s_topic), variances.s_judge, variances.s_rest
    return {
        "single": _finite(components_icc(*parts)),
        "mean": _finite(components_icc(*parts, judges=each)),
        "corrected": _finite(components_icc(parts[0], 0.0, parts[2], judges=each)),
        "judges": each,
    }


def _alphas(panel: Panel, column: FloatArray) -> dict[str, float | None]:
    table = _side_by_side(panel, column)
    return {
        "nominal": _finite(krippendorff_alpha(table, "nominal")),
        "ordinal": _finite(krippendorff_alpha(table, "ordinal")),
        "interval": _finite(krippendorff_alpha(table, "interval")),
    }


def _side_by_side(panel: Panel, values: FloatArray) -> FloatArray:
    """Return the values of each entry's reviews in one row; alpha does not ask which judge gave which."""
    starts = panel.starts
    place = np.arange(len(values)) - starts[panel.entry_of]
    table = np.full((len(panel.entries), int(np.diff(starts).max())), np.nan)
    table[panel.entry_of, place] = values
    return table


def _number(values: FloatArray | None, position: int) -> float | None:
    return None if values is None else _finite(float(values[position]))


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
