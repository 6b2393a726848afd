"""The words a reader sees for the record's values, the same on a page and in a terminal."""

from __future__ import annotations

KINDS = {
    "approach": "Approach",
    "modality": "Energy",
    "target": "Target",
    "performed": "Performed",
    "tumor_count": "Count",
    "guidance": "Guidance",
}
"""What is marked. A mention's ``delivery`` is shown as ``performed``. The first letters differ: they are marks too."""

STATUS_WORDS = {
    "performed": "performed",
    "historical": "history",
    "planned": "planned",
    "negated": "negated",
    "conditional": "conditional",
    "other-organ": "other organ",
    "not-tumor": "not a tumour",
    "boilerplate": "boilerplate",
    "mention": "undecided",
}

DECISION_WORDS = {
    "suggest": "Code suggested",
    "review": "A person must look",
    "none": "Nothing to code",
}

FACT_WORDS = {"approach": "Approach", "modality": "Energy", "tumor_count": "Tumours", "guidance": "Guidance"}

SCREENED = "Nothing in the text points at a tumour ablation; it was not read further."
NOTHING_DONE = "No ablation of a liver tumour to code was done in this note."


def percent(confidence: float) -> str:
    """Return a confidence in words of hundred; never 0 % or 100 %, for no suggestion is certain."""
    return f"{min(max(confidence, 0.01), 0.99):.0%}"
