"""Train all models from annotated notes: mention status first, then, on statuses of models that did not see a note's family,
the stage of the session and the approach."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypedDict

from ..read.corpus import AnnotatedNote
from ..resolve.approach import approach_features, read_approach
from ..resolve.energy import read_energy
from ..resolve.facts import act_range, resolve
from ..resolve.model import FORMAT, Models, from_stored
from ..resolve.reader import NoteReader
from ..resolve.scene import Scene, make_scene
from ..resolve.stage import stage_features
from ..resolve.state import stage_by_rules, strong_signs
from ..suggest import decide
from ..weigh import supports
from .calibrate import calibrate
from .examples import Example, examples
from .fit import NOTE_STRENGTH, STATUS_STRENGTH, Lesson, fit_linear, one_thread, table
from .lines import line_lesson, line_rows
from .whole import gold_stage, gold_way, note_word_rows, words_lesson

LEAST_NOTES = 4
LINE_STRENGTH = 0.05
WORD_STRENGTH = 0.1
_PLACE = ("section=", "narrative=", "document=", "place=")
_PLACELESS = 0.5
"""Weight of an example's copy without its place, beside the example itself."""
FOLDS = 5
ALL = -1
"""The number of no group: models that leave none out."""


class _Setting(TypedDict):
    least_notes: int
    strength: float


@dataclass(frozen=True, slots=True)
class NoteRow:
    """One note for the stage and approach models."""

    note_id: str
    family: str
    stage: str
    stage_features: dict[str, float]
    approach: str | None
    approach_features: dict[str, float]


def status_lesson(found: Sequence[Example]) -> Lesson:
    """What the status model learns from. Each example is also learned without its place in the note, because every department
    lays its notes out in another way."""
    both = [*found, *map(_without_place, found)]
    return Lesson(
        table([example.features for example in both], [example.note_id for example in both]),
        [example.family for example in both],
        {"status": [example.status for example in both]},
        [example.weight for example in both],
    )


def _without_place(example: Example) -> Example:
    features = {name: value for name, value in example.features.items() if not name.startswith(_PLACE)}
    return replace(example, features=features, weight=example.weight * _PLACELESS)


@dataclass(frozen=True, slots=True)
class Lessons:
    """What the first models learn from: mentions, sentences, and the words of whole notes."""

    mentions: Lesson
    lines: Lesson
    words: Lesson


def lessons(notes: Sequence[AnnotatedNote], reader: NoteReader) -> Lessons:
    """The lessons of these notes."""
    return Lessons(
        status_lesson(examples(notes, reader)),
        line_lesson(line_rows(notes, reader)),
        words_lesson(note_word_rows(notes, reader)),
    )


def first_models(learned: Lessons, families: Collection[str]) -> dict[str, Any]:
    """The models of mentions, sentences and words, from which the note-level models start, of the notes of these families."""
    lines: _Setting = {"least_notes": LEAST_NOTES, "strength": LINE_STRENGTH}
    words: _Setting = {"least_notes": LEAST_NOTES, "strength": WORD_STRENGTH}
    return {
        "status": learned.mentions.fit("status", families, least_notes=LEAST_NOTES, strength=STATUS_STRENGTH),
        "line-energy": learned.lines.fit("energy", families, **lines),
        "line-way": learned.lines.fit("way", families, **lines),
        "note-stage": learned.words.fit("stage", families, **words),
        "note-way": learned.words.fit("way", families, **words),
    }


def folds(families: Iterable[str]) -> dict[str, int]:
    """Families dealt out to :data:`FOLDS` groups; models that answer for a family have not seen its group."""
    return {family: number % FOLDS for number, family in enumerate(sorted(set(families)))}


def apart(learned: Lessons, fold: Mapping[str, int]) -> dict[int, dict[str, Any]]:
    """For each group of families the first models trained without it; under :data:`ALL` those of all."""
    from joblib import Parallel, delayed

    numbers = [*sorted(set(fold.values())), ALL]
    others = [{family for family, mine in fold.items() if mine != number} for number in numbers]
    fitted = Parallel(n_jobs=-1)(delayed(_first_alone)(learned, families) for families in others)
    return dict(zip(numbers, fitted, strict=True))


