"""What the page templates show: a record and its text, turned into small ready values. No HTML here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..domain import CodeSuggestion, Evidence, Fact, Record
from .highlight import Segment, Span, line_of, line_starts, lines, spans_of
from .words import FACT_WORDS, KINDS, STATUS_WORDS


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of the note with the place to jump to (None when the text is not shown)."""

    text: str
    kind: str
    line: int | None
    section: str
    anchor: str | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A segment as the page shows it; ``tag`` is the word or letter behind it, so that colour is not the only sign."""

    text: str
    anchor: str | None = None
    kind: str = ""
    role: str = ""
    also: str = ""
    tag: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class FactView:
    """One of the four facts: kind, name, values as read, quotes."""

    kind: str
    name: str
    values: tuple[str, ...]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class IndexRow:
    """What the index keeps of a record, so that neither record nor text stays in memory."""

    note_id: str
    date_of_service: str | None
    decision: str
    codes: tuple[CodeSuggestion, ...]
    candidates: tuple[str, ...]
    facts: tuple[str, ...]
    reasons: tuple[tuple[str, str], ...]
    alerts: int
    href: str | None = None


def index_row(record: Record, *, href: str | None = None) -> IndexRow:
    """Return the index's row of ``record``; ``href`` leads to its page."""
    return IndexRow(
        note_id=shown_id(record),
        date_of_service=record.date_of_service,
        decision=record.decision,
        codes=record.codes,
        candidates=tuple(code.code for code in record.candidates),
        facts=tuple(", ".join(fact.values) for fact in facts_of(record, Quotes(record, None))),
        reasons=tuple((reason.id, reason.message) for reason in record.reasons),
        alerts=len(record.alerts),
        href=href,
    )


def shown_id(record: Record) -> str:
    """Return the note's id or, where the caller gave none, the beginning of its hash."""
    return record.note_id or f"note {record.note_sha256[:12]}"


class Quotes:
    """Turns evidence into quotes with line numbers and links; without the text there are neither."""

    def __init__(self, record: Record, text: str | None) -> None:
        self._size = 0 if text is None else len(text)
        self._starts = [] if text is None else line_starts(text)

    def of(self, evidence: Iterable[Evidence]) -> tuple[Quote, ...]:
        """Return the quotes in reading order, each place once."""
        return tuple(self._quote(item.start, item.axis, item.text, item.section) for item in sorted(set(evidence)))

    def line(self, offset: int) -> int | None:
        """Return the line of ``offset``, or None when the text is not shown."""
        return line_of(self._starts, offset) if 0 <= offset < self._size else None

    def _quote(self, start: int, kind: str, text: str, section: str) -> Quote:
        line = self.line(start)
        return Quote(text, kind, line, section, None if line is None else anchor(start))


def anchor(offset: int) -> str:
    """Return the id of the marked words that begin at ``offset``."""
    return f"c{offset}"


def facts_of(record: Record, quotes: Quotes) -> list[FactView]:
    """Return the four facts."""
    rows: list[tuple[str, Sequence[Fact]]] = [
        ("approach", (record.approach,)),
        ("modality", (record.modality,)),
        ("tumor_count", (record.tumor_count,)),
        ("guidance", record.guidance),
    ]
    result = []
    for kind, facts in rows:
        values = tuple(str(fact.value) for fact in facts if fact.value is not None)
        evidence = [item for fact in facts for item in fact.evidence]
        result.append(FactView(kind, FACT_WORDS[kind], values, quotes.of(evidence)))
    return result


def pieces_of(record: Record, text: str) -> list[list[Piece]]:
    """Return the note line by line as pieces to show."""
    seen: set[str] = set()
    return [[_piece(segment, seen) for segment in line] for line in lines(text, spans_of(record))]


def _piece(segment: Segment, seen: set[str]) -> Piece:
    if not segment.spans:
        return Piece(segment.text)
    top = segment.spans[0]
    # The mark of a span that was cut by another keeps its anchor on the first piece only: ids are unique.
    name = anchor(segment.start) if any(span.start == segment.start for span in segment.spans) else None
    if name in seen:
        name = None
    elif name:
        seen.add(name)
    under = [s.kind for s in segment.spans if s.role == "answer" and s.kind != top.kind]
    return Piece(
        text=segment.text,
        anchor=name,
        kind=top.kind,
        role=top.role,
        also=under[-1] if under else "",
        tag=_tag(segment, top),
        title="\n\n".join(dict.fromkeys(_title(span) for span in segment.spans)),
    )


def _tag(segment: Segment, top: Span) -> str:
    ending = [span for span in segment.spans if span.end == segment.end and span.role == top.role]
    if not ending:
        return ""
    names = list(dict.fromkeys(KINDS[span.kind] for span in ending))
    status = _open_status(segment, top)
    if top.role == "answer":
        return " + ".join(names) + (f" ({status})" if status else "")
    if top.role == "uncounted":
        return status
    return "".join(name[0] for name in names)


def _open_status(segment: Segment, top: Span) -> str:
    """Return the status of the same words as a mention when it says that they do not count."""
    for span in segment.spans:
        mention = span.mention
        same = (span.start, span.end, span.kind) == (top.start, top.end, top.kind)
        if mention and same and mention.status not in ("performed", "mention"):
            return STATUS_WORDS[mention.status]
    return ""


def _title(span: Span) -> str:
    mention = span.mention
    if mention is None:
        head = f"{KINDS[span.kind]}: evidence for {', '.join(span.used_for)}"
        return f"{head}\nSection: {span.section}" if span.section else head
    parts = [
        f"{mention.label}: {mention.value}",
        f"Status: {STATUS_WORDS[mention.status]} ({mention.probability:.0%})",
        f"Section: {mention.section}" if mention.section else "",
        f"Rule: {mention.rule}" if mention.rule else "",
        f"Why: {mention.why}" if mention.why else "",
    ]
    return "\n".join(part for part in parts if part)
