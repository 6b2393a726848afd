"""Which section a sentence stands in, walking down a note from heading to heading.

One-line kinds (diagnosis, staff, complications ...) end with their paragraph.
"""

from __future__ import annotations

import re

from .headings import Heading, line_end

_CLOCK = re.compile(r"[ \t]*(?:[01]?\d|2[0-3])[:.h]?[0-5]\d\b")
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
            self._line_end = line_end(self._text, heading.end)
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
        if (
            not self._spilled
            and not same_line
            and heading.kind == "planned-procedure"
            and self._plan_is_over(heading, start, line)
        ):
            self._spilled = "body"
        return self._spilled or heading.kind, heading.title, same_line

    def _plan_is_over(self, heading: Heading, start: int, line: int) -> bool:
        """Whether a plan told on its heading's own line is over: a blank line, a time of day or a story follows."""
        if not self._text[heading.end : self._line_end].strip():
            return False
        blank = "\n\n" in re.sub(r"[ \t]", "", self._text[self._line_end : start])
        return blank or bool(_CLOCK.match(self._text, line))

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
