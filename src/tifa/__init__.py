"""Tifa: the evaluation room of a city for its public-service innovations."""

import os

__version__ = "0.1.0"

# The matrices of a panel are small: one thread solves them faster than several, and always in the same order of
# sums. NumPy reads this when it is first imported, so it stands here.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
