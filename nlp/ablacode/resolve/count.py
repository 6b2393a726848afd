"""How many liver tumours were ablated in this session; None where a careful reader cannot tell (R3).

A note tells the number in several ways at once: a total ("both were treated"), the places that were treated one after
the other, the tumours found less those cut out or left, "a second one", or the singular throughout. Each way votes for
the number it reads, by how far it can be trusted; the number with most behind it is the answer when it is clear enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..find.counts import ROMAN
from .reading import BODY
from .scene import Item, Scene

_PART = r"(?:VIII|VII|VI|IV|V|III|II|I|[1-8])[abAB]?(?!\w|\.\d|\s?(?:cm|mm|min|sec|w\b|watt|hours?|cycles?|%|x\s?\d|to\s\d))"
_SEGMENT = re.compile(r"(?:VIII|VII|VI|IV|V|III|II|I|[1-8])(?=[ab]?\b|[abAB](?![a-z]))")
_SEGMENT_WORD = r"(?:segments?|segs?\.?|segm\.?|sgts?\.?|sg|sgm|s)"
_PLACE = re.compile(
    rf"\b{_SEGMENT_WORD}\s?#?\s?(?P<list>{_PART}(?:\s?(?:/|,|-|and|&|or|to|\+)\s?(?:{_SEGMENT_WORD}\s?)?{_PART})*)"
    r"|(?<![\w.])(?P<bare>(?-i:VIII|VII|VI|IV|III|II)(?:[abAB])?(?:\s?/\s?(?-i:VIII|VII|VI|IV|III|II|V))?|[1-8][abAB]|(?:(?<=\bin\s)|(?<=\bto\s)|(?<=\bfor\s)|(?<=\bthe\s))(?:(?-i:V)|[1-8](?=\s?[.,;)]|\s(?:and|was|were|i|we|with)\b|\s?$)))(?!\w|\.\d|\s?(?:cm|mm|min|w\b|x))"
    r"|\b(?P<caudate>caudate)\b"
    r"|\b(?:lesion|tumor|target|nodule|met|metastasis|deposit|site|hcc)\s?#?\s?(?P<label>[1-9]|(?-i:[A-E]))(?!\w|\.\d|\s?(?:cm|mm|x\b|to\b|%|/))",
    re.I,
)
"""Where a tumour sits, or the name the note gave it: "segment V/VI", "IVb", "lesion 2"."""
_NO_PLACE = re.compile(r"(?:child\w*(?:-|\s)?(?:pugh)?|grade|stage|type|class|bclc|asa|factor|cn|table|part|ecog|clavien|world war|phase|mallampati|pringle|pedicles?|step|level)\s?$", re.I)
_TREATED = re.compile(
    r"\b(?:ablat\w*|abl|treat\w*|fr[eo]e?z\w*|frozen|cryo\w*|heated|burn\w*|cook\w*|microwav\w*|mwa|rfa|rf|radiofrequency|done|destroy\w*|covered|whited?|"
    r"ice|zones?|cloud|margins?|same (?:way|thing|manner|technique|settings|for)|likewise|similarly|needled|entered|antenna|electrode|probes?|cryoprobes?|applicator)\b",
    re.I,
)
_DID = re.compile(r"\b(?:ablat\w*|abl|treated|frozen|cryo\w*|heated|burned|microwaved|microwave|mwa|rfa|rf|radiofrequency|done|destroyed|completed)\b", re.I)
_AGAIN = re.compile(r"\b(?:same (?:way|thing|manner|technique|settings|for|again|fashion)|likewise|similarly|repeated|then|next|also|followed by)\b|\b\d{2,3}\s?w(?:atts?)?\b", re.I)
_REFUSED = re.compile(
    r"\b(?:resect\w*|wedge\w*|excis\w*|enucleat\w*|remov(?:ed|al)|shelled|cut out|specimens?|embol\w*|tace|beads?|bx|left (?:alone|be\b|in place|untreated|as|for)|were left|was left|"
    r"untouched|defer\w*|abandon\w*|untreated|(?:could|can|did|would|was|were|is|are|been|so|and|but|-|,)\s?(?:not|never)\b(?! bleed| touched by)|no longer|not (?:tx\w*|attempted|treated|ablated|done|seen|found|visible|planned)|"
    r"disappeared|vanished|cysts?|cystic|hemangiomas?|scars?|calcif\w*|observ\w*|watch(?:ed)? only|nothing|blank|came out|taken out|took out|-> out|segmentectomy|sectionectomy|hepatectomy|lobectomy|metastasectom\w*)\b",
    re.I,
)
_EVEN_SO = re.compile(r"\b(?:untreated|never (?:turned|started|fired|begun)|abandon\w*|defer\w*|not (?:tx\w*|attempted|treated|ablated|done|planned)|embolized only|left alone|left untreated)\b", re.I)
"""Words that keep a place from counting even where a probe was put there."""
_OLD = re.compile(r"\b(?:old|prior|previous\w*|earlier|former)\s(?:\w+\s){0,2}$", re.I)
_PLANNED = re.compile(r"\b(?:booked|scheduled|plan\w*|propos\w*|intend\w*|would|should|could|will|listed|consent\w*|recommend\w*|offer\w*|candidate|discuss\w*|hope\w*|wish\w*|asked)\b", re.I)
_IN_ALL = re.compile(r"\b(?:in all|in total|total|altogether|tally|summary|impression|all)\b", re.I)
_VESSEL = re.compile(r"^\s?(?:portal\s|hepatic\s)?(?:veins?|pedicles?|branch\w*|arter\w*|ducts?|vessels?|stump|surface|ligament|parenchyma)\b", re.I)
_BREAK = re.compile(r"[.;()|]\s|\s(?:but|while|whereas|though|although)\s|,\s(?:and|so|then|but)\s")
_TUMORS = re.compile(r"\b(?:tumors|lesions|metastases|nodules|foci|targets|mets|deposits|hccs|hepatomas|two others|the others|both (?!probes|needles|antennas|ports|electrodes|sides|lobes|planes|in\b|times|tips|passes|cycles|freezes|hands|services|teams)\w+)\b", re.I)
_NO_OTHERS = re.compile(r"\b(?:no|without|not|nothing|nor|never|free of|negative for|rather than)\b[^.;]{0,40}$", re.I)
_ORDINAL = re.compile(
    r"\b(?P<n>second|2nd|third|3rd|fourth|4th|fifth|5th|(?:the )?other|another|smaller|larger),?\s(?!(?:freez|cycle|burn|probe|needle|antenna|pass|run|look|insert|applic|position|port|stab)\w*)"
    r"(?:[\w.,\-]+\s){0,3}?(?:tumor|lesion|met|metastasis|nodule|one|deposit|hcc|focus|target)\b",
    re.I,
)
_ORDINALS = {"second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "5th": 5}
_NTH = {"first": 0, "former": 0, "second": 1, "latter": 1, "third": 2, "fourth": 3}
_EACH = re.compile(r"\b(?:each|both|all|every|these|respectively|either)\b", re.I)
_SETTING = frozenset({"indication", "diagnosis", "title", "history", "plan", "planned-procedure", "staff", "other"})
_NEVER_TOLD = frozenset({"planned-procedure", "billing", "staff", "plan", "consent", "comparison", "history", "diagnosis", "devices"})
_PERFORMED = 0.6
_SHORT = 4
_CLEAR = 1.0
_LEAD = 0.25


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
    return [
        *_stated(scene, acts, told),
        *_by_place(treated),
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
    """Sentences that tell of this session: the body's, those of the energy, and all that follow it under an odd heading."""
    first = min(acts, default=0)
    return [
        s.index
        for s in scene.reading.found.sentences
        if s.index in acts or s.kind in BODY or (s.index > first and acts and s.kind not in _NEVER_TOLD)
    ]


