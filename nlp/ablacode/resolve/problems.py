"""What a coder would have to ask about a note in which energy was delivered to the liver (or nearly was)."""

from __future__ import annotations

import re

from .energy import Energy
from .reading import BODY
from .scene import Scene
from .segments import segments_in

_REMAINING = re.compile(
    r"\b(?:second|third|other|remaining|another|smaller|larger|further|additional|left|right)\b", re.I
)
_EARLIER = re.compile(
    r"\b(?:19|20)\d\d\b|\bago\b|\bprior\b|\bprevious\w*|\bafter (?:tace|the first)|\blast (?:year|month)|\bif\b|\b\d/\d",
    re.I,
)
_PAST_LINE = 0.5
_TWO = 2
_TOP = 4
"""Sentences at the top that may be a title without being called so."""
_MEASURED = 0.6
_MAY_BE_PLACED = 0.3
_WHOLE = re.compile(
    r"\b(?:today|this (?:session|time|procedure|operation|admission)|at (?:no|any) (?:time|point)|ever|never|no (?:\w+\s)?energy|to the (?:liver|tumor|lesion)|not (?:a|one) (?:single )?(?:watt|second|joule|freeze|burn)|(?:would|did) not (?:start|fire|arm|power up|come on)|never (?:fired|started|armed|came on|activated|energized|pressed|used|turned on|switched on|given|begun|lit)|(?:was|were) taken out cold|any (?:energy|ablation|tumor|lesion)|nothing)\b",
    re.I,
)
_NOT_TREATED = re.compile(
    r"\b(?:tumor|lesion|mass|nodule|metastasis|hcc)\s(?:\w+\s){0,4}?(?:(?:was|is|were|has|have)\s(?:not|never)\s(?:been\s)?(?:yet\s)?(?:ablated|treated|frozen|burned|heated)|(?:remains?|left) un(?:ablated|treated))",
    re.I,
)
_HARMLESS = re.compile(
    r"\b(?:bleeding|complication|residual|enhanc|pneumothorax|recurren|metasta|injur|margin|elsewhere)\w*", re.I
)
_PLACED = re.compile(
    r"\b(?:advanc|plac|insert|position|introduc|pass|put|seat|in the (?:tumor|lesion)|into|through|stuck|fed|punctur|target)\w*",
    re.I,
)
_SEVERAL = re.compile(
    r"\b(?:both|two(?! thirds)|three|four|second|third(?! of)|fourth|another|the other|other|remaining|each|1st|2nd|3rd)\s(?:(?!freeze|cycle|burn|probe|needle|antenna)\w+\s){0,3}(?:lesion|tumor|nodule|mets?|metastas[ie]s|ones?|hccs?|deposit|mass|masses|focus|foci|spot|target|zone)s?\b",
    re.I,
)
_NEW = re.compile(
    r"\b(?:a |the )?(?:new|another|other|second|further|separate|additional)\s(?:(?!freeze|cycle|burn|probe|needle|antenna|puncture|look|scan)\w+\s){0,3}(?:lesion|tumor|nodule|met|metastasis|hcc|deposit|mass|focus)\b",
    re.I,
)
_PROBES = re.compile(
    r"\b(?:antenna|probe|needle|electrode|applicator|cycle|freeze|burn|track|tract|lobe|side|hand|arm)\w*", re.I
)
_NO_OTHER = re.compile(
    r"\b(?:no|without|not|never|nothing)\b.{0,30}\b(?:other|second|another)\b|\bold\b|\bprevious\b|\bprior\b", re.I
)
_TOLD = BODY | frozenset({"addendum", "attestation", "log", "impression"})


def acts_of(energy: Energy) -> frozenset[int]:
    """Sentences with a sign of delivery or a named energy performed on the liver."""
    return frozenset(item.sentence for item in (*energy.signs, *energy.items))


def no_energy(scene: Scene) -> list[int]:
    """Sentences that deny the delivery of energy to the only, or to every, tumour."""
    return [
        index
        for index in scene.outcome("no-energy", kinds=_TOLD)
        if not _REMAINING.search(scene.text(index)) and not _HARMLESS.search(scene.text(index))
    ]


def decisive(scene: Scene, index: int) -> bool:
    """Whether a denial speaks of the whole session, or stands in an addendum."""
    text = scene.text(index)
    alone = bool(_NOT_TREATED.search(text)) and not several_tumors(scene) and len(_places(scene)) < _TWO
    return bool(_WHOLE.search(text)) or alone or scene.reading.found.sentences[index].kind == "addendum"


