"""Where the needles are, by the words of an organ's neighbourhood (perinephric, portal vein, pedicle ...)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ..domain import Sentence

_KINDS = frozenset(
    {
        "title",
        "diagnosis",
        "technique",
        "findings",
        "impression",
        "body",
        "other",
        "complications",
        "addendum",
        "course",
        "log",
    }
)


def anatomy_weights(sentences: Sequence[Sentence], marks: Sequence[frozenset[str]], weight: float) -> dict[str, float]:
    """Organ to ``weight`` times the sentences about the procedure that hold a word of its neighbourhood."""
    counts = Counter(
        name[2:]
        for sentence, found in zip(sentences, marks, strict=True)
        if sentence.kind in _KINDS
        for name in found
        if name.startswith("a:")
    )
    return {organ: weight * count for organ, count in sorted(counts.items())}
