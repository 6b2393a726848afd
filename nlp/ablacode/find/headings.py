"""Headings: medSpaCy's sectionizer for the titles we list, words in the heading for the rest.

A heading stands at a line's start and ends with a colon, a dash or the line; or it is one of the listed titles in
capitals with a colon inside a line.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from ..rulebook import HeadingRule

_LINE_HEADING = re.compile(
    r"(?m)^[ \t]*[*#=_>\-•\d.)(]{0,4}[ \t]*(?P<title>[A-Za-z][A-Za-z0-9 /&,'()#\.]{1,70}?)[ \t]*[*_]{0,2}(?P<end>:|"
    r"[ \t]-[ \t]|[ \t]*$)"
)
_INLINE_HEADING = re.compile(r"(?<=[.;,)\s])(?P<title>[A-Z][A-Za-z/() ]{2,48}):(?=\s)")
_ADDENDUM = re.compile(
    r"(?m)^[ \t*#=>-]*(?P<title>(?i:addendum|late entry|correction|amendment|erratum)\b[^:\n]{0,160}?):(?=\s)"
)
"""An addendum whose author, date and occasion stand before its colon."""
_DATED_ADDENDUM = re.compile(
    r"(?m)^[ \t*#=>-]*\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}[ @,]*(?:\d{1,2}:?\d\d(?::\d\d)?)?[ \t]+"
    r"(?P<title>ADDENDUM|Addendum|LATE ENTRY|Late entry|CORRECTION|Correction|AMENDMENT|Amendment)\b[^\n.]{0,60}$"
)
"""The same behind its date, as record systems print it: "06/09/2021 07:14 ADDENDUM STATUS: COMPLETED"."""
_WIDE = re.compile(r"(?m)^[ \t]*(?P<title>[A-Z][A-Z0-9 /&'()-]{4,60}?)(?=[ \t]{3,}\S)")
"""Capitals at a line's start with a gap behind: the name of a part of a form."""
_LATER = ("addendum", "late entry", "correction", "amendment", "erratum")
_GAP = re.compile(r"[ \t]{3}")
_PARTS = frozenset({"log", "technique", "findings", "history", "plan"})
_BRACKET = re.compile(r"(?<=[A-Za-z])\s?\([^()]*\)?$")
"""Who wrote a part of the note, in brackets behind its name: "OPERATIVE NOTE (B. Sandoval MD)"."""
_AFTER_LISTED = re.compile(r"[ \t]*(?:[:\-]|$)")
_WRITTEN = re.compile(r"\S")
_MARK = re.compile(r">>|\*\*|##|==")
_AMOUNT = re.compile(r"\d\s?(?:mg|mm|cm|ml|w|min|g)\b", re.I)
_SENTENCE_END = re.compile(r"[a-z)]{2}\.(?=\s)")
_STUDY = re.compile(
    r"\b(?:ct|mri?|us|uss|ir|vir|ultraso\w+|sono\w*|fluoro\w*|angio\w*|guid\w+|\w*ablat\w+|rfa|mwa|cryo\w*|\w*biops\w+|bx|drain\w*|"
    r"tace|emboli\w+|percutaneous|perc|procedure|intervention\w*|scan|study|radiofrequency|microwave)\b",
    re.I,
)
_STORY = 4
"""From so many ends of sentences on, a section is no title."""
_CACHE_SIZE = 5_000


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: ``start`` of its line, ``end`` where its text begins, offsets in the shadow."""

    start: int
    end: int
    kind: str
    title: str


class HeadingFinder:
    """Finds and names headings."""

    def __init__(self, rules: Sequence[HeadingRule]) -> None:
        self._rules = tuple(rules)
        self._known: dict[str, str | None] = {}
        self._titles = {title.replace("-", " "): rule.kind for rule in reversed(rules) for title in rule.titles}

    def classify(self, title: str) -> str | None:
        """The kind of a heading's words, None when nothing is known of it."""
        if title not in self._known:
            if len(self._known) >= _CACHE_SIZE:
                self._known.clear()
            self._known[title] = self._classify(title)
        return self._known[title]

    def _classify(self, title: str) -> str | None:
        plain = " ".join(re.sub(r"[^a-z0-9()/ ]", " ", title.lower()).split())
        if plain in self._titles:
            return self._titles[plain]
        if len(plain.split()) > 8:
            return None
        for rule in self._rules:
            if rule.words.search(plain):
                return rule.kind
        return None

    def find(self, text: str, listed: Iterable[Heading]) -> list[Heading]:
        """All headings of shadow text, in order; ``listed`` are those medSpaCy's sectionizer saw."""
        found: dict[int, Heading] = {}
        for match in _LINE_HEADING.finditer(text):
            if heading := self._line_heading(match):
                found[heading.start] = heading
        for heading in self._parts(text):
            found.setdefault(heading.start, heading)
        for heading in listed:
            if heading.start not in found and _AFTER_LISTED.match(text[heading.end : heading.end + 3].split("\n")[0]):
                found[heading.start] = heading
        if ":" in text:
            self._add_inline(text, found)
        return told_at_length(text, [found[start] for start in sorted(found)])

    def _parts(self, text: str) -> Iterator[Heading]:
        """Names of a note's parts that no colon ends: addenda with their author and occasion, capitals with a gap behind."""
        lower = text.lower()
        if any(word in lower for word in _LATER):
            for pattern in (_ADDENDUM, _DATED_ADDENDUM):
                for match in pattern.finditer(text):
                    yield Heading(match.start("title"), match.end(), "addendum", match.group("title"))
        for match in _WIDE.finditer(text) if _GAP.search(text) else ():
            kind = self.classify(match.group("title"))
            if kind in _PARTS:
                yield Heading(match.start("title"), match.end("title"), str(kind), match.group("title"))

    def _add_inline(self, text: str, found: dict[int, Heading]) -> None:
        """Headings inside lines, where no other heading stands."""
        starts = sorted(found)
        reach = list(accumulate((found[start].end for start in starts), max))
        for match in _INLINE_HEADING.finditer(text):
            if heading := self._inline_heading(match):
                at = bisect_right(starts, heading.start)
                if not at or reach[at - 1] <= heading.start:
                    found[heading.start] = heading

    def _line_heading(self, match: re.Match[str]) -> Heading | None:
        title, end = _BRACKET.sub("", match.group("title").strip()), match.group("end")
        known = self.classify(title)
        words = title.split()
        capitals = title.upper() == title and sum(char.isalpha() for char in title) > 2
        if end == ":":
            if len(words) > 8:
                return None
            kind = known or ("other" if len(words) <= 5 else None)
        elif end.strip() == "-":
            kind = known if " ".join(title.lower().split()) in self._titles or (capitals and known) else None
        else:
            exact = " ".join(title.lower().split()) in self._titles
            kind = known if known and (exact or (capitals and len(words) <= 6)) and not title.endswith(".") else None
            if kind is None and len(words) <= 5 and not title.endswith((".", ",")) and _stands_alone(match):
                kind = known or "other"
        if kind is None:
            return None
        return Heading(match.start("title"), match.end(), kind, title)

    def _inline_heading(self, match: re.Match[str]) -> Heading | None:
        words = match.group("title").split()
        for size in range(min(6, len(words)), 0, -1):
            tail = " ".join(words[-size:])
            kind = self._titles.get(" ".join(tail.lower().split()))
            if kind and (tail[:1].isupper()):
                return Heading(match.end("title") - len(tail), match.end(), kind, tail)
        return None


