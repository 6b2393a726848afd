"""Annotated notes and records of one sentence, for the tests of the figures: only what they are scored on differs."""

from __future__ import annotations

from typing import Any

from ablacode.domain import CodeSuggestion, Engine, Fact, Note, Reason, Record
from ablacode.read.corpus import AnnotatedNote, Gold

TEXT = "Ablation."


def gold_note(number: int = 0, family: str = "prose", **gold: Any) -> AnnotatedNote:
    answer = Gold(**{"decision": "suggest" if gold.get("codes") else "none", **gold})
    return AnnotatedNote(f"{family}/{number}.txt", family, TEXT, (), answer)


def answer(*codes: str, decision: str | None = None, reasons: tuple[str, ...] = (), **facts: Any) -> Record:
    suggestions = tuple(CodeSuggestion(code, 1, 0.9, "open", "cryo", "") for code in codes)
    return Record(
        *(None, Note(TEXT).sha256, facts.get("date_of_service"), Engine("0", "0" * 64)),
        decision or ("suggest" if codes else "none"),
        codes=suggestions,
        reasons=tuple(Reason(name, "") for name in reasons),
        approach=Fact(facts.get("approach")),
        modality=Fact(facts.get("modality")),
        tumor_count=Fact(facts.get("tumor_count")),
        guidance=tuple(Fact(value) for value in facts.get("guidance", ())),
    )
