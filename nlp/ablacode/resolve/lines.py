"""Whole sentences judged by their words: does this line tell of energy given here, elsewhere, earlier, or planned; and by which way in?

The rules know phrases; surgeons say the rest in their own words ("the thing went grey and shrank", "watched by the
camera"). Two linear models over the words of a sentence, its section and its neighbours fill that gap.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .model import LinearModel
from .reading import Reading

_TOKEN = re.compile(r"[a-z]+|\d+(?:\.\d+)?|°|%|\bx\b")
_UNITS = {
    "w",
    "watt",
    "watts",
    "min",
    "mins",
    "minute",
    "minutes",
    "sec",
    "seconds",
    "c",
    "degrees",
    "mm",
    "cm",
    "ml",
    "cc",
    "g",
    "gauge",
    "mg",
    "fr",
}


@dataclass(frozen=True, slots=True)
class Lines:
    """For each sentence the probabilities of what it tells (``energy``) and of the way in (``way``)."""

    energy: tuple[dict[str, float], ...]
    way: tuple[dict[str, float], ...]


def line_features(reading: Reading, index: int) -> dict[str, float]:
    """Words, pairs of words, section, tense and the neighbours' words of one sentence."""
    return dict.fromkeys(_names(reading, index), 1.0)


def _names(reading: Reading, index: int) -> Iterator[str]:
    sentence = reading.found.sentences[index]
    words = tokens(sentence.text)
    yield f"kind={sentence.kind}"
    yield f"document={reading.document}"
    yield f"organ={'liver' if reading.focus[index].organ == 'liver' else 'other' if reading.focus[index].organ else 'none'}"
    yield f"place={min(4, 5 * index // max(1, len(reading.found.sentences)))}"
    for word in set(words):
        yield f"w={word}"
    for pair in set(itertools.pairwise(words)):
        yield f"p={pair[0]} {pair[1]}"
    for trait in reading.traits[index]:
        yield f"t={trait}"
    for label in {
        (c.label, c.value) for c in reading.by_sentence[index] if c.label in ("modality", "approach", "delivery")
    }:
        yield f"m={label[0]}:{label[1]}"
    for step, name in ((-1, "b"), (1, "a")):
        if 0 <= index + step < len(reading.found.sentences):
            for word in set(tokens(reading.found.sentences[index + step].text)):
                yield f"{name}={word}"


def tokens(text: str) -> list[str]:
    """Lower-case words of a sentence, numbers by their unit or size."""
    found = _TOKEN.findall(text.lower())
    return [
        f"#{found[i + 1]}"
        if word[0].isdigit() and i + 1 < len(found) and found[i + 1] in _UNITS
        else "#year"
        if re.fullmatch(r"(?:19|20)\d\d", word)
        else "#"
        if word[0].isdigit()
        else word
        for i, word in enumerate(found)
    ]


def read_lines(reading: Reading, energy: LinearModel, way: LinearModel) -> Lines:
    """Judge every sentence."""
    rows = [line_features(reading, index) for index in range(len(reading.found.sentences))]
    return Lines(_judged(energy, rows), _judged(way, rows))


def _judged(model: LinearModel, rows: Sequence[Mapping[str, float]]) -> tuple[dict[str, float], ...]:
    return tuple(dict(zip(model.classes, chances, strict=True)) for chances in model.probabilities_of_sets(rows))


def energy_features(lines: Lines, on_liver: Sequence[bool]) -> dict[str, float]:
    """For the stage model: the strongest sentences, their sum, and how much is told as done elsewhere, earlier, denied or planned."""
    here = [chances["here"] for chances in lines.energy]
    liver = [value for value, mine in zip(here, on_liver, strict=True) if mine]
    top = [*sorted(here, reverse=True)[:3], 0.0, 0.0, 0.0]
    found = {"line:1": top[0], "line:2": top[1], "line:3": top[2], "line:sum": min(5.0, sum(here)) / 5}
    found |= {"line:liver": min(5.0, sum(liver)) / 5, "line:liver-best": max(liver, default=0.0)}
    for answer in ("away", "past", "denied", "plan"):
        told = [chances.get(answer, 0.0) for chances in lines.energy]
        found[f"line:{answer}-best"] = max(told, default=0.0)
        found[f"line:{answer}"] = min(3.0, sum(told)) / 3
    return found


def way_features(lines: Lines, first: int, last: int) -> dict[str, float]:
    """For the approach model: how much the sentences speak for each way in, in all, before the energy ended, and near it."""
    found = {}
    for value in ("laparoscopic", "open", "percutaneous", "other"):
        told = [chances.get(value, 0.0) for chances in lines.way]
        found[f"way-best:{value}"] = max(told, default=0.0)
        found[f"way:{value}"] = min(3.0, sum(told))
        found[f"way-early:{value}"] = min(3.0, sum(told[: last + 1]))
        found[f"way-near:{value}"] = min(3.0, sum(told[max(0, first - 3) : last + 1]))
    return found