def _stands_alone(match: re.Match[str]) -> bool:
    """Whether a short line without a colon is a heading by its place: after a blank line or a mark, text below."""
    text, start = match.string, match.start()
    below = text[match.end() : match.end() + 2]
    first = _WRITTEN.search(text)
    marked = bool(_MARK.search(match.group()[: match.start("title") - start]))
    alone = marked or text.endswith("\n\n", 0, start) or first is None or first.start() >= start
    title = match.group("title")
    followed = below[:1] == "\n" and (marked or below[1:2] != "\n")
    return alone and followed and title[:1].isupper() and not _AMOUNT.search(title)


def told_at_length(text: str, headings: Sequence[Heading]) -> list[Heading]:
    """The headings again; one that promises the operation's title ("Procedure") but has nothing beside it and a whole story below is
    its description."""
    headings = [_body_examined(text, heading) for heading in headings]
    ends = [*(heading.start for heading in headings[1:]), len(text)][: len(headings)]
    return [
        replace(heading, kind="technique")
        if heading.kind == "title"
        and (
            not (line := text[heading.end : line_end(text, heading.end)]).strip()
            or len(_SENTENCE_END.findall(line)) > 1
        )
        and len(_SENTENCE_END.findall(text, heading.end, end)) >= _STORY
        else heading
        for heading, end in zip(headings, ends, strict=True)
    ]


def _body_examined(text: str, heading: Heading) -> Heading:
    """The heading again; an "Exam" that names no imaging and no procedure is the examination of a body, not the name of a study."""
    if heading.kind == "title" and heading.title.lower().strip(" :.") in ("exam", "examination"):
        line = text[heading.end : line_end(text, heading.end)]
        if line.strip() and not _STUDY.search(line):
            return replace(heading, kind="history")
    return heading


def line_end(text: str, start: int) -> int:
    """Where the line that holds ``start`` ends (code points)."""
    end = text.find("\n", start)
    return len(text) if end < 0 else end
