"""Which energy was delivered to the liver, and what shows that it was."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .reading import ENERGIES, IN_FAMILY
from .scene import Item, Scene

FAMILY = {"radiofrequency": "heat", "microwave": "heat", "heat": "heat", "cryo": "cold"}
_STRENGTH = {"name": 1.0, "device": 1.0, "physics": 0.7, "weak": 0.25, "argon": 0.5}
_NAMING = frozenset({"name", "device", "physics", "argon"})
_REACH = 4
"""Sentences between a probe's naming and the numbers of its energy."""
_TOOL_REACH = 5
"""Sentences for which a sealer, coagulator or embolisation stays the tool in hand."""
_COOKS = re.compile(r"(?<![\d\-])(?:4[5-9]|[5-9]\d|1[0-4]\d)\b")
_BURNED = re.compile(r"burn|cook|coagulat|heated", re.I)
_USED = 0.75
_FAINT = 0.2
_SECOND_FAMILY = 0.45
"""So sure must the other family's energy be before both heat and cold count as delivered."""


@dataclass(frozen=True, slots=True)
class Energy:
    """``values``: energies delivered, best supported first; ``items``: their words; ``signs``: the words for delivery.

    ``outside``: energies outside the six; ``unknown``: an ablation was done whose energy is not in its words; ``source``: body or
    title; ``rival``: the words of another family that some part of the note says was delivered instead.
    """

    values: tuple[str, ...]
    items: tuple[Item, ...]
    signs: tuple[Item, ...]
    outside: tuple[str, ...] = ()
    outside_items: tuple[Item, ...] = ()
    unknown: tuple[Item, ...] = ()
    source: str = "body"
    rival: tuple[Item, ...] = ()


def delivery_signs(scene: Scene) -> list[Item]:
    """Performed signs of delivery on the liver, without those of a sealer, a coagulator or an embolisation."""
    return [item for item in scene.of("delivery") if not _other_tool(scene, item)]


def _other_tool(scene: Scene, sign: Item) -> bool:
    """Whether the tool in hand at a sign is no tumour ablation: the last energy named before it, in this sentence or the few before."""
    for index in range(sign.sentence, max(-1, sign.sentence - _TOOL_REACH), -1):
        tools = [
            c
            for c in scene.reading.by_sentence[index]
            if c.label == "modality"
            and c.strength != "weak"
            and (index < sign.sentence or c.at <= sign.candidate.to + 40)
        ]
        if any(c.value in ENERGIES | {"unknown"} and c.strength != "argon" for c in tools):
            tumor = [c for c in tools if c.value in ENERGIES | {"unknown"}]
            if all(c.value == "unknown" for c in tumor) and any(c.strength == "other" for c in tools):
                return True  # "ablated with the argon beam": the tool is named, and it is none of ours
            sealer = any(c.strength == "sealer" for c in tools) or _on_plane(scene, index)
            return sealer and all(c.value in ("radiofrequency", "unknown") for c in tumor)
        if any(c.strength in ("sealer", "other") for c in tools):
            return index == sign.sentence or any(c.strength == "sealer" for c in tools)
    return False


def _on_plane(scene: Scene, index: int) -> bool:
    return (
        bool(scene.reading.focus[index].nontumor & {"transection-plane"}) and not scene.reading.focus[index].named_tumor
    )


def read_energy(scene: Scene) -> Energy:
    """Energies with support in the body; a correcting addendum's before them; the title's where the body names none."""
    signs = delivery_signs(scene)
    if corrected := _corrected(scene):
        return _from_items(scene, corrected, signs)
    found = [item for item in scene.of("modality") if _counts(scene, item)]
    return _from_items(scene, found, signs)


def _from_items(scene: Scene, found: Iterable[Item], signs: list[Item]) -> Energy:
    scores: dict[str, float] = {}
    items: dict[str, list[Item]] = {}
    for item in found:
        value = item.candidate.value
        scores[value] = scores.get(value, 0.0) + _STRENGTH.get(item.candidate.strength, 1.0) * item.here
        items.setdefault(value, []).append(item)
    unknown = tuple(
        item
        for item in scene.of("modality")
        if item.candidate.value == "unknown" and not _on_plane(scene, item.sentence)
    )
    inside = {value: score for value, score in scores.items() if value in IN_FAMILY}
    outside = _outside(scores, inside) or _faintly_outside(scene, inside, items)
    values, rival = _settle(inside, items, signs)
    source = "body"
    plainly = any(item.candidate.strength in _NAMING for value in inside for item in items[value])
    if outside and (not plainly or scores.get(outside[0], 0.0) > 1.5 * sum(inside.values())):
        values = ()
    if not values and signs and not outside:
        values, near = _beside_signs(scene, signs)
        items.update(near)
    if not values and (signs or unknown) and not outside:
        values, titled = _from_title(scene)
        source = "title" if values else "body"
        items.update(titled)
        if not values and (hot := [item for item in signs if _is_heat(item)]):
            values, items["heat"] = ("heat",), hot
    chosen = tuple(item for value in values for item in items.get(value, ()))
    away = tuple(item for value in outside for item in items[value])
    return Energy(values, chosen, tuple(signs), outside, away, unknown, source, rival)


def _is_heat(sign: Item) -> bool:
    """Whether a sign of delivery is one of heat by itself: watts, a temperature that cooks, "burned"."""
    if sign.candidate.value == "power":
        return True
    if sign.candidate.value == "temperature":
        return "minus" not in sign.mention.text.lower() and bool(_COOKS.search(sign.mention.text))
    return bool(_BURNED.search(sign.mention.text))


