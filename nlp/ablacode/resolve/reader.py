"""NoteReader: find and gather, the way every later step and the training see a note."""

from __future__ import annotations

from collections.abc import Sequence

from ..domain import Found, Sentence
from ..find import Finder
from ..patterns import PatternSet
from ..rulebook import Rulebook
from .dates import ServiceDate, read_date
from .document import DocumentReader
from .fulguration import fulgurated
from .grammar import TRAITS
from .reading import ENERGIES, Reading, read
from .timeline import times


class NoteReader:
    """Reads a note's text into a :class:`Reading`: what was found, and for each sentence which patterns it holds."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._finder = Finder(rulebook)
        self._documents = DocumentReader(rulebook.documents)
        self._near_organ = float(rulebook.anatomy["weight"])
        self._patterns = PatternSet(TRAITS | _outcomes(rulebook) | _anatomy(rulebook))

    def find(self, text: str) -> Found:
        """Sentences and candidates of a text; no candidates where there is nothing to weigh."""
        return self._finder.find(text, worth=_burns)

    def nothing_to_weigh(self, found: Found) -> bool:
        """Whether a note names no energy and no ablation, nor fulgurates a deposit: it can yield nothing but ``none``."""
        if not found.candidates:
            return True
        if any(c.label == "modality" and c.value in ENERGIES | {"unknown"} for c in found.candidates):
            return False
        return not fulgurated(found.sentences)

    def read(self, text: str, found: Found | None = None, service: ServiceDate | None = None) -> Reading:
        """The reading of a text; ``found`` where it was found already, ``service`` where the date is known."""
        scores = self._documents.scores(text)
        found = found or self._finder.find(text)
        marks = tuple(self._patterns.find(sentence.text) for sentence in found.sentences)
        service = service or read_date(found.sentences)
        when = times(found.sentences, service)
        return read(found, self._documents.kind(scores), scores, marks, self._near_organ, service, when)


def _burns(sentences: Sequence[Sentence]) -> bool:
    return bool(fulgurated(sentences))


def _outcomes(rulebook: Rulebook) -> dict[str, list[str]]:
    """Outcome statements as pattern groups ``o:id``; corrections stand under ``o:correction``."""
    entries = {entry["id"]: entry["patterns"] for entry in rulebook.outcomes["outcome"]} | {
        "correction": rulebook.corrections["patterns"]
    }
    return {f"o:{name}": [rf"(?:^|\W)(?:{pattern})" for pattern in patterns] for name, patterns in entries.items()}


def _anatomy(rulebook: Rulebook) -> dict[str, list[str]]:
    return {f"a:{organ}": [pattern] for organ, pattern in rulebook.anatomy.items() if organ != "weight"}
