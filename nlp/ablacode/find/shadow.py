"""The shadow of a note: the same words without the accidents of the page, and the way back to the note's offsets.

Matching works on the shadow (soft wraps joined, hyphens and slashes between words opened, white space collapsed, page
headers in mid-sentence dropped, HTML entities and typographic signs resolved). Nothing of it leaves ``find``: every
position is mapped back to code points of the untouched text by :meth:`Shadow.original`.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Shadow:
    """Shadow text with, for each of its characters, the original start and end offset."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the note of shadow characters ``start`` to ``end`` (end exclusive, not empty)."""
        return self.starts[start], self.ends[end - 1]


def make_shadow(text: str) -> Shadow:
    """Build the shadow of a note's text; the text itself is not changed."""
    kept, glue = _join_lines(text)
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def copy(a: int, b: int) -> None:
        pieces.append(text[a:b])
        starts.extend(range(a, b))
        ends.extend(range(a + 1, b + 1))

    def put(replacement: str, a: int, b: int) -> None:
        if replacement == " " and pieces and pieces[-1][-1:] in " \n":
            return
        if replacement == "\n" and pieces and pieces[-1][-1:] == "\n":
            return
        if replacement:
            pieces.append(replacement)
            starts.extend([a] * len(replacement))
            ends.extend([b] * len(replacement))

    for index, (line_start, line_end) in enumerate(kept):
        last = line_start
        for match in _ONE_PASS.finditer(text, line_start, line_end):
            if match.start() > last:
                copy(last, match.start())
            put(_replacement(match), match.start(), match.end())
            last = match.end()
        if line_end > last:
            copy(last, line_end)
        if glue[index] is not None:
            put(glue[index] or "", line_end, line_end + 1)
    return Shadow("".join(pieces), tuple(starts), tuple(ends))


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
    repeated = _repeated(text, lines)
    kept: list[tuple[int, int]] = []
    blank_before: list[bool] = []
    blank = dropped = False
    for start, end in lines:
        line = text[start:end]
        if not line.strip():
            blank = True
        elif _PAGE_LINE.fullmatch(line) or line.strip() in repeated:
            dropped = True
        else:
            if dropped and kept and _continues(text, kept[-1], (start, end)):
                blank = False
            kept.append((start, end))
            blank_before.append(blank)
            blank = dropped = False
    glue: list[str | None] = []
    for index, span in enumerate(kept):
        if index + 1 == len(kept):
            glue.append(None)
        elif blank_before[index + 1]:
            glue.append("\n")
        else:
            glue.append(_between(text, kept, index))
    return [_trim_broken(text, span, joint) for span, joint in zip(kept, glue, strict=True)], glue


def _lines(text: str) -> list[tuple[int, int]]:
    lines = []
    start = 0
    for match in re.finditer(r"\r\n|\n|\r|\x0b|\x0c|\x85|\u2028|\u2029", text):
        lines.append((start, match.start()))
        start = match.end()
    lines.append((start, len(text)))
    return lines


def _repeated(text: str, lines: list[tuple[int, int]]) -> set[str]:
    """Lines that stand more than once and look like the head of a page."""
    seen: dict[str, int] = {}
    for start, end in lines:
        line = text[start:end].strip()
        if 6 <= len(line) <= 160:
            seen[line] = seen.get(line, 0) + 1
    return {line for line, count in seen.items() if count > 1 and _HEADER_WORDS.search(line)}


def _continues(text: str, first: tuple[int, int], second: tuple[int, int]) -> bool:
    before, after = text[slice(*first)], text[slice(*second)].lstrip()
    return not _TERMINAL.search(before) and after[:1].islower()


def _between(text: str, kept: list[tuple[int, int]], index: int) -> str:
    line, following = text[slice(*kept[index])].rstrip(), text[slice(*kept[index + 1])].lstrip()
    if _LIST_START.match(following) or _HEADING_START.match(following):
        return "\n"
    if re.match(r"\s*(?:>>|\*\*|##|==)\s*\w", line) and len(line.split()) <= 6:
        return "\n"
    if re.search(r"[A-Za-z]-$", line) and following[:1].islower():
        return "" if _broken_word(line, following) else " "
    if following[:1].islower() and not re.search(r"[.:;!?]$", line):
        return " "
    if _is_caps_heading(line) or _is_caps_heading(following):
        return "\n"
    if len(line) < _WRAP_LENGTH or line.endswith(":"):
        return "\n"
    return " "


def _broken_word(line: str, following: str) -> bool:
    left = re.split(r"[^A-Za-z]", line[:-1])[-1]
    right = re.split(r"[^A-Za-z]", following)[0]
    if right.lower() in {"guided", "assisted", "directed", "thaw", "based", "off", "ablation", "side", "up", "gauge", "tip"}:
        return bool(re.fullmatch(_PREFIXES, left, re.I))
    return not (left.isupper() and len(left) <= 3)


def _is_caps_heading(line: str) -> bool:
    words = line.strip().rstrip(":").split()
    letters = [c for c in line if c.isalpha()]
    return 0 < len(words) <= 6 and len(letters) > 3 and all(c.isupper() for c in letters) and not line.rstrip().endswith((".", ","))


def _trim_broken(text: str, span: tuple[int, int], joint: str | None) -> tuple[int, int]:
    """Take a broken word's hyphen off the line's end."""
    start, end = span
    if joint in ("", " ") and joint is not None:
        stripped = len(text[start:end].rstrip())
        if stripped and text[start + stripped - 1] == "-" and joint == "":
            return start, start + stripped - 1
    return start, end
