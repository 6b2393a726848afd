"""How the probe reached the liver when the energy was delivered: the last state before the energy decides (R18-R22)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .conversion import unconverted
from .lines import way_features
from .reading import BODY
from .scene import Item, Scene
from .whole import whole_features

_LAP_ROBOT = re.compile(r"robot|da ?vinci|\bxi\b", re.I)
_BARE_ROBOT = re.compile(r"robot(?:ic|ically|ic[- ]assisted|[- ]assisted)?(?: (?:arm|system|platform|approach))?", re.I)
_AT_SURGERY = re.compile(r"\b(?:un)?dock|trocar|\bports?\b|insufflat|pneumoperitoneum|da ?vinci", re.I)
_HAND = re.compile(r"hand|hals|gel ?port", re.I)
_BEFORE_CONVERSION = re.compile(r"(?:before|prior to|ahead of) (?:the )?(?:conver|open|laparotomy)", re.I)
_SCANNERS = frozenset({"ct", "mr", "cone-beam ct"})
_WAYS = frozenset({"percutaneous", "laparoscopic", "open"})
_SURE = 0.5
_OPENED = 0.6


@dataclass(frozen=True, slots=True)
class Approach:
    """``value``: the approach or None; ``items``: its words; ``source``: body, title or guidance; ``notes``: alert ids;
    ``settled``: no model may say otherwise."""

    value: str | None
    items: tuple[Item, ...] = ()
    source: str = "body"
    notes: tuple[str, ...] = ()
    outside: bool = False
    settled: bool = False


def read_approach(scene: Scene, first: int, last: int) -> Approach:
    """The approach; ``first`` and ``last`` are the sentences of the first and last sign of energy on the liver."""
    items = [item for item in way_items(scene, first) if item.organ in ("liver", "")]
    if corrected := by_addendum(scene):
        return Approach(corrected[0].candidate.value, corrected, settled=True)
    if needle_robot(scene) and not any(item.candidate.value in ("open", "other") for item in items):
        scans = (item for item in scene.of("guidance", liver=False) if item.candidate.value in _SCANNERS)
        return Approach("percutaneous", tuple(items) or tuple(scans))
    by_value: dict[str, list[Item]] = {}
    for item in items:
        by_value.setdefault(item.candidate.value, []).append(item)
    lap, opened, skin, other = (by_value.get(value, []) for value in ("laparoscopic", "open", "percutaneous", "other"))
    if any(item.here >= _SURE for item in other):
        return Approach(None, tuple(other), outside=True)
    converted = [item for item in opened if item.candidate.rule == "app-conversion" and not _no_conversion(scene, item)]
    notes = _notes(lap, skin, opened)
    late = any(_BEFORE_CONVERSION.search(scene.text(item.sentence)) for item in converted)
    if converted and late and lap:
        return Approach("laparoscopic", tuple(lap), notes=("opened-after-ablation", *notes))
    if converted:
        if min(item.sentence for item in converted) <= last:
            sure = any(item.here >= _SURE for item in converted)
            return Approach("open", tuple(converted), notes=("converted-to-open", *notes), settled=sure)
        if lap:
            return Approach("laparoscopic", tuple(lap), notes=("opened-after-ablation", *notes))
    entry = [item for item in opened if item.candidate.rule != "app-conversion"]
    if entry and lap:
        return _open_or_laparoscopic(entry, lap, first, last, notes)
    if opened_before_energy(scene, entry):
        return Approach("open", tuple(entry), notes=notes, settled=True)
    if other and _mass(other) >= max(_mass(lap), _mass(entry), _mass(skin)) * 0.8:
        return Approach(None, tuple(other), outside=True)
    for value, found in (("laparoscopic", lap), ("open", entry), ("percutaneous", skin)):
        if found and (value == "percutaneous" or _mass(found) >= 0.35 * _mass(skin) or _named(found)):
            return Approach(value, tuple(found), notes=notes)
    return _without_words(scene)


def opened_before_energy(scene: Scene, entry: Sequence[Item]) -> bool:
    """Whether the abdomen was surely opened and energy surely given after that: an open session, whatever was done through the skin
    before (R27)."""
    cut = [item.sentence for item in entry if item.here >= _OPENED and item.candidate.strength == "entry"]
    if not cut:
        return False
    return any(
        item.sentence >= min(cut) and item.here >= _OPENED and item.candidate.strength in ("device", "name", "number")
        for label in ("modality", "delivery")
        for item in scene.of(label)
    )


def by_addendum(scene: Scene) -> tuple[Item, ...]:
    """An addendum's own word for the approach, when it uses but one (R18: the addendum is the last word), or when it tells that the
    scope's way was left and the abdomen opened."""
    told = [
        item
        for item in scene.of("approach", liver=False)
        if scene.kind(item) == "addendum" and item.here >= _SURE and item.candidate.value in _WAYS
    ]
    named = tuple(item for item in told if item.candidate.strength == "name")
    opened = tuple(item for item in told if item.candidate.value == "open" and item.candidate.strength != "implied")
    scope = [item.candidate.start for item in told if item.candidate.value == "laparoscopic"]
    if opened and scope and max(item.candidate.start for item in opened) > max(scope):
        return opened
    return named if len({item.candidate.value for item in named}) == 1 else ()


