"""Named features of a mention, for the status classifier: its words, cues, sentence, section, neighbours, and what the rules say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..domain import Candidate
from .reading import ENERGIES, Reading
from .status_rules import nearest_cue, status, tick

_SHORT = 5
"""Letters of a word's beginning, which its inflections share; words no longer than this say too little by themselves."""
_WORD = re.compile(r"[a-z]+|\d+")


def features(candidate: Candidate, reading: Reading, answer: tuple[str, str] | None = None) -> dict[str, float]:
    """Feature name to 1.0. Names are ``group=value``; ``answer`` is the rules' status and rule where already known."""
    return dict.fromkeys(_names(candidate, reading, answer or status(candidate, reading)), 1.0)


def _names(candidate: Candidate, reading: Reading, answer: tuple[str, str]) -> Iterator[str]:
    sentence = reading.sentence(candidate)
    label, kind = candidate.label, sentence.kind
    seen = reading.traits[candidate.sentence]
    by_rules, rule = answer
    category, words, distance = nearest_cue(candidate, reading)
    yield f"label={label}"
    yield f"rules={by_rules}"
    yield f"rules={by_rules}&label={label}"
    yield f"rule={rule}"
    yield f"rule={rule}&label={label}"
    yield f"section={kind}"
    yield f"section={kind}&label={label}"
    yield f"value={label}:{candidate.value}"
    yield f"found-by={candidate.rule}"
    yield f"strength={label}:{candidate.strength}"
    yield f"document={reading.document}"
    yield f"document={reading.document}&label={label}"
    yield f"narrative={reading.narrative}&section={kind}"
    for trait in seen:
        yield f"trait={trait}"
        yield f"trait={trait}&label={label}"
    if category:
        near = "near" if distance < 20 else "mid" if distance < 60 else "far"
        yield f"cue={category}"
        yield f"cue={category}:{near}"
        yield f"cue={category}&label={label}"
        yield f"cue-words={words}"
    else:
        yield "cue=none"
    for cue in {cue.category for cue in candidate.cues}:
        yield f"any-cue={cue}"
    if box := tick(candidate, reading):
        yield f"box={box}"
    yield from _neighbours(candidate, reading)
    yield from _words(candidate, sentence.text)
    yield f"place={min(9, 10 * candidate.sentence // max(1, len(reading.found.sentences)))}"


def _neighbours(candidate: Candidate, reading: Reading) -> Iterator[str]:
    beside = [other for other in reading.beside(candidate) if other is not candidate]
    for other in {other.label for other in beside}:
        yield f"beside={other}"
        yield f"beside={other}&label={candidate.label}"
    energies = {other.value for other in beside if other.label == "modality" and other.value in ENERGIES | {"other"}}
    if candidate.label == "modality":
        energies |= {candidate.value}
    if len(energies) >= 3:
        yield "energies=list"
    focus = reading.focus[candidate.sentence]
    organ = "liver" if focus.organ == "liver" else "other" if focus.organ else "none"
    yield f"organ={organ}"
    yield f"organ={organ}&label={candidate.label}"
    yield f"main={'liver' if reading.main == 'liver' else 'other' if reading.main else 'none'}"
    yield f"own={'liver' if 'liver' in focus.own else 'other' if focus.own else 'none'}"
    for value in focus.nontumor:
        yield f"nontumor={value}"
    for step, name in ((-1, "before"), (1, "after")):
        index = candidate.sentence + step
        if 0 <= index < len(reading.found.sentences):
            around = reading.by_sentence[index]
            for other in {other.label for other in around}:
                yield f"{name}={other}"
            for trait in reading.traits[index] & {
                "past-passive",
                "past-active",
                "future",
                "ago",
                "options",
                "number-unit",
                "not",
            }:
                yield f"{name}-trait={trait}"


def _words(candidate: Candidate, text: str) -> Iterator[str]:
    lowered = text.lower()
    before = _WORD.findall(lowered[max(0, candidate.at - 60) : candidate.at])[-4:]
    after = _WORD.findall(lowered[candidate.to : candidate.to + 60])[:4]
    for position, word in enumerate(reversed(before), 1):
        yield f"w-before={word}"
        if position == 1:
            yield f"w-1={word}"
    for position, word in enumerate(after, 1):
        yield f"w-after={word}"
        if position == 1:
            yield f"w+1={word}"
    yield f"is={lowered[candidate.at : candidate.to]}"
    for word in _WORD.findall(lowered):
        if len(word) > _SHORT:
            yield f"s={candidate.label}:{word[:_SHORT]}"
