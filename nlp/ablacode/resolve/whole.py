"""The whole note judged by its words: what kind of session they are the words of, and of which way in.

Rules read the statements; but a note also gives itself away by all the words around them: swabs, clips and a drain are
the words of an open belly, "I was glad to see him" those of a clinic. Two linear models over the words of the note and of
its sections learn that; the stage and the approach model weigh their answers beside what the statements say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .model import Pair
from .reading import Reading


@dataclass(frozen=True, slots=True)
class Whole:
    """Probabilities of the stages (as in :mod:`.stage`) and of the ways in, by the note's words alone."""

    stage: Mapping[str, float]
    way: Mapping[str, float]


def note_words(reading: Reading, words: Sequence[Sequence[str]]) -> dict[str, float]:
    """Every word of the note (``words`` of each sentence), and every word with the kind of section it stands in; each is there or not."""
    found: dict[str, float] = {}
    for sentence, mine in zip(reading.found.sentences, words, strict=True):
        for word in mine:
            found["w=" + word] = 1.0
            if len(word) > 5:
                found["s=" + word[:5]] = 1.0
            found[f"{sentence.kind}:{word}"] = 1.0
    return found


def read_whole(reading: Reading, words: Sequence[Sequence[str]], models: Pair) -> Whole:
    """Judge the note."""
    (stage,), (way,) = models.probabilities_of_sets([note_words(reading, words)])
    return Whole(stage, way)


def whole_features(chances: Mapping[str, float]) -> dict[str, float]:
    """For the model that weighs them: one number for each answer."""
    return {f"words:{answer}": chance for answer, chance in chances.items()}
