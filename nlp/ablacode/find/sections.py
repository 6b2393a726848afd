"""Which section a sentence stands in: medSpaCy's sectionizer for the titles we list, words in the heading for the rest.

A heading stands at a line's start and ends with a colon, a dash or the line; or it is one of the listed titles in
capitals with a colon inside a line. One-line kinds (diagnosis, staff, complications ...) end with their paragraph.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from ..rulebook import HeadingRule

_LINE_HEADING = re.compile(
    r"(?m)^[ \t]*[*#=_>\-•\d.)(]{0,4}[ \t]*(?P<title>[A-Za-z][A-Za-z0-9 /&,'()#\.]{1,70}?)[ \t]*[*_]{0,2}(?P<end>:|"
    r"[ \t]-[ \t]|[ \t]*$)"
)
_INLINE_HEADING = re.compile(r"(?<=[.;,)\s])(?P<title>[A-Z][A-Za-z/() ]{2,48}):(?=\s)")
_NARRATIVE = re.compile(r"\b(?:was|were|we|i|had been|has been|then|underwent|performed)\b", re.I)
_OPERATION_BEGINS = re.compile(
    r"\b(?:brought (?:in)?to (?:the )?(?:\w+\s){0,3}(?:room|suite|theat(?:er|re)|or\b|scanner|table)|"
    r"taken to (?:the )?(?:\w+\s){0,2}(?:operating|or\b|theat|ir\b|ct|suite|procedure)|"
    r"placed (?:in the )?(?:supine|prone|lithotomy|left lateral|decubitus)|"
    r"prepped and draped|(?:general|endotracheal|local) an(?:a)?esthe\w+ (?:was|were) (?:induced|"
    r"administered|obtained|achieved)|induction of (?:general )?an|time ?out was|was (?:positioned|"
    r"intubated|prepped|draped)|put to sleep|under (?:general|geta|ga\b|conscious sedation|"
    r"moderate sedation))",
    re.I,
)
_LOOKS_BACK = re.compile(
    r"\b(?:ago|previously|history of|prior to admission|last (?:year|month)|will be|to be)\b", re.I
)
_ENERGY_ON = re.compile(
    r"\b\d+\s?w(?:atts?)?\b.{0,30}\b\d+(?:\.\d)?\s?(?:min|sec|m\b|')|\b\d+(?:\.\d)?\s?(?:min\w*|m|')\s?(?:\w+\s){0,3}(?:at|x|@)?\s?\d+\s?w(?:atts?)?\b|"
    r"\bfreeze\w*.{0,25}\bthaw",
    re.I,
)
"""Watts with minutes, freeze with thaw: the energy is on, whatever the last heading said."""
_PAST = re.compile(
    r"\b(?:19|20)\d\d\b|\bago\b|\bprior\b|\bprevious\w*|\blast (?:year|month)|\bhistory\b|\bplan\w*|\bwill\b|\bwould\b|\bmay\b|"
    r"\b(?:had|underwent|received|after|since)\b|\b\d{1,2}(?:st|nd|rd|th)?\s(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\b\d{1,2}/\d",
    re.I,
)
_CONSENT = re.compile(
    r"\b(?:risk|consent|alternativ|benefit|understand|understood|explain|discuss|question|agree|"
    r"option|sign|aware|told|wish|interpreter|include|refus|declin|witness|form)",
    re.I,
)
_AFTER_LISTED = re.compile(r"[ \t]*(?:[:\-]|$)")
_WRITTEN = re.compile(r"\S")
_MARK = re.compile(r">>|\*\*|##|==")
_AMOUNT = re.compile(r"\d\s?(?:mg|mm|cm|ml|w|min|g)\b", re.I)
_SENTENCE_END = re.compile(r"[a-z)]{2}\.(?=\s)")
_STORY = 4
"""From so many ends of sentences on, a section is no title."""
_CACHE_SIZE = 5_000
_ITEM = re.compile(r"\s*(?:[-*•>+]|\(?\d{1,2}[.)]|[a-z][.)])")
FIELDS = frozenset({"history", "indication", "plan", "comparison", "consent"}) | frozenset(
    {"diagnosis", "staff", "complications", "anesthesia", "title"}
)
ONE_LINE = frozenset(
    {
        "diagnosis",
        "staff",
        "complications",
        "anesthesia",
        "devices",
        "billing",
        "title",
        "planned-procedure",
        "comparison",
    }
)


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
        for heading in listed:
            if heading.start not in found and _AFTER_LISTED.match(text[heading.end : heading.end + 3].split("\n")[0]):
                found[heading.start] = heading
        if ":" in text:
            self._add_inline(text, found)
        return told_at_length(text, [found[start] for start in sorted(found)])

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
    ends = [*(heading.start for heading in headings[1:]), len(text)][: len(headings)]
    return [
        replace(heading, kind="technique")
        if heading.kind == "title"
        and (
            not (line := text[heading.end : _line_end(text, heading.end)]).strip()
            or len(_SENTENCE_END.findall(line)) > 1
        )
        and len(_SENTENCE_END.findall(text, heading.end, end)) >= _STORY
        else heading
        for heading, end in zip(headings, ends, strict=True)
    ]


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


class SectionState:
    """Walks down a note and says for each sentence which section it stands in.

    A one-line kind (title, diagnosis, staff ...) is over when a sentence on a later line tells what happened; consent
    when a later line no longer speaks of consent; and any section that looks back or forward when the operation begins.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._heading: Heading | None = None
        self._line_end = -1
        self._filled: bool | None = None
        self._lasting = "body"
        self._spilled = ""

    def enter(self, heading: Heading) -> None:
        """A new heading begins."""
        self._heading = heading
        self._spilled = ""
        self._filled = None
        if heading.end > self._line_end:
            self._line_end = _line_end(self._text, heading.end)
        if heading.kind != "other":
            self._lasting = "body" if heading.kind in ONE_LINE | {"consent"} else heading.kind

    def place(self, start: int, end: int, line: int) -> tuple[str, str, bool]:
        """Kind, heading words, and whether a sentence stands on the heading's own line; its line begins at ``line``."""
        heading = self._heading
        if heading is None:
            return "body", "", False
        same_line = start <= self._line_end
        if heading.kind == "other":
            inside = self._lasting in ("history", "plan", "course", "log", "addendum") and not same_line
            return (self._lasting if inside else "other"), heading.title, same_line
        if not self._spilled:
            self._spilled = _spills(heading.kind, self._text[start:end], same_line=same_line)
        if not self._spilled and not same_line and heading.kind in FIELDS and self._is_field(heading, start, line):
            self._spilled = "body"
        return self._spilled or heading.kind, heading.title, same_line

    def _is_field(self, heading: Heading, start: int, line: int) -> bool:
        """Whether the heading was a field of one line: text on its own line, then a line that is no item of a list."""
        if self._filled is None:
            self._filled = bool(self._text[heading.end : self._line_end].strip())
        early = heading.start < len(self._text) * 0.55 or heading.kind != "plan"
        return self._filled and early and not _ITEM.match(self._text, line, start + 1)


def _spills(kind: str, sentence: str, *, same_line: bool) -> str:
    """The kind a section turns into with this sentence, empty while it lasts."""
    if kind in ("planned-procedure", "addendum", "log", "course", "billing"):
        return ""
    if (
        kind not in ("technique", "findings", "impression")
        and _OPERATION_BEGINS.search(sentence)
        and not _LOOKS_BACK.search(sentence)
    ):
        return "technique"
    if kind in ONE_LINE and is_narrative(sentence) and (not same_line or len(sentence.split()) > 12):
        return "technique"
    if (
        kind in ("indication", "consent", "staff", "diagnosis")
        and _ENERGY_ON.search(sentence)
        and not _PAST.search(sentence)
    ):
        return "technique"
    if kind == "consent" and not same_line and not _CONSENT.search(sentence):
        return "body"
    return ""


def is_narrative(sentence: str) -> bool:
    """Whether a sentence tells what happened, as a title or a field never does."""
    return len(sentence.split()) >= 6 and bool(_NARRATIVE.search(sentence))
