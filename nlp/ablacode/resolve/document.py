"""What kind of document a note is: an operative report, a visit, imaging, a board's text, a consent form, a stay's summary."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

KINDS = ("operative", "visit", "imaging", "board", "consent", "stay")


class DocumentReader:
    """Scores the kinds of document by the words of the rulebook."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._patterns = {
            kind: [(re.compile(rf"\b(?:{pattern})", re.I), weight) for pattern, weight in table[kind]["weights"].items()] for kind in KINDS
        }

    def scores(self, text: str) -> dict[str, int]:
        """Kind to score; each pattern counts once."""
        return {kind: sum(weight for pattern, weight in pairs if pattern.search(text)) for kind, pairs in self._patterns.items()}

    @staticmethod
    def kind(scores: Mapping[str, int]) -> str:
        """The kind with most speaking for it; operative in doubt, a stay where the document says so."""
        if scores["stay"] >= 5:
            return "stay"
        if scores["operative"] >= 8:
            return "operative"
        best = max(KINDS, key=lambda kind: (scores[kind], -KINDS.index(kind)))
        return best if scores[best] >= 4 and scores[best] > scores["operative"] else "operative"
