"""Everything training needs, put together: rulebook, reader, outcome rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from ..read.corpus import AnnotatedNote
from ..resolve.reader import NoteReader
from ..rulebook import load_rulebook
from .fit import one_thread
from .pipeline import train


def train_models(notes: Sequence[AnnotatedNote]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The stored models of these notes, and what the model card says of their data."""
    rulebook = load_rulebook()
    with one_thread():
        stored = train(notes, NoteReader(rulebook), rulebook.codes)
    card = {
        "notes": len(notes),
        "families": dict(sorted(Counter(note.family for note in notes).items())),
        "decisions": dict(sorted(Counter(note.gold.decision for note in notes).items())),
        "mentions": sum(len(note.marks) for note in notes),
        "rules_sha256": rulebook.sha256,
        "features": {name: len(model["features"]) for name, model in stored["models"].items()},
    }
    return stored, card
