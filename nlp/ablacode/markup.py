"""Inline markup of mentions: ``[words](label=value, status=planned)``.

The same notation serves test tables, hand-written corpus notes and ``ablacode explain``. Broken markup raises
:class:`MarkupError`, so that a typo never turns into an assertion about nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .domain import LABELS, STATUSES
from .errors import MarkupError

_MARK = re.compile(r"\[([^\[\]]*)\]\(([a-z_]+=[^()\n]*)\)")
_LABELS = "|".join(sorted(LABELS))
_LEFTOVER = re.compile(rf"\]\s*\(\s*(?:{_LABELS}|status)\b\s*=|\]\s?\(\s*(?:{_LABELS}|status)\b", re.I)


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """One marked span; ``start`` and ``end`` count code points of the text without markup."""

    start: int
    end: int
    label: str
    value: str
    status: str
    text: str


def parse(marked: str) -> tuple[str, tuple[Mark, ...]]:
    """Split marked text into the bare text and its marks, in order of position.

    Raises:
        MarkupError: an unknown label or status, an empty span, or something that looks like a broken mark.
    """
    pieces: list[str] = []
    marks: list[Mark] = []
    length = last = 0
    for match in _MARK.finditer(marked):
        plain = marked[last : match.start()]
        words = match.group(1)
        start = length + len(plain)
        marks.append(_mark(words, match.group(2), start))
        pieces += [plain, words]
        length = start + len(words)
        last = match.end()
    pieces.append(marked[last:])
    text = "".join(pieces)
    if left := _LEFTOVER.search(text):
        raise MarkupError(f"broken mark near offset {left.start()} of the bare text")
    return text, tuple(marks)


def _mark(words: str, inside: str, start: int) -> Mark:
    if not words.strip():
        raise MarkupError(f"empty mark at offset {start} of the bare text")
    if words != words.strip():
        raise MarkupError(f"mark at offset {start} begins or ends with a space")
    pairs = [part.partition("=") for part in inside.split(",")]
    fields = {key.strip(): value.strip() for key, _, value in pairs}
    if len(fields) != len(pairs):
        raise MarkupError(f"mark at offset {start} says one thing twice")
    status = fields.pop("status", "performed")
    if len(fields) != 1:
        raise MarkupError(f"mark at offset {start} needs one label: {', '.join(sorted(LABELS))}")
    ((label, value),) = fields.items()
    if label not in LABELS or not value:
        raise MarkupError(f"unknown label {label!r} at offset {start}; known: {', '.join(sorted(LABELS))}")
    if status not in STATUSES:
        raise MarkupError(f"unknown status {status!r} at offset {start}; known: {', '.join(sorted(STATUSES))}")
    return Mark(start, start + len(words), label, value, status, words)


def render(text: str, marks: Iterable[Mark]) -> str:
    """Put marks back into bare text; overlapping marks are refused with :class:`MarkupError`."""
    pieces: list[str] = []
    last = 0
    for mark in sorted(marks):
        if mark.start < last:
            raise MarkupError(f"marks overlap at offset {mark.start}")
        status = "" if mark.status == "performed" else f", status={mark.status}"
        pieces += [text[last : mark.start], f"[{text[mark.start : mark.end]}]({mark.label}={mark.value}{status})"]
        last = mark.end
    return "".join([*pieces, text[last:]])
