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

from .lines import join_lines

_COPIED = -1
"""In place of a piece's last offset: it was copied, offsets run along with it."""

_SUBSTITUTIONS = {
    "‘": "'",
    "’": "'",
    "‛": "'",
    "`": "'",
    "´": "'",
    "“": '"',
    "”": '"',
    "„": '"',
    "–": "-",
    "—": "-",
    "‐": "-",
    "‑": "-",
    "−": "-",
    "×": "x",
    "✕": "x",
    "…": ".",
    "º": "°",
    "˚": "°",
    "ﬁ": "fi",
    "ﬂ": "fl",
    "µ": "u",
}
_SHORT_SLASH = {
    "s/p": "status post",
    "w/o": "without",
    "w/": "with",
    "c/w": "consistent with",
    "f/u": "follow up",
    "h/o": "history of",
    "d/w": "discussed with",
    "b/l": "bilateral",
    "r/o": "rule out",
    "c/b": "complicated by",
    "d/c": "discharge",
    "a/p": "assessment and plan",
    "y/o": "year old",
    "i/v": "intravenous",
    "r/b/a": "risks",
    "n/a": "not applicable",
    "p/w": "presents with",
}
_SHORT = "|".join(map(re.escape, sorted(_SHORT_SLASH, key=len, reverse=True)))
_GLUE = (
    r"(?<![A-Za-z])(?:micro|radio|cryo|thermo|electro|intra|per|hydro|chemo|ultra|trans)[ \-]"
    r"(?=(?:wave|waves|frequency|frequencies|ablation|ablations|ablated|ablate|probe|probes|needle|"
    r"needles|therapy|surgery|surgical|coagulation"
    r"|poration|hepatic|operative|operatively|abdominal|cutaneous|cutaneously|dissection|embolization|"
    r"embolisation|sound|pleural)\b)"
)
_ONE_PASS = re.compile(
    "|".join(
        (
            r"(?P<entity>&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[0-9a-fA-F]{1,5});)",
            r"(?P<tag></?(?:p|br|div|span|b|i|u|li|ul|ol|td|tr|table|strong|em|font)\b[^<>\n]{0,80}>)",
            rf"(?P<glue>{_GLUE})",
            rf"(?P<shortslash>(?<![A-Za-z/])(?:{_SHORT})(?![A-Za-z]))",
            r"(?P<zero>[\u00ad\u200b-\u200f\u2060\ufeff]+)",
            r"(?P<hyphen>(?<=[A-Za-z0-9])[-\u2010-\u2015\u2212](?=[A-Za-z])|(?<=[A-Za-z])[-\u2010-\u2015\u2212](?=\d))",
            r"(?P<slash>(?<=[A-Za-z)])/(?=[A-Za-z0-9(])|(?<=\d)/(?=[A-Za-z]))",
            r"(?P<plus>(?<=[A-Za-z0-9])[+&](?=[A-Za-z]))",
            r"(?P<mask>\[\*\*[^\]\n]{0,60}\*\*\])",
            r"(?P<space>[ \t\r\f\v\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+)",
            rf"(?P<sign>[{''.join(_SUBSTITUTIONS)}])",
        )
    ),
    re.I,
)


_BLANKS = r"\t\r\f\v\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_ZERO_WIDTH = r"\u00ad\u200b-\u200f\u2060\ufeff"
_SPOTS = re.compile(
    rf"[ &<+/\[\-{_ZERO_WIDTH}\u2010-\u2015\u2212{_BLANKS}{''.join(_SUBSTITUTIONS)}]"
    rf"(?:(?<! )|(?=[ {_BLANKS}])|(?<=[;>\]/\s{_ZERO_WIDTH}] ))"
)
"""Where a match of :data:`_ONE_PASS` may begin, if not with a letter; a single blank after a word stays as it is."""
_GLUED = tuple(
    word + mark
    for word in ("micro", "radio", "cryo", "thermo", "electro", "intra", "per", "hydro", "chemo", "ultra", "trans")
    for mark in " -"
)
_GLUED_SPOTS = re.compile("|".join(map(re.escape, _GLUED)))
_WORD_SPOTS = re.compile("|".join(map(re.escape, _GLUED)), re.I)


class Shadow:
    """Shadow text made of pieces, copied or put in place of something, and where in the note each comes from."""

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


SURROGATES = re.compile("[\ud800-\udfff]")


def make_shadow(text: str) -> Shadow:
    """Build the shadow of a note's text; the text itself is not changed. Half a surrogate pair, which no encoding
    takes, shows as U+FFFD."""
    text = SURROGATES.sub("\ufffd", text)
    kept, glue = join_lines(text)
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
    if not text.isascii():
        words = [match.start() for match in _WORD_SPOTS.finditer(text)]
    elif any(hint in lower for hint in _GLUED):
        words = [match.start() for match in _GLUED_SPOTS.finditer(lower)]
    else:
        words = []
    words += [spot - 1 for spot in spots if text[spot] == "/" and spot]
    return sorted({*spots, *words}) if words else spots


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
