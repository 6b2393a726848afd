"""Each note that went wrong: what was expected, what came, and why, in ids and offsets.

Nothing here holds the note's words unless ``show_text`` asks for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..domain import Evidence, Mention, Record
from ..read.corpus import AnnotatedNote, Gold
from .scores import FACTS, codes_of, facts_of
from .spans import misquotes, pairs

KINDS = (
    *("wrong-code", "missed-code", "review-missed", "review-without-need", "decision", "review-reason"),
    *(*FACTS, "date_of_service", "misquote"),
)
"""What can be wrong with an answer, the gravest first."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A note that went wrong. ``details`` is plain JSON: what the answer rests on, and which marks were misread."""

    note_id: str
    family: str
    traps: tuple[str, ...]
    kinds: tuple[str, ...]
    expected: dict[str, Any]
    got: dict[str, Any]
    details: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "note_id": self.note_id,
            "family": self.family,
            "traps": list(self.traps),
            "kinds": list(self.kinds),
            "expected": self.expected,
            "got": self.got,
            **self.details,
        }


def find_fault(note: AnnotatedNote, record: Record, *, show_text: bool = False) -> Fault | None:
    """What is wrong with the answer for a note; None where nothing is."""
    found = set(_kinds(note, record))
    if not found:
        return None
    kinds = tuple(kind for kind in KINDS if kind in found)
    keys = ["decision", "codes", *(kind for kind in (*FACTS, "date_of_service") if kind in found)]
    if "review" in (note.gold.decision, record.decision):
        keys.append("reasons")
    return Fault(
        note.note_id,
        note.family,
        note.gold.traps,
        kinds,
        {key: value for key, value in _expected(note.gold).items() if key in keys},
        {key: value for key, value in _got(record).items() if key in keys},
        _details(note, record, show_text=show_text),
    )


def _kinds(note: AnnotatedNote, record: Record) -> list[str]:
    gold = note.gold
    wanted, found = set(gold.codes), codes_of(record)
    checks = {
        "wrong-code": bool(found - wanted),
        "missed-code": bool(wanted - found),
        "review-missed": gold.decision == "review" != record.decision,
        "review-without-need": record.decision == "review" != gold.decision,
        "review-reason": gold.decision == record.decision == "review"
        and not set(gold.reasons) & {reason.id for reason in record.reasons},
        "date_of_service": gold.date_of_service not in (None, record.date_of_service),
        "misquote": bool(misquotes(note.text, record)),
    }
    kinds = [kind for kind, wrong in checks.items() if wrong]
    if gold.decision != record.decision and not kinds:
        kinds.append("decision")
    if gold.decision == "suggest":
        expected, got = _expected(gold), _got(record)
        kinds += [fact for fact in FACTS if expected[fact] != got[fact]]
    return kinds


def _expected(gold: Gold) -> dict[str, Any]:
    return {
        "decision": gold.decision,
        "codes": sorted(gold.codes),
        "reasons": sorted(gold.reasons),
        "approach": gold.approach,
        "modality": gold.modality,
        "tumor_count": gold.tumor_count,
        "guidance": sorted(gold.guidance),
        "date_of_service": gold.date_of_service,
    }


def _got(record: Record) -> dict[str, Any]:
    facts = facts_of(record)
    return {
        "decision": record.decision,
        "codes": sorted(codes_of(record)),
        "reasons": sorted(reason.id for reason in record.reasons),
        **{key: list(value) if isinstance(value, tuple) else value for key, value in facts.items()},
        "date_of_service": record.date_of_service,
    }


def _details(note: AnnotatedNote, record: Record, *, show_text: bool) -> dict[str, Any]:
    facts = {
        "approach": record.approach.evidence,
        "modality": record.modality.evidence,
        "tumor_count": record.tumor_count.evidence,
        "guidance": tuple(item for fact in record.guidance for item in fact.evidence),
    }
    details: dict[str, Any] = {
        "screened": record.screened,
        "reasons": [reason.id for reason in record.reasons],
        "candidates": [candidate.code for candidate in record.candidates],
        "rejected": [item.code for item in record.rejected],
        "alerts": [alert.id for alert in record.alerts],
        "evidence": {
            key: [_place(item, show_text=show_text) for item in value] for key, value in facts.items() if value
        },
        "marks": _misread(note, record, show_text=show_text),
    }
    if bad := misquotes(note.text, record):
        details["misquotes"] = [[quote.start, quote.end] for quote in bad]
    if show_text and note.gold.why:
        details["why"] = note.gold.why
    return details


def _place(item: Evidence | Mention, *, show_text: bool) -> dict[str, Any]:
    place: dict[str, Any] = {"start": item.start, "end": item.end, "section": item.section}
    return {**place, "text": item.text} if show_text else place


def _misread(note: AnnotatedNote, record: Record, *, show_text: bool) -> list[dict[str, Any]]:
    """Marks taken as performed by one side only: most wrong answers begin here."""
    paired = dict(pairs(note.marks, record.mentions))
    found = []
    for index, mark in enumerate(note.marks):
        mention = record.mentions[paired[index]] if index in paired else None
        status = mention.status if mention else "not found"
        if mark.status != status and "performed" in (mark.status, status):
            entry: dict[str, Any] = {"label": mark.label, "value": mark.value, "start": mark.start, "end": mark.end}
            entry |= {"expected": mark.status, "got": status}
            if mention:
                entry |= {"rule": mention.rule, "why": mention.why}
            found.append({**entry, "text": mark.text} if show_text else entry)
    return found
