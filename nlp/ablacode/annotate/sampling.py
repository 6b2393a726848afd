"""Which notes of a folder are annotated: drawn over strata of what the program answered, so that rare answers are seen.

Every note has a weight, the number of notes of its stratum that it stands for. Draws with one seed from one folder are
equal on every machine, and a larger one holds the smaller one.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from ..domain import Record

SURE = 0.9
"""Confidence from which a suggestion counts as sure."""
STRATA = ("suggest-sure", "suggest-unsure", "review", "near-miss", "none")


@dataclass(frozen=True, slots=True)
class Stratum:
    """Notes that were answered alike: how many the folder has, how many were drawn."""

    name: str
    population: int
    drawn: int

    @property
    def weight(self) -> float | None:
        """How many notes each drawn one stands for; None where none was drawn."""
        return self.population / self.drawn if self.drawn else None


@dataclass(frozen=True, slots=True)
class Sample:
    """What was drawn: all strata, and the stratum of each drawn note in the order of the ids."""

    seed: int
    n: int
    strata: tuple[Stratum, ...]
    notes: Mapping[str, str]


def stratum_of(record: Record) -> str:
    """Return the stratum of a record, one of :data:`STRATA`: its decision, split by confidence or by what it nearly was."""
    if record.decision == "suggest":
        return "suggest-sure" if min(code.confidence for code in record.codes) >= SURE else "suggest-unsure"
    if record.decision == "review":
        return "review"
    return "near-miss" if any(mention.label == "modality" for mention in record.mentions) else "none"


def allocate(population: Mapping[str, int], n: int) -> dict[str, int]:
    """Share ``n`` notes out over the strata: equal parts; what a short stratum leaves goes to the others in equal parts.

    What cannot be split goes to the first strata. So each that has a note gets one, where ``n`` allows.
    """
    drawn = dict.fromkeys(population, 0)
    left = max(0, min(n, sum(population.values())))
    while left:
        unfilled = [name for name in population if drawn[name] < population[name]]
        share = max(1, left // len(unfilled))
        for name in unfilled:
            more = min(share, population[name] - drawn[name], left)
            drawn[name] += more
            left -= more
    return drawn


def draw(strata: Mapping[str, str], *, n: int, seed: int) -> Sample:
    """Draw ``n`` notes (all, where there are fewer) of ``strata``, which gives the stratum of each note id."""
    counts = Counter(strata.values())
    population = {name: counts[name] for name in STRATA}
    drawn = allocate(population, n)
    # Of the module random only random() is promised to give the same numbers in every version of Python.
    chance = random.Random(seed)
    lots = {note_id: chance.random() for note_id in sorted(strata)}
    chosen: list[str] = []
    for name in STRATA:
        members = [note_id for note_id in lots if strata[note_id] == name]
        chosen += sorted(members, key=lots.__getitem__)[: drawn[name]]
    return Sample(
        seed,
        n,
        tuple(Stratum(name, population[name], drawn[name]) for name in STRATA),
        {note_id: strata[note_id] for note_id in sorted(chosen)},
    )