def _outside(scores: dict[str, float], inside: dict[str, float]) -> tuple[str, ...]:
    found = [
        value
        for value in scores
        if value in ENERGIES and value not in IN_FAMILY and scores[value] >= 0.5 * max(inside.values(), default=0.0)
    ]
    return tuple(sorted(found, key=lambda value: (-scores[value], value)))


def _faintly_outside(scene: Scene, inside: dict[str, float], items: dict[str, list[Item]]) -> tuple[str, ...]:
    """An energy outside the six whose words are less sure, where only weak words (a bare electrode) speak for one of the six."""
    if any(item.candidate.strength in _NAMING for value in inside for item in items[value]):
        return ()
    faint = [
        item
        for item in scene.of("modality", done=False)
        if item.candidate.value in ENERGIES and item.candidate.value not in IN_FAMILY and item.here >= _FAINT
    ]
    for item in faint:
        items.setdefault(item.candidate.value, []).append(item)
    return tuple(dict.fromkeys(item.candidate.value for item in faint))


def _counts(scene: Scene, item: Item) -> bool:
    """Whether a performed energy mention may be the tumour's: no sealer's radiofrequency, no coagulator's argon (a cryogen has its helium)."""
    if item.candidate.value not in ENERGIES:
        return False
    beside = scene.reading.beside(item.candidate)
    if item.candidate.value == "radiofrequency" and (
        any(c.strength == "sealer" for c in beside) or _on_plane(scene, item.sentence)
    ):
        return False
    if item.candidate.strength == "argon":
        everywhere = list(scene.of("modality", done=False, body=False, liver=False))
        gases = {gas for other in everywhere for gas in ("argon", "helium") if gas in other.mention.text.lower()}
        return len(gases) == 2 or any(
            other.candidate.value == "cryo" and other.candidate.strength != "argon" for other in everywhere
        )
    return True


def _corrected(scene: Scene) -> list[Item]:
    """Energy words of an addendum that corrects the report, when it names an energy as used."""
    lines = set(scene.outcome("correction", kinds=frozenset({"addendum"})))
    if not lines:
        return []
    return [
        item
        for item in scene.of("modality", done=False, body=False, liver=False)
        if scene.kind(item) == "addendum"
        and item.candidate.value in ENERGIES
        and item.candidate.strength in ("name", "device", "physics")
        and item.here >= _IN_ADDENDUM
    ]


_IN_ADDENDUM = 0.3


def _settle(
    scores: dict[str, float], items: dict[str, list[Item]], signs: Sequence[Item]
) -> tuple[tuple[str, ...], tuple[Item, ...]]:
    """Drop energies that only weak words or a far smaller support speak for; both families only where both were surely delivered."""
    if not scores:
        return (), ()
    named = {
        value: score
        for value, score in scores.items()
        if any(item.candidate.strength in _NAMING for item in items[value])
    }
    scores = named or scores
    best = max(scores, key=lambda value: (scores[value], value))
    kept = [value for value, score in scores.items() if score >= 0.22 * scores[best] or _surely_used(items[value])]
    if len(kept) > 1:
        kept = [value for value in kept if _delivered(items[value], signs) or _surely_used(items[value])] or [best]
    rival: tuple[Item, ...] = ()
    other = [value for value in kept if FAMILY[value] != FAMILY[best]]
    if other and best in kept:
        sure = max(item.here for value in other for item in items[value])
        used = any(_surely_used(items[value]) for value in other)
        if sure < _SECOND_FAMILY or (not used and sum(scores[value] for value in other) < 0.3 * scores[best]):
            kept = [value for value in kept if value not in other]
        elif _told_elsewhere([item for value in other for item in items[value]], items[best]):
            rival = tuple(item for value in other for item in items[value])
    if "heat" in kept and {"radiofrequency", "microwave"} & set(kept):
        kept.remove("heat")
    return tuple(sorted(kept, key=lambda value: (-scores[value], value))), rival


def _surely_used(items: Sequence[Item]) -> bool:
    """Whether a device of an energy, or its physics, is surely told as used here."""
    return any(item.candidate.strength in ("device", "physics") and item.here >= _USED for item in items)


def _told_elsewhere(first: Sequence[Item], second: Sequence[Item]) -> bool:
    """Whether two energies are never told in the same section: each part of the note has its own story."""
    return not {item.mention.section for item in first} & {item.mention.section for item in second}


def _delivered(items: Sequence[Item], signs: Sequence[Item]) -> bool:
    return any(0 <= sign.sentence - item.sentence <= _REACH for item in items for sign in signs)


def _beside_signs(scene: Scene, signs: Sequence[Item]) -> tuple[tuple[str, ...], dict[str, list[Item]]]:
    """Where no energy is surely performed: the one family merely named, not denied nor past, right where the energy was given."""
    lines = {sign.sentence + step for sign in signs for step in (-1, 0, 1)}
    found: dict[str, list[Item]] = {}
    for item in scene.of("modality", done=False):
        named = item.candidate.value in IN_FAMILY and item.mention.status in ("mention", "performed")
        if named and item.sentence in lines and item.candidate.strength in _NAMING and _counts(scene, item):
            found.setdefault(item.candidate.value, []).append(item)
    if len({FAMILY[value] for value in found}) != 1:
        return (), {}
    return tuple(sorted(found)), found


def _from_title(scene: Scene) -> tuple[tuple[str, ...], dict[str, list[Item]]]:
    found: dict[str, list[Item]] = {}
    for item in scene.of("modality", done=False, body=False, liver=False):
        if (
            scene.kind(item) in ("title", "diagnosis", "impression")
            and item.candidate.value in IN_FAMILY
            and item.mention.status in ("mention", "performed")
        ):
            found.setdefault(item.candidate.value, []).append(item)
    if len({FAMILY[value] for value in found}) != 1:
        return (), {}
    return tuple(sorted(found)), found
