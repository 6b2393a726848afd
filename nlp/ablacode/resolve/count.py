"""How many liver tumours were ablated in this session; None where a careful reader cannot tell (R3)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..find.counts import ROMAN
from .scene import Item, Scene

_SEGMENT = re.compile(r"(?:VIII|VII|VI|IV|V|III|II|I|[1-8])(?=[ab]?\b|[abAB](?![a-z]))")
_SEGMENT_WORD = re.compile(r"^(?:hepatic\s|liver\s|couinaud\s)?(?:segments?|segs?\.?|segm\.?|sgts?|sg|sgm|s)\s?#?", re.I)
_PLURAL = re.compile(r"\b(?:tumors|lesions|metastases|nodules|masses|foci|targets|mets|deposits|hccs|both|each|all|two|three|four|five)\b", re.I)


@dataclass(frozen=True, slots=True)
class Count:
    """Number of tumours ablated, or None, with its words."""

    value: int | None
    items: tuple[Item, ...] = ()


def read_count(scene: Scene, acts: frozenset[int]) -> Count:
    """Count by statement, else by one tumour a segment, else one where only one is ever spoken of."""
    stated = [item for item in scene.of("tumor_count", liver=False) if item.organ in ("liver", "") and item.here >= 0.4]
    if stated:
        best = max(stated, key=lambda item: (item.sentence in acts, item.here, item.sentence))
        return Count(int(best.candidate.value), (best,))
    segments = _segments(scene, acts)
    if len(segments) >= 2:
        return Count(len(segments), tuple(segments.values()))
    single = [
        item
        for item in scene.of("tumor_count", done=False, body=False, liver=False)
        if item.candidate.value == "1" and item.mention.status in ("mention", "performed", "planned")
    ]
    many = [
        item
        for item in scene.of("tumor_count", done=False, body=False, liver=False)
        if item.candidate.value != "1" and item.mention.status in ("mention", "performed", "planned")
    ]
    if single and not many:
        return Count(1, (single[0],))
    treated = [item for item in scene.of("target") if item.sentence in acts or item.here > 0.6]
    if treated and not many and not any(_PLURAL.search(item.mention.text) for item in treated):
        return Count(1, tuple(treated[:1]))
    return Count(None)


def _segments(scene: Scene, acts: frozenset[int]) -> dict[str, Item]:
    """Segment to the item that names it, among performed targets of sentences with energy or a probe."""
    found: dict[str, Item] = {}
    for item in scene.of("target"):
        if item.candidate.value not in ("liver", "liver-tumor"):
            continue
        for segment in segments_of(item.mention.text):
            found.setdefault(segment, item)
    return found


def segments_of(words: str) -> list[str]:
    """Couinaud segments named in a phrase as numbers in text: ``segments V/VI`` gives 5 and 6 joined as one place."""
    match = re.search(r"(?:segments?|segs?\.?|segm\.?|sgts?|sg|sgm|\bs)\s?#?\s?((?:VIII|VII|VI|IV|V|III|II|I|[1-8])[abAB]?(?:\s?(?:/|,|-|and|&|or|to|\+)\s?S?(?:VIII|VII|VI|IV|V|III|II|I|[1-8])[abAB]?)*)", words, re.I)
    if not match:
        return []
    parts = [str(ROMAN.get(part.lower(), part)) for part in _SEGMENT.findall(match.group(1).upper().replace("A", "").replace("B", ""))]
    joined = re.search(r"/|-|\bto\b", match.group(1))
    return ["/".join(sorted(parts))] if joined and len(parts) > 1 else parts
