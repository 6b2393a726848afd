"""Fit the confidence and the line between suggest and review on answers to notes of families the models had not seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .fit import fit_linear, table

STRENGTH = 0.5
LINE = 0.4
"""A suggestion less likely right than wrong is a review."""


def calibrate(rows: Sequence[dict[str, float]], right: Sequence[bool], notes: Sequence[str]) -> dict[str, Any]:
    """Weights of the confidence and the line; ``rows`` are supports of suggestions, ``right`` whether their codes were the gold's."""
    if len(set(right)) < 2:
        return {}
    fitted = fit_linear(table(rows, notes), [str(value) for value in right], strength=STRENGTH)
    place = fitted["classes"].index("True")
    other = 1 - place
    weights = {
        name: round(row[place] - row[other], 5)
        for name, row in zip(fitted["features"], fitted["coefficients"], strict=True)
    }
    weights["intercept"] = round(
        weights.get("intercept", 0.0) + fitted["intercepts"][place] - fitted["intercepts"][other], 5
    )
    return {"weights": weights, "line": LINE, "fitted_on": len(rows)}
