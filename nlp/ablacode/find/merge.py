"""Settle overlaps between found spans: pseudo rules silence, the longest of a label stays, organ and tumour words join."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from ..domain import Cue
    from .finder import _Raw

_R = TypeVar("_R", bound="_Raw")
_ORGAN_THEN_TUMOR = re.compile(r"\s*(?:'s\s)?(?:(?:\d+(?:\.\d+)?\s?(?:x\s?\d+(?:\.\d+)?\s?)?(?:cm|mm)|[a-z]+(?:ar|al|ic|ed|ent|ous|ant|ior|est|ry|er|c)|dome|new|one|two|three|known|target)\s?){0,3}")
_TUMOR_THEN_ORGAN = re.compile(
    r"[\s,]*(?:(?:is|was|were|located|situated|lying|centered|seen|identified|found|present|involving|measuring|arising)\s){0,2}"
    r"(?:\(|in|of|within|at|near|involving|from|to|inside|on|,|@)?\s?(?:the\s|his\s|her\s)?(?:(?:left|right|posterior|anterior|inferior|superior|medial|lateral|native|high|low|dome of the|junction of)\s){0,2}"
)
_TUMOR_WORD = re.compile(r"tumor|mass|lesion|nodule|metasta|carcinoma|cancer|neoplasm|\brcc\b|nsclc|adenoma|\bmets?\b|fibroid|myoma|osteoma|implant|deposit|fibroadenoma|desmoid", re.I)
_WORDS_AT_MOST = 8


def group(raws: Sequence[_R], spans: Sequence[tuple[int, int]]) -> list[list[_R]]:
    """The raws of each sentence span, by where they begin."""
    starts = [start for start, _ in spans]
    groups: list[list[_R]] = [[] for _ in spans]
    for raw in raws:
        index = bisect_right(starts, raw.start) - 1
        if index >= 0 and raw.start < spans[index][1]:
            groups[index].append(raw)
    return groups


def longest(raws: Sequence[_R]) -> list[_R]:
    """Of overlapping raws of one label the longest, earlier before later."""
    kept: dict[str, list[_R]] = {}
    for raw in sorted(raws, key=lambda raw: (raw.start - raw.end, raw.start, raw.rule)):
        same = kept.setdefault(raw.label, [])
        if all(raw.end <= other.start or other.end <= raw.start for other in same):
            same.append(raw)
    return sorted((raw for same in kept.values() for raw in same), key=lambda raw: (raw.start, raw.end))


def resolve(raws: Sequence[_R], text: str, offset: int) -> list[_R]:
    """The raws of one sentence without overlaps within a label; ``offset`` is where the sentence begins."""
    kept = [raw for raw in longest(raws) if raw.strength != "pseudo"]
    targets = [_with_tumor(raw, text[raw.start - offset : raw.end - offset]) for raw in kept if raw.label == "target"]
    others = [raw for raw in kept if raw.label != "target"]
    return [*others, *_join(targets, text, offset)]


def _with_tumor(raw: _R, words: str) -> _R:
    """A phrase that names organ and tumour at once is as strong as two that were joined."""
    return replace(raw, strength="both") if raw.strength == "organ" and _TUMOR_WORD.search(words) else raw


def _join(targets: list[_R], text: str, offset: int) -> list[_R]:
    joined: list[_R] = []
    for raw in targets:
        previous = joined[-1] if joined else None
        if previous is not None and (value := _joint(previous, raw, text[previous.end - offset : raw.start - offset])):
            whole = text[previous.start - offset : raw.end - offset]
            if len(whole.split()) <= _WORDS_AT_MOST:
                cues = tuple(sorted({*previous.cues, *raw.cues}))
                rule = previous.rule if previous.strength == "organ" else raw.rule
                joined[-1] = replace(previous, end=raw.end, value=value, strength="both", rule=rule, cues=cues)
                continue
        joined.append(raw)
    return joined


def _joint(first: _Raw, second: _Raw, gap: str) -> str | None:
    if first.strength in ("organ", "both") and second.strength == "tumor" and _ORGAN_THEN_TUMOR.fullmatch(gap.lower()):
        organ = first.value
    elif first.strength in ("tumor", "both") and second.strength == "organ" and _TUMOR_THEN_ORGAN.fullmatch(gap.lower()):
        if first.strength == "both" and first.value not in ("liver-tumor", second.value):
            return None
        organ = second.value
    else:
        return None
    return "liver-tumor" if organ in ("liver", "liver-tumor") else organ


def borrow_cues(raw: _Raw, phrases: Sequence[_Raw]) -> tuple[Cue, ...]:
    """Cues of the nearest phrase mention: numbers and patterns are not ConText targets themselves."""
    near = sorted((min(abs(raw.start - other.end), abs(other.start - raw.end)), other.start, other.cues) for other in phrases if other.label in ("modality", "target", "approach"))
    return near[0][2] if near else ()
