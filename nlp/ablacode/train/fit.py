"""Fit linear models with scikit-learn and turn them into plain numbers: the same bytes from run to run."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

_DIGITS = 5
"""Decimals kept of every coefficient: differences between library versions stay below."""
_TOLERANCE = 1e-4
"""Where the solver stops; a tenth of it changes no answer and takes twice as long."""
STATUS_STRENGTH = 0.1
NOTE_STRENGTH = 1.0


def one_thread() -> AbstractContextManager[object]:
    """Keep the solver to one thread: its sums depend on how many share them. Only libraries loaded before are kept so."""
    import sklearn.linear_model  # noqa: F401
    from threadpoolctl import threadpool_limits

    limits: AbstractContextManager[object] = threadpool_limits(1)
    return limits


@dataclass(frozen=True, slots=True)
class Table:
    """Named features of examples as one sparse matrix, made once and fitted on in parts.

    ``names``: of its columns, sorted; ``notes``: for each row the number of the note it comes from.
    """

    matrix: Any
    names: tuple[str, ...]
    notes: Any


def table(rows: Sequence[Mapping[str, float]], notes: Sequence[str]) -> Table:
    """The table of these examples; ``notes`` names the note each comes from."""
    import numpy as np
    from sklearn.feature_extraction import DictVectorizer

    vectorizer = DictVectorizer(sort=True)
    matrix = vectorizer.fit_transform(rows)
    matrix.sort_indices()
    return Table(matrix, tuple(vectorizer.get_feature_names_out().tolist()), np.unique(notes, return_inverse=True)[1])


@dataclass(frozen=True, slots=True)
class Lesson:
    """A table with what is to be learned of it: ``heads`` holds for each model the class of every row, None where it teaches it nothing."""

    table: Table
    families: Sequence[str]
    heads: Mapping[str, Sequence[str | None]]
    weights: Sequence[float] | None = None

    def fit(self, head: str, families: Collection[str], *, least_notes: int, strength: float) -> dict[str, Any]:
        """The model of a head, learned from the notes of these families alone."""
        classes = self.heads[head]
        told = [at for at, mine in enumerate(self.families) if mine in families and classes[at] is not None]
        return fit_linear(
            self.table,
            [str(classes[at]) for at in told],
            only=told,
            weights=self.weights and [self.weights[at] for at in told],
            least_notes=least_notes,
            strength=strength,
        )


def fit_linear(
    found: Table,
    classes: Sequence[str],
    *,
    only: Sequence[int] | None = None,
    weights: Sequence[float] | None = None,
    least_notes: int = 1,
    strength: float = STATUS_STRENGTH,
) -> dict[str, Any]:
    """A multinomial logistic regression over named features, as lists.

    Args:
        found: features of each example.
        classes: the class of each example (of those in ``only``).
        only: indices of the rows to learn from, in order; all if None.
        weights: how much each example (of those in ``only``) counts.
        least_notes: in how many notes a feature must stand to be learned.
        strength: the inverse of the regularisation.
    """
    from sklearn.linear_model import LogisticRegression

    if len(set(classes)) == 1:
        return {"classes": [classes[0]], "features": [], "coefficients": [], "intercepts": [0.0]}
    rows = range(found.matrix.shape[0]) if only is None else only
    matrix, names = _known(found, rows, least_notes)
    model = LogisticRegression(C=strength, max_iter=600, tol=_TOLERANCE)
    model.fit(matrix, list(classes), sample_weight=weights)
    coefficients, intercepts = model.coef_, model.intercept_
    if len(model.classes_) == 2:
        coefficients = [[-value for value in coefficients[0]], list(coefficients[0])]
        intercepts = [-intercepts[0], intercepts[0]]
    columns = [[round(float(value), _DIGITS) for value in row] for row in zip(*coefficients, strict=True)]
    kept = [(name, row) for name, row in zip(names, columns, strict=True) if any(row)]
    return {
        "classes": [str(name) for name in model.classes_],
        "features": [name for name, _ in kept],
        "coefficients": [row for _, row in kept],
        "intercepts": [round(float(value), _DIGITS) for value in intercepts],
    }


def _known(found: Table, rows: Sequence[int], least_notes: int) -> tuple[Any, list[str]]:
    """These rows with the columns that stand in enough notes, and the columns' names."""
    import numpy as np

    matrix = found.matrix[list(rows)]
    notes = np.repeat(found.notes[list(rows)].astype(np.int64), np.diff(matrix.indptr))
    places = np.unique(notes * matrix.shape[1] + matrix.indices) % matrix.shape[1]
    known = np.flatnonzero(np.bincount(places, minlength=matrix.shape[1]) >= least_notes)
    return matrix[:, known], [found.names[at] for at in known]
