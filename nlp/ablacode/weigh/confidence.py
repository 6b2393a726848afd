"""A calibrated probability that a coder would assign the code: a logistic function of named supports, fitted on held-out notes."""

from __future__ import annotations

import math
from collections.abc import Mapping

from ..domain import OpFacts

_WITHOUT_MODEL = {"intercept": 1.2, "signs": 0.25, "energy": 0.2, "liver-share": 1.0, "denials": -0.8, "stops": -0.3, "problems": -1.5, "title": -0.4}
"""Weights used with ``--no-model``; set by hand, not calibrated."""


def supports(facts: OpFacts) -> dict[str, float]:
    """The named numbers the confidence is a function of."""
    alerts = {name for name, _ in facts.alerts}
    return {
        "intercept": 1.0,
        "signs": min(4.0, facts.support.get("signs", 0.0)),
        "energy": min(4.0, facts.support.get("energy", 0.0)),
        "liver-share": facts.support.get("liver-share", 0.0),
        "denials": min(2.0, facts.support.get("denials", 0.0)),
        "stops": min(2.0, facts.support.get("stops", 0.0)),
        "problems": float(len(facts.problems)),
        "title": float(bool(alerts & {"approach-from-title", "energy-from-title"})),
    }


def confidence(facts: OpFacts, weights: Mapping[str, float] | None) -> float:
    """Probability between 0.01 and 0.99."""
    chosen = weights or _WITHOUT_MODEL
    score = sum(chosen.get(name, 0.0) * value for name, value in supports(facts).items())
    return min(0.99, max(0.01, 1.0 / (1.0 + math.exp(-score))))
