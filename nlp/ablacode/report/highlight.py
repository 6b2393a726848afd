"""Where a note is marked, and how overlapping marks become pieces that follow one another.

Joined, the pieces are the text again: a reader and a script both see the note as it came.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..domain import Evidence, Mention, Record
from .words import KINDS

ROLES = ("answer", "counted", "uncounted", "context")
"""Strongest first: carries the answer, describes what was done, does not count, or only belongs to an alert."""

_LINE_END = re.compile("\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Span:
    """Marked words: ``kind`` is a key of ``KINDS``, ``role`` one of :data:`ROLES`, ``used_for`` what they support."""

    start: int
    end: int
    kind: str
    role: str
    section: str
    used_for: tuple[str, ...] = ()
    mention: Mention | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the note with every span that covers it, strongest first; without spans it is plain text."""

    start: int
    end: int
    text: str
    spans: tuple[Span, ...] = ()


def spans_of(record: Record) -> tuple[Span, ...]:
    """Return everything of ``record`` that points at words of its note."""
    spans = [_mention_span(mention) for mention in record.mentions]
    uses: dict[Evidence, list[str]] = {}
    strong: set[Evidence] = set()
    for evidence, use, carries in _evidence(record):
        known = uses.setdefault(evidence, [])
        if use not in known:
            known.append(use)
        if carries:
            strong.add(evidence)
    for evidence, names in uses.items():
        role = "answer" if evidence in strong else "context"
        spans.append(Span(evidence.start, evidence.end, evidence.axis, role, evidence.section, tuple(names)))
    return tuple(sorted(spans, key=lambda span: (span.start, span.end, ROLES.index(span.role), span.kind)))


def segments(text: str, spans: Iterable[Span], *, cuts: Iterable[int] = ()) -> list[Segment]:
    """Split ``text`` at every edge of a span and at ``cuts``; spans reaching outside the text are clipped to it."""
    size = len(text)
    opening: dict[int, list[Span]] = {}
    edges = {0, size, *(cut for cut in cuts if 0 < cut < size)}
    for span in spans:
        start, end = max(span.start, 0), min(span.end, size)
        if start < end:
            opening.setdefault(start, []).append(span)
            edges |= {start, end}
    pieces = []
    active: list[Span] = []
    for start, end in pairwise(sorted(edges)):
        active = [span for span in active if span.end > start] + opening.get(start, [])
        active.sort(key=_strength)
        pieces.append(Segment(start, end, text[start:end], tuple(active)))
    return pieces


def line_starts(text: str) -> list[int]:
    """Return the offset of every line's first character; a line ends with LF, CRLF or CR."""
    starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
    return starts[:-1] if len(starts) > 1 and starts[-1] == len(text) else starts


def line_of(starts: Sequence[int], offset: int) -> int:
    """Return the number, from 1, of the line in which ``offset`` lies."""
    return max(bisect_right(starts, offset), 1)


def lines(text: str, spans: Iterable[Span]) -> Iterator[list[Segment]]:
    """Yield the segments of each line, its line end included."""
    starts = line_starts(text)
    firsts = set(starts)
    line: list[Segment] = []
    for segment in segments(text, spans, cuts=starts):
        if segment.start in firsts and line:
            yield line
            line = []
        line.append(segment)
    if line:
        yield line


def _mention_span(mention: Mention) -> Span:
    kind = "performed" if mention.label == "delivery" else mention.label
    role = "counted" if mention.status == "performed" else "uncounted"
    return Span(mention.start, mention.end, kind, role, mention.section, (), mention)


def _evidence(record: Record) -> Iterator[tuple[Evidence, str, bool]]:
    """Yield each evidence with what it supports and whether the answer rests on it."""
    groups = [(code.evidence, code.code, True) for code in record.codes]
    groups += [(code.evidence, f"{code.code} (candidate)", True) for code in record.candidates]
    for name in ("approach", "modality", "tumor_count"):
        groups.append((getattr(record, name).evidence, KINDS[name].lower(), True))
    groups += [(fact.evidence, f"guidance {fact.value}", True) for fact in record.guidance]
    groups += [(reason.evidence, reason.id, True) for reason in record.reasons]
    groups += [(alert.evidence, alert.id, False) for alert in record.alerts]
    groups += [(rejected.evidence, f"against {rejected.code}", False) for rejected in record.rejected]
    for evidence, use, carries in groups:
        for item in evidence:
            yield item, use, carries


def _strength(span: Span) -> tuple[int, int, int, str]:
    # Of equally strong marks the shorter one shows: a word inside a marked sentence stays visible.
    return ROLES.index(span.role), span.end - span.start, span.start, span.kind
