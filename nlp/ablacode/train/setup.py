"""Everything training needs, put together: rulebook, reader, outcome rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from ..domain import Found
from ..read.corpus import AnnotatedNote
from ..resolve.dates import ServiceDate
from ..resolve.reader import NoteReader
from ..resolve.reading import Reading
from ..rulebook import Rulebook, load_rulebook
from .fit import one_thread
from .pipeline import train


class _Remembering(NoteReader):
    """A reader that reads each text once: every model learns from the same readings."""

    def __init__(self, rulebook: Rulebook) -> None:
        super().__init__(rulebook)
        self._readings: dict[str, Reading] = {}

    def read(self, text: str, found: Found | None = None, service: ServiceDate | None = None) -> Reading:
        """The reading of a text, as before where it was read before."""
        if text not in self._readings:
            self._readings[text] = super().read(text, found, service)
        return self._readings[text]


def train_models(notes: Sequence[AnnotatedNote]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The stored models of these notes, and what the model card says of their data."""
    rulebook = load_rulebook()
    with one_thread():
        stored = train(notes, _Remembering(rulebook), rulebook.codes)
    card = {
        "notes": len(notes),
        "families": dict(sorted(Counter(note.family for note in notes).items())),
        "decisions": dict(sorted(Counter(note.gold.decision for note in notes).items())),
        "mentions": sum(len(note.marks) for note in notes),
        "rules_sha256": rulebook.sha256,
        "features": {name: len(model["features"]) for name, model in stored["models"].items()},
    }
    return stored, card
