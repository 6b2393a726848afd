"""The pieces of text medSpaCy sees: a sentence each, or sentences that no white space parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

_LONGEST = 2000
"""Characters of a piece at most: ConText compares every cue of a piece with every other."""


class Unit(NamedTuple):
    """Offsets of a piece in the shadow, the sentences it begins in and after, and their starts in the piece."""

    start: int
    end: int
    sentences: slice
    starts: tuple[int, ...]


def units(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Unit]:
    """The units of shadow text in order. Tokens never cross white space, so they are those of the whole text."""
    index = 0
    while index < len(spans):
        first, (start, end) = index, spans[index]
        index += 1
        while index < len(spans) and spans[index][0] == end:
            end = spans[index][1]
            index += 1
        inside = slice(first, index)
        if end - start <= _LONGEST:
            yield Unit(start, end, inside, tuple([a - start for a, _ in spans[inside]]))
        else:
            yield from _cut(text, start, end, inside, [a for a, _ in spans[inside]])


def _cut(text: str, start: int, end: int, inside: slice, starts: Sequence[int]) -> Iterator[Unit]:
    """An overlong unit in pieces, at a blank where there is one."""
    while start < end:
        stop = min(start + _LONGEST, end)
        blank = text.rfind(" ", start + _LONGEST // 3, stop) if stop < end else -1
        cut = blank if blank > 0 else stop
        yield Unit(start, cut, inside, tuple([a - start for a in starts if start <= a < cut]))
        start = cut + 1 if blank > 0 else cut
