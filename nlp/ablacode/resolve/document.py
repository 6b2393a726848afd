"""What kind of document a note is: an operative report, a visit, imaging, a board's text, a consent form, a stay's summary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..patterns import PatternSet

_LEAST = 4
_AHEAD = 3
"""How far another kind must lead: many operative reports hold a visit's or a board's words as well."""
KINDS = ("operative", "visit", "imaging", "board", "consent", "stay")


class DocumentReader:
    """Scores the kinds of document by the words of the rulebook."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        entries = [(kind, pattern, weight) for kind in KINDS for pattern, weight in table[kind]["weights"].items()]
        self._weights = [(kind, weight) for kind, _, weight in entries]
        self._patterns = PatternSet(
            {str(number): [rf"\b(?:{pattern})"] for number, (_, pattern, _) in enumerate(entries)}
        )

    def scores(self, text: str) -> dict[str, int]:
        """Kind to score; each pattern counts once."""
        scores = dict.fromkeys(KINDS, 0)
        for number in self._patterns.find_all(text):
            kind, weight = self._weights[number]
            scores[kind] += weight
        return scores

    @staticmethod
    def kind(scores: Mapping[str, int]) -> str:
        """The kind with most speaking for it; operative in doubt, a stay where the document says so."""
        if scores["stay"] >= 5:
            return "stay"
        if scores["operative"] >= 8:
            return "operative"
        best = max(KINDS, key=lambda kind: (scores[kind], -KINDS.index(kind)))
        return best if scores[best] >= _LEAST and scores[best] >= scores["operative"] + _AHEAD else "operative"
