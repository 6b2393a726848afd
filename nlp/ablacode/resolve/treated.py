"""The places that were treated in this session, and those that the note names but says were cut out, left or only looked at."""

from __future__ import annotations

import re

from ..find.places import distinct_places, named_places
from .scene import Item, Scene


def words_of(words: str) -> re.Pattern[str]:
    """A pattern for any of these words."""
    return re.compile(rf"\b(?:{words})\b", re.I)


_TREATED = words_of(
    r"ablat\w*|abl|treat\w*|fr[eo]e?z\w*|frozen|cryo\w*|heated|burn\w*|cook\w*|microwav\w*|mwa|rfa|rf|"
    r"radiofrequency|done|destroy\w*|covered|whited?|ice|zones?|cloud|margins?|same (?:way|thing|manner|"
    r"technique|settings|for)|likewise|similarly|needled|entered|antenna|electrode|probes?|cryoprobes?|"
    r"applicator"
)
DID = words_of(
    r"ablat\w*|abl|treated|frozen|cryo\w*|heated|burned|microwaved|microwave|mwa|rfa|rf|radiofrequency|"
    r"done|destroyed|completed|microwaves|treatment"
)
AGAIN = words_of(
    r"same (?:way|thing|manner|technique|settings|for|again|fashion)|likewise|similarly|repeated|\d{2,3}\s?w(?:atts?)?"
)
_NEXT = words_of(r"then|next|followed by|finally|lastly|turned to|moved to|redirected to|repositioned (?:in)?to")
_LOOKED = words_of(
    r"scan\w*|biops\w*|cores?|sampl\w*|touch prep|three passes|inspect\w*|look\w*|survey\w*|saw|seen|found|identif\w*|expos\w*|"
    r"mobili\w*"
)
REFUSED = words_of(
    r"resect\w*|wedge\w*|excis\w*|enucleat\w*|remov(?:ed|al)|shelled|cut out|specimens?|embol\w*|tace|"
    r"beads?|bx|left (?:alone|be\b|in place|untreated|as|for)|were left|was left|untouched|defer\w*|"
    r"abandon\w*|untreated|(?:could|can|did|would|was|were|is|are|been|so|and|but|-|,)\s?(?:not|"
    r"never)\b(?! bleed| touched by)|no longer|not (?:tx\w*|attempted|treated|ablated|done|seen|found|"
    r"visible|planned)|disappeared|vanished|cysts?|cystic|hemangiomas?|scars?|calcif\w*|observ\w*|"
    r"watch(?:ed)? only|nothing (?:(?:was |further )?done|in|at)|blank|came out|taken out|took out|-> out|"
    r"segmentectomy|sectionectomy|hepatectomy|lobectomy|metastasectom\w*|transection|transected|stapled|stapler|gone|"
    r"(?:not|never) (?:retrieved|recovered|located|identified)|parenchyma (?:was )?divided|popped out"
)
_EVEN_SO = words_of(
    r"untreated|never (?:turned|started|fired|begun)|abandon\w*|defer\w*|(?:not|"
    r"never)\s(?:\w+\s){0,2}?(?:tx\w*|attempted|treated|ablated|done|frozen|heated|burned|needled|"
    r"planned)|embolized only|left alone|left untreated|(?:deliberately|intentionally|purposely) left|renounc\w*"
)
"""Words that keep a place from counting even where a probe was put there."""
_THEN_LEFT = re.compile(
    r"\b(?:i|we|she|he|this|it|which|that(?: one)?|decision)\b[^.;]{0,30}?(?:"
    r"(?:not|never) (?:to )?(?:treat|ablate|freeze|burn|heat|shoot|attempt|pursue|needle|touch)\w*|left (?:it|this|that)\b|let (?:it|this) be|"
    r"renounc\w+|gave (?:it|this) up|spared (?:it|this)|(?:was|were) (?:left|spared|deferred|not (?:treated|ablated|frozen|attempted|heated|burned)))"
    r"|,? and (?:was |were )?(?:only )?(?:observed|watched|spared|deferred)\b",
    re.I,
)
"""What a sentence, or the one after it, says of the place just named: "I left it for the radiotherapists", "this was not treated"."""
_NOT = re.compile(r"\b(?:not|rather than|instead of)\s(?:in\s|the\s)?(?:segment\s|seg\s)?$", re.I)
"""A place corrected away: "segment V, not VI"."""
_BREAK = re.compile(
    r"[.;()|]\s|\s(?:but|while|whereas|though|although)\s|,\s(?:and|so|then|but)\s|"
    r"[,+&]\s(?=(?:\w+\s){0,2}(?:ablat|resection|wedge|biops|microwave|mwa|rfa|cryo|excis|enucl|metastasect|segmentect))",
    re.I,
)
_NTH = {"first": 0, "former": 0, "second": 1, "latter": 1, "third": 2, "fourth": 3}
_EACH = words_of(r"each|both|all|every|these|respectively|either")
_PERFORMED = 0.6
_SHORT = 4
_WINDOW = 400


