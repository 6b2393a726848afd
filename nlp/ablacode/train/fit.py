"""Fit linear models with scikit-learn and turn them into plain numbers: the same bytes from run to run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

_DIGITS = 5
"""Decimals kept of every coefficient: differences between library versions stay below."""
STATUS_STRENGTH = 0.1
NOTE_STRENGTH = 1.0


def one_thread() -> AbstractContextManager[object]:
    """Keep the solver to one thread: its sums depend on how many share them. Only libraries loaded before are kept so."""
    import sklearn.linear_model  # noqa: F401
    from threadpoolctl import threadpool_limits

    limits: AbstractContextManager[object] = threadpool_limits(1)
    return limits


def fit_linear(
    rows: Sequence[Mapping[str, float]],
    classes: Sequence[str],
    *,
    groups: Sequence[str],
    weights: Sequence[float] | None = None,
    least_notes: int = 1,
    strength: float = STATUS_STRENGTH,
) -> dict[str, Any]:
    """A multinomial logistic regression over named features, as lists.

    Args:
        rows: features of each example.
        classes: the class of each example.
        groups: the note each example comes from; a feature must stand in ``least_notes`` of them to be learned.
        weights: how much each example counts.
        strength: the inverse of the regularisation.
    """
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    notes: dict[str, set[str]] = defaultdict(set)
    for row, group in zip(rows, groups, strict=True):
        for name in row:
            notes[name].add(group)
    known = {name for name, where in notes.items() if len(where) >= least_notes}
    vectorizer = DictVectorizer(sort=True)
    matrix = vectorizer.fit_transform([{name: value for name, value in row.items() if name in known} for row in rows])
    if len(set(classes)) == 1:
        return {"classes": [classes[0]], "features": [], "coefficients": [], "intercepts": [0.0]}
    model = LogisticRegression(C=strength, max_iter=600, tol=1e-5)
    model.fit(matrix, list(classes), sample_weight=weights)
    coefficients = model.coef_
    intercepts = model.intercept_
    if len(model.classes_) == 2:
        coefficients = [[-value for value in coefficients[0]], list(coefficients[0])]
        intercepts = [-intercepts[0], intercepts[0]]
    columns = [[round(float(value), _DIGITS) for value in row] for row in zip(*coefficients, strict=True)]
    kept = [
        (name, row) for name, row in zip(vectorizer.get_feature_names_out().tolist(), columns, strict=True) if any(row)
    ]
    return {
        "classes": [str(name) for name in model.classes_],
        "features": [name for name, _ in kept],
        "coefficients": [row for _, row in kept],
        "intercepts": [round(float(value), _DIGITS) for value in intercepts],
    }
