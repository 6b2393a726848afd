"""Facts: what was done to the liver in this note, put together from energy, approach, count, guidance and outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..domain import Evidence, Fact, OpFacts
from . import problems, resection
from .approach import Approach, approach_features, items_for, read_approach, surely_converted
from .count import read_count
from .energy import FAMILY, Energy, read_energy
from .focus import ORGANS
from .guidance import read_guidance
from .model import Models
from .reading import ENERGIES, IN_FAMILY
from .scene import Item, Scene, evidence
from .stage import stage_features

_CONFIDENT = 0.5
_MAY_BE_NOTHING = 0.5
_PLACED = 0.6
_LINKED = 0.6
_SOME_SIGN = 0.3
_SURE_LINE, _LIKELY_LINE = 0.75, 0.5
_SURE_STAGE, _MUCH_ENERGY = 0.85, 1.5


def resolve(scene: Scene, models: Models | None = None) -> OpFacts:
    """The facts of a scene; with models the stage and the approach are theirs, the rules' answers being among their features."""
    energy = read_energy(scene)
    signs = strong_signs(scene, energy)
    stages = read_stage(scene, energy, signs, models)
    state = max(stages, key=lambda name: (stages[name], name))
    if state != "none" and not on_liver(scene, energy):
        state = "none"
    elif state == "delivered" and not told_as_delivered(scene, energy, stages["delivered"]):
        state = "attempted"
    if state == "attempted" and not (problems.begun(scene) or stages.get("none", 0.0) < _MAY_BE_NOTHING):
        state = "none"
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
    return without_delivery(chances) if flatly_denied(scene, signs) else chances


def without_delivery(chances: Mapping[str, float]) -> dict[str, float]:
    """The chances of an attempt and of nothing, once delivery is out of the question."""
    rest = sum(chance for name, chance in chances.items() if name != "delivered")
    return {name: 0.0 if name == "delivered" else chance / rest for name, chance in chances.items()}


def flatly_denied(scene: Scene, signs: list[Item]) -> bool:
    """Whether the note says of the whole session that no energy was given, and no watts, cycles or temperatures say otherwise."""
    hard = any(item.candidate.value in ("power", "temperature", "cycles") and item.here >= _CONFIDENT for item in signs)
    return not hard and any(problems.decisive(scene, index) for index in problems.no_energy(scene))


def act_range(scene: Scene, energy: Energy) -> tuple[int, int]:
    """First and last sentence of the energy on the liver, as the body tells it."""
    acts = problems.acts_of(energy)
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
    chosen = named if surely_converted(by_rules) or by_rules.outside else _model_approach(scene, by_rules, chances)
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
        return by_rules
    notes = (
        ("approach-from-title",)
        if source == "title"
        else tuple(note for note in by_rules.notes if note != "approach-from-title")
    )
    return Approach(chosen, items, source, notes)


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
    if lines := resection.margin_ablated(scene, energy):
        yield "margin-ablation", _lines(scene, lines, "target")
    elif lines := resection.same_lesion_resected(scene, energy):
        yield "same-lesion-resected", _lines(scene, lines, "target")
    together = len(families) > 1 and not energy.rival
    if together and not (resection.on_different_tumors(scene, energy) or problems.may_be_several(scene)):
        yield "heat-and-cryo-same-tumor", evidence(energy.items, "modality", most=2)
    if lines := problems.denied_by_another(scene):
        yield "contradiction", _lines(scene, lines, "performed")
    if not _target(scene, frozenset()):
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
