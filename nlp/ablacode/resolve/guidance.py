"""Which imaging guided this ablation: placed the applicator, watched the energy, or checked the result in the same session (R29-R34)."""

from __future__ import annotations

from dataclasses import dataclass

from .scene import Item, Scene


@dataclass(frozen=True, slots=True)
class Guidance:
    """Values in the contract's words, each with the items that speak for it."""

    values: dict[str, tuple[Item, ...]]


def read_guidance(scene: Scene, approach: str | None) -> Guidance:
    """Performed imaging of the body; the title's where the body has none. A bare "ultrasound" takes its kind from the approach."""
    found: dict[str, list[Item]] = {}
    for item in scene.of("guidance", liver=False):
        if item.organ in ("liver", ""):
            found.setdefault(_by_approach(item.candidate.value, approach), []).append(item)
    if not found:
        for item in scene.of("guidance", done=False, body=False, liver=False):
            if scene.kind(item) == "title" and item.mention.status in ("mention", "performed"):
                found.setdefault(_by_approach(item.candidate.value, approach), []).append(item)
    return Guidance({value: tuple(items) for value, items in sorted(found.items())})


def _by_approach(value: str, approach: str | None) -> str:
    if value in ("ultrasound", "intraoperative ultrasound", "laparoscopic ultrasound"):
        if approach == "laparoscopic":
            return "laparoscopic ultrasound"
        if approach == "open":
            return "intraoperative ultrasound"
        if approach == "percutaneous":
            return "ultrasound"
    return value
