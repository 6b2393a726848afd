"""What a coder would have to ask about a note in which energy was delivered to the liver (or nearly was)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .energy import Energy
from .scene import Scene

_REMAINING = re.compile(r"\b(?:second|third|other|remaining|another|smaller|larger|further|additional|left|right)\b", re.I)
_PARTIAL = re.compile(r"\b(?:incomplete|partial(?:ly)?|only (?:half|part|one third)|lateral half|medial half|untreated|not (?:fully )?covered|not (?:fully )?treated|unfinished|inadequate)\b", re.I)
_NEAR = 2


def acts_of(energy: Energy) -> frozenset[int]:
    """Sentences with a sign of delivery or a named energy performed on the liver."""
    return frozenset(item.sentence for item in (*energy.signs, *energy.items))


def no_energy(scene: Scene, energy: Energy) -> list[int]:
    """Sentences that deny the delivery of energy, where nothing outweighs them."""
    denials = scene.outcome("no-energy")
    return [index for index in denials if not _about_another(scene, index)]


def _about_another(scene: Scene, index: int) -> bool:
    return bool(_REMAINING.search(scene.text(index)))


def stopped(scene: Scene) -> list[int]:
    """Sentences that say the session was stopped or left incomplete."""
    return scene.outcome("stopped")


def partial(scene: Scene, energy: Energy, tumors: int | None) -> list[int]:
    """Sentences that say the only tumour was left partly treated."""
    stops = stopped(scene)
    if not stops or (tumors or 1) > 1:
        return []
    told = [index for index in stops if _PARTIAL.search(scene.text(index))]
    first = min((item.sentence for item in energy.signs), default=0)
    late = [index for index in stops if index >= first]
    return told if told and late else []


def same_lesion_resected(scene: Scene, acts: Iterable[int]) -> list[int]:
    """Sentences that resect what was ablated."""
    return scene.outcome("same-lesion")


def margin_ablated(scene: Scene, energy: Energy) -> list[int]:
    """Sentences in which a resection's margin or bed is what was ablated, when no tumour of its own was."""
    return scene.outcome("margin") if scene.outcome("resection") else []


def fulgurated(scene: Scene) -> list[int]:
    """Sentences in which deposits on the liver's surface are fulgurated."""
    return [
        index
        for index in scene.outcome("fulguration")
        if scene.reading.focus[index].organ in ("liver", "peritoneum", "") or "liver" in scene.reading.focus[index].own
    ]