def _clause(text: str, start: int, end: int) -> str:
    """The part of a sentence around a phrase, up to a full stop, a bracket, a "but"."""
    before = [match.end() for match in _BREAK.finditer(text, 0, max(start, 0))]
    after = _BREAK.search(text, end)
    return text[before[-1] if before else 0 : after.start() if after else len(text)]


def _stated(scene: Scene, acts: frozenset[int], told: list[int]) -> Iterator[_Vote]:
    """Totals of what was treated; the strongest phrase for each number."""
    first = min(acts, default=0)
    best: dict[int, _Vote] = {}
    for item in scene.of("tumor_count", done=False, body=False, liver=False):
        if item.mention.status in ("historical", "other-organ", "boilerplate", "planned") or item.organ not in ("liver", ""):
            continue
        text, number = scene.text(item.sentence), int(item.candidate.value)
        clause = _clause(text, item.candidate.at, item.candidate.to)
        if _REFUSED.search(clause) or _PLANNED.search(clause):
            continue
        did = bool(_DID.search(clause))
        if item.sentence in told:
            weight = 3.0 if did else 1.8 if item.here >= 0.6 else 1.2 if item.sentence >= first and acts else 0.0
            weight += 0.8 if did and _IN_ALL.search(clause) else 0.0
        else:
            weight = 1.4 if did and scene.kind(item) == "title" else 0.0
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
        if item.mention.status in ("historical", "other-organ", "boilerplate", "negated") or item.organ not in ("liver", ""):
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
    topic: list[str] = []
    for index in told:
        text = scene.text(index)
        named = list(_named(text))
        here: list[str] = []
        for number, (at, to, places) in enumerate(named):
            clause = _row(text, at, named[number + 1][0] if number + 1 < len(named) else len(text)) if "|" in text else _clause(text, at, to)
            if _EVEN_SO.search(clause) or _refused_next(scene, index, named):
                refused.update(places)
            elif _REFUSED.search(clause) and not _DID.search(clause):
                left.update(places)
            else:
                here += places
                if _treats(scene, index, (at, to), clause, acts, alone=len(named) == 1):
                    for place in places:
                        treated.setdefault(place, _item_at(scene, index, at, to))
        if here:
            topic = here
        elif named and len(topic) == 1:
            topic = []
        if index in acts and not named:
            for place in _meant(topic, text):
                treated.setdefault(place, None)
    kept = _merged({place: item for place, item in treated.items() if place not in refused})
    return kept, frozenset((left | refused) - set(treated))