def ended_before(scene: Scene) -> bool:
    """Whether the note says that nothing was begun: in an addendum, or plainly and without a number of any energy."""
    ended = [
        index
        for index in scene.outcome("cancelled", kinds=_TOLD | {"title"})
        if not scene.reading.traits[index] & {"ago", "past-perfect", "year", "future"}
    ]
    if any(scene.reading.found.sentences[index].kind == "addendum" for index in ended):
        return True
    measured = any(
        item.here >= _MEASURED and not scene.reading.traits[item.sentence] & {"plan-word", "future"}
        for item in scene.of("delivery")
        if item.candidate.value in ("power", "duration", "temperature", "cycles")
    )
    return bool(ended) and not measured and not begun(scene)


def denied_by_another(scene: Scene) -> list[int]:
    """Sentences of an attestation or a log that deny what the body tells as done."""
    return [index for index in no_energy(scene) if scene.reading.found.sentences[index].kind in ("attestation", "log")]


def begun(scene: Scene) -> bool:
    """Whether a probe was on its way into the liver."""
    placed = [
        item
        for item in scene.of("modality", done=False)
        if item.organ == "liver"
        and item.candidate.strength in ("device", "weak", "name")
        and item.here >= _MAY_BE_PLACED
        and _PLACED.search(scene.text(item.sentence))
    ]
    return bool(placed)


def stopped(scene: Scene) -> list[int]:
    """Sentences that say the session was stopped or left incomplete."""
    return scene.outcome("stopped")


def partial(scene: Scene, energy: Energy) -> list[int]:
    """Sentences that say the only tumour was left partly treated: a stop, and a part of the tumour out of reach of it (R42b)."""
    first = min((item.sentence for item in energy.signs), default=0)
    stops = [
        index
        for index in scene.outcome("stopped", kinds=_TOLD | {"title"})
        if index >= first or _at_title(scene, index)
    ]
    told = [
        index
        for index in scene.outcome("partial", kinds=_TOLD | {"title"})
        if (index >= first or _at_title(scene, index)) and not _EARLIER.search(scene.text(index))
    ]
    if not told or not (stops or any(_at_title(scene, index) for index in told)):
        return []
    return [] if several_tumors(scene) else told


def _at_title(scene: Scene, index: int) -> bool:
    return scene.reading.found.sentences[index].kind in ("title", "impression") or index < _TOP


def may_be_several(scene: Scene) -> bool:
    """Whether more than one liver tumour may be at hand, by the weaker signs that suffice where two energies were given: two
    segments, another or a new tumour, and nothing that speaks of one and the same."""
    if several_tumors(scene):
        return True
    corrected = {"addendum", "attestation"} & {sentence.kind for sentence in scene.reading.found.sentences}
    if corrected or scene.outcome("same-tumor") or scene.outcome("correction", kinds=None):
        return False
    places: set[int] = set()
    for item in scene.of("target", done=False, body=False, liver=False):
        places.update(segments_in(item.mention.text))
    return len(places) > 1 or any(_NEW.search(sentence.text) for sentence in scene.reading.found.sentences)


def _places(scene: Scene) -> set[int]:
    """Segments of all tumours the note names, an earlier treatment's apart."""
    return {
        place
        for item in scene.of("target", done=False, body=False, liver=False)
        if item.mention.status != "historical" and not told_as_past(scene, item.sentence)
        for place in segments_in(item.mention.text)
    }


def told_as_past(scene: Scene, index: int) -> bool:
    """Whether a sentence tells of an earlier treatment: by its grammar, or by its words."""
    looks_back = bool(scene.reading.traits[index] & {"ago", "past-perfect"})
    return looks_back or (scene.lines is not None and scene.lines.energy[index].get("past", 0.0) >= _PAST_LINE)


def several_tumors(scene: Scene) -> bool:
    """Whether the note speaks of more than one liver tumour at hand: a number, or tumours in several segments."""
    for item in scene.of("tumor_count", done=False, body=False, liver=False):
        elsewhere = item.mention.status in ("historical", "other-organ", "boilerplate") or told_as_past(
            scene, item.sentence
        )
        of_probes = item.mention.text.lower() == "both" and _PROBES.search(scene.text(item.sentence))
        if int(item.candidate.value) > 1 and not elsewhere and not of_probes:
            return True
    places: set[int] = set()
    for item in scene.of("target", done=False, body=False, liver=False):
        told = scene.kind(item) in _TOLD | {"indication", "diagnosis", "title"}
        past = item.mention.status in ("historical", "negated") or told_as_past(scene, item.sentence)
        if told and item.candidate.value == "liver-tumor" and not past:
            places.update(segments_in(item.mention.text))
    if len(places) > 1:
        return True
    kinds = _TOLD | {"indication", "diagnosis", "title"}
    texts = [sentence.text for sentence in scene.reading.found.sentences if sentence.kind in kinds]
    return any(_SEVERAL.search(text) and not _NO_OTHER.search(text) for text in texts)
