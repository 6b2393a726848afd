"""The lines of a page: which to keep, and whether a line goes on in the next, stands alone, or breaks a word."""

from __future__ import annotations

import re
from typing import NamedTuple

_PAGE_LINE = re.compile(
    r"[\s*_=\-|.~]*(?:(?:page|pg\.?|p\.)\s*\d+(?:\s*(?:of|/)\s*\d+)?|\(?cont(?:inued|'d|\.)[^\n]{0,30}\)?"
    r"|[^\n]{0,80}\bpage:?\s*\d+\s*(?:of|/)\s*\d+[^\n]{0,60}|\d+\s*/\s*\d+)[\s*_=\-|.~]*",
    re.I,
)
_HEADER_WORDS = re.compile(
    r"\b(?:MRN|DOB|D\.O\.B|acct|account|page|patient name|printed|confidential|medical record|"
    r"hosp(?:ital)? no|unit no|NHS|dictated|accession|facility|scanned|continued)\b",
    re.I,
)
_LIST_START = re.compile(r"\s*(?:[-*•●▪◦·>+~–—]|\(?\d{1,2}[.)](?!\d)|[a-zA-Z][.)]\s|\[[ xX]?\]|[☐☑☒□■✓✔])\s*")
_HEADING_START = re.compile(r"\s*[A-Za-z][A-Za-z0-9 /&,'()\-]{1,58}:(?:\s|$)")
_ROW = re.compile(r"\S\s*\|\s*\S|\S\t+\S|^\||\.{5}|\S {4,}\S")
"""A row of a table or form: columns set apart by bars, tabs, leaders or wide gaps."""
_CLOCK = re.compile(
    r"(?:[01]?\d|2[0-3])(?:[:.h][0-5]\d|[0-5]\d(?=\s(?!mg|ml|mcg|cc|units?|am\b|pm\b)[A-Za-z]{2}))(?:\s?(?:hrs?|h))?\s"
)
"""A log's line begins with the time of day."""
_TERMINAL = re.compile(r"[.:;!?]['\")\]]*\s*$")
_NEWLINE = re.compile(r"\r\n|\n|\r|\x0b|\x0c|\x85|\u2028|\u2029")
_MARKED = re.compile(r"\s*(?:>>|\*\*|##|==)\s*\w")
_PAGE_HINTS = ("/", "page", "pg", "p.", "cont")
_PAUSES = frozenset(".:;!?")
_WRAP_LENGTH = 46
"""A line shorter than this that ends without punctuation is taken as a line of its own, not as a wrapped one."""
_PREFIXES = (
    "micro|radio|cryo|thermo|electro|laparo|intra|peri|trans|sub|post|pre|re|multi|hydro|chemo|radioembo|"
    "hyper|hypo|infra|supra"
)


def join_lines(text: str) -> tuple[list[tuple[int, int]], list[str | None]]:
    """Lines to keep, and what stands between each and the next: newline, space, nothing (broken word); None at last."""
    lines = _lines(text)
    repeated = _repeated(lines)
    kept: list[_Line] = []
    blank_before: list[bool] = []
    blank = dropped = False
    for line in lines:
        if not line.words:
            blank = True
        elif _is_page_line(line) or line.words in repeated:
            dropped = True
        else:
            if dropped and kept and _continues(kept[-1], line):
                blank = False
            kept.append(line)
            blank_before.append(blank)
            blank = dropped = False
    glue: list[str | None] = [
        "\n" if blank else _between(line, following)
        for line, following, blank in zip(kept, kept[1:], blank_before[1:], strict=False)
    ]
    glue += [None] * bool(kept)
    return [_trim_broken(line, joint) for line, joint in zip(kept, glue, strict=True)], glue


class _Line(NamedTuple):
    """A line of the note, its text, and its text without white space around it."""

    start: int
    end: int
    text: str
    words: str


def _lines(text: str) -> list[_Line]:
    lines = []
    start = 0
    for match in _NEWLINE.finditer(text):
        line = text[start : match.start()]
        lines.append(_Line(start, match.start(), line, line.strip()))
        start = match.end()
    lines.append(_Line(start, len(text), text[start:], text[start:].strip()))
    return lines


def _is_page_line(line: _Line) -> bool:
    lower = line.words.lower()
    return any(hint in lower for hint in _PAGE_HINTS) and _PAGE_LINE.fullmatch(line.text) is not None


def _repeated(lines: list[_Line]) -> set[str]:
    """Lines that stand more than once and look like the head of a page."""
    seen: dict[str, int] = {}
    for line in lines:
        if 6 <= len(line.words) <= 160:
            seen[line.words] = seen.get(line.words, 0) + 1
    return {line for line, count in seen.items() if count > 1 and _HEADER_WORDS.search(line)}


def _continues(first: _Line, second: _Line) -> bool:
    return not _TERMINAL.search(first.text) and second.text.lstrip()[:1].islower()


def _between(line: _Line, following: _Line) -> str:
    before, after = line.text.rstrip(), following.text.lstrip()
    if _LIST_START.match(after) or _HEADING_START.match(after):
        return "\n"
    if _ROW.search(before) or _ROW.search(after) or _CLOCK.match(after):
        return "\n"
    if _MARKED.match(before) and len(before.split()) <= 6:
        return "\n"
    last = before[-1:]
    if last == "-" and before[-2:-1].isascii() and before[-2:-1].isalpha() and after[:1].islower():
        return "" if _broken_word(before, after) else " "
    if after[:1].islower() and last not in _PAUSES:
        return " "
    if len(before) < _WRAP_LENGTH or last == ":" or _is_caps_heading(before) or _is_caps_heading(after):
        return "\n"
    return " "


def _broken_word(line: str, following: str) -> bool:
    left = re.split(r"[^A-Za-z]", line[:-1])[-1]
    right = re.split(r"[^A-Za-z]", following)[0]
    if right.lower() in {
        "guided",
        "assisted",
        "directed",
        "thaw",
        "based",
        "off",
        "ablation",
        "side",
        "up",
        "gauge",
        "tip",
    }:
        return bool(re.fullmatch(_PREFIXES, left, re.I))
    return not (left.isupper() and len(left) <= 3)


def _is_caps_heading(line: str) -> bool:
    if not line.isupper() or line.rstrip().endswith((".", ",")):
        return False
    letters = [c for c in line if c.isalpha()]
    return 0 < len(line.strip().rstrip(":").split()) <= 6 and len(letters) > 3 and all(c.isupper() for c in letters)


def _trim_broken(line: _Line, joint: str | None) -> tuple[int, int]:
    """Take a broken word's hyphen off the line's end."""
    stripped = len(line.text.rstrip())
    if joint == "" and stripped and line.text[stripped - 1] == "-":
        return line.start, line.start + stripped - 1
    return line.start, line.end
