"""From a tool's rows to annotated notes: what all formats share."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..domain import LABELS, STATUSES
from ..errors import CorpusError
from ..markup import Mark
from ..read.corpus import BRAT_LABEL, AnnotatedNote, make_gold
from .positions import Span, carry_over, place_spans

LABEL = {brat: label for label, brat in BRAT_LABEL.items()} | {label: label for label in LABELS}
"""Our label by either of its names, ``TumorCount`` or ``tumor_count``."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import: the notes, and a line for whatever was moved or left out (ids and offsets, never words)."""

    notes: tuple[AnnotatedNote, ...]
    repairs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """One annotated span of a row."""

    span: Span
    label: str
    status: str
    value: str


@dataclass(frozen=True, slots=True)
class Row:
    """One annotated text as a tool gives it; ``gold`` holds the note's answers as in ``NAME.gold.json``."""

    note_id: str
    family: str
    shown: str
    told: Sequence[Told]
    gold: dict[str, Any]


def notes_of(rows: Sequence[Row], repairs: Sequence[str], *, texts: Mapping[str, str] | None, units: str) -> Imported:
    """The notes of these rows. ``texts`` holds the kept text of each note id; without it that of the row is taken.

    Raises:
        CorpusError: an id twice or not in ``texts``; spans, labels, statuses or answers that do not fit.
    """
    notes, lines, seen = [], list(repairs), set()
    for row in rows:
        if row.note_id in seen:
            raise CorpusError(f"{row.note_id}: stands twice in the import")
        seen.add(row.note_id)
        if texts is not None and row.note_id not in texts:
            raise CorpusError(f"{row.note_id}: no such note here")
        text = row.shown if texts is None else texts[row.note_id]
        places, moved = place_spans(row.note_id, row.shown, [one.span for one in row.told], units=units)
        places = carry_over(row.note_id, row.shown, text, places)
        lines += moved
        marks = [_mark(row.note_id, one, start, end, text) for one, (start, end) in zip(row.told, places, strict=True)]
        notes.append(
            AnnotatedNote(row.note_id, row.family, text, tuple(sorted(marks)), make_gold(row.gold, row.note_id))
        )
    return Imported(tuple(notes), tuple(lines))


def _mark(note_id: str, told: Told, start: int, end: int, text: str) -> Mark:
    where = f"{note_id}: the span at {told.span.start}-{told.span.end}"
    if told.label not in LABEL:
        raise CorpusError(f"{where} has a label that is not ours")
    if told.status not in STATUSES or not told.value:
        raise CorpusError(f"{where} needs a Value and a known Status")
    return Mark(start, end, LABEL[told.label], told.value, told.status, text[start:end])


def parse_json(data: str | bytes, what: str) -> Any:
    """The JSON value in ``data``.

    Raises:
        CorpusError: no UTF-8, no JSON; the message holds none of it.
    """
    try:
        return json.loads(data.decode("utf-8-sig") if isinstance(data, bytes) else data.removeprefix("\ufeff"))
    except (UnicodeDecodeError, ValueError) as error:
        raise CorpusError(f"{what} is no JSON ({type(error).__name__})") from None


def typed(value: Any, kind: type | tuple[type, ...], where: str) -> Any:
    """``value``, checked to be of a type.

    Raises:
        CorpusError: it is of another.
    """
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
        wanted = kind.__name__ if isinstance(kind, type) else " or ".join(one.__name__ for one in kind)
        raise CorpusError(f"{where} is no {wanted}")
    return value
