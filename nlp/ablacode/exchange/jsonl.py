"""Prodigy and doccano: a JSON object a line, offsets in code points.

Formats: Prodigy's "Named entity recognition" task (text, spans with start, end and label, meta, answer) and doccano's JSONL for
sequence labelling (text, label as [start, end, name], any further column is kept). Lines end with LF alone: U+2028 and
U+0085 are letters of a note. doccano knows one name a label, so that label, status and value are joined with ``|``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..errors import CorpusError
from ..read.corpus import BRAT_LABEL, AnnotatedNote, gold_to_dict
from .positions import CODE_POINTS, Span
from .rows import Imported, Row, Told, notes_of, parse_json, typed

_ACCEPTED = "accept"


def write_prodigy(notes: Iterable[AnnotatedNote]) -> str:
    """Return the notes as Prodigy's JSONL; every span has ``status`` and ``value`` besides, ``meta.gold`` the answers."""
    return _lines(
        {
            "text": note.text,
            "meta": {"note_id": note.note_id, "family": note.family, "gold": gold_to_dict(note.gold)},
            "spans": [
                {
                    "start": mark.start,
                    "end": mark.end,
                    "text": mark.text,
                    "label": BRAT_LABEL[mark.label],
                    "status": mark.status,
                    "value": mark.value,
                }
                for mark in note.marks
            ],
            "answer": _ACCEPTED,
        }
        for note in notes
    )


def read_prodigy(data: str | bytes, *, texts: Mapping[str, str] | None = None) -> Imported:
    """Read Prodigy's JSONL back; rows that were rejected or ignored are left out and named among the repairs.

    Args:
        data: the file's content.
        texts: the kept text of each note id, where the file's has other line ends.

    Raises:
        CorpusError: broken JSON, spans that do not fit, unknown labels, statuses or answers; without words of a note.
    """
    rows, skipped = [], []
    for line, row in _objects(data):
        meta = typed(row.get("meta"), dict, f"line {line}: meta")
        note_id = typed(meta.get("note_id"), str, f"line {line}: meta.note_id")
        if row.get("answer", _ACCEPTED) != _ACCEPTED:
            skipped.append(f"{note_id}: left out, its answer is not accept")
            continue
        spans = typed(row.get("spans", []), list, f"line {line}: spans")
        rows.append(
            Row(
                note_id,
                str(meta.get("family") or ""),
                typed(row.get("text"), str, f"line {line}: text"),
                [_prodigy_span(span, note_id) for span in spans],
                typed(meta.get("gold"), dict, f"line {line}: meta.gold"),
            )
        )
    return notes_of(rows, skipped, texts=texts, units=CODE_POINTS)


def _prodigy_span(span: Any, note_id: str) -> Told:
    span = typed(span, dict, f"{note_id}: a span")
    start, end = (typed(span.get(key), int, f"{note_id}: the {key} of a span") for key in ("start", "end"))
    quote = span.get("text")
    label, status, value = (str(span.get(key) or "") for key in ("label", "status", "value"))
    return Told(Span(start, end, quote if isinstance(quote, str) else None), label, status, value)


def write_doccano(notes: Iterable[AnnotatedNote]) -> str:
    """Return the notes as doccano's JSONL; note_id, family and gold are further columns, which doccano gives back."""
    return _lines(
        {
            "text": note.text,
            "label": [
                [mark.start, mark.end, f"{BRAT_LABEL[mark.label]}|{mark.status}|{mark.value}"] for mark in note.marks
            ],
            "note_id": note.note_id,
            "family": note.family,
            "gold": gold_to_dict(note.gold),
        }
        for note in notes
    )


def read_doccano(data: str | bytes, *, texts: Mapping[str, str] | None = None) -> Imported:
    """Read doccano's JSONL back. doccano quotes no words, so that an offset is checked against the text's length alone.

    Args:
        data: the file's content.
        texts: the kept text of each note id, where the file's has other line ends.

    Raises:
        CorpusError: broken JSON, spans that do not fit, unknown labels, statuses or answers; without words of a note.
    """
    rows = []
    for line, row in _objects(data):
        note_id = typed(row.get("note_id"), str, f"line {line}: note_id")
        labels = typed(row.get("label", row.get("labels", [])), list, f"line {line}: label")
        rows.append(
            Row(
                note_id,
                str(row.get("family") or ""),
                typed(row.get("text"), str, f"line {line}: text"),
                [_doccano_span(one, note_id) for one in labels],
                typed(row.get("gold"), dict, f"line {line}: gold"),
            )
        )
    return notes_of(rows, (), texts=texts, units=CODE_POINTS)


def _doccano_span(entry: Any, note_id: str) -> Told:
    entry = typed(entry, list, f"{note_id}: a label")
    if len(entry) != 3:
        raise CorpusError(f"{note_id}: a label is not [start, end, name]")
    start, end = (typed(place, int, f"{note_id}: an offset") for place in entry[:2])
    label, _, rest = typed(entry[2], str, f"{note_id}: a label's name").partition("|")
    status, _, value = rest.partition("|")
    return Told(Span(start, end), label, status, value)


def _lines(rows: Iterable[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _objects(data: str | bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    """Number and object of each line that is not empty."""
    if isinstance(data, bytes):
        try:
            data = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise CorpusError(f"the file is no UTF-8 ({type(error).__name__})") from None
    for number, line in enumerate(data.removeprefix("\ufeff").split("\n"), 1):
        if line.strip():
            yield number, typed(parse_json(line, f"line {number}"), dict, f"line {number}")
