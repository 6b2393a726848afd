"""The shadow of a note: the same words without the accidents of the page, and the way back to the note's offsets.

Matching works on the shadow (soft wraps joined, hyphens and slashes between words opened, white space collapsed, page
headers in mid-sentence dropped, HTML entities and typographic signs resolved). Nothing of it leaves ``find``: every
position is mapped back to code points of the untouched text by :meth:`Shadow.original`.
"""

from __future__ import annotations

import html
import re
from array import array
from bisect import bisect_left, bisect_right
from typing import NamedTuple

_PAGE_LINE = re.compile(
    r"[\s*_=\-|.~]*(?:(?:page|pg\.?|p\.)\s*\d+(?:\s*(?:of|/)\s*\d+)?|\(?cont(?:inued|'d|\.)[^\n]{0,30}\)?"
    r"|[^\n]{0,80}\bpage:?\s*\d+\s*(?:of|/)\s*\d+[^\n]{0,60}|\d+\s*/\s*\d+)[\s*_=\-|.~]*",
    re.I,
)
_HEADER_WORDS = re.compile(r"\b(?:MRN|DOB|D\.O\.B|acct|account|page|patient name|printed|confidential|medical record|"
                           r"hosp(?:ital)? no|unit no|NHS|dictated|accession|facility|scanned|continued)\b", re.I)  # fmt: skip
_LIST_START = re.compile(r"\s*(?:[-*•●▪◦·>+~–—]|\(?\d{1,2}[.)](?!\d)|[a-zA-Z][.)]\s|\[[ xX]?\]|[☐☑☒□■✓✔])\s*")
_HEADING_START = re.compile(r"\s*[A-Za-z][A-Za-z0-9 /&,'()\-]{1,58}:(?:\s|$)")
_TERMINAL = re.compile(r"[.:;!?]['\")\]]*\s*$")
_NEWLINE = re.compile(r"\r\n|\n|\r|\x0b|\x0c|\x85|\u2028|\u2029")
_MARKED = re.compile(r"\s*(?:>>|\*\*|##|==)\s*\w")
_PAGE_HINTS = ("/", "page", "pg", "p.", "cont")
_PAUSES = frozenset(".:;!?")
_COPIED = -1
"""In place of a piece's last offset: it was copied, offsets run along with it."""
_WRAP_LENGTH = 46
"""A line shorter than this that ends without punctuation is taken as a line of its own, not as a wrapped one."""

_SUBSTITUTIONS = {
    "‘": "'", "’": "'", "‛": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-",
    "×": "x", "✕": "x", "…": ".", "º": "°", "˚": "°", "ﬁ": "fi", "ﬂ": "fl", "µ": "u",
}  # fmt: skip
_SHORT_SLASH = {
    "s/p": "status post", "w/o": "without", "w/": "with", "c/w": "consistent with", "f/u": "follow up", "h/o": "history of",
    "d/w": "discussed with", "b/l": "bilateral", "r/o": "rule out", "c/b": "complicated by", "d/c": "discharge",
    "a/p": "assessment and plan", "y/o": "year old", "i/v": "intravenous", "r/b/a": "risks", "n/a": "not applicable", "p/w": "presents with",
}  # fmt: skip
_PREFIXES = (
    "micro|radio|cryo|thermo|electro|laparo|intra|peri|trans|sub|post|pre|re|multi|hydro|chemo|radioembo|hyper|hypo|infra|supra"
)
_GLUE = (
    r"(?<![A-Za-z])(?:micro|radio|cryo|thermo|electro|intra|per|hydro|chemo|ultra|trans)[ \-]"
    r"(?=(?:wave|waves|frequency|frequencies|ablation|ablations|ablated|ablate|probe|probes|needle|needles|therapy|surgery|surgical|coagulation"
    r"|poration|hepatic|operative|operatively|abdominal|cutaneous|cutaneously|dissection|embolization|embolisation|sound|pleural)\b)"
)
_ONE_PASS = re.compile(
    "|".join(
        (
            r"(?P<entity>&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[0-9a-fA-F]{1,5});)",
            r"(?P<tag></?(?:p|br|div|span|b|i|u|li|ul|ol|td|tr|table|strong|em|font)\b[^<>\n]{0,80}>)",
            rf"(?P<glue>{_GLUE})",
            r"(?P<shortslash>(?<![A-Za-z/])(?:%s)(?![A-Za-z]))" % "|".join(map(re.escape, sorted(_SHORT_SLASH, key=len, reverse=True))),
            r"(?P<zero>[\u00ad\u200b-\u200f\u2060\ufeff]+)",
            r"(?P<hyphen>(?<=[A-Za-z0-9])[-\u2010-\u2015\u2212](?=[A-Za-z])|(?<=[A-Za-z])[-\u2010-\u2015\u2212](?=\d))",
            r"(?P<slash>(?<=[A-Za-z)])/(?=[A-Za-z0-9(])|(?<=\d)/(?=[A-Za-z]))",
            r"(?P<plus>(?<=[A-Za-z0-9])[+&](?=[A-Za-z]))",
            r"(?P<mask>\[\*\*[^\]\n]{0,60}\*\*\])",
            r"(?P<space>[ \t\r\f\v\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+)",
            r"(?P<sign>[%s])" % "".join(_SUBSTITUTIONS),
        )
    ),
    re.I,
)  # fmt: skip


