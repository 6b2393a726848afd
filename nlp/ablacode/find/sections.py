"""Which section a sentence stands in: medSpaCy's sectionizer for the titles we list, words in the heading for the rest.

A heading stands at a line's start and ends with a colon, a dash or the line; or it is one of the listed titles in
capitals with a colon inside a line. One-line kinds (diagnosis, staff, complications ...) end with their paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..rulebook import HeadingRule

_LINE_HEADING = re.compile(
    r"(?m)^[ \t]*[*#=_>\-•\d.)(]{0,4}[ \t]*(?P<title>[A-Za-z][A-Za-z0-9 /&,'()#\.]{1,70}?)[ \t]*[*_]{0,2}(?P<end>:|[ \t]-[ \t]|[ \t]*$)"
)
_INLINE_HEADING = re.compile(r"(?<=[.;,)\s])(?P<title>[A-Z][A-Za-z/() ]{2,48}):(?=\s)")
_NARRATIVE = re.compile(r"\b(?:was|were|we|i|had been|has been|then|underwent|performed)\b", re.I)
ONE_LINE = frozenset({"diagnosis", "staff", "complications", "anesthesia", "devices", "billing", "title", "planned-procedure", "comparison"})


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
        self._titles = {title.replace("-", " "): rule.kind for rule in reversed(rules) for title in rule.titles}

    def classify(self, title: str) -> str | None:
        """The kind of a heading's words, None when nothing is known of it."""
        plain = " ".join(re.sub(r"[^a-z0-9()/ ]", " ", title.lower()).split())
        if plain in self._titles:
            return self._titles[plain]
        if len(plain.split()) > 8:
            return None
        for rule in self._rules:
            if rule.words.search(plain):
                return rule.kind
        return None

    def find(self, text: str, listed: Sequence[Heading]) -> list[Heading]:
        """All headings of shadow text, in order; ``listed`` are those medSpaCy's sectionizer saw."""
        found: dict[int, Heading] = {}
        for match in _LINE_HEADING.finditer(text):
            if heading := self._line_heading(text, match):
                found[heading.start] = heading
        for heading in listed:
            if heading.start not in found and re.match(r"[ \t]*(?:[:\-]|$)", text[heading.end : heading.end + 3].split("\n")[0] or ""):
                found[heading.start] = heading
        for match in _INLINE_HEADING.finditer(text):
            if heading := self._inline_heading(match):
                if not any(other.start <= heading.start < other.end for other in found.values()):
                    found[heading.start] = heading
        return [found[start] for start in sorted(found)]

    def _line_heading(self, text: str, match: re.Match[str]) -> Heading | None:
        title, end = match.group("title").strip(), match.group("end")
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


def is_narrative(sentence: str) -> bool:
    """Whether a sentence tells what happened, as a title or a field never does."""
    return len(sentence.split()) >= 7 and bool(_NARRATIVE.search(sentence))
