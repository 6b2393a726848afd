"""The values that travel between the verbs: frozen, plain, without spaCy.

All offsets count Unicode code points of the note's decoded text, end exclusive: ``text == note.text[start:end]``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

LABELS = frozenset({"approach", "modality", "tumor_count", "guidance", "target", "delivery"})
AXES = LABELS - {"delivery"} | {"performed"}
STATUSES = frozenset(
    {
        "performed",
        "historical",
        "planned",
        "negated",
        "conditional",
        "other-organ",
        "not-tumor",
        "boilerplate",
        "mention",
    }
)
DECISIONS = ("suggest", "review", "none")
CODES = ("47380", "47381", "47370", "47371", "47382", "47383")
"""The six codes in the order of a record: open, laparoscopic, percutaneous; heat before cryo."""


@dataclass(frozen=True, slots=True)
class Note:
    """A note as it came: ``text`` untouched (no leading byte-order mark), ``note_id`` as the caller names it."""

    text: str
    note_id: str | None = None
    date_of_service: date | None = None
    date_order: str | None = None
    encounter_id: str | None = None
    setting: str | None = None
    source: Mapping[str, Any] = field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()

    @property
    def sha256(self) -> str:
        """Hash of the decoded text in UTF-8 (lone surrogates pass, so that any string has a hash)."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """Words found in the note. ``rule`` names the rule that found them, ``why`` what gave the status.

    ``probability`` is that of the status; ``here`` that of being performed in this session (not part of the record).
    """

    start: int
    end: int
    label: str
    value: str
    text: str
    section: str
    status: str = "mention"
    probability: float = 1.0
    rule: str = ""
    why: str = ""
    here: float = field(default=1.0, compare=False, metadata={"published": False})


@dataclass(frozen=True, slots=True, order=True)
class Cue:
    """A ConText cue that reaches a mention: its category, rule, side (``before`` or ``after``) and distance in characters."""

    category: str
    rule: str
    side: str
    distance: int
    words: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the note. ``text`` is its shadow (spelling and page accidents resolved); offsets are the note's.

    ``kind`` is the section it stands in, ``heading`` that section's own words, ``line`` the line's number in the shadow,
    ``after_heading`` whether it stands on the heading's own line.
    """

    index: int
    start: int
    end: int
    text: str
    kind: str
    heading: str = ""
    line: int = 0
    after_heading: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words found, before anybody judged them. ``at`` and ``to`` are offsets in the sentence's shadow text."""

    start: int
    end: int
    label: str
    value: str
    strength: str
    text: str
    rule: str
    sentence: int
    at: int
    to: int
    cues: tuple[Cue, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What the find step hands on: the sentences and the candidates, both in order of position."""

    sentences: tuple[Sentence, ...]
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """Words that carry a fact, code, reason or alert. ``axis`` is one of :data:`AXES`."""

    start: int
    end: int
    axis: str
    text: str
    section: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One of the four facts: a value (None when it cannot be told) and the words for it."""

    value: str | int | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a person must look: a stable id and a sentence."""

    id: str
    message: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Alert:
    """A caution beside an answer; ``severity`` is info, warning or critical."""

    id: str
    severity: str
    message: str
    rules: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """Something the note does not document; ``severity`` is note, warning or critical."""

    id: str
    severity: str
    message: str
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeSuggestion:
    """A code that is suggested, or (as a candidate) would be if the open point were settled."""

    code: str
    units: int
    confidence: float
    approach: str
    modality: str
    rationale: str
    rules: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """One of the six that had something speaking for it, with what speaks against it."""

    code: str
    why: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class OpFacts:
    """What was done to the liver in this note. ``state``: ``delivered``, ``attempted``, ``doubtful`` or ``none``.

    ``families``: heat, cold (both when both were delivered to different tumours); ``problems``: reason ids with their
    words; ``alerts``: alert ids with their words; ``support``: named numbers for the confidence.
    """

    state: str
    approach: Fact = Fact()
    modality: Fact = Fact()
    families: tuple[str, ...] = ()
    tumor_count: Fact = Fact()
    guidance: tuple[Fact, ...] = ()
    target: tuple[Evidence, ...] = ()
    performed: tuple[Evidence, ...] = ()
    problems: tuple[tuple[str, tuple[Evidence, ...]], ...] = ()
    alerts: tuple[tuple[str, tuple[Evidence, ...]], ...] = ()
    against: Mapping[str, str] = field(default_factory=dict)
    support: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Engine:
    """What made the record: version and hashes, so that it can be made again."""

    version: str
    rules_sha256: str
    model_sha256: str | None = None
    policy_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """The answer for one note; :meth:`to_dict` gives the published JSON form."""

    note_id: str | None
    note_sha256: str
    date_of_service: str | None
    engine: Engine
    decision: str
    encounter_id: str | None = None
    setting: str | None = None
    source: Mapping[str, Any] = field(default_factory=dict)
    reasons: tuple[Reason, ...] = ()
    screened: bool = False
    codes: tuple[CodeSuggestion, ...] = ()
    candidates: tuple[CodeSuggestion, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    approach: Fact = Fact()
    modality: Fact = Fact()
    tumor_count: Fact = Fact()
    guidance: tuple[Fact, ...] = ()
    alerts: tuple[Alert, ...] = ()
    gaps: tuple[Gap, ...] = ()
    mentions: tuple[Mention, ...] = ()
    schema_version: str = "1.0"

    def to_dict(self) -> dict[str, Any]:
        """Return the record as plain JSON values, keys in the published order."""
        from .contract import record_to_dict

        return record_to_dict(self)
