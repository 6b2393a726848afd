"""What batch and command line need of a suggester, and how they get one without importing spaCy themselves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from .domain import Engine, Note, Record


class Suggester(Protocol):
    """What a worker needs of a :class:`ablacode.suggester.CodeSuggester`."""

    @property
    def engine(self) -> Engine:
        """Version and hashes of what makes the records."""
        ...

    def suggest_note(self, note: Note) -> Record:
        """Answer for one note."""
        ...


SuggesterFactory = Callable[[], Suggester]


def build_suggester(*, model: Path | None, use_model: bool) -> Suggester:
    """Build the real suggester; only the process that calls this imports spaCy."""
    from .suggester import CodeSuggester

    return CodeSuggester(model=model, use_model=use_model)
