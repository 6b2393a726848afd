"""A calibrated probability that a coder would assign the code: a logistic function of named supports, fitted on answers to
notes whose style family the models had not seen, and the line below which a suggestion becomes a review."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ..domain import OpFacts

_WITHOUT_MODEL = {
    "intercept": 0.4,
    "delivered": 1.0,
    "signs": 0.25,
    "energy": 0.2,
    "liver-share": 1.0,
    "denials": -0.8,
    "stops": -0.3,
    "problems": -1.5,
    "title": -0.4,
}
"""Weights used with ``--no-model``; set by hand, not calibrated."""


def supports(facts: OpFacts) -> dict[str, float]:
    """The named numbers the confidence is a function of."""
    alerts = {name for name, _ in facts.alerts}
    support = facts.support
    return {
        "intercept": 1.0,
        "delivered": _logit(support.get("delivered", 0.5)),
        "approach": _logit(support.get("approach", 0.5)),
        "signs": min(4.0, support.get("signs", 0.0)) / 4,
        "energy": min(4.0, support.get("energy", 0.0)) / 4,
        "energy-share": support.get("energy-share", 0.0),
        "liver-share": support.get("liver-share", 0.0),
        "denials": min(2.0, support.get("denials", 0.0)),
        "stops": min(2.0, support.get("stops", 0.0)),
        "several-families": float(len(facts.families) > 1),
        "problems": float(len(facts.problems)),
        "title": float(bool(alerts & {"approach-from-title", "energy-from-title"})),
        "not-operative": float("not-an-operative-note" in alerts),
        "resection": float("resection-same-session" in alerts),
    }


def _logit(probability: float) -> float:
    clipped = min(0.98, max(0.02, probability))
    return math.log(clipped / (1 - clipped))


def confidence(facts: OpFacts, calibration: Mapping[str, Any] | None) -> float:
    """Probability between 0.01 and 0.99."""
    chosen = (calibration or {}).get("weights") or _WITHOUT_MODEL
    score = sum(chosen.get(name, 0.0) * value for name, value in supports(facts).items())
    return min(0.99, max(0.01, 1.0 / (1.0 + math.exp(-score))))


def line(calibration: Mapping[str, Any] | None) -> float:
    """The confidence below which a suggestion is a review (``low-confidence``); 0 where none was fitted."""
    return float((calibration or {}).get("line", 0.0))
