"""Train all models from annotated notes: mention status first, then, on statuses of models that did not see a note's family,
the stage of the session and the approach."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..read.corpus import AnnotatedNote
from ..resolve.approach import approach_features, read_approach
from ..resolve.energy import read_energy
from ..resolve.facts import act_range, resolve
from ..resolve.model import FORMAT, Models, from_stored
from ..resolve.reader import NoteReader
from ..resolve.scene import make_scene
from ..resolve.stage import stage_features
from ..resolve.state import stage_by_rules, strong_signs
from ..suggest import decide
from ..weigh import supports
from .calibrate import calibrate
from .examples import Example, examples
from .fit import NOTE_STRENGTH, STATUS_STRENGTH, fit_linear, one_thread
from .lines import LineRow, fit_lines, line_rows
from .whole import NoteWords, fit_words, gold_stage, gold_way, note_word_rows

LEAST_NOTES = 4
_PLACE = ("section=", "narrative=", "document=", "place=")
_PLACELESS = 0.5
"""Weight of an example's copy without its place, beside the example itself."""
FOLDS = 5


@dataclass(frozen=True, slots=True)
class NoteRow:
    """One note for the stage and approach models."""

    note_id: str
    family: str
    stage: str
    stage_features: dict[str, float]
    approach: str | None
    approach_features: dict[str, float]


def fit_status(found: Sequence[Example]) -> dict[str, Any]:
    """The status model of these examples. Each is also learned without its place in the note, because every department lays its
    notes out in another way."""
    found = [*found, *map(_without_place, found)]
    return fit_linear(
        [example.features for example in found],
        [example.status for example in found],
        groups=[example.note_id for example in found],
        weights=[example.weight for example in found],
        least_notes=LEAST_NOTES,
        strength=STATUS_STRENGTH,
    )


def _without_place(example: Example) -> Example:
    features = {name: value for name, value in example.features.items() if not name.startswith(_PLACE)}
    return replace(example, features=features, weight=example.weight * _PLACELESS)


@dataclass(frozen=True, slots=True)
class Rows:
    """What the first models learn from: mentions, sentences, and the words of whole notes."""

    mentions: Sequence[Example]
    lines: Sequence[LineRow]
    notes: Sequence[NoteWords]

    def of(self, families: Collection[str]) -> Rows:
        """The rows of these families alone."""
        return Rows(
            [row for row in self.mentions if row.family in families],
            [row for row in self.lines if row.family in families],
            [row for row in self.notes if row.family in families],
        )


def first_models(rows: Rows) -> dict[str, Any]:
    """The models of mentions, sentences and words, from which the note-level models start."""
    return {
        "status": fit_status(rows.mentions),
        "line-energy": fit_lines(rows.lines, "energy"),
        "line-way": fit_lines(rows.lines, "way"),
        "note-stage": fit_words(rows.notes, "stage"),
        "note-way": fit_words(rows.notes, "way"),
    }


def folds(families: Iterable[str]) -> dict[str, int]:
    """Families dealt out to :data:`FOLDS` groups; models that answer for a family have not seen its group."""
    return {family: number % FOLDS for number, family in enumerate(sorted(set(families)))}


def apart(rows: Rows, fold: Mapping[str, int]) -> dict[int, dict[str, Any]]:
    """For each group of families the first models trained without it."""
    from joblib import Parallel, delayed

    numbers = sorted(set(fold.values()))
    others = [rows.of({family for family, mine in fold.items() if mine != number}) for number in numbers]
    return dict(zip(numbers, Parallel(n_jobs=-1)(delayed(_first_alone)(part) for part in others), strict=True))


def _first_alone(rows: Rows) -> dict[str, Any]:
    """:func:`first_models` in a process of its own, where the solver must be kept to one thread again."""
    with one_thread():
        return first_models(rows)


def as_models(parts: Mapping[str, Any], source: str) -> Models:
    """Stored parts as models."""
    return from_stored({"format": FORMAT, "models": dict(parts), "calibration": {}}, source)


def note_rows(notes: Sequence[AnnotatedNote], reader: NoteReader, models: Mapping[str, Models]) -> list[NoteRow]:
    """Rows of all notes; ``models`` holds for each family the mention and sentence models that did not see it."""
    rows = []
    for note in notes:
        scene = make_scene(reader.read(note.text), models[note.family])
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
        [row.stage_features for row in rows],
        [row.stage for row in rows],
        groups=[row.note_id for row in rows],
        least_notes=3,
        strength=NOTE_STRENGTH,
    )


def fit_approach(rows: Sequence[NoteRow]) -> dict[str, Any]:
    """The approach model of the notes whose approach is known, or known to be missing."""
    told = [row for row in rows if row.approach]
    return fit_linear(
        [row.approach_features for row in told],
        [str(row.approach) for row in told],
        groups=[row.note_id for row in told],
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
    notes: Sequence[AnnotatedNote],
    rows: Sequence[NoteRow],
    models: Mapping[str, Models],
    reader: NoteReader,
    codes: Mapping[str, Any],
) -> list[Answer]:
    """Suggestions for every note by the models of its family, which did not see it; notes without a suggestion give none."""
    found = []
    for note in notes:
        reading = reader.read(note.text)
        facts = resolve(make_scene(reading, models[note.family]), models[note.family])
        decision = decide(facts, reading.service.value or reading.service.not_after, codes)
        if decision.decision == "suggest":
            given = {choice.code for choice in decision.choices}
            found.append(Answer(note.note_id, note.family, supports(facts), given == set(note.gold.codes)))
    return found


def with_note_models(
    firsts: Mapping[int, Mapping[str, Any]], rows: Sequence[NoteRow], fold: Mapping[str, int]
) -> dict[str, Models]:
    """For each family all models, none of which saw its group."""
    whole = {}
    for number, parts in firsts.items():
        others = [row for row in rows if fold[row.family] != number]
        whole[number] = as_models(
            {**parts, "stage": fit_stage(others), "approach": fit_approach(others)}, f"group {number}"
        )
    return {family: whole[number] for family, number in fold.items()}


def train(notes: Sequence[AnnotatedNote], reader: NoteReader, codes: Mapping[str, Any]) -> dict[str, Any]:
    """The stored form of all models, trained on these notes."""
    first = Rows(examples(notes, reader), line_rows(notes, reader), note_word_rows(notes, reader))
    fold = folds(note.family for note in notes)
    firsts = apart(first, fold)
    rows = note_rows(notes, reader, {family: as_models(firsts[number], family) for family, number in fold.items()})
    given = answers(notes, rows, with_note_models(firsts, rows, fold), reader, codes)
    calibration = calibrate([a.supports for a in given], [a.right for a in given], [a.note_id for a in given])
    models = {**first_models(first), "stage": fit_stage(rows), "approach": fit_approach(rows)}
    return {"format": FORMAT, "models": models, "calibration": calibration}
