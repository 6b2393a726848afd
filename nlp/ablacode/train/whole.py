"""Train the models that judge a note by all its words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..read.corpus import AnnotatedNote, Gold
from ..resolve.lines import sentence_words
from ..resolve.reader import NoteReader
from ..resolve.whole import note_words
from .fit import Lesson, table


@dataclass(frozen=True, slots=True)
class NoteWords:
    """One note: its words, and the stage and the approach its answers stand for (None where they teach nothing)."""

    note_id: str
    family: str
    words: dict[str, float]
    stage: str
    way: str | None


def gold_stage(gold: Gold) -> str:
    """The stage a note's answers stand for."""
    if gold.decision == "none":
        return "none"
    if gold.reasons and set(gold.reasons) <= {"no-energy-delivered"}:
        return "attempted"
    return "delivered"


def gold_way(gold: Gold) -> str | None:
    """The approach class of a note, None where it teaches nothing."""
    if gold.approach:
        return gold.approach
    if "approach-outside-family" in gold.reasons:
        return "other"
    return "unknown" if "approach-not-documented" in gold.reasons else None


def note_word_rows(notes: Iterable[AnnotatedNote], reader: NoteReader) -> list[NoteWords]:
    """Rows of all notes."""
    rows = []
    for note in notes:
        reading = reader.read(note.text)
        words = note_words(reading, sentence_words(reading))
        rows.append(NoteWords(note.note_id, note.family, words, gold_stage(note.gold), gold_way(note.gold)))
    return rows


def words_lesson(rows: Sequence[NoteWords]) -> Lesson:
    """What the models of whole notes, ``stage`` and ``way``, learn from."""
    return Lesson(
        table([row.words for row in rows], [row.note_id for row in rows]),
        [row.family for row in rows],
        {"stage": [row.stage for row in rows], "way": [row.way for row in rows]},
    )
