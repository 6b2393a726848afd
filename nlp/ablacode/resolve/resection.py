"""Was what was ablated also resected? Which segments went with the specimen, and which were treated (R23, R24)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .energy import FAMILY, Energy
from .problems import several_tumors
from .scene import Item, Scene
from .segments import segments_in

_NOT_LIVER = re.compile(
    r"\b(?:colectom|sigmoid|rectal|anterior resection|bowel|small intestine|gastric|cholecystectom|gallbladder|appendix|nephrectom|ovar|uter|omentectom|lung|pancrea|colon|cecal|anastomo|periumbilical|radiation|radioembol|y ?90|pfannenstiel|extraction|node|adrenal|hernia|skin|scar|port|needle|probe|antenna|pack|drape|drain|stent|catheter)\w*",
    re.I,
)
_DENIED = re.compile(
    r"\b(?:not|no|never|unresectable|could not|would not|instead of|rather than|nobody|no one|none|declin\w+|avoid\w*|too (?:small|much|big))\b",
    re.I,
)
_RESECTIONS: tuple[tuple[re.Pattern[str], frozenset[int]], ...] = tuple(
    (re.compile(pattern, re.I), frozenset(segments))
    for pattern, segments in (
        (r"left lateral (?:section|sector|segment|bisegment)\w*|\blls\b", (2, 3)),
        (r"extended right|right tri\w+|right trisegment\w*", (4, 5, 6, 7, 8)),
        (r"extended left|left tri\w+", (2, 3, 4, 5, 8)),
        (r"right posterior|posterior section\w*", (6, 7)),
        (r"right anterior|anterior section\w*", (5, 8)),
        (r"central hepatectomy|mesohepatectomy", (4, 5, 8)),
        (r"caudate (?:lobectomy|resection)|resection of the caudate", (1,)),
        (r"left (?:hemi)?hepatectomy|left lobectomy|left hemiliver", (2, 3, 4)),
        (r"right (?:hemi)?hepatectomy|right lobectomy|right hemiliver", (5, 6, 7, 8)),
    )
)
_DRY = re.compile(
    r"\b(?:dry|h(?:a)?emosta\w*|ooz\w*|bleed\w*|seal\w*|drain\w*|clear|negative|pack\w*|inspected)\b", re.I
)
_BACK = 3
"""Sentences before an act of energy in which its segment may be named."""


def resected_segments(scene: Scene, lines: Iterable[int]) -> frozenset[int]:
    """Segments that went with the specimen, by the resection's name or the segments named with it."""
    found: set[int] = set()
    for index in lines:
        text = scene.text(index)
        named = [segments for pattern, segments in _RESECTIONS if pattern.search(text)]
        found.update(named[0] if named else _last_named(scene, index))
    return frozenset(found)


def _last_named(scene: Scene, index: int) -> frozenset[int]:
    """Segments of a sentence, or of the last one before it that names any."""
    for before in range(index, max(-1, index - _BACK - 1), -1):
        if here := segments_in(scene.text(before)):
            return here
    return frozenset()


def treated_segments(scene: Scene, items: Iterable[Item]) -> frozenset[int]:
    """Segments named where the energy was given (the sentences of ``items``), or the last ones named just before."""
    found: set[int] = set()
    for act in {item.sentence for item in items}:
        found.update(_last_named(scene, act))
    return frozenset(found)


def on_different_tumors(scene: Scene, energy: Energy) -> bool:
    """Whether heat and cold went to different segments (R26)."""
    heat, cold = (
        treated_segments(scene, [item for item in energy.items if FAMILY.get(item.candidate.value) == family])
        for family in ("heat", "cold")
    )
    return bool(heat and cold) and not heat & cold


def liver_resected(scene: Scene) -> list[int]:
    """Sentences of the body that tell of a resection of liver in this session."""
    found = []
    for index in scene.outcome("resection"):
        text, seen = scene.text(index), scene.reading.traits[index]
        if seen & {"ago", "past-perfect", "future", "options"} or _NOT_LIVER.search(text) or _DENIED.search(text):
            continue
        found.append(index)
    return found


def _titles(scene: Scene) -> list[int]:
    return scene.outcome("resection", kinds=frozenset({"title"}))


def apart(scene: Scene, energy: Energy, lines: list[int]) -> bool:
    """Whether the segments tell that one lesion was ablated and another resected."""
    resected = resected_segments(scene, [*lines, *_titles(scene)])
    treated = treated_segments(scene, (*_measures(energy), *energy.items))
    return bool(resected and treated) and not resected & treated


def _measures(energy: Energy) -> list[Item]:
    """Signs that stand where the energy was on; a zone or a margin measured may belong to the specimen."""
    return [item for item in energy.signs if item.candidate.value in ("power", "duration", "cycles", "temperature")]


def same_lesion_resected(scene: Scene, energy: Energy) -> list[int]:
    """Sentences that resect what was ablated: told so, or a resection where only one tumour is ever spoken of."""
    told = scene.outcome("same-lesion")
    resected = liver_resected(scene)
    if not resected or apart(scene, energy, resected):
        return []
    if told:
        return told
    return [] if several_tumors(scene) else resected


def margin_ablated(scene: Scene, energy: Energy) -> list[int]:
    """Sentences in which a resection's margin or bed is what was ablated, when no tumour of its own was."""
    resected = liver_resected(scene)
    if not resected or apart(scene, energy, resected):
        return []
    acts = sorted({item.sentence for item in (*energy.signs, *energy.items)})
    around = {index + step for index in acts for step in (-1, 0)}
    margins = [
        index
        for index in scene.outcome("margin")
        if index in around and index > min(resected) and (index in acts or not _DRY.search(scene.text(index)))
    ]
    tumors = [item for item in scene.of("target") if item.sentence in acts and item.candidate.value == "liver-tumor"]
    return margins if margins and not tumors else []
