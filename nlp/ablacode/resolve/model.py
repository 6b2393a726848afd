"""The status classifier: a linear model in plain numbers, rebuilt from what joblib stored and checked by hash.

The file holds a dict of feature names, statuses, coefficients and intercepts (lists and floats), never a pickled
estimator, so that it loads the same under every library version the package allows. softmax(W x + b).
"""

from __future__ import annotations

import hashlib
import io
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import ModelError

FORMAT = "ablacode-status-1"
MODEL_NAME = "status.joblib"
MANIFEST_NAME = "manifest.json"
_KEYS = {"format", "statuses", "features", "coefficients", "intercepts", "calibration"}


@dataclass(frozen=True, slots=True)
class StatusModel:
    """Weights by feature name; ``calibration`` holds the numbers the weigh step uses."""

    statuses: tuple[str, ...]
    weights: dict[str, tuple[float, ...]]
    intercepts: tuple[float, ...]
    calibration: dict[str, Any]
    sha256: str

    def probabilities(self, features: dict[str, float]) -> dict[str, float]:
        """Status to probability for the features of one mention; unknown features count nothing."""
        scores = list(self.intercepts)
        for name, value in features.items():
            if weights := self.weights.get(name):
                for index, weight in enumerate(weights):
                    scores[index] += weight * value
        top = max(scores)
        exponentials = [math.exp(score - top) for score in scores]
        total = sum(exponentials)
        return {status: part / total for status, part in zip(self.statuses, exponentials, strict=True)}


def default_model_dir() -> Path:
    """Where the model lies: inside an installed package, or in ``models/`` of the source tree."""
    inside = Path(__file__).resolve().parent.parent / "_models"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[3] / "models"


def load_model(path: Path | None = None) -> StatusModel:
    """Load the model of a folder (or of the package) after checking its hash against the manifest.

    Raises:
        ModelError: a file is missing, the hash disagrees, or the content is of another kind.
    """
    folder = path or default_model_dir()
    if folder.is_file():
        folder = folder.parent
    file, manifest_file = folder / MODEL_NAME, folder / MANIFEST_NAME
    for needed in (file, manifest_file):
        if not needed.is_file():
            raise ModelError(f"model file {needed} is missing; train it with `make model`, or use --no-model for rules alone")
    data = file.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    try:
        expected = json.loads(manifest_file.read_text(encoding="utf-8"))["sha256"]
    except (ValueError, KeyError) as error:
        raise ModelError(f"{manifest_file} is no manifest; train the model again with `make model`") from error
    if digest != expected:
        raise ModelError(f"{file} does not agree with its manifest (damaged or exchanged); train it again with `make model`")
    return _from_bytes(data, digest, file)


def _from_bytes(data: bytes, digest: str, file: Path) -> StatusModel:
    import joblib

    return from_stored(joblib.load(io.BytesIO(data)), digest, file)


def from_stored(stored: Any, digest: str, file: Path) -> StatusModel:
    """A model from its stored form; ``digest`` and ``file`` say where it came from."""
    if not isinstance(stored, dict) or stored.get("format") != FORMAT or set(stored) != _KEYS:
        raise ModelError(f"{file} is of another kind than this version reads; train it again with `make model`")
    weights = {name: tuple(row) for name, row in zip(stored["features"], stored["coefficients"], strict=True)}
    return StatusModel(tuple(stored["statuses"]), weights, tuple(stored["intercepts"]), stored["calibration"], digest)