def way_items(scene: Scene, first: int) -> list[Item]:
    """The performed approach words, without those of a scope that was out again before the energy, or of a robot for needles."""
    items = list(scene.of("approach", liver=False))
    ended = scope_ended(scene, first)
    items = [item for item in items if item.candidate.value != "laparoscopic" or item.sentence > ended]
    if needle_robot(scene):
        items = [item for item in items if item.candidate.value != "laparoscopic"]
    return items


def scope_ended(scene: Scene, first: int) -> int:
    """The sentence in which the scope came out before the energy, where another way in follows it; -1 where none does (R22)."""
    ended = max((index for index in scene.outcome("scope-ended") if index < first), default=-1)
    follows = any(
        item.sentence > ended and item.candidate.value in ("percutaneous", "open", "ct", "mr", "cone-beam ct")
        for label in ("approach", "guidance")
        for item in scene.of(label, done=False, liver=False)
        if item.mention.status in ("performed", "mention")
    )
    return ended if follows else -1


def needle_robot(scene: Scene) -> bool:
    """Whether all that speaks for a scope is a robot, under CT or MR: a robot that points needles (R20)."""
    lap = [item for item in scene.of("approach", liver=False) if item.candidate.value == "laparoscopic"]
    if not lap or not all(_BARE_ROBOT.fullmatch(item.mention.text) for item in lap):
        return False
    if any(_AT_SURGERY.search(sentence.text) for sentence in scene.reading.found.sentences):
        return False
    return any(
        item.candidate.value in _SCANNERS and item.mention.status in ("performed", "mention")
        for item in scene.of("guidance", done=False, liver=False)
    )


def approach_features(scene: Scene, first: int, last: int, by_rules: str) -> dict[str, float]:
    """Named numbers for the approach model: how much speaks for each way, where, and what the rules say."""
    found: dict[str, float] = {f"rules={by_rules}": 1.0}
    for item in way_items(scene, first):
        value, here = item.candidate.value, item.here
        for name in (
            f"mass:{value}",
            f"{item.candidate.strength}:{value}",
            f"{'early' if item.sentence <= last else 'late'}:{value}",
        ):
            found[name] = min(3.0, found.get(name, 0.0) + here)
        if first - 2 <= item.sentence <= last:
            found[f"near:{value}"] = min(3.0, found.get(f"near:{value}", 0.0) + here)
        if item.candidate.rule == "app-conversion" and not _no_conversion(scene, item):
            found[
                f"conversion:{'before' if item.sentence <= first else 'between' if item.sentence <= last else 'after'}"
            ] = here
    for item in scene.of("approach", done=False, body=False, liver=False):
        if scene.kind(item) in ("title", "diagnosis") and item.mention.status in ("mention", "performed"):
            found[f"title:{item.candidate.value}"] = 1.0
    for item in scene.of("guidance", liver=False):
        name = f"guidance:{item.candidate.value}"
        found[name] = max(found.get(name, 0.0), item.here)
    for item in scene.of("approach", done=False, liver=False):
        if item.mention.status in ("mention", "performed") and not item.done:
            found[f"named:{item.candidate.value}"] = min(1.0, found.get(f"named:{item.candidate.value}", 0.0) + 0.5)
    for value, here in state_before(scene, first, last).items():
        found[f"state:{value}"] = here
    ended = scope_ended(scene, first)
    found["scope-ended"] = float(ended >= 0)
    if scene.lines:
        found |= way_features(scene.lines, first, last, ended + 1)
    if scene.whole:
        found |= whole_features(scene.whole.way)
    if needle_robot(scene):
        found = {name: value for name, value in found.items() if not name.endswith(":laparoscopic")}
    return {name: value for name, value in found.items() if value}


