"""What the grammar of a sentence tells: tense, voice, dates, lists of alternatives. Regular expressions on the shadow, no parser."""

from __future__ import annotations

import re

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.?"
_PATTERNS = {
    "past-passive": r"\b(?:was|were)\s(?:\w+\s){0,3}?\w+(?:ed|en|ne|de|un|id|ut|lt|wn|ft|ung)\b",
    "past-active": r"\b(?:we|i|surgeon|radiologist|dr\.? \w+)\s(?:\w+\s)?(?:\w+ed|began|took|ran|put|made|did|froze|went|gave|left|saw|found|cut|burnt|drove|set|kept|brought)\b",
    "perfect": r"\b(?:has|have|had)\s(?:\w+\s){0,2}?(?:been|had|undergone|\w+ed)\b",
    "past-perfect": r"\bhad\s(?:\w+\s){0,2}?(?:been|had|undergone|\w+ed)\b",
    "future": r"\b(?:will|shall|to be|going to|would|won't)\b",
    "present": r"\b(?:is|are|remains|shows|demonstrates)\b",
    "modal": r"\b(?:may|might|could|should|can|must)\b",
    "question": r"\?",
    "conditional-if": r"\b(?:if|unless|in case|in the event|whether)\b",
    "year": r"\b(?:19[89]\d|20[0-4]\d)\b",
    "month": rf"\b{_MONTH}\s(?:of\s)?(?:\d{{1,2}},?\s)?(?:19|20)\d\d\b|\b\d{{1,2}}/(?:\d{{1,2}}/)?(?:\d{{4}}|\d\d)\b",
    "ago": r"\b(?:ago|earlier|previously|prior|previous|status post|history of|hx of|last (?:year|month|week|spring|summer|autumn|winter|fall))\b",
    "today": r"\b(?:today|this (?:session|morning|afternoon|procedure|operation|admission|visit)|now|currently|at this time|present procedure)\b",
    "sequence": r"\b(?:then|next|subsequently|thereafter|attention was|once|after|following|first|second|finally|at this point|under)\b",
    "we": r"\b(?:we|i|our|my)\b",
    "patient-subject": r"^(?:the\s|this\s|mr\.?\s|mrs\.?\s|ms\.?\s|he\b|she\b|patient|pt\b|\d+\s?year|\d+\s?yo)",
    "options": r"\b(?:options?|alternatives?|versus|vs\.?|risks?|benefits?|discussed|including|candidates?|consider\w*|recommend\w*)\b",
    "not": r"\b(?:not|no|without|never|nor|unable|aborted|cancel+ed|deferred|abandoned|declined)\b",
    "plan-word": r"\b(?:plan(?:ned|s)?|scheduled|proposed|intend(?:ed|s)?|referred|for elective|to undergo|next (?:week|month|session)|will (?:be|undergo|return|need))\b",
    "colon-field": r"^[^:]{1,40}:\s",
    "bullet": r"^\s*(?:[-*•>]|\d{1,2}[.)])\s",
    "tick": r"(?:\[\s?[xX]\s?\]|☒|☑|✓|✔|\(x\))",
    "untick": r"(?:\[\s{0,2}\]|☐|□|\(\s\))",
    "arrow": r"->|=>|→",
    "quote": r"[\"“”]",
    "number-unit": r"\d\s?(?:w|watts?|min(?:ute)?s?|sec|°|degrees|kj|cycles?)\b",
    "size": r"\d\s?(?:cm|mm)\b",
}
TRAITS = {f"t:{name}": [pattern] for name, pattern in _PATTERNS.items()}
"""The traits as groups of patterns; ``patterns.PatternSet`` finds them together with the rest."""


_CLAUSE = re.compile(
    r"[;:]\s|,\s(?=(?:and|but|which|who|while|whereas|with|then|so)\b)|\s(?=(?:but|however|whereas|although|though|because|while|which)\s)"
    r"|\sand\s(?=(?:the|a|an|then|this|we|i|it|was|were|no|ablation)\b)",
    re.I,
)


def clause(sentence: str, at: int) -> tuple[int, int]:
    """Offsets in the sentence of the clause around position ``at``."""
    start, end = 0, len(sentence)
    for match in _CLAUSE.finditer(sentence):
        if match.end() <= at:
            start = match.end()
        elif match.start() >= at:
            end = match.start()
            break
    return start, end
