"""The trained models: linear, in plain numbers, rebuilt from what joblib stored and checked by hash.

``status`` judges a mention, ``line-energy`` and ``line-way`` a sentence, ``note-stage`` and ``note-way`` the words of a whole note; from
all of them ``stage`` judges what happened in the session and ``approach`` the way in. The file holds lists and floats, never a pickled estimator, so that it loads the same under every library version the package allows.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import ModelError

FORMAT = "ablacode-models-3"
MODEL_NAME = "ablacode.joblib"
MANIFEST_NAME = "manifest.json"
PARTS = ("status", "stage", "approach", "line-energy", "line-way", "note-stage", "note-way")
_KEYS = {"format", "models", "calibration"}


class LinearModel:
    """softmax(W x + b) over named features; unknown features count nothing."""

    def __init__(
        self,
        classes: Sequence[str],
        features: Sequence[str],
        coefficients: Sequence[Sequence[float]],
        intercepts: Sequence[float],
    ) -> None:
        self.classes = tuple(classes)
        self._rows = {name: index for index, name in enumerate(features)}
        intercept = np.asarray(intercepts, dtype=np.float64).reshape(1, len(self.classes))
        self._always = len(features)
        self._weights = np.vstack(
            [np.asarray(coefficients, dtype=np.float64).reshape(len(features), len(self.classes)), intercept]
        )

    @property
    def names(self) -> Iterable[str]:
        """The features it knows."""
        return self._rows.keys()

    def weights_of(self, names: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Weights of these features, zero for those it does not know, and the intercept as the last row."""
        found = np.zeros((len(names) + 1, len(self.classes)))
        for place, name in enumerate(names):
            if (row := self._rows.get(name)) is not None:
                found[place] = self._weights[row]
        found[-1] = self._weights[self._always]
        return found

    def probabilities(self, features: Mapping[str, float]) -> dict[str, float]:
        """Class to probability for named features with values."""
        rows = sorted((self._rows[name], value) for name, value in features.items() if name in self._rows)
        places, values = zip(*rows, (self._always, 1.0), strict=True)
        scores = (self._weights[list(places)] * np.asarray(values)[:, None]).sum(axis=0, keepdims=True)
        return dict(zip(self.classes, _softmax(scores)[0].tolist(), strict=True))

    def probabilities_of_sets(self, sets: Iterable[Iterable[str]]) -> list[list[float]]:
        """Probabilities, in the order of ``classes``, for many sets of features that are simply there."""
        found: list[list[float]] = _softmax(_scores(self._rows, self._weights, sets)).tolist()
        return found


class Pair:
    """Two linear models asked of the same sets of features: each name is looked up once."""

    def __init__(self, first: LinearModel, second: LinearModel) -> None:
        self.first, self.second = first, second
        names = sorted({*first.names, *second.names})
        self._rows = {name: row for row, name in enumerate(names)}
        self._weights = np.hstack([first.weights_of(names), second.weights_of(names)])

    def probabilities_of_sets(
        self, sets: Iterable[Iterable[str]]
    ) -> tuple[list[dict[str, float]], list[dict[str, float]]]:
        """For many sets of features that are simply there the answers of both: class to probability for each set."""
        scores = _scores(self._rows, self._weights, sets)
        parted = len(self.first.classes)
        return _named(self.first.classes, scores[:, :parted]), _named(self.second.classes, scores[:, parted:])


def _scores(
    rows: Mapping[str, int], weights: np.ndarray[Any, np.dtype[np.float64]], sets: Iterable[Iterable[str]]
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """For each set of names the sum of their rows of ``weights`` and of its last, the intercepts."""
    get, places, starts = rows.get, list[int](), list[int]()
    for names in sets:
        starts.append(len(places))
        places.append(len(rows))
        places += sorted([row for row in map(get, names) if row is not None])  # sums need one order
    if not starts:
        return np.zeros((0, weights.shape[1]))
    found: np.ndarray[Any, np.dtype[np.float64]] = np.add.reduceat(weights[places], starts, axis=0)
    return found


def _named(classes: Sequence[str], scores: np.ndarray[Any, np.dtype[np.float64]]) -> list[dict[str, float]]:
    return [dict(zip(classes, chances, strict=True)) for chances in _softmax(scores).tolist()]


def _softmax(scores: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: np.ndarray[Any, np.dtype[np.float64]] = exponentials / exponentials.sum(axis=1, keepdims=True)
    return result


@dataclass(frozen=True, slots=True)
class Models:
    """The models, the numbers the weigh step uses, and the file's hash."""

    status: LinearModel
    stage: LinearModel | None
    approach: LinearModel | None
    lines: Pair | None
    words: Pair | None
    calibration: Mapping[str, Any]
    sha256: str


def default_model_dir() -> Path:
    """Where the model lies: inside an installed package, or in ``models/`` of the source tree."""
    inside = Path(__file__).resolve().parent.parent / "_models"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[3] / "models"


def load_model(path: Path | None = None) -> Models:
    """Load the models of a folder (or of the package) after checking their hash against the manifest.

    Raises:
        ModelError: a file is missing, the hash disagrees, or the content is of another kind.
    """
    folder = path or default_model_dir()
    if folder.is_file():
        folder = folder.parent
    file, manifest_file = folder / MODEL_NAME, folder / MANIFEST_NAME
    for needed in (file, manifest_file):
        if not needed.is_file():
            raise ModelError(
                f"model file {needed} is missing; train it with `make model`, or use --no-model for rules alone"
            )
    data = file.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    try:
        expected = json.loads(manifest_file.read_text(encoding="utf-8"))["sha256"]
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{manifest_file} is no manifest; train the model again with `make model`") from error
    if digest != expected:
        raise ModelError(
            f"{file} does not agree with its manifest (damaged or exchanged); train it again with `make model`"
        )
    import joblib

    return from_stored(joblib.load(io.BytesIO(data)), digest, str(file))


def from_stored(stored: Any, digest: str, source: str = "memory") -> Models:
    """Models from their stored form; ``source`` is named in errors."""
    if not isinstance(stored, dict) or stored.get("format") != FORMAT or set(stored) != _KEYS:
        raise ModelError(f"{source} is of another kind than this version reads; train it again with `make model`")
    parts = {name: linear(stored["models"][name]) if name in stored["models"] else None for name in PARTS}
    status = parts["status"]
    if status is None:
        raise ModelError(f"{source} holds no status model; train it again with `make model`")
    return Models(
        status,
        parts["stage"],
        parts["approach"],
        _pair(parts["line-energy"], parts["line-way"]),
        _pair(parts["note-stage"], parts["note-way"]),
        stored["calibration"],
        digest,
    )


def linear(stored: Mapping[str, Any]) -> LinearModel:
    """One linear model from lists."""
    return LinearModel(stored["classes"], stored["features"], stored["coefficients"], stored["intercepts"])


def _pair(first: LinearModel | None, second: LinearModel | None) -> Pair | None:
    return Pair(first, second) if first and second else None
