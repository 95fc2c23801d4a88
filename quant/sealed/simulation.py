"""Seeded simulation of draws without putting back, for the few sheets whose exact answer is out of reach."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

SEED = 20_241_203
TRIALS = 65_536
_CELLS_AT_ONCE = 2_000_000

IndexArray: TypeAlias = NDArray[np.intp]


def sampled_subsets(
    weights: Sequence[int], draws: int, *, trials: int = TRIALS, seed: int = SEED
) -> IndexArray:
    """Draw `draws` of the items without putting back, `trials` times.

    Successive sampling by weight is the same as taking the first arrivals of exponential clocks whose rates
    are the weights. The same arguments give the same draws.

    Returns:
        Indices into `weights`, one row per trial, in no particular order within a row.
    """
    rng = np.random.default_rng(seed)
    scale = 1.0 / np.asarray(weights, dtype=np.float64)
    rows_at_once = max(1, _CELLS_AT_ONCE // len(scale))
    blocks = []
    for start in range(0, trials, rows_at_once):
        rows = min(rows_at_once, trials - start)
        arrivals = rng.standard_exponential((rows, len(scale))) * scale
        blocks.append(np.argpartition(arrivals, draws - 1, axis=1)[:, :draws])
    return np.concatenate(blocks)
