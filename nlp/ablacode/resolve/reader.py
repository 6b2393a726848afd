"""NoteReader: find and gather, the way every later step and the training see a note."""

from __future__ import annotations

from ..find import Finder
from ..rulebook import Rulebook
from .anatomy import Anatomy
from .document import DocumentReader
from .grammar import clear_cache
from .reading import Reading, read


class NoteReader:
    """Reads a note's text into a :class:`Reading`."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._finder = Finder(rulebook)
        self._documents = DocumentReader(rulebook.documents)
        self._anatomy = Anatomy(rulebook.anatomy)

    def read(self, text: str) -> Reading:
        """The reading of a text; what the grammar cached of it is forgotten before."""
        clear_cache()
        scores = self._documents.scores(text)
        return read(self._finder.find(text), self._documents.kind(scores), scores, self._anatomy)
