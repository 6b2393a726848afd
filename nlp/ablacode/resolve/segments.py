"""Which Couinaud segments a sentence names: with the word, as a bare Roman number after a preposition, or alone on its line."""

from __future__ import annotations

import re

from ..find.places import ROMAN

_NUMBER = r"(?:VIII|VII|VI|IV|V|III|II|I|[1-8])[abAB]?"
_LIST = rf"{_NUMBER}(?:\s?(?:/|,|-|and|&|or|to|\+)\s?(?:S|seg\.?|segment)?\s?{_NUMBER}(?![\w.]))*"
_NAMED = re.compile(rf"\b(?:segments?|segs?\.?|segm\.?|S)\s?#?\s?({_LIST})(?![\w.]\w)", re.I)
_BARE = re.compile(
    r"\b(?:in|of|at|from|the|to|and)\s((?:VIII|VII|VI|IV|V|III|II)[ab]?(?:\s?[/,]\s?(?:VIII|VII|VI|IV|V|III|II)[ab]?)*)\b|"
    r"\b(?:in|of)\s([2-8][ab]?(?:/[2-8][ab]?)*)(?=,|\.|$|\s(?:beside|near|next|abut\w*|close|and|was|is|by|against|at|on)\b)"
)
_ALONE = re.compile(rf"^\W*({_NUMBER}(?:\s?/\s?{_NUMBER})*)[.:\s]*$")
_SINGLE = re.compile(_NUMBER, re.I)


def segments_in(text: str) -> frozenset[int]:
    """Couinaud segments a sentence names, also as a bare Roman number after a preposition or alone on its line."""
    found: set[int] = set()
    for pattern in (_NAMED, _BARE, _ALONE):
        for match in pattern.finditer(text):
            words = next(group for group in match.groups() if group)
            for single in _SINGLE.findall(words):
                plain = single.lower().rstrip("ab")
                found.add(int(ROMAN.get(plain, plain)))
    return frozenset(found)
