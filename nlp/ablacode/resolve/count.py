"""How many liver tumours were ablated in this session; None where a careful reader cannot tell (R3).

A note tells the number in several ways at once: a total ("both were treated"), the places that were treated one after
the other, the tumours found less those cut out or left, "a second one", or the singular throughout. Each way votes for
the number it reads, by how far it can be trusted; the number with most behind it is the answer when it is clear enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..find.counts import find_ordinals
from .reading import BODY
from .scene import Item, Scene
from .treated import AGAIN, DID, REFUSED, clause_around, treated_places, words_of

_PLANNED = words_of(
    r"booked|scheduled|plan\w*|propos\w*|intend\w*|would|should|could|will|listed|consent\w*|recommend\w*|"
    r"offer\w*|candidate|discuss\w*|hope\w*|wish\w*|asked"
)
_IN_ALL = words_of(r"in all|in total|total|altogether|tally|summary|impression|all")
_TUMORS = words_of(
    r"tumors|lesions|metastases|nodules|foci|targets|mets|deposits|hccs|hepatomas|two others|the others|"
    r"both(?= (?:were|are|had|of them|\w+ed)\b)"
)
_NO_OTHERS = re.compile(r"\b(?:no|without|not|nothing|nor|never|free of|negative for|rather than)\b[^.;]{0,40}$", re.I)
_FIELD = re.compile(r"\b(?:treated|ablated)\*?\s?[:=.|]", re.I)
"""A form's field for what was treated."""
_SETTING = frozenset({"indication", "diagnosis", "title", "history", "plan", "planned-procedure", "staff", "other"})
_NEVER_TOLD = frozenset(
    {"planned-procedure", "billing", "staff", "plan", "consent", "comparison", "history", "diagnosis", "devices"}
)
_ELSEWHERE = frozenset({"historical", "other-organ", "boilerplate"})
_CLEAR = 1.0
_LEAD = 0.25

__all__ = ["Count", "read_count", "votes"]


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
    treated, refused = treated_places(scene, acts, told)
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


def _stated(scene: Scene, acts: frozenset[int], told: list[int], *, some_left: bool) -> Iterator[_Vote]:
    """Totals of what was treated; the strongest phrase for each number."""
    first = min(acts, default=0)
    best: dict[int, _Vote] = {}
    for item in scene.of("tumor_count", done=False, body=False, liver=False):
        text, number = scene.text(item.sentence), int(item.candidate.value)
        if _FIELD.search(item.mention.text) and scene.kind(item) not in _NEVER_TOLD:
            best[number] = _Vote(number, 4.0, (item,), "field")
            continue
        clause = clause_around(text, item.candidate.at, item.candidate.to)
        if item.mention.status in _ELSEWHERE or item.mention.status == "planned" or item.organ not in ("liver", ""):
            continue
        if REFUSED.search(clause) or _PLANNED.search(clause):
            continue
        did = bool(DID.search(clause))
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
        clause = clause_around(scene.text(item.sentence), item.candidate.at, item.candidate.to)
        if item.sentence in told and REFUSED.search(clause):
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


def _ordinals(scene: Scene, acts: frozenset[int], told: list[int]) -> Iterator[_Vote]:
    """ "The second lesion", "the other one" treated."""
    numbers = []
    for index in told:
        for number, start, end in find_ordinals(scene.text(index)):
            clause = clause_around(scene.text(index), start, end)
            told_done = index in acts or AGAIN.search(clause) or "carried out" in clause.lower()
            if told_done and not REFUSED.search(clause) and not _NO_OTHERS.search(scene.text(index)[:start]):
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
        not _NO_OTHERS.search(text[: match.start()])
        and not REFUSED.search(clause_around(text, match.start(), match.end()))
        for match in _TUMORS.finditer(text)
    )
