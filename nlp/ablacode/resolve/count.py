"""How many liver tumours were ablated in this session; None where a careful reader cannot tell (R3).

A note tells the number in several ways at once: a total ("both were treated"), the places that were treated one after
the other, the tumours found less those cut out or left, "a second one", or the singular throughout. Each way votes for
the number it reads, by how far it can be trusted; the number with most behind it is the answer when it is clear enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..find.counts import distinct_places, find_ordinals, named_places, segments_of
from .reading import BODY
from .scene import Item, Scene


def _words(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b", re.I)


_TREATED = _words(
    r"ablat\w*|abl|treat\w*|fr[eo]e?z\w*|frozen|cryo\w*|heated|burn\w*|cook\w*|microwav\w*|mwa|rfa|rf|"
    r"radiofrequency|done|destroy\w*|covered|whited?|ice|zones?|cloud|margins?|same (?:way|thing|manner|"
    r"technique|settings|for)|likewise|similarly|needled|entered|antenna|electrode|probes?|cryoprobes?|"
    r"applicator"
)
_DID = _words(
    r"ablat\w*|abl|treated|frozen|cryo\w*|heated|burned|microwaved|microwave|mwa|rfa|rf|radiofrequency|"
    r"done|destroyed|completed"
)
_AGAIN = _words(
    r"same (?:way|thing|manner|technique|settings|for|again|fashion)|likewise|similarly|repeated|\d{2,3}\s?w(?:atts?)?"
)
_NEXT = _words(r"then|next|followed by|finally|lastly|turned to|moved to|redirected to|repositioned (?:in)?to")
_LOOKED = _words(
    r"scan\w*|biops\w*|cores?|sampl\w*|inspect\w*|look\w*|survey\w*|saw|seen|found|identif\w*|expos\w*|"
    r"mobili\w*"
)
_REFUSED = _words(
    r"resect\w*|wedge\w*|excis\w*|enucleat\w*|remov(?:ed|al)|shelled|cut out|specimens?|embol\w*|tace|"
    r"beads?|bx|left (?:alone|be\b|in place|untreated|as|for)|were left|was left|untouched|defer\w*|"
    r"abandon\w*|untreated|(?:could|can|did|would|was|were|is|are|been|so|and|but|-|,)\s?(?:not|"
    r"never)\b(?! bleed| touched by)|no longer|not (?:tx\w*|attempted|treated|ablated|done|seen|found|"
    r"visible|planned)|disappeared|vanished|cysts?|cystic|hemangiomas?|scars?|calcif\w*|observ\w*|"
    r"watch(?:ed)? only|nothing (?:(?:was |further )?done|in|at)|blank|came out|taken out|took out|-> out|"
    r"segmentectomy|sectionectomy|hepatectomy|lobectomy|metastasectom\w*"
)
_EVEN_SO = _words(
    r"untreated|never (?:turned|started|fired|begun)|abandon\w*|defer\w*|(?:not|"
    r"never)\s(?:\w+\s){0,2}?(?:tx\w*|attempted|treated|ablated|done|frozen|heated|burned|needled|"
    r"planned)|embolized only|left alone|left untreated"
)
"""Words that keep a place from counting even where a probe was put there."""
_NOT = re.compile(r"\b(?:not|rather than|instead of)\s(?:in\s|the\s)?(?:segment\s|seg\s)?$", re.I)
"""A place corrected away: "segment V, not VI"."""
_PLANNED = _words(
    r"booked|scheduled|plan\w*|propos\w*|intend\w*|would|should|could|will|listed|consent\w*|recommend\w*|"
    r"offer\w*|candidate|discuss\w*|hope\w*|wish\w*|asked"
)
_IN_ALL = _words(r"in all|in total|total|altogether|tally|summary|impression|all")
_BREAK = re.compile(
    r"[.;()|]\s|\s(?:but|while|whereas|though|although)\s|,\s(?:and|so|then|but)\s|"
    r"[,+&]\s(?=(?:\w+\s){0,2}(?:ablat|resection|wedge|biops|microwave|mwa|rfa|cryo|excis|enucl|metastasect|segmentect))",
    re.I,
)
_TUMORS = _words(
    r"tumors|lesions|metastases|nodules|foci|targets|mets|deposits|hccs|hepatomas|two others|the others|"
    r"both(?= (?:were|are|had|of them|\w+ed)\b)"
)
_NO_OTHERS = re.compile(r"\b(?:no|without|not|nothing|nor|never|free of|negative for|rather than)\b[^.;]{0,40}$", re.I)
_NTH = {"first": 0, "former": 0, "second": 1, "latter": 1, "third": 2, "fourth": 3}
_FIELD = re.compile(r"\b(?:treated|ablated)\*?\s?[:=.|]", re.I)
"""A form's field for what was treated."""
_EACH = _words(r"each|both|all|every|these|respectively|either")
_SETTING = frozenset({"indication", "diagnosis", "title", "history", "plan", "planned-procedure", "staff", "other"})
_NEVER_TOLD = frozenset(
    {"planned-procedure", "billing", "staff", "plan", "consent", "comparison", "history", "diagnosis", "devices"}
)
_ELSEWHERE = frozenset({"historical", "other-organ", "boilerplate"})
_PERFORMED = 0.6
_SHORT = 4
_WINDOW = 400
_CLEAR = 1.0
_LEAD = 0.25

