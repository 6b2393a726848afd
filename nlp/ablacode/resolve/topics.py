"""Liver or another organ: how often each is spoken of where the procedure is told, for the stage model.

The liver is in every such note: as the organ treated, as what lay beside the kidney, as last year's operation. What tells
them apart is where it is named: in the title, in the sentence of the energy or the last one before it that names any
organ, in the summary.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .focus import ORGANS, is_target, organ_of
from .reading import ENERGIES, Reading

_TOLD_BEFORE = frozenset({"ago", "past-perfect", "when:before", "when:since-before"})
_TITLE_LINES = 4
_BACK = 12
_OTHERS = ORGANS - {"cyst", "abscess"}
_PLACES = ("act", "before", "title", "impression", "purpose", "technique")


def topic_features(reading: Reading, acts: Iterable[int]) -> dict[str, float]:
    """Shares and counts of liver and of other organs by place; ``acts`` are the sentences of the energy."""
    sides = [_sides(reading, index) for index in range(len(reading.found.sentences))]
    found: dict[str, float] = {}
    for place in _PLACES:
        lines = list(_lines(reading, place, acts, sides))
        for side in ("liver", "other"):
            count = sum(side in sides[index] for index in lines)
            if count:
                found[f"topic:{place}:{side}"] = min(count, 4) / 4
        if lines and not any("liver" in sides[index] for index in lines):
            found[f"topic:{place}:no-liver"] = 1.0
        only = sum(sides[index] == {"other"} for index in lines)
        if lines and only:
            found[f"topic:{place}:only-other"] = only / len(lines)
        only = sum(sides[index] == {"liver"} for index in lines)
        if lines and only:
            found[f"topic:{place}:only-liver"] = only / len(lines)
    return found


def _sides(reading: Reading, index: int) -> frozenset[str]:
    """``liver`` and ``other``, as the words of a sentence name them as more than a neighbour."""
    sentence = reading.found.sentences[index]
    organs = {name[2:] for name in reading.marks[index] if name.startswith("a:")}
    named = {
        organ_of(c): is_target(c, sentence.text)
        for c in reading.by_sentence[index]
        if c.label == "target" and organ_of(c)
    }
    organs |= {organ for organ, meant in named.items() if meant}
    organs -= {organ for organ, meant in named.items() if not meant}
    found = set()
    if "liver" in organs:
        found.add("liver")
    if organs & _OTHERS:
        found.add("other")
    return frozenset(found)


def _lines(reading: Reading, place: str, acts: Iterable[int], sides: list[frozenset[str]]) -> Iterator[int]:
    """Sentences of a place."""
    if place == "act":
        yield from sorted(acts)
        return
    if place == "before":
        for act in sorted(acts):
            for index in range(act, max(-1, act - _BACK), -1):
                if sides[index] and not reading.traits[index] & _TOLD_BEFORE:
                    yield index
                    break
        return
    for sentence in reading.found.sentences:
        index = sentence.index
        if reading.traits[index] & _TOLD_BEFORE:
            continue
        ablates = any(c.label == "modality" and c.value in ENERGIES | {"unknown"} for c in reading.by_sentence[index])
        if place == "title":
            wanted = sentence.kind == "title" or (index < _TITLE_LINES and ablates)
        elif place == "impression":
            wanted = sentence.kind == "impression" and ablates
        elif place == "purpose":
            wanted = sentence.kind in ("diagnosis", "indication")
        else:
            wanted = sentence.kind in ("technique", "findings", "body", "other", "course", "log")
        if wanted and sides[index]:
            yield index
