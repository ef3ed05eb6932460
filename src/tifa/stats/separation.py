"""How well measures are told apart: separation, strata, reliability, and the test that all are equal."""

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from tifa.stats.ratings import FloatArray


@dataclass(frozen=True)
class Separation:
    """Spread of the measures beyond their errors."""

    rmse: float
    true_sd: float
    separation: float
    strata: float
    reliability: float
    chi2: float
    freedom: int
    p: float


def separation_of(measure: FloatArray, se: FloatArray, *, shrunken: bool = False) -> Separation:
    """Return how far measures differ beyond their standard errors.

    Parameters
    ----------
    measure, se
        Measures and standard errors.
    shrunken
        Whether the measures are posterior means: their spread is already without error, so the true variance is their
        variance plus the mean squared error.

    Notes
    -----
    Separation G is true standard deviation over root mean square error, reliability ``G^2 / (1 + G^2)`` and strata
    ``(4G + 1) / 3`` [1]_. For posterior means the reliability is their variance over it plus the mean squared error
    [2]_.

    References
    ----------
    .. [1] Wright, B. D., and Masters, G. N. (1982). Rating Scale Analysis, chapter 5. MESA Press, Chicago.
    .. [2] Adams, R. J. (2005). Reliability as a measurement design effect. Studies in Educational Evaluation 31,
       162-172.
    """
    error = float(np.mean(se**2))
    observed = float(np.var(measure, ddof=0 if shrunken else 1)) if len(measure) > 1 else 0.0
    true = observed if shrunken else max(observed - error, 0.0)
    ratio = float(np.sqrt(true / error))
    weight = 1 / se**2
    centre = float((weight * measure).sum() / weight.sum())
    square = float((weight * (measure - centre) ** 2).sum())
    freedom = max(len(measure) - 1, 1)
    return Separation(
        rmse=float(np.sqrt(error)),
        true_sd=float(np.sqrt(true)),
        separation=ratio,
        strata=(4 * ratio + 1) / 3,
        reliability=ratio**2 / (1 + ratio**2),
        chi2=square,
        freedom=freedom,
        p=float(chdtrc(freedom, square)),
    )
