"""What speech recognition writes: punctuation as words, letters of abbreviations apart, an energy's name as it sounds."""

from __future__ import annotations

import re

from .shadow import Pieces, Shadow

_SPOKEN = re.compile(
    r"\s(?P<stop>period|full stop)(?=\s|$)\s?|\s?\b(?:new|next) (?P<paragraph>paragraph|line)\b\s?|\s(?P<comma>comma)(?=\s)",
    re.I,
)
_NOT_A_STOP = re.compile(
    r"\b(?:a|an|the|this|that|time|short|long|brief|same|each|any|observation|recovery|rest|waiting|follow up)$", re.I
)
_LEAST = 3
"""From so many spoken marks on, a text is taken for dictation."""
_HOMOPHONES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.I), right)
    for pattern, right in (
        (r"\bcry oh[ \-]?(?=ablat|prob|therap|surg)|\bcry-?o[ \-](?=ablat|prob|therap|surg)", "cryo"),
        (r"\bcry oh\b(?! ?(?:ablat|prob|therap|surg))", "cryo"),
        (r"\ba blat(?=ion|ed|ing|e\b)", "ablat"),
        (r"\bice bowl\b", "ice ball"),
        (r"\bC\.? T\b\.?", "CT"),
        (r"\bM\.? R\.? I\b\.?", "MRI"),
        (r"\bR\.? F\.? A\b\.?", "RFA"),
        (r"\bM\.? W\.? A\b\.?", "MWA"),
        (r"\bH\.? C\.? C\b\.?", "HCC"),
        (r"\bT\.? A\.? C\.? E\b\.?", "TACE"),
    )
)
_MARKS = ("period", "full stop", "comma", "new paragraph", "next paragraph", "new line", "next line")
_SOUNDS = ("cry oh", "cryo ", "cryo-", "cry-o", "a blat", "ice bowl")
_APART = re.compile(r"\b[CMRHTcmrht]\.? [TRFWCAtrfwca]\b")
"""What the spoken marks, the homophones and letters set apart hold: looking for it first is quicker."""


def hear(shadow: Shadow) -> Shadow:
    """The shadow with spoken punctuation set and homophones resolved; offsets still lead to the note."""
    text = shadow.text
    lower = text.lower()
    found = _spoken(text) if any(mark in lower for mark in _MARKS) else []
    if any(sound in lower for sound in _SOUNDS) or _APART.search(text):
        found += _sounds(text)
    if not found:
        return shadow
    pieces = Pieces()
    last = 0
    for start, end, right in sorted(found, key=lambda entry: (entry[0], -entry[1])):
        if start < last:
            continue
        pieces.copy(text, last, start)
        pieces.put(right, start, end)
        last = end
    pieces.copy(text, last, len(text))
    return Shadow("".join(pieces.texts), pieces, shadow)


def _spoken(text: str) -> list[tuple[int, int, str]]:
    found = []
    for match in _SPOKEN.finditer(text):
        if match.group("stop") and not _NOT_A_STOP.search(text, max(0, match.start() - 14), match.start()):
            found.append((match.start(), match.end(), ".\n"))
        elif match.group("paragraph"):
            found.append((match.start(), match.end(), "\n"))
        elif match.group("comma"):
            found.append((match.start(), match.end(), ","))
    return found if len(found) >= _LEAST else []


def _sounds(text: str) -> list[tuple[int, int, str]]:
    return [(match.start(), match.end(), right) for pattern, right in _HOMOPHONES for match in pattern.finditer(text)]
