"""Facts: what was done to the liver in this note, put together from energy, approach, count, guidance and outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..domain import Evidence, Fact, OpFacts
from . import problems, resection
from .approach import Approach, approach_features, items_for, read_approach
from .count import read_count
from .energy import FAMILY, Energy, read_energy
from .focus import ORGANS
from .fulguration import fulgurated
from .guidance import read_guidance
from .model import Models
from .reading import ENERGIES, IN_FAMILY
from .scene import Item, Scene, evidence
from .state import read_stage, settle, strong_signs

_PLACED = 0.6
_LINKED = 0.6
_SURE_ACT = 0.5


def resolve(scene: Scene, models: Models | None = None) -> OpFacts:
    """The facts of a scene; with models the stage and the approach are theirs, the rules' answers being among their features."""
    energy = read_energy(scene)
    signs = strong_signs(scene, energy)
    stages = read_stage(scene, energy, signs, models)
    state = settle(scene, energy, stages)
    if state != "delivered" and (lines := fulgurated(scene.reading.found.sentences)):
        words = _lines(scene, lines, "modality")
        return OpFacts("doubtful", modality=Fact("other", words), problems=(("surface-fulguration", words),))
    if state == "none":
        return OpFacts("none", against=_against(scene), support=_support(scene, energy, signs, stages))
    first, last = act_range(scene, energy)
    approach, likely = choose_approach(scene, first, last, models)
    acts = problems.acts_of(energy)
    count = read_count(scene, acts)
    guidance = read_guidance(scene, approach.value)
    families = tuple(dict.fromkeys(FAMILY[value] for value in energy.values if value in FAMILY))
    found = _problems(scene, energy, approach, families, state, stages.get("delivered", 0.0))
    return OpFacts(
        state,
        Fact(approach.value, evidence(approach.items, "approach")),
        Fact(_modality(energy), evidence(energy.items or energy.outside_items, "modality")),
        families,
        Fact(count.value, evidence(count.items, "tumor_count")),
        tuple(Fact(value, evidence(items, "guidance", most=2)) for value, items in guidance.values.items()),
        _target(scene, acts),
        evidence(signs or energy.signs, "performed"),
        tuple(found),
        tuple(_alerts(scene, energy, approach, families)),
        _against(scene),
        {**_support(scene, energy, signs, stages), "approach": likely},
    )


def act_range(scene: Scene, energy: Energy) -> tuple[int, int]:
    """First and last sentence of the energy on the liver, as the body tells it."""
    sure = frozenset(item.sentence for item in (*energy.signs, *energy.items) if item.here >= _SURE_ACT)
    acts = sure or problems.acts_of(energy)
    summaries = ("impression", "title", "diagnosis", "addendum")
    told = [index for index in acts if scene.reading.found.sentences[index].kind not in summaries] or list(acts)
    return min(told, default=0), max(told, default=len(scene.reading.found.sentences))


def choose_approach(scene: Scene, first: int, last: int, models: Models | None) -> tuple[Approach, float]:
    """The rules' approach, unless the approach model is of another mind; and how probable the answer is."""
    by_rules = read_approach(scene, first, last)
    if models is None or models.approach is None:
        return by_rules, 0.8
    named = "other" if by_rules.outside else by_rules.value or "unknown"
    chances = models.approach.probabilities(approach_features(scene, first, last, named))
    chosen = named if by_rules.settled or by_rules.outside else _model_approach(scene, by_rules, chances)
    return chosen if isinstance(chosen, Approach) else by_rules, chances.get(
        chosen.value or "unknown" if isinstance(chosen, Approach) else named, 0.0
    )


def _model_approach(scene: Scene, by_rules: Approach, chances: Mapping[str, float]) -> Approach:
    named = "other" if by_rules.outside else by_rules.value or "unknown"
    chosen = max(chances, key=lambda name: (chances[name], name))
    if chosen == named:
        return by_rules
    if (
        chosen == "unknown"
        and by_rules.value
        and (by_rules.source == "title" or any(item.here >= _PLACED for item in by_rules.items))
    ):
        return by_rules
    if chosen in ("unknown", "other"):
        items, source = items_for(scene, "other") if chosen == "other" else ((), "body")
        return Approach(None, items, source, outside=chosen == "other")
    items, source = items_for(scene, chosen)
    if not items:
        return by_rules if by_rules.value or by_rules.outside else Approach(None)
    notes = (
        ("approach-from-title",)
        if source == "title"
        else tuple(note for note in by_rules.notes if note != "approach-from-title")
    )
    return Approach(chosen, items, source, notes)


def _modality(energy: Energy) -> str | None:
    values = energy.values or energy.outside
    return "+".join(sorted(values)) if values else None


