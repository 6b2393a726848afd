"""A conversion that did not happen: denied, only feared, agreed to or discussed; or a form's question answered with no (R19)."""

from __future__ import annotations

import re

_REACH = 60
_DENIED = re.compile(
    r"\b(?:no|not|without|never|avoid\w*|instead of|rather than|(?:no|any) need (?:for|to)|having to)\s(?:\w+\s){0,4}$",
    re.I,
)
_OPEN_QUESTION = re.compile(
    r"\b(?:aware of\s(?:\w+,?\s){0,6}|(?:risks? of|possible|possibility of|consent\w* (?:for|to)|if|need (?:for|to)|in case|chance of|"
    r"may|might|would|threshold (?:for|to)|discuss\w*|warned|explain\w*|including|agreed to|prepared (?:for|to)|potential\w*)\s(?:\w+\s){0,4})$",
    re.I,
)
_FIELD_DENIED = re.compile(
    r"(?:\s(?:to open|needed|required))?[\s.:?=\-_]{0,40}(?:\[\s?\]\s?)?(?:no\b|none\b|nil\b|n\s?/\s?a\b|not\b|y\s?<n>|neither|was not|0\b)",
    re.I,
)
"""A form's answer behind its question: "Conversion ...... no"."""
_DENIED_AFTER = re.compile(
    r"(?:\s\w+){0,4}?\s(?:was|were|is|proved)\s(?:not|never|un)\s?(?:\w+\s)?(?:necessary|needed|required|performed|done|undertaken|made|called for|indicated)",
    re.I,
)
_LEFT_OPEN_AFTER = re.compile(
    r"(?:\s\w+){0,4}?\s(?:was|were|had been|is)\s(?:\w+\s)?(?:discussed|considered|explained|mentioned|possible|consented|anticipated|offered)\b",
    re.I,
)


def unconverted(text: str, at: int, to: int) -> str:
    """``negated`` or ``conditional`` where the conversion named at ``text[at:to]`` did not happen, else empty."""
    before, after = text[max(0, at - _REACH) : at], text[to:]
    if _DENIED.search(before) or _FIELD_DENIED.match(after) or _DENIED_AFTER.match(after):
        return "negated"
    return "conditional" if _OPEN_QUESTION.search(before) or _LEFT_OPEN_AFTER.match(after) else ""
