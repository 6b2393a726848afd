"""What is no readable note: no letters, another language, too much to read. Each is a review with its reason, never a none."""

from __future__ import annotations

import re

MOST_CHARACTERS = 400_000
"""Longer texts are no single note; past it the answer is ``too-complex``, the same on every machine."""

_WORD = re.compile(r"[^\W\d_]+")
_ENGLISH = frozenset(
    [
        "the",
        "of",
        "and",
        "to",
        "in",
        "a",
        "is",
        "was",
        "with",
        "for",
        "on",
        "at",
        "by",
        "from",
        "no",
        "were",
        "this",
        "that",
        "as",
        "be",
        "an",
        "under",
        "or",
        "not",
        "patient",
        "right",
        "left",
        "which",
        "had",
        "has",
        "his",
        "her",
        "after",
        "then",
        "liver",
        "date",
        "lesion",
        "procedure",
        "ablation",
    ]
)
_OTHER = frozenset(
    [
        "der",
        "die",
        "das",
        "und",
        "mit",
        "wurde",
        "bei",
        "von",
        "dem",
        "den",
        "des",
        "nicht",
        "eine",
        "einer",
        "im",
        "auf",
        "le",
        "la",
        "les",
        "des",
        "une",
        "est",
        "dans",
        "avec",
        "sous",
        "pour",
        "du",
        "au",
        "aux",
        "par",
        "el",
        "los",
        "las",
        "una",
        "con",
        "se",
        "del",
        "por",
        "para",
        "il",
        "lo",
        "gli",
        "della",
        "di",
        "che",
        "nel",
        "con",
        "per",
        "um",
        "uma",
        "os",
        "foi",
        "com",
        "não",
        "na",
        "no",
        "da",
        "do",
        "em",
        "het",
        "een",
        "van",
        "met",
        "werd",
        "bij",
        "op",
        "voor",
        "och",
        "att",
        "på",
        "med",
    ]
)
_FOREIGN = _OTHER - _ENGLISH
_SAMPLE = 4000


def refusal(text: str) -> str | None:
    """The reason id for a text that cannot be read as a note, None for one that can."""
    if not any(map(str.isalpha, text[:2_000_000])):
        return "no-text"
    if len(text) > MOST_CHARACTERS:
        return "too-complex"
    sample = text[:_SAMPLE].lower()
    words = _WORD.findall(sample)
    if not sample.isascii() and sum(word.isascii() for word in words) < 0.5 * len(words):
        return "not-english"
    if len(words) >= 25:
        other = sum(map(_FOREIGN.__contains__, words))
        english = sum(map(_ENGLISH.__contains__, words))
        if other > 0.12 * len(words) and other > 1.5 * english:
            return "not-english"
    return None
