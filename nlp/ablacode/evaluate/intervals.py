"""Intervals: Wilson's for rates of independent things, resampling of whole notes for everything else.

Mentions of one note stand or fall together, so what is resampled is always the note. The seed is fixed and the
generator is numpy's frozen one: the same counts give the same interval under every numpy the package allows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

Z95 = 1.96
RESAMPLES = 2000
SEED = 20_250_304


@dataclass(frozen=True, slots=True)
class Metric:
    """A measured value and what it was measured on; all but ``n`` are None where there was nothing to measure."""

    value: float | None
    n: int
    low: float | None
    high: float | None

    def to_dict(self) -> dict[str, float | int | None]:
        """The JSON form, rounded to what anybody can use."""
        return {"value": _rounded(self.value), "n": self.n, "low": _rounded(self.low), "high": _rounded(self.high)}


NOTHING = Metric(None, 0, None, None)


def wilson(k: float, n: int, z: float = Z95) -> tuple[float, float]:
    """Wilson's score interval of ``k`` in ``n``; of nothing (n = 0) everything is possible.

    Raises:
        ValueError: ``k`` is not between 0 and ``n``.
    """
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is no share")
    if n == 0:
        return 0.0, 1.0
    share, square = k / n, z * z / n
    centre = share + square / 2
    half = math.sqrt(square * (share * (1 - share) + square / 4))
    # At the ends the exact bounds are 0 and 1; rounding would leave them a hair off.
    low = 0.0 if k == 0 else max(0.0, (centre - half) / (1 + square))
    high = 1.0 if k == n else min(1.0, (centre + half) / (1 + square))
    return low, high


def rate(k: float, n: int) -> Metric:
    """``k`` in ``n`` with Wilson's interval."""
    return Metric(k / n, n, *wilson(k, n)) if n else NOTHING


def resample(counts: Array, *, resamples: int = RESAMPLES, seed: int = SEED) -> Array:
    """Totals of ``resamples`` draws of whole notes with replacement: one row a draw, the columns of ``counts``."""
    notes = counts.shape[0]
    if notes == 0:
        return np.zeros((resamples, counts.shape[1]))
    draws = np.random.RandomState(seed).randint(0, notes, size=(resamples, notes))
    # How often each note was drawn, all draws in one count.
    flat = (draws + np.arange(resamples)[:, None] * notes).ravel()
    weights = np.bincount(flat, minlength=resamples * notes).reshape(resamples, notes)
    totals: Array = weights.astype(np.float64) @ counts
    return totals


def percentiles(values: Array, level: float = 0.95) -> tuple[float, float] | None:
    """The middle ``level`` of resampled values; draws without the thing (NaN) do not count. None: no spread."""
    values = values[~np.isnan(values)]
    if values.size == 0:
        return None
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return (float(low), float(high)) if high > low else None


def resampled(value: float, n: int, values: Array, notes: int) -> Metric:
    """``value`` measured on ``n`` things in ``notes`` notes, with the interval of its resampled ``values``.

    Where every note says the same (all right, say) resampling gives an interval of no width, which would flatter;
    then it is Wilson's for that share of the notes.
    """
    low, high = percentiles(values) or wilson(value * notes, notes)
    return Metric(value, n, min(low, value), max(high, value))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
