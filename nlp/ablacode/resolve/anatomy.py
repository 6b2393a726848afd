"""Where the needles are, by the words of an organ's neighbourhood (perinephric, portal vein, pedicle ...)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..domain import Sentence

_KINDS = frozenset({"title", "diagnosis", "technique", "findings", "impression", "body", "other", "complications", "addendum", "course", "log"})


class Anatomy:
    """Counts, for each organ, the sentences about the procedure that hold a word of its neighbourhood."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._weight = float(table["weight"])
        self._patterns = {organ: re.compile(pattern, re.I) for organ, pattern in table.items() if organ != "weight"}

    def weights(self, sentences: Sequence[Sentence]) -> dict[str, float]:
        """Organ to weight; organs without a word are left out."""
        told = [sentence.text for sentence in sentences if sentence.kind in _KINDS]
        found = {organ: self._weight * sum(bool(pattern.search(text)) for text in told) for organ, pattern in self._patterns.items()}
        return {organ: weight for organ, weight in found.items() if weight}
