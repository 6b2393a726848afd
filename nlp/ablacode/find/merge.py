"""Settle overlaps between found spans: pseudo rules silence, the longest of a label stays, organ and tumour join."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from ..domain import Cue
from .raw import Raw

_ORGAN_THEN_TUMOR = re.compile(
    r"\s*(?:'s\s)?(?:(?:\d+(?:\.\d+)?\s?(?:x\s?\d+(?:\.\d+)?\s?)?(?:cm|mm)|[a-z]+(?:ar|al|ic|ed|ent|"
    r"ous|ant|ior|est|ry|er|c)|dome|new|one|two|three|known|target)\s?){0,3}"
)
_TUMOR_THEN_ORGAN = re.compile(
    r"[\s,]*(?:(?:is|was|were|located|situated|lying|centered|seen|identified|found|present|involving|"
    r"measuring|arising)\s){0,2}"
    r"(?:\(|in|of|within|at|near|involving|from|to|inside|on|,|@)?\s?(?:the\s|his\s|her\s)?(?:(?:left|"
    r"right|posterior|anterior|inferior|superior|medial|lateral|native|high|low|dome of the|"
    r"junction of)\s){0,2}"
)
_TUMOR_WORD = re.compile(
    r"tumor|mass|lesion|nodule|metasta|carcinoma|cancer|neoplasm|\brcc\b|nsclc|adenoma|\bmets?\b|"
    r"fibroid|myoma|osteoma|implant|deposit|fibroadenoma|desmoid",
    re.I,
)
_WORDS_AT_MOST = 8
_NEIGHBOURS = 40
"""Mentions on each side among which the nearest is looked for: mentions are short, so it is among them."""


def group(raws: Sequence[Raw], spans: Sequence[tuple[int, int]]) -> list[list[Raw]]:
    """The raws of each sentence span, by where they begin."""
    starts = [start for start, _ in spans]
    groups: list[list[Raw]] = [[] for _ in spans]
    for raw in raws:
        index = bisect_right(starts, raw.start) - 1
        if index >= 0 and raw.start < spans[index][1]:
            groups[index].append(raw)
    return groups


def longest(raws: Sequence[Raw]) -> list[Raw]:
    """Of overlapping raws of one label the longest, earlier before later."""
    if len(raws) < 2:
        return list(raws)
    kept: dict[str, list[tuple[int, int]]] = {}
    found: list[Raw] = []
    for raw in sorted(raws, key=_length_first):
        same = kept.setdefault(raw.label, [])
        at = bisect_left(same, (raw.start, raw.end))
        if (at and same[at - 1][1] > raw.start) or (at < len(same) and same[at][0] < raw.end):
            continue
        same.insert(at, (raw.start, raw.end))
        found.append(raw)
    labels = list(kept)
    return sorted(found, key=lambda raw: (raw.start, raw.end, labels.index(raw.label)))


def _length_first(raw: Raw) -> tuple[int, int, str]:
    return raw.start - raw.end, raw.start, raw.rule


def resolve(raws: Sequence[Raw], text: str, offset: int) -> list[Raw]:
    """The raws of one sentence without overlaps within a label; ``offset`` is where the sentence begins."""
    if not raws:
        return []
    kept = [raw for raw in longest(raws) if raw.strength != "pseudo"]
    targets = [_with_tumor(raw, text[raw.start - offset : raw.end - offset]) for raw in kept if raw.label == "target"]
    others = [raw for raw in kept if raw.label != "target"]
    return [*others, *_join(targets, text, offset)]


def _with_tumor(raw: Raw, words: str) -> Raw:
    """A phrase that names organ and tumour at once is as strong as two that were joined."""
    return raw._replace(strength="both") if raw.strength == "organ" and _TUMOR_WORD.search(words) else raw


def _join(targets: list[Raw], text: str, offset: int) -> list[Raw]:
    joined: list[Raw] = []
    for raw in targets:
        previous = joined[-1] if joined else None
        if previous is not None and (value := _joint(previous, raw, text[previous.end - offset : raw.start - offset])):
            whole = text[previous.start - offset : raw.end - offset]
            if len(whole.split()) <= _WORDS_AT_MOST:
                cues = tuple(sorted({*previous.cues, *raw.cues}))
                rule = previous.rule if previous.strength == "organ" else raw.rule
                joined[-1] = previous._replace(end=raw.end, value=value, strength="both", rule=rule, cues=cues)
                continue
        joined.append(raw)
    return joined


def _joint(first: Raw, second: Raw, gap: str) -> str | None:
    if first.strength in ("organ", "both") and second.strength == "tumor" and _ORGAN_THEN_TUMOR.fullmatch(gap.lower()):
        organ = first.value
    elif (
        first.strength in ("tumor", "both") and second.strength == "organ" and _TUMOR_THEN_ORGAN.fullmatch(gap.lower())
    ):
        if first.strength == "both" and first.value not in ("liver-tumor", second.value):
            return None
        organ = second.value
    else:
        return None
    return "liver-tumor" if organ in ("liver", "liver-tumor") else organ


class Lender:
    """Lends cues: numbers and patterns are no ConText targets and take those of the nearest phrase mention."""

    def __init__(self, raws: Sequence[Raw]) -> None:
        self._phrases = sorted(
            (raw.start, raw.end, raw.cues) for raw in raws if raw.label in ("modality", "target", "approach")
        )

    def cues_for(self, raw: Raw) -> tuple[Cue, ...]:
        """The cues of the mention nearest to ``raw``."""
        near = self._phrases
        if len(near) > 2 * _NEIGHBOURS:
            at = bisect_left(near, (raw.start,))
            near = near[max(at - _NEIGHBOURS, 0) : at + _NEIGHBOURS]
        return min(
            ((min(abs(raw.start - end), abs(start - raw.end)), start, cues) for start, end, cues in near),
            default=(0, 0, ()),
        )[2]
