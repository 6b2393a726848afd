"""Fit the status classifier with scikit-learn and turn it into plain numbers: the same bytes from run to run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from ..resolve.model import FORMAT
from .examples import Example

LEAST_NOTES = 4
"""A feature must stand in so many notes to be learned."""
REGULARISATION = 0.1
_DIGITS = 5
"""Decimals kept of every coefficient: differences between library versions stay below."""


def fit(examples: Sequence[Example], calibration: dict[str, float] | None = None) -> dict[str, Any]:
    """The stored form of a multinomial logistic regression over named features."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    notes: dict[str, set[str]] = defaultdict(set)
    for example in examples:
        for name in example.features:
            notes[name].add(example.note_id)
    known = {name for name, where in notes.items() if len(where) >= LEAST_NOTES}
    rows = [{name: value for name, value in example.features.items() if name in known} for example in examples]
    vectorizer = DictVectorizer(sort=True)
    matrix = vectorizer.fit_transform(rows)
    model = LogisticRegression(C=REGULARISATION, max_iter=400, tol=1e-6)
    model.fit(matrix, [example.status for example in examples], sample_weight=[example.weight for example in examples])
    coefficients = model.coef_.T.round(_DIGITS).tolist()
    features = vectorizer.get_feature_names_out().tolist()
    kept = [(name, row) for name, row in zip(features, coefficients, strict=True) if any(row)]
    return {
        "format": FORMAT,
        "statuses": [str(status) for status in model.classes_],
        "features": [name for name, _ in kept],
        "coefficients": [row for _, row in kept],
        "intercepts": model.intercept_.round(_DIGITS).tolist(),
        "calibration": calibration or {},
    }