__all__ = ["Count", "read_count", "segments_of", "votes"]


@dataclass(frozen=True, slots=True)
class Count:
    """Number of tumours ablated, or None, with its words."""

    value: int | None
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class _Vote:
    """A number, how far its reading can be trusted, and its words."""

    number: int
    weight: float
    items: tuple[Item, ...] = ()
    why: str = ""


def read_count(scene: Scene, acts: frozenset[int]) -> Count:
    """The number most readings of the note agree on, None where none is clear."""
    return _decide(votes(scene, acts))


def votes(scene: Scene, acts: frozenset[int]) -> list[_Vote]:
    """What each way of telling a number says."""
    told = _told(scene, acts)
    treated, refused = _places(scene, acts, told)
    words = tuple(item for item in treated.values() if item)
    by_place = [_Vote(len(treated), 2.6 if len(treated) > 1 else 1.2, words, "places")] if treated else []
    return [
        *_stated(scene, acts, told, some_left=bool(refused)),
        *by_place,
        *_found(scene, acts, told, refused),
        *_ordinals(scene, acts, told),
        *_singular(scene, acts, told),
    ]


def _decide(cast: Iterable[_Vote]) -> Count:
    totals: dict[int, float] = {}
    items: dict[int, list[tuple[float, Item]]] = {}
    for vote in cast:
        totals[vote.number] = totals.get(vote.number, 0.0) + vote.weight
        items.setdefault(vote.number, []).extend((vote.weight, item) for item in vote.items)
    if not totals:
        return Count(None)
    ranked = sorted(totals, key=lambda number: (-totals[number], number))
    best = ranked[0]
    rest = totals[ranked[1]] if len(ranked) > 1 else 0.0
    if totals[best] < _CLEAR or totals[best] - rest < _LEAD:
        return Count(None)
    weighed = sorted(items[best], key=lambda pair: -pair[0])
    return Count(best, tuple(dict.fromkeys(item for _, item in weighed))[:3])


def _told(scene: Scene, acts: frozenset[int]) -> list[int]:
    """Sentences that tell of this session: the body's, the energy's, and those after it under an odd heading."""
    first = min(acts, default=0)
    return [
        s.index
        for s in scene.reading.found.sentences
        if s.index in acts or s.kind in BODY or (s.index > first and acts and s.kind not in _NEVER_TOLD)
    ]


def _clause(text: str, start: int, end: int) -> str:
    """The part of a sentence around a phrase, up to a full stop, a bracket, a "but"."""
    before = [match.end() for match in _BREAK.finditer(text, max(0, start - _WINDOW), max(start, 0))]
    after = _BREAK.search(text, end, end + _WINDOW)
    return text[before[-1] if before else max(0, start - _WINDOW) : after.start() if after else end + _WINDOW]


def _stated(scene: Scene, acts: frozenset[int], told: list[int], *, some_left: bool) -> Iterator[_Vote]:
    """Totals of what was treated; the strongest phrase for each number."""
    first = min(acts, default=0)
    best: dict[int, _Vote] = {}
    for item in scene.of("tumor_count", done=False, body=False, liver=False):
        text, number = scene.text(item.sentence), int(item.candidate.value)
        if _FIELD.search(item.mention.text) and scene.kind(item) not in _NEVER_TOLD:
            best[number] = _Vote(number, 4.0, (item,), "field")
            continue
        clause = _clause(text, item.candidate.at, item.candidate.to)
        if item.mention.status in _ELSEWHERE or item.mention.status == "planned" or item.organ not in ("liver", ""):
            continue
        if _REFUSED.search(clause) or _PLANNED.search(clause):
            continue
        did = bool(_DID.search(clause))
        if item.sentence in told:
            weight = 3.0 if did else 1.2 if item.sentence >= first and acts else 0.0
            weight += 0.8 if did and _IN_ALL.search(clause) else 0.0
        else:
            weight = (0.5 if some_left else 1.4) if did and scene.kind(item) == "title" else 0.0
        weight *= 0.7 if number == 1 else 1.0
        if weight and (number not in best or best[number].weight < weight):
            best[number] = _Vote(number, weight, (item,), "stated")
    yield from best.values()


