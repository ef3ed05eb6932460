"""What people should look at before they believe a judgement."""

from dataclasses import dataclass

from tifa.stats.drift import ReviewResiduals, shifts
from tifa.stats.mfrm import MfrmFit
from tifa.stats.misfit import HIGH_STAKES, Conditional, JudgeFit, biases
from tifa.stats.ratings import IntArray, Panel, Subset


@dataclass(frozen=True)
class Flag:
    """Something that people should look at before they believe the result."""

    kind: str
    message: str
    judge: str | None = None
    criterion: str | None = None
    size: float | None = None
    p: float | None = None
    q: float | None = None


def design_flags(panel: Panel, subsets: tuple[Subset, ...], *, converged: bool) -> list[Flag]:
    """Point out what the design of the round does not allow."""
    flags = []
    if not converged:
        flags.append(Flag("not-converged", "The search did not settle; do not publish this result."))
    if len(subsets) > 1:
        sizes = " + ".join(str(len(one.entries)) for one in subsets)
        flags.append(
            Flag(
                "disconnected",
                f"The entries fall into {len(subsets)} groups ({sizes}) that share no judge. Comparing groups rests on "
                "the assumption that they are alike; let judges cross over, or rank the groups apart.",
                size=float(len(subsets)),
            )
        )
    flags.extend(Flag("unscored", f"Entry {name!r} has no score and no rank.") for name in panel.unscored)
    return flags


def fit_flags(fit: MfrmFit, quality: JudgeFit, found: Conditional) -> tuple[Flag, ...]:
    """Point out scores that nobody gave, judges who do not fit, and judges who favour or slight a criterion."""
    return (*_scale_flags(fit), *_misfit_flags(fit.panel, quality), *_bias_flags(fit, found))


def drift_flags(panel: Panel, found: ReviewResiduals, late: IntArray) -> tuple[Flag, ...]:
    """Point out judges who grew stricter or more generous: reviews of their later half against the earlier one."""
    return tuple(
        Flag("drift", _drift_sentence(one.judge, one.size), one.judge, None, one.size, one.p, one.q)
        for one in shifts(found, panel, late, ("early", "late"))
        if one.flagged and one.group == "late"
    )


def _scale_flags(fit: MfrmFit) -> list[Flag]:
    return [
        Flag("unused-score", f"Nobody gave the score {score:g}; its step is a guess.", size=score)
        for score in fit.scale.unused
    ]


def _misfit_flags(panel: Panel, quality: JudgeFit) -> list[Flag]:
    low, high = HIGH_STAKES
    return [
        Flag("misfit", _misfit_sentence(name, float(value)), judge=name, size=float(value))
        for name, value, z in zip(panel.judges, quality.infit, quality.infit_z, strict=True)
        if not low <= value <= high and abs(z) > 2  # two standard errors
    ]


def _bias_flags(fit: MfrmFit, found: Conditional) -> list[Flag]:
    return [
        Flag(
            "bias",
            _bias_sentence(one.judge, one.criterion, one.size),
            one.judge,
            one.criterion,
            one.size,
            one.p,
            one.q,
        )
        for one in biases(fit, found)
        if one.flagged
    ]


def _drift_sentence(name: str, size: float) -> str:
    way = "more generous" if size > 0 else "stricter"
    return f"Judge {name!r} grew {way} in the later half of the reviews ({size:+.2f})."


def _misfit_sentence(name: str, value: float) -> str:
    if value > 1:
        return f"Judge {name!r} scores the criteria less evenly than the totals explain (infit {value:.2f})."
    return f"Judge {name!r} scores the criteria more alike than the totals explain (infit {value:.2f})."


def _bias_sentence(name: str, criterion: str, size: float) -> str:
    way = "higher" if size > 0 else "lower"
    return f"Judge {name!r} scores {criterion!r} {way} than the own totals explain ({size:+.2f} logits)."