_SPOTS = re.compile(
    r"[ &<+/\[\-\u00ad\u200b-\u200f\u2060\ufeff\u2010-\u2015\u2212\t\r\f\v\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000%s]"
    r"(?:(?<! )|(?=[ \t\r\f\v\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000])|(?<=[;>\]/\s\u00ad\u200b-\u200f\u2060\ufeff] ))"
    % "".join(_SUBSTITUTIONS)
)  # fmt: skip
"""Where a match of :data:`_ONE_PASS` may begin that begins with no letter; a single blank after a word stays as it is."""
_WORD_SPOTS = re.compile(
    r"(?<![A-Za-z])(?:(?:micro|radio|cryo|thermo|electro|intra|per|hydro|chemo|ultra|trans)[ \-]|[a-z]/)", re.I
)
_HINTS = ("/", "micro", "radio", "cryo", "thermo", "electro", "intra", "per", "hydro", "chemo", "ultra", "trans")


class Shadow:
    """Shadow text made of pieces, copied or put in place of something; knows where in the note each piece comes from."""

    __slots__ = ("_at", "_base", "_first", "_last", "text")

    def __init__(self, text: str, pieces: Pieces, base: Shadow | None = None) -> None:
        self.text = text
        self._at, self._first, self._last = pieces.at, pieces.first, pieces.last
        self._base = base

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the note of shadow characters ``start`` to ``end`` (end exclusive, not empty)."""
        index = bisect_right(self._at, start) - 1
        first, last = self._first[index], self._last[index]
        if last == _COPIED:
            first += start - self._at[index]
        index = bisect_right(self._at, end - 1) - 1
        last = self._last[index]
        if last == _COPIED:
            last = self._first[index] + end - self._at[index]
        return (first, last) if self._base is None else self._base.original(first, last)


class Pieces:
    """Collects a text's pieces with where they come from."""

    __slots__ = ("at", "first", "last", "length", "texts")

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.at = array("q")
        self.first = array("q")
        self.last = array("q")
        self.length = 0

    def copy(self, text: str, a: int, b: int) -> None:
        """Take ``text[a:b]`` as it is."""
        if b > a:
            self.texts.append(text[a:b])
            self._note(b - a, a, _COPIED)

    def put(self, replacement: str, a: int, b: int) -> None:
        """Put something in place of what stands at ``a`` to ``b``; white space is not doubled."""
        if not replacement:
            return
        before = self.texts[-1][-1] if self.texts else ""
        if (replacement == " " and before in (" ", "\n")) or (replacement == "\n" and before == "\n"):
            return
        self.texts.append(replacement)
        self._note(len(replacement), a, b)

    def _note(self, length: int, first: int, last: int) -> None:
        self.at.append(self.length)
        self.first.append(first)
        self.last.append(last)
        self.length += length


def make_shadow(text: str) -> Shadow:
    """Build the shadow of a note's text; the text itself is not changed."""
    kept, glue = _join_lines(text)
    pieces = Pieces()
    spots = _spots(text)
    position = 0
    for (start, end), joint in zip(kept, glue, strict=True):
        last = start
        position = bisect_left(spots, start, position)
        while position < len(spots) and spots[position] < end:
            at = spots[position]
            position += 1
            if at >= last and (match := _ONE_PASS.match(text, at, end)):
                pieces.copy(text, last, at)
                last = match.end()
                pieces.put(_replacement(match), at, last)
        pieces.copy(text, last, end)
        if joint is not None:
            pieces.put(joint, end, end + 1)
    return Shadow("".join(pieces.texts), pieces)


def _spots(text: str) -> list[int]:
    spots = [match.start() for match in _SPOTS.finditer(text)]
    lower = text.lower()
    if not text.isascii() or any(hint in lower for hint in _HINTS):
        spots = sorted({*spots, *(match.start() for match in _WORD_SPOTS.finditer(text))})
    return spots


def _replacement(match: re.Match[str]) -> str:
    kind, found = match.lastgroup, match.group()
    if kind == "entity":
        resolved = html.unescape(found)
        return " " if resolved.isspace() else resolved if len(resolved) == 1 else found
    if kind == "glue":
        return found[:-1]
    if kind == "shortslash":
        return _SHORT_SLASH[found.lower()] + (" " if found.endswith("/") else "")
    if kind == "zero":
        return ""
    if kind == "slash":
        return " / "
    if kind == "plus":
        return f" {found} "
    if kind == "sign":
        return _SUBSTITUTIONS[found]
    return " "


def _join_lines(text: str) -> tuple[list[tuple[int, int]], list[str | None]]:
    """Lines to keep, and what stands between each and the next: newline, space, nothing (broken word), or None at the end."""
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
    if right.lower() in {"guided", "assisted", "directed", "thaw", "based", "off", "ablation", "side", "up", "gauge", "tip"}:
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
