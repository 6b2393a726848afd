"""Write the models: joblib of plain numbers, the manifest with its hash, the model card."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..resolve.model import FORMAT, MANIFEST_NAME, MODEL_NAME

CARD_NAME = "README.md"


def save_models(stored: Mapping[str, Any], card: Mapping[str, Any], folder: Path) -> str:
    """Write file, manifest and card; returns the SHA-256 of the file."""
    import joblib

    folder.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    joblib.dump(dict(stored), buffer, protocol=4)
    data = buffer.getvalue()
    digest = hashlib.sha256(data).hexdigest()
    (folder / MODEL_NAME).write_bytes(data)
    manifest = {"format": FORMAT, "file": MODEL_NAME, "sha256": digest, **card}
    (folder / MANIFEST_NAME).write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    (folder / CARD_NAME).write_text(_card(card, digest), encoding="utf-8")
    return digest


def _card(card: Mapping[str, Any], digest: str) -> str:
    families = "\n".join(f"| {name} | {count} |" for name, count in card["families"].items())
    decisions = ", ".join(f"{count} {name}" for name, count in card["decisions"].items())
    return f"""# Model card

Written by `make model`; do not edit by hand.

**What.** Seven small linear models (multinomial logistic regression) in plain numbers:
`status` judges a mention (performed here, historical, planned, negated, conditional, other organ, no tumour, boilerplate, named only),
`line-energy` and `line-way` a sentence (what it tells of energy given, and of the way in),
`note-stage` and `note-way` the note by all its words (the kind of session they are the words of, and of which way in),
`stage` what happened in the session (energy delivered to a liver tumour, only attempted, none), `approach` the way in.
The codes themselves come from the table in `rules/codes.toml`, not from a model.

**Features.** Named: section, ConText cues, tense, neighbours, words beside the mention and the beginnings of the sentence's words, its time against the date
of service, the ordered rules' own answer; for the
note-level models sums and maxima of mention probabilities. {", ".join(f"{name} {count}" for name, count in card["features"].items())}.

**Data.** {card["notes"]} fictional notes ({decisions}), {card["mentions"]} annotated mentions; see `corpora/README.md`.

| family | notes |
|---|---|
{families}

The note-level models are trained on statuses given by models that did not see the note's family.

**File.** `{MODEL_NAME}`, SHA-256 `{digest}`; the same bytes from run to run. It is loaded only if this hash agrees.

**Limits.** All notes are fictional and in English. What the corpus does not contain is not learned. Suggestions are for a coder's review.
"""