def state_before(scene: Scene, first: int, last: int) -> dict[str, float]:
    """The way in as it stood when the energy came: the last act of getting in before it; a needle through the skin changes nothing
    while the abdomen is open or under the scope."""
    state: dict[str, float] = {}
    for item in way_items(scene, first):
        if item.sentence > max(first, last - 2) or item.candidate.strength == "implied" or item.here < _SURE - 0.1:
            continue
        if item.candidate.value == "percutaneous" and state:
            continue
        state = {item.candidate.value: item.here}
    return state


def items_for(scene: Scene, value: str) -> tuple[tuple[Item, ...], str]:
    """The words for an approach, and where they come from: body, title or guidance."""
    body = tuple(item for item in scene.of("approach", liver=False) if item.candidate.value == value)
    if body:
        return body, "body"
    titled = tuple(
        item
        for item in scene.of("approach", done=False, body=False, liver=False)
        if scene.kind(item) in ("title", "diagnosis") and item.candidate.value == value
    )
    if titled:
        return titled, "title"
    implied = {
        "laparoscopic": ("laparoscopic ultrasound",),
        "percutaneous": ("ct", "mr", "cone-beam ct", "ultrasound"),
        "open": ("intraoperative ultrasound",),
    }
    if scene.reading.document == "stay":
        return (), "guidance"
    return tuple(
        item for item in scene.of("guidance", liver=False) if item.candidate.value in implied.get(value, ())
    ), "guidance"


def _open_or_laparoscopic(
    entry: Sequence[Item], lap: Sequence[Item], first: int, last: int, notes: tuple[str, ...]
) -> Approach:
    before = [item for item in entry if item.sentence <= last]
    if (
        before
        and _mass(before) >= 0.5 * _mass(lap)
        and max(item.sentence for item in before) >= min(item.sentence for item in lap)
    ):
        return Approach("open", tuple(before), notes=notes)
    if _mass(entry) > 1.5 * _mass(lap):
        return Approach("open", tuple(entry), notes=notes)
    return Approach("laparoscopic", tuple(lap), notes=notes)


def _mass(items: Sequence[Item]) -> float:
    return sum(item.here * (0.5 if item.candidate.strength == "implied" else 1.0) for item in items)


def _named(items: Sequence[Item]) -> bool:
    return any(item.candidate.strength == "name" and item.here >= _SURE for item in items)


def _no_conversion(scene: Scene, item: Item) -> bool:
    """Whether a conversion is denied or only spoken of ("no conversion", "without having to convert", "in case we convert")."""
    return bool(unconverted(scene.text(item.sentence), item.candidate.at, item.candidate.to))


def _notes(lap: Sequence[Item], skin: Sequence[Item], opened: Sequence[Item]) -> tuple[str, ...]:
    notes = []
    if any(_LAP_ROBOT.search(item.mention.text) for item in lap):
        notes.append("robotic")
    if any(_HAND.search(item.mention.text) for item in lap):
        notes.append("hand-assisted")
    if (lap or opened) and skin:
        notes.append("needle-through-skin")
    return tuple(notes)


def _without_words(scene: Scene) -> Approach:
    """No sure word in the body: the title's approach, then what the guidance implies, then words merely named and never denied."""
    titled: dict[str, list[Item]] = {}
    named: dict[str, list[Item]] = {}
    for item in scene.of("approach", done=False, body=False, liver=False):
        if item.mention.status not in ("mention", "performed") or item.candidate.value == "other":
            continue
        if scene.kind(item) in ("title", "diagnosis"):
            titled.setdefault(item.candidate.value, []).append(item)
        elif scene.kind(item) in BODY and item.candidate.strength != "implied":
            named.setdefault(item.candidate.value, []).append(item)
    if len(titled) == 1:
        ((value, items),) = titled.items()
        return Approach(value, tuple(items), "title", ("approach-from-title",))
    imaging: dict[str, list[Item]] = {}
    for item in scene.of("guidance", liver=False):
        imaging.setdefault(item.candidate.value, []).append(item)
    if "laparoscopic ultrasound" in imaging:
        return Approach("laparoscopic", tuple(imaging["laparoscopic ultrasound"]), "guidance")
    if len(named) == 1:
        ((value, items),) = named.items()
        return Approach(value, tuple(items), "title", ("approach-from-title",))
    for value in ("ct", "mr", "cone-beam ct"):
        if value in imaging and "intraoperative ultrasound" not in imaging:
            return Approach("percutaneous", tuple(imaging[value]), "guidance")
    return Approach(None)