def _treats(scene: Scene, index: int, at: tuple[int, int], clause: str, acts: frozenset[int], *, alone: bool) -> bool:
    """Whether a sentence tells that the place named in it was treated."""
    if index in acts and (alone or _TREATED.search(clause)):
        return True
    item = _item_at(scene, index, *at)
    return bool(_AGAIN.search(clause)) or (item is not None and item.here >= _PERFORMED and item.organ == "liver")


def _meant(topic: list[str], text: str) -> list[str]:
    """Which of the places named last a sentence without a place speaks of: the only one, each, or "the first" of them."""
    if len(topic) <= 1 or _EACH.search(text):
        return topic
    return [topic[number] for word, number in _NTH.items() if number < len(topic) and re.search(rf"\b{word}\b(?! freeze| cycle| pass| burn| probe| run)", text, re.I)]


def _row(text: str, start: int, end: int) -> str:
    """The cells of a table from one place to the next."""
    return text[start:end]


def _refused_next(scene: Scene, index: int, named: list[tuple[int, int, list[str]]]) -> bool:
    """Whether the only place of a sentence is refused by a short sentence after it ("Not attempted.")."""
    after = scene.text(index + 1)
    return len(named) == 1 and len(after.split()) <= _SHORT and bool(_EVEN_SO.search(after))


def _item_at(scene: Scene, index: int, at: int, to: int) -> Item | None:
    for item in scene.items:
        if item.sentence == index and item.candidate.label == "target" and item.candidate.at < to and at < item.candidate.to:
            return item
    return None