def _found(scene: Scene, acts: frozenset[int], told: list[int], refused: frozenset[str]) -> Iterator[_Vote]:
    """Tumours the note knows of, less those cut out, left or only embolised."""
    first = min(acts, default=0)
    known: list[tuple[int, Item]] = []
    out = len(refused)
    for item in scene.of("tumor_count", done=False, body=False, liver=False):
        if item.mention.status in _ELSEWHERE or item.mention.status == "negated" or item.organ not in ("liver", ""):
            continue
        clause = _clause(scene.text(item.sentence), item.candidate.at, item.candidate.to)
        if item.sentence in told and _REFUSED.search(clause):
            out = max(out, int(item.candidate.value))
        elif item.sentence < first or item.sentence not in told:
            known.append((2 if item.sentence in told else 1, item))
    if not known:
        return
    rank = max(rank for rank, _ in known)
    item = [item for level, item in known if level == rank][-1]
    number = int(item.candidate.value)
    if number == 1:
        yield _Vote(1, 1.5, (item,), "found")
    elif not out:
        yield _Vote(number, 0.9, (item,), "found")
    elif number - out > 0:
        yield _Vote(number - out, 0.8, (item,), "found-less")


def _places(scene: Scene, acts: frozenset[int], told: list[int]) -> tuple[dict[str, Item | None], frozenset[str]]:
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
            clause = text[at:row_end] if "|" in text else _clause(text, at, to)
            if _EVEN_SO.search(clause) or _NOT.search(text[:at]) or _refused_next(scene, index, named):
                refused.update(places)
            elif _REFUSED.search(clause) and not _DID.search(clause):
                left.update(places)
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


def _treats(scene: Scene, index: int, at: tuple[int, int], clause: str, acts: frozenset[int], *, alone: bool) -> bool:
    """Whether a sentence tells that the place named in it was treated."""
    if index in acts and (alone or _TREATED.search(clause)):
        return True
    if _NEXT.search(clause) and not _LOOKED.search(clause) and {index - 1, index + 1} & acts:
        return True
    item = _item_at(scene, index, *at)
    return bool(_AGAIN.search(clause)) or (item is not None and item.here >= _PERFORMED and item.organ == "liver")


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
    return len(named) == 1 and len(after.split()) <= _SHORT and bool(_EVEN_SO.search(after))


def _item_at(scene: Scene, index: int, at: int, to: int) -> Item | None:
    targets = (item for item in scene.items if item.sentence == index and item.candidate.label == "target")
    return next((item for item in targets if item.candidate.at < to and at < item.candidate.to), None)


def _ordinals(scene: Scene, acts: frozenset[int], told: list[int]) -> Iterator[_Vote]:
    """ "The second lesion", "the other one" treated."""
    numbers = []
    for index in told:
        for number, start, end in find_ordinals(scene.text(index)):
            clause = _clause(scene.text(index), start, end)
            told_done = index in acts or _AGAIN.search(clause) or "carried out" in clause.lower()
            if told_done and not _REFUSED.search(clause) and not _NO_OTHERS.search(scene.text(index)[:start]):
                numbers.append(number)
    if numbers:
        yield _Vote(max(numbers), 1.0, (), "ordinal")


def _singular(scene: Scene, acts: frozenset[int], told: list[int]) -> Iterator[_Vote]:
    """One, where only one tumour is ever spoken of."""
    body = any(_several(scene.text(index)) for index in told)
    setting = any(_several(s.text) for s in scene.reading.found.sentences if s.kind in _SETTING)
    items = [item for item in scene.of("target") if item.sentence in acts or item.here > 0.6]
    weight = 0.3 if body else 0.8 if setting else 2.0
    yield _Vote(1, weight, tuple(items[:1]), "singular")


def _several(text: str) -> bool:
    return any(
        not _NO_OTHERS.search(text[: match.start()]) and not _REFUSED.search(_clause(text, match.start(), match.end()))
        for match in _TUMORS.finditer(text)
    )
