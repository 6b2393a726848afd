"""What one note's answer is worth: counts of right and wrong, per note, so that notes can be summed and resampled.

Counts are named ``thing:hits``, ``thing:found`` (answered), ``thing:wanted`` (gold), or ``thing:hits``, ``thing:of``.
``FACTS`` are the four facts of an answer.
"""

from __future__ import annotations

from collections import Counter

from ..domain import CODES, DECISIONS, Record
from ..read.corpus import AnnotatedNote, Gold

HEAT = frozenset({"radiofrequency", "microwave", "heat"})
FACTS = ("approach", "modality", "tumor_count", "guidance")
_Value = str | int | None


def count_note(note: AnnotatedNote, record: Record) -> Counter[str]:
    """Counts of decision, codes, review and facts of one note."""
    gold = note.gold
    wanted, found = set(gold.codes), codes_of(record)
    counts = Counter[str]()
    _share(counts, "answer", gold.decision == record.decision and wanted == found)
    _share(counts, "code_set", wanted == found)
    _share(counts, "decision", gold.decision == record.decision)
    counts[f"decision:{gold.decision}:{record.decision}"] += 1
    for decision in DECISIONS:
        _compare(counts, f"decision.{decision}", decision == gold.decision, decision == record.decision)
    for code in CODES:
        _compare(counts, f"code.{code}", code in wanted, code in found)
        _compare(counts, "codes", code in wanted, code in found)
    _share(counts, "wrong_code_note", bool(found - wanted))
    if gold.decision != "review":
        _share(counts, "review_without_need", record.decision == "review")
    elif record.decision == "review":
        _share(counts, "review_reason", bool(set(gold.reasons) & {reason.id for reason in record.reasons}))
    if gold.date_of_service is not None:
        _share(counts, "date_of_service", gold.date_of_service == record.date_of_service)
    if gold.decision == "suggest":
        _count_facts(counts, gold, record)
    return counts


def codes_of(record: Record) -> set[str]:
    """The codes a record suggests."""
    return {suggestion.code for suggestion in record.codes}


def facts_of(record: Record) -> dict[str, _Value | tuple[str, ...]]:
    """The four facts of a record as a gold answer would give them."""
    return {
        "approach": record.approach.value,
        "modality": record.modality.value,
        "tumor_count": record.tumor_count.value,
        "guidance": tuple(sorted(str(fact.value) for fact in record.guidance)),
    }


def energy_family(modality: _Value) -> frozenset[str]:
    """Heat, cryo, or the outside energy itself, of each part of a modality (``cryo+microwave`` is cryo and heat)."""
    return frozenset("heat" if part in HEAT else part for part in str(modality or "").split("+") if part)


def _count_facts(counts: Counter[str], gold: Gold, record: Record) -> None:
    facts = facts_of(record)
    _share(counts, "fact.approach", facts["approach"] == gold.approach)
    _share(counts, "fact.modality", facts["modality"] == gold.modality)
    family = energy_family(record.modality.value)
    _share(counts, "fact.modality_family", family == energy_family(gold.modality))
    # A count nobody can tell is another question than a count that is told: to leave it open is right there only.
    name = "fact.tumor_count" if gold.tumor_count is not None else "fact.tumor_count_open"
    _share(counts, name, facts["tumor_count"] == gold.tumor_count)
    _share(counts, "fact.guidance", facts["guidance"] == tuple(sorted(gold.guidance)))


def _share(counts: Counter[str], name: str, right: bool) -> None:
    counts[f"{name}:of"] += 1
    counts[f"{name}:hits"] += right


def _compare(counts: Counter[str], name: str, wanted: bool, found: bool) -> None:
    counts[f"{name}:wanted"] += wanted
    counts[f"{name}:found"] += found
    counts[f"{name}:hits"] += wanted and found
