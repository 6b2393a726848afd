"""How far the session went: energy ``delivered`` to the liver, only ``attempted``, or ``none``; the model's chances and what binds them."""

from __future__ import annotations

from collections.abc import Mapping

from . import problems
from .energy import Energy
from .model import Models
from .scene import Item, Scene
from .stage import stage_features

_CONFIDENT = 0.5
_MAY_BE_NOTHING = 0.5
_PLACED = 0.6
_SOME_SIGN = 0.3
_SURE_LINE, _LIKELY_LINE = 0.75, 0.5
_SURE_STAGE, _MUCH_ENERGY = 0.85, 1.5
_MAY_BE_BEGUN = 0.1
_SURELY_MORE = 0.75
"""So sure must the model be of a delivery for an attempt to be assumed where no energy at all is told as used."""


def settle(scene: Scene, energy: Energy, stages: Mapping[str, float]) -> str:
    """The stage with the best chances, as far as the words allow it."""
    state = max(stages, key=lambda name: (stages[name], name))
    if state != "none" and not on_liver(scene, energy):
        return "none"
    begun = problems.begun(scene)
    if state == "delivered" and not told_as_delivered(scene, energy, stages["delivered"]):
        used = energy.items or energy.outside_items or energy.unknown or begun
        state = "attempted" if used or stages["delivered"] >= _SURELY_MORE else "none"
    if state == "attempted" and not begun and stages.get("none", 0.0) >= _MAY_BE_NOTHING:
        return "none"
    return state


def on_liver(scene: Scene, energy: Energy) -> bool:
    """Whether the liver can have been the target: it is named, or energy was surely given and no organ is named at all (R45)."""
    if scene.organ_weights.get("liver", 0.0) > 0:
        return True
    sure = any(item.here >= _PLACED and item.candidate.strength in ("name", "device") for item in energy.items)
    return sure and not scene.organ_weights and sum(item.here for item in energy.signs) >= _CONFIDENT


def told_as_delivered(scene: Scene, energy: Energy, chance: float) -> bool:
    """Whether any words at all tell that energy was given: without them a probe in place is only an attempt (R41)."""
    if sum(item.here for item in energy.signs) >= _SOME_SIGN:
        return True
    if chance >= _SURE_STAGE and sum(item.here for item in energy.items) >= _MUCH_ENERGY:
        return True
    told = max((line["here"] for line in scene.lines.energy), default=0.0) if scene.lines else 0.0
    return told >= _SURE_LINE or (chance >= _SURE_STAGE and told >= _LIKELY_LINE)


def read_stage(scene: Scene, energy: Energy, signs: list[Item], models: Models | None) -> dict[str, float]:
    """Probabilities of the stages; with rules alone the answer has probability one."""
    by_rules = stage_by_rules(scene, energy, signs)
    if models is None or models.stage is None or problems.ended_before(scene):
        return {by_rules: 1.0}
    chances = models.stage.probabilities(stage_features(scene, energy, by_rules))
    if not flatly_denied(scene, signs):
        return chances
    rest = without_delivery(chances)
    return {"attempted": 1.0} if problems.begun(scene) and rest.get("attempted", 0.0) >= _MAY_BE_BEGUN else rest


def without_delivery(chances: Mapping[str, float]) -> dict[str, float]:
    """The chances of an attempt and of nothing, once delivery is out of the question."""
    rest = sum(chance for name, chance in chances.items() if name != "delivered")
    return {name: 0.0 if name == "delivered" else chance / rest for name, chance in chances.items()}


def flatly_denied(scene: Scene, signs: list[Item]) -> bool:
    """Whether the note says of the whole session that no energy was given, and no watts, cycles or temperatures say otherwise."""
    denied = problems.no_energy(scene)
    hard = any(
        item.candidate.value in ("power", "temperature", "cycles")
        and item.here >= _CONFIDENT
        and item.sentence not in denied
        for item in signs
    )
    return not hard and any(problems.decisive(scene, index) for index in denied)


def strong_signs(scene: Scene, energy: Energy) -> list[Item]:
    """Signs of delivery that stand for themselves: statements beside an energy or a target, and measures."""
    strong = []
    for item in energy.signs:
        rule = item.candidate.rule
        beside = scene.reading.by_sentence[item.sentence]
        if rule == "del-performed" and not any(
            other.label == "modality" and other.value != "other" for other in beside
        ):
            continue
        strong.append(item)
    return strong


def stage_by_rules(scene: Scene, energy: Energy, signs: list[Item]) -> str:
    """``delivered``, ``attempted`` (a probe on its way, no energy), or ``none``."""
    if problems.ended_before(scene):
        return "none"
    denied = problems.no_energy(scene)
    hard = [
        item for item in signs if item.candidate.value in ("power", "temperature", "cycles") and item.here >= _CONFIDENT
    ]
    if any(problems.decisive(scene, index) for index in denied) or (denied and not hard):
        return "attempted" if problems.begun(scene) else "none"
    named = [
        item
        for item in (*energy.items, *energy.outside_items, *energy.unknown)
        if item.here >= _CONFIDENT or energy.source == "title"
    ]
    measures = [item for item in signs if item.candidate.value != "statement" and item.here >= _CONFIDENT]
    if not (energy.values or energy.outside or energy.unknown):
        return "delivered" if sum(item.here for item in measures) >= 2.0 else "none"
    weight = sum(item.here for item in signs)
    needed = 0.8 if scene.reading.document in ("operative", "stay") else 2.0
    if weight >= needed and (named or measures):
        return "delivered"
    if not scene.narrative and scene.reading.scores["operative"] >= 3 and named and weight >= 0.4:
        return "delivered"
    if (
        problems.begun(scene)
        and scene.reading.document == "operative"
        and any(item.here >= _PLACED for item in energy.items if item.candidate.strength == "device")
    ):
        return "delivered" if weight >= 0.4 else "attempted"
    return "none"
