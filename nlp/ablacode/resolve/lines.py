"""Whole sentences judged by their words: does this line tell of energy given here, elsewhere, earlier, or planned; and by which way in?

The rules know phrases; surgeons say the rest in their own words ("the thing went grey and shrank", "watched by the
camera"). Two linear models over the words of a sentence, its section and its neighbours fill that gap.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from .model import Pair
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
_LABELS = frozenset({"modality", "approach", "delivery"})


@dataclass(frozen=True, slots=True)
class Lines:
    """For each sentence the probabilities of what it tells (``energy``) and of the way in (``way``)."""

    energy: tuple[dict[str, float], ...]
    way: tuple[dict[str, float], ...]


def sentence_words(reading: Reading) -> list[list[str]]:
    """The :func:`tokens` of each sentence."""
    return [tokens(sentence.text) for sentence in reading.found.sentences]


def line_features(reading: Reading, words: Sequence[Sequence[str]]) -> list[dict[str, float]]:
    """For each sentence its words (``words``, by :func:`tokens`), pairs of words, section, tense and the neighbours' words."""
    return [dict.fromkeys(_names(reading, index, words), 1.0) for index in range(len(words))]


def _names(reading: Reading, index: int, words: Sequence[Sequence[str]]) -> list[str]:
    mine, last, organ = words[index], len(words) - 1, reading.focus[index].organ
    names = [
        f"kind={reading.found.sentences[index].kind}",
        f"document={reading.document}",
        f"organ={'liver' if organ == 'liver' else 'other' if organ else 'none'}",
        f"place={min(4, 5 * index // len(words))}",
    ]
    names += ["w=" + word for word in mine]
    names += ["s=" + word[:5] for word in mine if len(word) > 5]
    names += [f"p={first} {second}" for first, second in itertools.pairwise(mine)]
    names += ["t=" + trait for trait in reading.traits[index]]
    names += [f"m={c.label}:{c.value}" for c in reading.by_sentence[index] if c.label in _LABELS]
    if index:
        names += ["b=" + word for word in words[index - 1]]
    if index < last:
        names += ["a=" + word for word in words[index + 1]]
    return names


def tokens(text: str) -> list[str]:
    """Lower-case words of a sentence, numbers by their unit or size."""
    found = _TOKEN.findall(text.lower())
    for place, word in enumerate(found):
        if word[0].isdigit():
            found[place] = _number(word, found[place + 1] if place + 1 < len(found) else "")
    return found


def _number(word: str, following: str) -> str:
    if following in _UNITS:
        return "#" + following
    return "#year" if len(word) == 4 and word[:2] in ("19", "20") and word.isdigit() else "#"


def read_lines(reading: Reading, words: Sequence[Sequence[str]], models: Pair) -> Lines:
    """Judge every sentence; ``words`` are those of each."""
    energy, way = models.probabilities_of_sets(line_features(reading, words))
    return Lines(tuple(energy), tuple(way))


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


def way_features(lines: Lines, first: int, last: int, begin: int = 0) -> dict[str, float]:
    """For the approach model: how much the sentences from ``begin`` on speak for each way in, in all, before the energy ended, and
    near it."""
    found = {}
    for value in ("laparoscopic", "open", "percutaneous", "other"):
        told = [chances.get(value, 0.0) if index >= begin else 0.0 for index, chances in enumerate(lines.way)]
        found[f"way-best:{value}"] = max(told, default=0.0)
        found[f"way:{value}"] = min(3.0, sum(told))
        found[f"way-early:{value}"] = min(3.0, sum(told[: last + 1]))
        found[f"way-near:{value}"] = min(3.0, sum(told[max(0, first - 3) : last + 1]))
    return found