def _merged(treated: dict[str, Item | None]) -> dict[str, Item | None]:
    """Without places that are a part or a wider name of another: ``4`` beside ``4b``, ``5`` beside ``5/8``; names or segments, whichever are more."""
    names = {place: item for place, item in treated.items() if place.startswith("#")}
    segments: dict[str, Item | None] = {}
    for place, item in treated.items():
        if place not in names and not any(_same(place, other) for other in segments):
            segments[place] = item
    return names if len(names) > len(segments) else segments


def _same(one: str, other: str) -> bool:
    return any(a == b or (a[0] == b[0] and 1 in (len(a), len(b))) for a in one.split("/") for b in other.split("/"))


def _named(text: str) -> Iterator[tuple[int, int, list[str]]]:
    """Places named in a sentence with their offsets."""
    for match in _PLACE.finditer(text):
        if _NO_PLACE.search(text[: match.start()]) or _OLD.search(text[: match.start()]) or _VESSEL.match(text[match.end() :]):
            continue
        if match["label"]:
            yield match.start(), match.end(), ["#" + match["label"].upper()]
        elif match["caudate"]:
            yield match.start(), match.end(), ["1"]
        else:
            yield match.start(), match.end(), _split(match["list"] or match["bare"])


def _split(words: str) -> list[str]:
    """Places of a list of segments; those joined by a stroke are one place, unless each has its own "S"."""
    parts = [part.lower() for part in re.findall(r"(?:VIII|VII|VI|IV|V|III|II|I|[1-8])[ab]?(?![a-z])", words, re.I)]
    plain = [str(ROMAN.get(part.rstrip("ab"), part.rstrip("ab"))) + part[len(part.rstrip("ab")) :] for part in parts]
    joined = re.search(r"[/\-]|\bto\b", words) and not re.search(r"[/\-]\s?s", words, re.I)
    return ["/".join(sorted(plain))] if joined and len(plain) > 1 else plain


def _by_place(treated: dict[str, Item | None]) -> Iterator[_Vote]:
    if treated:
        items = tuple(item for item in treated.values() if item)
        yield _Vote(len(treated), 2.6 if len(treated) > 1 else 1.2, items, "places " + " ".join(treated))


def _ordinals(scene: Scene, acts: frozenset[int], told: list[int]) -> Iterator[_Vote]:
    """ "The second lesion", "the other one" treated."""
    numbers = []
    for index in told:
        for match in _ORDINAL.finditer(scene.text(index)):
            clause = _clause(scene.text(index), match.start(), match.end())
            if index in acts and not _REFUSED.search(clause) and not _NO_OTHERS.search(scene.text(index)[: match.start()]):
                numbers.append(_ORDINALS.get(match["n"].lower(), 2))
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
    return any(not _NO_OTHERS.search(text[: match.start()]) and not _REFUSED.search(_clause(text, match.start(), match.end())) for match in _TUMORS.finditer(text))


def segments_of(words: str) -> list[str]:
    """Couinaud segments named in a phrase as numbers in text: ``segments V/VI`` gives 5 and 6 joined as one place."""
    match = re.search(r"(?:segments?|segs?\.?|segm\.?|sgts?|sg|sgm|\bs)\s?#?\s?((?:VIII|VII|VI|IV|V|III|II|I|[1-8])[abAB]?(?:\s?(?:/|,|-|and|&|or|to|\+)\s?S?(?:VIII|VII|VI|IV|V|III|II|I|[1-8])[abAB]?)*)", words, re.I)
    if not match:
        return []
    parts = [str(ROMAN.get(part.lower(), part)) for part in _SEGMENT.findall(match.group(1).upper().replace("A", "").replace("B", ""))]
    joined = re.search(r"/|-|\bto\b", match.group(1))
    return ["/".join(sorted(parts))] if joined and len(parts) > 1 else parts
