"""Guards: which expensive questions a sentence needs to be asked at all, answered from its words' bits."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .literals import EDGE, Need, required

_CACHE_SIZE = 20_000
_DIGITS = re.compile(r"\d")
_EDGES = re.compile(r"\b")


class Guards:
    """Every distinct set of strings is a bit of a word; a guard is open when all bits of one alternative are there."""

    def __init__(self, first_bit: int) -> None:
        self._next = 1 << first_bit
        self._bits: dict[Need, int] = {}
        self._starts: dict[str, tuple[tuple[str, int], ...]] = {}
        self._guards: list[tuple[int, ...]] = []
        self._open: dict[int, int] = {}

    def add(self, *patterns: str) -> int:
        """Guard for regular expressions of which any may match (case ignored); returns its bit in :meth:`open_for`."""
        needs = [self._all(sets) for pattern in patterns for sets in required(pattern)]
        self._guards.append((0,) if 0 in needs else tuple(dict.fromkeys(needs)))
        self._open.clear()
        return 1 << (len(self._guards) - 1)

    @property
    def every(self) -> int:
        """All bits: for words whose letters fold in ways the guards do not know."""
        return sum(self._bits.values())

    def bits(self, word: str) -> int:
        """Bits of a lower-case ASCII word: the sets of which it holds a string."""
        found = 0
        starts = self._starts
        word = _DIGITS.sub("0", word.replace(EDGE, "\x00"))
        word = f" {word} {_EDGES.sub(EDGE, word)}"
        for at in range(len(word)):
            for key in (word[at], word[at : at + 2]):
                for text, bit in starts.get(key, ()):
                    if found & bit != bit and word.startswith(text, at):
                        found |= bit
        return found

    def open_for(self, bits: int) -> int:
        """The guards that are open for a sentence with these bits."""
        known = self._open.get(bits)
        if known is None:
            if len(self._open) >= _CACHE_SIZE:
                self._open.clear()
            known = 0
            for index, needs in enumerate(self._guards):
                if any(bits & need == need for need in needs):
                    known |= 1 << index
            self._open[bits] = known
        return known

    def opens(self, bits: int, guards: int) -> bool:
        """Whether one of these guards is open for a sentence with these bits: cheaper than asking for all."""
        while guards:
            lowest = guards & -guards
            if any(bits & need == need for need in self._guards[lowest.bit_length() - 1]):
                return True
            guards ^= lowest
        return False

    def _all(self, sets: Iterable[Need]) -> int:
        bits = 0
        for need in sets:
            bits |= self._bit(need)
        return bits

    def _bit(self, need: Need) -> int:
        if need not in self._bits:
            self._bits[need] = self._next
            self._index(need, self._next)
            self._next <<= 1
        return self._bits[need]

    def _index(self, need: Iterable[str], bit: int) -> None:
        for text in need:
            merged = dict(self._starts.get(text[:2], ()))
            merged[text] = merged.get(text, 0) | bit
            self._starts[text[:2]] = tuple(merged.items())