def _first_alone(learned: Lessons, families: Collection[str]) -> dict[str, Any]:
    """:func:`first_models` in a process of its own, where the solver must be kept to one thread again."""
    with one_thread():
        return first_models(learned, families)


def as_models(parts: Mapping[str, Any], source: str) -> Models:
    """Stored parts as models."""
    return from_stored({"format": FORMAT, "models": dict(parts), "calibration": {}}, source)


def make_scenes(notes: Sequence[AnnotatedNote], reader: NoteReader, models: Mapping[str, Models]) -> list[Scene]:
    """The scene of every note; ``models`` holds for each family the first models that did not see it."""
    return [make_scene(reader.read(note.text), models[note.family]) for note in notes]


def note_rows(notes: Sequence[AnnotatedNote], scenes: Sequence[Scene]) -> list[NoteRow]:
    """Rows of all notes, from their scenes."""
    rows = []
    for note, scene in zip(notes, scenes, strict=True):
        energy = read_energy(scene)
        by_rules = stage_by_rules(scene, energy, strong_signs(scene, energy))
        first, last = act_range(scene, energy)
        way = read_approach(scene, first, last)
        named = "other" if way.outside else way.value or "unknown"
        rows.append(
            NoteRow(
                note.note_id,
                note.family,
                gold_stage(note.gold),
                stage_features(scene, energy, by_rules),
                gold_way(note.gold),
                approach_features(scene, first, last, named),
            )
        )
    return rows


def fit_stage(rows: Sequence[NoteRow]) -> dict[str, Any]:
    """The stage model of these notes."""
    return fit_linear(
        table([row.stage_features for row in rows], [row.note_id for row in rows]),
        [row.stage for row in rows],
        least_notes=3,
        strength=NOTE_STRENGTH,
    )


def fit_approach(rows: Sequence[NoteRow]) -> dict[str, Any]:
    """The approach model of the notes whose approach is known, or known to be missing."""
    told = [row for row in rows if row.approach]
    return fit_linear(
        table([row.approach_features for row in told], [row.note_id for row in told]),
        [str(row.approach) for row in told],
        least_notes=3,
        strength=NOTE_STRENGTH,
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """What the program, trained without a note's family, answers to it: supports of its suggestion and whether the codes are the gold's."""

    note_id: str
    family: str
    supports: dict[str, float]
    right: bool


def answers(
    notes: Sequence[AnnotatedNote], scenes: Sequence[Scene], models: Mapping[str, Models], codes: Mapping[str, Any]
) -> list[Answer]:
    """Suggestions for every note by the models of its family, which did not see it; notes without a suggestion give none."""
    found = []
    for note, scene in zip(notes, scenes, strict=True):
        facts = resolve(scene, models[note.family])
        service = scene.reading.service
        decision = decide(facts, service.value or service.not_after, codes)
        if decision.decision == "suggest":
            given = {choice.code for choice in decision.choices}
            found.append(Answer(note.note_id, note.family, supports(facts), given == set(note.gold.codes)))
    return found


def with_note_models(
    firsts: Mapping[int, Mapping[str, Any]], rows: Sequence[NoteRow], fold: Mapping[str, int]
) -> dict[str, Models]:
    """For each family all models, none of which saw its group."""
    whole = {}
    for number in set(fold.values()):
        parts = firsts[number]
        others = [row for row in rows if fold[row.family] != number]
        whole[number] = as_models(
            {**parts, "stage": fit_stage(others), "approach": fit_approach(others)}, f"group {number}"
        )
    return {family: whole[number] for family, number in fold.items()}


def train(notes: Sequence[AnnotatedNote], reader: NoteReader, codes: Mapping[str, Any]) -> dict[str, Any]:
    """The stored form of all models, trained on these notes."""
    learned = lessons(notes, reader)
    fold = folds(note.family for note in notes)
    firsts = apart(learned, fold)
    scenes = make_scenes(notes, reader, {family: as_models(firsts[number], family) for family, number in fold.items()})
    rows = note_rows(notes, scenes)
    given = answers(notes, scenes, with_note_models(firsts, rows, fold), codes)
    calibration = calibrate([a.supports for a in given], [a.right for a in given], [a.note_id for a in given])
    models = {**firsts[ALL], "stage": fit_stage(rows), "approach": fit_approach(rows)}
    return {"format": FORMAT, "models": models, "calibration": calibration}
