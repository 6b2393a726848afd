"""An evaluation: annotated notes beside the records that answer them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..domain import CODES, DECISIONS, Engine, Note, Record
from ..errors import UsageError
from ..read.corpus import AnnotatedNote
from .faults import KINDS, Fault, find_fault
from .intervals import RESAMPLES, SEED, Z95, Metric
from .metrics import HEADLINE, MEASURES, measure_all
from .scores import codes_of, count_note
from .spans import count_spans

SCHEMA_VERSION = "1.0"

Metrics = Mapping[str, Metric]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures over ``n`` notes, by writing style (``by_family``) and by trap, and the notes that went wrong.

    ``answers`` tells of every note what was expected and what came, so that two evaluations can be compared by note.
    ``shows_text`` is true where ``errors`` quote the notes.
    """

    n: int
    metrics: Metrics
    by_family: Mapping[str, Metrics]
    by_trap: Mapping[str, Metrics]
    errors: tuple[Fault, ...]
    totals: Mapping[str, int]
    answers: tuple[dict[str, Any], ...] = ()
    engine: Engine | None = None
    shows_text: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The content of ``evaluation.json``."""
        return {
            "schema_version": SCHEMA_VERSION,
            "n": self.n,
            "shows_text": self.shows_text,
            "engine": None if self.engine is None else {key: getattr(self.engine, key) for key in _ENGINE},
            "intervals": {"rates": f"wilson, z {Z95}", "others": f"{RESAMPLES} resamples of whole notes, seed {SEED}"},
            "metrics": _plain(self.metrics),
            "decisions": {gold: {got: self.decided(gold, got) for got in DECISIONS} for gold in DECISIONS},
            "by_family": {family: _plain(metrics) for family, metrics in self.by_family.items()},
            "by_trap": {trap: _plain(metrics) for trap, metrics in self.by_trap.items()},
            "errors": [fault.to_dict() for fault in self.errors],
            "answers": list(self.answers),
        }

    def decided(self, gold: str, got: str) -> int:
        """Notes whose gold is ``gold`` and that were answered ``got``."""
        return self.totals.get(f"decision:{gold}:{got}", 0)


_ENGINE = ("version", "rules_sha256", "model_sha256", "policy_sha256")


def evaluate(notes: Sequence[AnnotatedNote], records: Sequence[Record], *, show_text: bool = False) -> Evaluation:
    """Measure ``records``, the answers for ``notes`` in the same order.

    Raises:
        UsageError: there is no note, or a record is not the answer for the note beside it.
    """
    _check(notes, records)
    counts = [count_note(note, record) + count_spans(note, record) for note, record in zip(notes, records, strict=True)]
    families, traps = _groups(notes)
    faults = [find_fault(note, record, show_text=show_text) for note, record in zip(notes, records, strict=True)]
    return Evaluation(
        n=len(notes),
        metrics=measure_all(counts, MEASURES),
        by_family={name: measure_all([counts[i] for i in at], HEADLINE) for name, at in families.items()},
        by_trap={name: measure_all([counts[i] for i in at], HEADLINE) for name, at in traps.items()},
        errors=tuple(sorted((fault for fault in faults if fault), key=_gravity)),
        totals=sum(counts, Counter[str]()),
        answers=tuple(_answer(note, record) for note, record in zip(notes, records, strict=True)),
        engine=records[0].engine,
        shows_text=show_text,
    )


def _check(notes: Sequence[AnnotatedNote], records: Sequence[Record]) -> None:
    if not notes:
        raise UsageError("there is nothing to evaluate: give at least one annotated note and its record")
    if len(notes) != len(records):
        raise UsageError(f"{len(notes)} notes and {len(records)} records: give one record a note, in the same order")
    for note, record in zip(notes, records, strict=True):
        if record.note_sha256 != Note(note.text).sha256:
            raise UsageError(f"{note.note_id}: the record beside it answers for another text; give both in one order")
        if unknown := codes_of(record) - set(CODES):
            raise UsageError(f"{note.note_id}: the record suggests {', '.join(sorted(unknown))}, none of the six codes")


def _groups(notes: Sequence[AnnotatedNote]) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    families, traps = defaultdict[str, list[int]](list), defaultdict[str, list[int]](list)
    for index, note in enumerate(notes):
        families[note.family].append(index)
        for trap in dict.fromkeys(note.gold.traps):
            traps[trap].append(index)
    return dict(sorted(families.items())), dict(sorted(traps.items()))


def _gravity(fault: Fault) -> tuple[int, str]:
    return KINDS.index(fault.kinds[0]), fault.note_id


def _answer(note: AnnotatedNote, record: Record) -> dict[str, Any]:
    return {
        "note_id": note.note_id,
        "family": note.family,
        "expected": [note.gold.decision, *sorted(note.gold.codes)],
        "got": [record.decision, *sorted(codes_of(record))],
    }


def _plain(metrics: Metrics) -> dict[str, Any]:
    return {name: metric.to_dict() for name, metric in metrics.items()}
