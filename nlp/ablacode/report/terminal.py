"""The answer for a terminal: what to code and why, then the note's words.

Nothing that the note contains can steer the terminal.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator

from ..domain import CodeSuggestion, Evidence, Fact, Record
from ..notice import CPT_NOTICE
from .highlight import Segment, Span, line_of, line_starts, lines, spans_of
from .words import KINDS, NOTHING_DONE, SCREENED, STATUS_WORDS, percent

_UNSAFE = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ud800-\udfff]"
)
"""Control characters, marks that turn the direction of text, and what cannot be encoded."""

_COLOURS = {"approach": 34, "modality": 31, "target": 32, "performed": 35, "tumor_count": 33, "guidance": 36}
_STYLES = {"answer": "1;7;", "counted": "4;", "uncounted": "2;4;", "context": "4;"}
_DECISIONS = {"suggest": ("SUGGEST", "1;32"), "review": ("REVIEW", "1;33"), "none": ("NONE", "1")}
_SEVERITIES = {"critical": "1;31", "warning": "33", "info": "36", "note": "36"}
_QUOTES = 3
"""How many quotes a fact shows."""


def render(record: Record, text: str, *, color: bool = False, width: int = 100) -> str:
    """Return a readable answer; with ``color`` the whole note follows, else the lines that hold the evidence."""
    pen = _Pen(color, width)
    starts = line_starts(text)
    blocks = [
        _answer(record, pen),
        _reasons(record, starts, pen),
        _codes("If that were settled", record.candidates, pen),
        _facts(record, starts, pen),
        _notices("Alerts", ((a.severity, a.id, a.message) for a in record.alerts), pen),
        _notices("Not documented", ((g.severity, g.id, g.message) for g in record.gaps), pen),
        _rejected(record, starts, pen),
        _note(record, text, pen) if color else _evidence_lines(record, text, starts, pen),
    ]
    parts = ["\n".join(block) for block in blocks if block]
    return "\n\n".join([*parts, CPT_NOTICE]) + "\n"


def escape_controls(text: str) -> str:
    """Return ``text`` with everything that could steer a terminal written out, like ``\\x1b``; tabs stay."""
    return _UNSAFE.sub(lambda match: ascii(match[0])[1:-1], text)


class _Pen:
    """Paints and wraps. Everything that comes from outside passes through :func:`escape_controls` here."""

    def __init__(self, color: bool, width: int) -> None:
        self.color = color
        self.width = max(width, 40)

    def paint(self, text: str, style: str) -> str:
        safe = escape_controls(text)
        return f"\x1b[{style}m{safe}\x1b[0m" if self.color and safe else safe

    def title(self, text: str) -> str:
        return self.paint(text, "1")

    def wrapped(self, text: str, indent: int) -> list[str]:
        pad = " " * indent
        safe = escape_controls(text)
        return textwrap.wrap(safe, self.width, initial_indent=pad, subsequent_indent=pad, break_long_words=False)


def _answer(record: Record, pen: _Pen) -> list[str]:
    word, style = _DECISIONS.get(record.decision, (record.decision.upper(), "1"))
    about = [record.note_id, record.date_of_service, record.setting]
    head = [pen.paint(word, style), *(escape_controls(item) for item in about if item)]
    result = ["  ".join(head), *_codes("", record.codes, pen)]
    if record.screened:
        result += pen.wrapped(SCREENED, 2)
    elif record.decision == "none":
        result += pen.wrapped(NOTHING_DONE, 2)
    return result


def _codes(title: str, codes: Iterable[CodeSuggestion], pen: _Pen) -> list[str]:
    result = []
    for code in codes:
        head = f"{pen.title(code.code)} x {code.units}  {percent(code.confidence)}"
        rules = f"  [{', '.join(code.rules)}]" if code.rules else ""
        result.append(f"  {head}  {escape_controls(f'{code.approach}, {code.modality}{rules}')}")
        result += pen.wrapped(code.rationale, 9)
    return [pen.title(title), *result] if title and result else result


def _facts(record: Record, starts: list[int], pen: _Pen) -> list[str]:
    rows: list[tuple[str, tuple[Fact, ...]]] = [
        ("approach", (record.approach,)),
        ("energy", (record.modality,)),
        ("tumours", (record.tumor_count,)),
        ("guidance", record.guidance),
    ]
    result = [pen.title("Facts")]
    for name, facts in rows:
        known = [fact for fact in facts if fact.value is not None]
        value = ", ".join(str(fact.value) for fact in known) or "not stated"
        evidence = [item for fact in facts for item in fact.evidence]
        result.append(f"  {name:<10}{pen.paint(value, '1' if known else '2')}")
        result += _quotes(evidence, starts, pen, 12)
    return [] if record.decision == "none" else result


def _quotes(evidence: Iterable[Evidence], starts: list[int], pen: _Pen, indent: int) -> list[str]:
    items = sorted(set(evidence))
    result = []
    for item in items[:_QUOTES]:
        section = f", {item.section}" if item.section else ""
        place = f"(line {line_of(starts, item.start)}{section})"
        style = str(_COLOURS.get(item.axis, 36))
        result.append(f'{" " * indent}"{pen.paint(item.text, style)}" {pen.paint(place, "2")}')
    if len(items) > _QUOTES:
        result.append(f"{' ' * indent}and {len(items) - _QUOTES} more")
    return result


def _reasons(record: Record, starts: list[int], pen: _Pen) -> list[str]:
    result = []
    for reason in record.reasons:
        result += [f"  {pen.paint(reason.id, '33')}", *pen.wrapped(reason.message, 4)]
        result += _quotes(reason.evidence, starts, pen, 6)
    return [pen.title("Why a person must look"), *result] if result else []


def _notices(title: str, notices: Iterable[tuple[str, str, str]], pen: _Pen) -> list[str]:
    result = []
    for severity, name, message in notices:
        result.append(f"  {pen.paint(severity, _SEVERITIES.get(severity, '1'))}  {escape_controls(name)}")
        result += pen.wrapped(message, 4)
    return [pen.title(title), *result] if result else []


def _rejected(record: Record, starts: list[int], pen: _Pen) -> list[str]:
    result = []
    for item in record.rejected:
        why = pen.wrapped(item.why, 9)
        first = why[0].strip() if why else ""
        result += [f"  {pen.title(item.code)}  {first}", *why[1:], *_quotes(item.evidence, starts, pen, 9)]
    return [pen.title("Why not"), *result] if result else []


# --- the note's words --------------------------------------------------------------------------------------------


def _note(record: Record, text: str, pen: _Pen) -> list[str]:
    if not text:
        return []
    names = [pen.paint(f" {name} ", f"1;7;{_COLOURS[kind]}") for kind, name in KINDS.items()]
    result = [f"{pen.title('Note')}  {' '.join(names)} {pen.paint('does not count', '2;4')}"]
    for number, line in enumerate(lines(text, spans_of(record)), 1):
        words = "".join(_painted(segment, pen) for segment in line)
        result.append(f"{pen.paint(f'{number:>4} |', '2')} {words}".rstrip())
    return result


def _painted(segment: Segment, pen: _Pen) -> str:
    text = segment.text.removesuffix("\n").removesuffix("\r")
    if not segment.spans:
        return escape_controls(text)
    top = segment.spans[0]
    return pen.paint(text, f"{_STYLES[top.role]}{_COLOURS.get(top.kind, 36)}") + _status_tag(segment, top, pen)


def _status_tag(segment: Segment, top: Span, pen: _Pen) -> str:
    """Write the status behind words that do not count: dim alone would be a sign by looks only."""
    mention = top.mention
    if mention is None or top.role != "uncounted" or mention.status == "mention" or segment.end < top.end:
        return ""
    return pen.paint(f"[{STATUS_WORDS.get(mention.status, mention.status)}]", "2")


def _evidence_lines(record: Record, text: str, starts: list[int], pen: _Pen) -> list[str]:
    """Quote each line that carries the answer, with the words underlined by carets."""
    by_line: dict[int, list[Span]] = {}
    for span in spans_of(record):
        if span.role == "answer" and 0 <= span.start < span.end <= len(text):
            by_line.setdefault(line_of(starts, span.start), []).append(span)
    result: list[str] = []
    for number, spans in sorted(by_line.items()):
        begin = starts[number - 1]
        end = starts[number] if number < len(starts) else len(text)
        line = text[begin:end].rstrip("\r\n")
        whole = len(_flat(line)) <= pen.width - 7
        for group in _near(spans, len(text) if whole else pen.width // 2):
            result += _quoted_line(number, line, begin, group, pen.width)
    return [pen.title("Lines with the evidence"), *result] if result else []


def _near(spans: list[Span], room: int) -> Iterator[list[Span]]:
    """Yield spans that fit one quote: a note may come as a single line of thousands of characters."""
    group: list[Span] = []
    for span in sorted(spans, key=lambda item: (item.start, item.end)):
        if group and span.end - group[0].start > room:
            yield group
            group = []
        group.append(span)
    yield group


def _quoted_line(number: int, line: str, begin: int, spans: list[Span], width: int) -> Iterator[str]:
    places = [(max(span.start - begin, 0), min(span.end - begin, len(line)), span.kind) for span in spans]
    first, last = min(place[0] for place in places), max(place[1] for place in places)
    whole = len(_flat(line)) <= width - 7
    side = len(line) if whole else max((width - 14 - (last - first)) // 2, 0)
    first, last = max(first - side, 0), min(last + side, len(line))
    lead, tail = "..." if first else "", "..." if last < len(line) else ""
    yield f"{number:>4} | {lead}{_flat(line[first:last])}{tail}"
    for kind in dict.fromkeys(place[2] for place in places):
        below = ""
        for start, end, _ in (place for place in places if place[2] == kind):
            below = below.ljust(len(lead) + len(_flat(line[first:start])))
            below += "^" * max(len(lead) + len(_flat(line[first:end])) - len(below), 0)
        yield f"     | {below} {KINDS.get(kind, kind).lower()}"


def _flat(text: str) -> str:
    """Safe text in which a tab is one blank, so that what stands below stays below."""
    return escape_controls(text).replace("\t", " ")