def treated_places(
    scene: Scene, acts: frozenset[int], told: list[int]
) -> tuple[dict[str, Item | None], frozenset[str]]:
    """Places treated, each with its words, and places that the note says were not."""
    treated: dict[str, Item | None] = {}
    left: set[str] = set()
    refused: set[str] = set()
    topic: dict[str, Item | None] = {}
    for index in told:
        text = scene.text(index)
        named = list(named_places(text))
        here: dict[str, Item | None] = {}
        for number, (at, to, places) in enumerate(named):
            row_end = named[number + 1][0] if number + 1 < len(named) else len(text)
            clause = text[at:row_end] if "|" in text else clause_around(text, at, to)
            rest = text[to : named[number + 1][0] if number + 1 < len(named) else len(text)]
            denied = _EVEN_SO.search(clause) or _NOT.search(text[:at]) or _THEN_LEFT.search(rest)
            if denied or _refused_next(scene, index, named):
                refused.update(places)
                topic = {place: item for place, item in topic.items() if place not in places}
            elif REFUSED.search(clause) and not DID.search(clause):
                left.update(places)
                topic = {place: item for place, item in topic.items() if place not in places}
            else:
                words: dict[str, Item | None] = dict.fromkeys(places, _item_at(scene, index, at, to))
                here |= words
                if _treats(scene, index, (at, to), clause, acts, alone=len(named) == 1):
                    treated = words | treated
        if here:
            topic = here
        elif named and len(topic) == 1:
            topic = {}
        if index in acts and not named:
            treated = {place: topic[place] for place in _meant(list(topic), text)} | treated
    kept = distinct_places(place for place in treated if place not in refused)
    return {place: treated[place] for place in kept}, frozenset((left | refused) - set(treated))


def clause_around(text: str, start: int, end: int) -> str:
    """The part of a sentence around a phrase, up to a full stop, a bracket, a "but"."""
    before = [match.end() for match in _BREAK.finditer(text, max(0, start - _WINDOW), max(start, 0))]
    after = _BREAK.search(text, end, end + _WINDOW)
    return text[before[-1] if before else max(0, start - _WINDOW) : after.start() if after else end + _WINDOW]


def _treats(scene: Scene, index: int, at: tuple[int, int], clause: str, acts: frozenset[int], *, alone: bool) -> bool:
    """Whether a sentence tells that the place named in it was treated."""
    if index in acts and (alone or _TREATED.search(clause)):
        return True
    if _NEXT.search(clause) and not _LOOKED.search(clause) and {index - 1, index + 1} & acts:
        return True
    item = _item_at(scene, index, *at)
    if _LOOKED.search(clause) and not DID.search(clause):
        item = None
    return bool(AGAIN.search(clause)) or (item is not None and item.here >= _PERFORMED and item.organ == "liver")


def _meant(topic: list[str], text: str) -> list[str]:
    """Which of the places named last a sentence without a place speaks of: the only one, each, "the first"."""
    if len(topic) <= 1 or _EACH.search(text):
        return topic
    return [
        topic[number]
        for word, number in _NTH.items()
        if number < len(topic) and re.search(rf"\b{word}\b(?! freeze| cycle| pass| burn| probe| run)", text, re.I)
    ]


def _refused_next(scene: Scene, index: int, named: list[tuple[int, int, list[str]]]) -> bool:
    """Whether the only place of a sentence is refused by a short sentence after it ("Not attempted.")."""
    after = scene.text(index + 1)
    if len(named) != 1 or any(True for _ in named_places(after)):
        return False
    return bool(_THEN_LEFT.match(after)) or (len(after.split()) <= _SHORT and bool(_EVEN_SO.search(after)))


def _item_at(scene: Scene, index: int, at: int, to: int) -> Item | None:
    targets = (item for item in scene.items if item.sentence == index and item.candidate.label == "target")
    return next((item for item in targets if item.candidate.at < to and at < item.candidate.to), None)
