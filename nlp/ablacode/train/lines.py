"""Training rows for the sentence models: what the annotator's marks say of each sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..markup import Mark
from ..read.corpus import AnnotatedNote
from ..resolve.lines import line_features, sentence_words
from ..resolve.reader import NoteReader
from .fit import Lesson, table

_STATUS = {
    "performed": "here",
    "other-organ": "away",
    "not-tumor": "away",
    "historical": "past",
    "planned": "plan",
    "conditional": "plan",
    "negated": "denied",
}
_ENERGY_LABELS = frozenset({"delivery", "modality"})


@dataclass(frozen=True, slots=True)
class LineRow:
    """One sentence: its features, what it tells of energy, and of the way in."""

    note_id: str
    family: str
    features: dict[str, float]
    energy: str
    way: str


def line_rows(notes: Iterable[AnnotatedNote], reader: NoteReader) -> list[LineRow]:
    """Rows of all sentences of all notes."""
    rows = []
    for note in notes:
        reading = reader.read(note.text)
        told = line_features(reading, sentence_words(reading))
        for sentence, features in zip(reading.found.sentences, told, strict=True):
            inside = [mark for mark in note.marks if mark.start < sentence.end and sentence.start < mark.end]
            rows.append(LineRow(note.note_id, note.family, features, _energy(inside), _way(inside)))
    return rows


def _energy(marks: Sequence[Mark]) -> str:
    told = [_STATUS.get(mark.status, "") for mark in marks if mark.label in _ENERGY_LABELS and mark.value != "other"]
    for answer in ("here", "away", "past", "denied", "plan"):
        if answer in told:
            return answer
    return "nothing"


def _way(marks: Sequence[Mark]) -> str:
    told = [mark.value for mark in marks if mark.label == "approach" and mark.status == "performed"]
    return told[-1] if told else "nothing"


def line_lesson(rows: Sequence[LineRow]) -> Lesson:
    """What the sentence models ``energy`` and ``way`` learn from."""
    return Lesson(
        table([row.features for row in rows], [row.note_id for row in rows]),
        [row.family for row in rows],
        {"energy": [row.energy for row in rows], "way": [row.way for row in rows]},
    )