def _target(scene: Scene, acts: frozenset[int]) -> tuple[Evidence, ...]:
    done = [item for item in scene.of("target") if item.candidate.strength != "nontumor"]
    both = [item for item in done if item.candidate.value == "liver-tumor"]
    chosen = both or done
    if not chosen:
        chosen = [
            item
            for item in scene.of("target", done=False, body=False)
            if item.candidate.value in ("liver-tumor", "liver")
            and item.mention.status not in ("other-organ", "boilerplate")
        ]
    return evidence(sorted(chosen, key=lambda item: item.sentence not in acts)[:3], "target")


def _problems(
    scene: Scene, energy: Energy, approach: Approach, families: tuple[str, ...], state: str, chance: float
) -> Iterable[tuple[str, tuple[Evidence, ...]]]:
    if state == "attempted":
        yield "no-energy-delivered", _lines(scene, problems.no_energy(scene), "performed")
        return
    if energy.outside and not energy.values:
        yield "energy-outside-family", evidence(energy.outside_items, "modality")
        return
    if energy.rival:
        yield "contradiction", evidence((*energy.rival, *energy.items), "modality")
    if not families:
        yield "energy-not-documented", evidence(energy.unknown, "modality")
    if approach.outside:
        yield "approach-outside-family", evidence(approach.items, "approach")
    elif approach.value is None:
        yield "approach-not-documented", ()
    if lines := problems.partial(scene, energy):
        yield "partial-treatment", _lines(scene, lines, "performed")
    if approach.value == "percutaneous":
        pass  # a needle resects nothing: words of a resection are of another time or another organ
    elif lines := resection.margin_ablated(scene, energy):
        yield "margin-ablation", _lines(scene, lines, "target")
    elif lines := resection.same_lesion_resected(scene, energy):
        yield "same-lesion-resected", _lines(scene, lines, "target")
    together = len(families) > 1 and not energy.rival
    if together and not (resection.on_different_tumors(scene, energy) or problems.may_be_several(scene)):
        yield "heat-and-cryo-same-tumor", evidence(energy.items, "modality", most=2)
    if lines := problems.denied_by_another(scene):
        yield "contradiction", _lines(scene, lines, "performed")
    if not scene.organ_weights or not _target(scene, frozenset()):
        yield "target-not-documented", ()
    elif scene.rival_organ and scene.default_organ != "liver" and (not energy.signs or chance < _LINKED):
        yield "energy-not-linked", ()


def _lines(scene: Scene, indices: Iterable[int], axis: str) -> tuple[Evidence, ...]:
    """Short evidence from whole sentences: the mentions in them, at most two sentences."""
    chosen = list(indices)[:2]
    items = [
        item
        for item in scene.items
        if item.sentence in chosen and item.candidate.label in ("modality", "delivery", "target")
    ]
    return evidence(items, axis, most=2)


def _alerts(
    scene: Scene, energy: Energy, approach: Approach, families: tuple[str, ...]
) -> Iterable[tuple[str, tuple[Evidence, ...]]]:
    if "microwave" in energy.values:
        yield (
            "microwave-as-rf",
            evidence([item for item in energy.items if item.candidate.value == "microwave"], "modality", most=1),
        )
    for note in approach.notes:
        yield note, evidence(approach.items, "approach", most=1)
    if energy.source == "title":
        yield "energy-from-title", evidence(energy.items, "modality", most=1)
    if len(families) > 1:
        yield "heat-and-cryo", evidence(energy.items, "modality", most=2)
    if resection.liver_resected(scene):
        yield "resection-same-session", ()
    if energy.outside and energy.values:
        yield "outside-energy-too", evidence(energy.outside_items, "modality", most=1)
    if scene.outcome("abandoned-lesion"):
        yield "second-tumor-abandoned", ()
    if scene.reading.document != "operative":
        yield "not-an-operative-note", ()


def _against(scene: Scene) -> dict[str, str]:
    """For each family that something speaks for without its energy being delivered: what the words are there for."""
    found: dict[str, str] = {}
    for item in scene.items:
        value = item.candidate.value
        if item.candidate.label == "modality" and value in IN_FAMILY and not item.done:
            found.setdefault(FAMILY[value], item.mention.status)
    return found


def _share(scene: Scene, energy: Energy) -> float:
    """Share of the chosen energies among all energies spoken of as performed."""
    total = sum(item.here for item in scene.of("modality", liver=False) if item.candidate.value in ENERGIES)
    return min(1.0, sum(item.here for item in energy.items) / total) if total else 0.0


def _support(scene: Scene, energy: Energy, signs: list[Item], stages: dict[str, float]) -> dict[str, float]:
    """Numbers for the confidence: how much speaks for delivery, energy and organ."""
    total = sum(item.here for item in signs)
    liver = scene.organ_weights.get("liver", 0.0)
    others = sum(weight for organ, weight in scene.organ_weights.items() if organ in ORGANS)
    return {
        "delivered": stages.get("delivered", 0.0),
        "signs": total,
        "energy": sum(item.here for item in energy.items),
        "energy-share": _share(scene, energy),
        "liver-share": liver / (liver + others) if liver + others else 0.0,
        "denials": float(len(problems.no_energy(scene))),
        "stops": float(len(problems.stopped(scene))),
    }
