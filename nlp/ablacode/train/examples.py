"""Training examples: the candidates the program finds in annotated notes, with the status the annotator gave their words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..markup import Mark
from ..read.corpus import AnnotatedNote
from ..resolve.features import features
from ..resolve.reader import NoteReader
from ..resolve.status_rules import status

UNMARKED_WEIGHT = 0.5
"""Words the annotator left alone count as named only, with less weight: annotators overlook."""


@dataclass(frozen=True, slots=True)
class Example:
    """One candidate: its features, the status it should get, the rules' own answer, and how much it counts."""

    note_id: str
    family: str
    label: str
    features: dict[str, float]
    status: str
    by_rules: str
    weight: float


def examples(notes: Iterable[AnnotatedNote], reader: NoteReader) -> list[Example]:
    """Examples of all notes, in order."""
    found = []
    for note in notes:
        reading = reader.read(note.text)
        for candidate in reading.found.candidates:
            mark = matching(candidate.start, candidate.end, candidate.label, note.marks)
            found.append(
                Example(
                    note.note_id,
                    note.family,
                    candidate.label,
                    features(candidate, reading),
                    mark.status if mark else "mention",
                    status(candidate, reading)[0],
                    1.0 if mark else UNMARKED_WEIGHT,
                )
            )
    return found


def matching(start: int, end: int, label: str, marks: Iterable[Mark]) -> Mark | None:
    """The mark of the same label that shares most characters with a span, None when none does."""
    best, most = None, 0
    for mark in marks:
        shared = min(end, mark.end) - max(start, mark.start)
        if mark.label == label and shared > most:
            best, most = mark, shared
    return best
