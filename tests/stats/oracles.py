"""Another program on the same panel."""

import warnings

import numpy as np
import pandas as pd
import raschpy

from tifa.stats.ratings import FloatArray, Panel


def frame_of(panel: Panel) -> pd.DataFrame:
    """Lay a panel out as RaschPy wants it: judge and entry as index, one column a criterion."""
    index = pd.MultiIndex.from_arrays(
        [[panel.judges[j] for j in panel.judge_of], [panel.entries[e] for e in panel.entry_of]],
        names=["Rater", "Person"],
    )
    return pd.DataFrame(panel.scores, index=index, columns=list(panel.criteria)).sort_index()


def raschpy_measures(frame: pd.DataFrame) -> FloatArray:
    """Return RaschPy's measures by its default method, in the order of the names; scores from 0 to 5."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = raschpy.MFRM(frame, max_score=5)
        model.calibrate_global()
        model.person_estimates_global()
    return np.asarray(model.persons_global.sort_index(), dtype=np.float64)
