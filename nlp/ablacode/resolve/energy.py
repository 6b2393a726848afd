"""Which energy was delivered to the liver, and what shows that it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .reading import ENERGIES, IN_FAMILY
from .scene import Item, Scene

_STRENGTH = {"name": 1.0, "device": 1.0, "physics": 0.7, "weak": 0.25, "argon": 0.5}
_REACH = 3
"""Sentences between a probe's naming and the numbers of its energy."""


@dataclass(frozen=True, slots=True)
class Energy:
    """``values``: energies delivered, best supported first; ``items``: their words; ``signs``: the words for delivery.

    ``outside``: energies outside the six; ``unknown``: an ablation was done whose energy is not in its words; ``source``: body or title.
    """

    values: tuple[str, ...]
    items: tuple[Item, ...]
    signs: tuple[Item, ...]
    outside: tuple[str, ...] = ()
    outside_items: tuple[Item, ...] = ()
    unknown: tuple[Item, ...] = ()
    source: str = "body"


def delivery_signs(scene: Scene) -> list[Item]:
    """Performed signs of delivery on the liver: statements, times, watts, temperatures, cycles, zones."""
    return [item for item in scene.of("delivery")]


def read_energy(scene: Scene) -> Energy:
    """Energies with support in the body; the title's energy where the body shows delivery and names none."""
    signs = delivery_signs(scene)
    scores: dict[str, float] = {}
    items: dict[str, list[Item]] = {}
    for item in scene.of("modality"):
        value = item.candidate.value
        if item.candidate.strength == "argon" and not _cryogen(scene):
            continue
        if value in ENERGIES:
            scores[value] = scores.get(value, 0.0) + _STRENGTH.get(item.candidate.strength, 1.0) * item.here
            items.setdefault(value, []).append(item)
    unknown = tuple(item for item in scene.of("modality") if item.candidate.value == "unknown")
    outside = tuple(sorted((value for value in scores if value not in IN_FAMILY), key=lambda value: -scores[value]))
    values = _settle({value: score for value, score in scores.items() if value in IN_FAMILY}, items, signs)
    source = "body"
    if not values and (signs or unknown) and not outside:
        values, found = _from_title(scene)
        source = "title" if values else "body"
        items.update(found)
        if not values and any(item.candidate.value == "power" for item in signs):
            values = ("heat",)
            items["heat"] = [item for item in signs if item.candidate.value == "power"]
    chosen = tuple(item for value in values for item in items.get(value, ()))
    return Energy(values, chosen, tuple(signs), outside, tuple(i for v in outside for i in items[v]), unknown, source)


def _cryogen(scene: Scene) -> bool:
    """Argon is a cryogen where ice, thaw, helium or a cryoprobe stands beside it, not the gas of a coagulator (R16)."""
    return any(item.candidate.value == "cryo" and item.candidate.strength != "argon" for item in scene.of("modality", done=False, body=False, liver=False))


def _settle(scores: dict[str, float], items: dict[str, list[Item]], signs: Sequence[Item]) -> tuple[str, ...]:
    """Drop energies that only weak words or a far smaller support speak for; both families stay only where both were delivered."""
    if not scores:
        return ()
    named = {value: score for value, score in scores.items() if any(item.candidate.strength in ("name", "device", "physics", "argon") for item in items[value])}
    scores = named or scores
    best = max(scores.values())
    kept = [value for value, score in scores.items() if score >= 0.22 * best]
    if len(kept) > 1:
        delivered = [value for value in kept if _delivered(items[value], signs)]
        kept = delivered or [max(kept, key=lambda value: scores[value])]
    if "heat" in kept and {"radiofrequency", "microwave"} & set(kept):
        kept.remove("heat")
    return tuple(sorted(kept, key=lambda value: (-scores[value], value)))


def _delivered(items: Sequence[Item], signs: Sequence[Item]) -> bool:
    return any(0 <= sign.sentence - item.sentence <= _REACH or sign.sentence == item.sentence for item in items for sign in signs)


def _from_title(scene: Scene) -> tuple[tuple[str, ...], dict[str, list[Item]]]:
    found: dict[str, list[Item]] = {}
    for item in scene.of("modality", done=False, body=False, liver=False):
        if scene.kind(item) in ("title", "diagnosis", "impression") and item.candidate.value in IN_FAMILY and item.mention.status in ("mention", "performed"):
            found.setdefault(item.candidate.value, []).append(item)
    if len({"cold" if value == "cryo" else "heat" for value in found}) != 1:
        return (), {}
    return tuple(sorted(found)), found
