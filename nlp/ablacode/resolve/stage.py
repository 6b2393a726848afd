"""What happened in the session, as numbers for the stage model: energy ``delivered`` to a liver tumour, only ``attempted``, or ``none``."""

from __future__ import annotations

from collections.abc import Iterable

from . import problems
from .energy import Energy
from .focus import ORGANS
from .lines import energy_features
from .reading import ENERGIES, IN_FAMILY
from .scene import Item, Scene
from .topics import topic_features
from .whole import whole_features

STAGES = ("attempted", "delivered", "none")
_CAP = 4.0


def stage_features(scene: Scene, energy: Energy, by_rules: str) -> dict[str, float]:
    """Named numbers of a note; sums are capped so that long notes do not count more."""
    found: dict[str, float] = {"rules=" + by_rules: 1.0, "document=" + scene.reading.document: 1.0}
    found["narrative"] = float(scene.narrative)
    for value in ("statement", "duration", "power", "temperature", "cycles", "endpoint"):
        items = [item for item in energy.signs if item.candidate.value == value]
        found[f"sign:{value}"] = _sum(items)
        found[f"best-sign:{value}"] = _best(items)
    found["signs"] = _sum(energy.signs)
    found["hard-signs"] = _best(
        item for item in energy.signs if item.candidate.value in ("power", "temperature", "cycles", "duration")
    )
    found["energy"] = _sum(energy.items)
    found["best-energy"] = _best(energy.items)
    found["unknown"] = _sum(energy.unknown)
    found["best-unknown"] = _best(energy.unknown)
    found["outside"] = _best(energy.outside_items)
    found["from-title"] = float(energy.source == "title")
    found["target"] = _best(scene.of("target"))
    found.update(_masses(scene))
    found.update(_outcomes(scene, energy))
    for kind, score in scene.reading.scores.items():
        found[f"score:{kind}"] = min(score, 12) / 12
    liver = scene.organ_weights.get("liver", 0.0)
    others = sum(weight for organ, weight in scene.organ_weights.items() if organ in ORGANS)
    found["liver-share"] = liver / (liver + others) if liver + others else 0.0
    rival = max((weight for organ, weight in scene.organ_weights.items() if organ in ORGANS), default=0.0)
    found["rival-share"] = rival / (liver + rival) if liver + rival else 0.0
    found["main:liver"] = float(scene.default_organ == "liver")
    found["main:none"] = float(not scene.default_organ)
    found["main:other"] = float(scene.default_organ in ORGANS)
    found["rival"] = float(bool(scene.rival_organ))
    lines = {item.sentence for item in energy.signs}
    found["signs-on-liver"] = sum("liver" in scene.reading.focus[index].own for index in lines) / max(1, len(lines))
    found |= topic_features(scene.reading, problems.acts_of(energy))
    if scene.lines:
        found |= energy_features(scene.lines, [focus.organ in ("liver", "") for focus in scene.reading.focus])
    if scene.whole:
        found |= whole_features(scene.whole.stage)
    return {name: value for name, value in found.items() if value}


def _sum(items: Iterable[Item]) -> float:
    return min(_CAP, sum(item.here for item in items)) / _CAP


def _best(items: Iterable[Item]) -> float:
    return max((item.here for item in items), default=0.0)


def _masses(scene: Scene) -> dict[str, float]:
    """How the energies of the note are spoken of, and what was done to other organs."""
    found: dict[str, float] = {}
    energies = [
        item
        for item in scene.items
        if item.candidate.label == "modality" and item.candidate.value in ENERGIES | {"unknown"}
    ]
    for status in ("historical", "planned", "negated", "conditional", "boilerplate", "other-organ", "not-tumor"):
        count = sum(item.mention.probability for item in energies if item.mention.status == status)
        found[f"told:{status}"] = min(count, 3.0) / 3
    total = len(energies) or 1
    found["share-here"] = sum(item.here for item in energies) / total
    titled = [item for item in energies if scene.kind(item) == "title"]
    found["title:in-family"] = float(any(item.candidate.value in IN_FAMILY for item in titled))
    found["title:unknown"] = float(any(item.candidate.value == "unknown" for item in titled))
    away = [item for item in scene.items if item.candidate.label == "delivery" and item.organ not in ("liver", "")]
    found["signs-away"] = _sum(item for item in away if item.here >= 0.3)
    tools = [item for item in scene.items if item.candidate.label == "modality" and scene.in_body(item)]
    found["tool:sealer"] = float(any(item.candidate.strength == "sealer" for item in tools))
    found["tool:other"] = min(3.0, sum(1.0 for item in tools if item.candidate.strength == "other")) / 3
    return found


def _outcomes(scene: Scene, energy: Energy) -> dict[str, float]:
    denied = problems.no_energy(scene)
    last = max((item.sentence for item in energy.signs), default=-1)
    ended = scene.outcome("cancelled", kinds=None)
    return {
        "denials": min(len(denied), 2) / 2,
        "denial:decisive": float(any(problems.decisive(scene, index) for index in denied)),
        "denial:last": float(any(index > last for index in denied)),
        "cancelled": min(len(ended), 2) / 2,
        "cancelled:addendum": float(problems.ended_before(scene)),
        "stopped": min(len(problems.stopped(scene)), 2) / 2,
        "begun": float(problems.begun(scene)),
    }
