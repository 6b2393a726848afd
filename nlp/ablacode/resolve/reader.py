"""NoteReader: find and gather, the way every later step and the training see a note."""

from __future__ import annotations

from ..find import Finder
from ..patterns import PatternSet
from ..rulebook import Rulebook
from .document import DocumentReader
from .grammar import TRAITS
from .reading import Reading, read


class NoteReader:
    """Reads a note's text into a :class:`Reading`: what was found, and for each sentence which patterns it holds."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._finder = Finder(rulebook)
        self._documents = DocumentReader(rulebook.documents)
        self._near_organ = float(rulebook.anatomy["weight"])
        self._patterns = PatternSet(TRAITS | _outcomes(rulebook) | _anatomy(rulebook))

    def read(self, text: str) -> Reading:
        """The reading of a text."""
        scores = self._documents.scores(text)
        found = self._finder.find(text)
        marks = tuple(self._patterns.find(sentence.text) for sentence in found.sentences)
        return read(found, self._documents.kind(scores), scores, marks, self._near_organ)


def _outcomes(rulebook: Rulebook) -> dict[str, list[str]]:
    """Outcome statements as pattern groups ``o:id``; corrections stand under ``o:correction``."""
    entries = {entry["id"]: entry["patterns"] for entry in rulebook.outcomes["outcome"]} | {"correction": rulebook.corrections["patterns"]}
    return {f"o:{name}": [rf"(?:^|\W)(?:{pattern})" for pattern in patterns] for name, patterns in entries.items()}


def _anatomy(rulebook: Rulebook) -> dict[str, list[str]]:
    return {f"a:{organ}": [pattern] for organ, pattern in rulebook.anatomy.items() if organ != "weight"}
