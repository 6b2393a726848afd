"""Bring the words of the shadow to the spelling of the rules: British, misspelt, one edit off, OCR."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from .shadow import Pieces, Shadow

_WORD = re.compile(r"[A-Za-z0-9|!]{4,}")
_OCR_PAIRS = (
    ("rn", "m"),
    ("m", "rn"),
    ("vv", "w"),
    ("cl", "d"),
    ("d", "cl"),
    ("ii", "u"),
    ("li", "h"),
    ("ri", "n"),
    ("nn", "m"),
    ("tn", "m"),
    ("c", "e"),
    ("e", "c"),
)
_DIGITS = {"0": "o", "1": "l", "5": "s", "8": "b", "6": "b", "|": "l", "!": "l", "3": "e", "9": "g"}
_SHORTEST_FUZZY = 7
_CACHE_SIZE = 50_000


class Speller:
    """Corrects single words; keeps what it saw in a bounded cache."""

    def __init__(self, words: Mapping[str, str], fuzzy: Iterable[str], keep: Iterable[str]) -> None:
        self._words = dict(words)
        self._fuzzy = frozenset(fuzzy)
        self._keep = frozenset(keep) | self._fuzzy
        self._deletes: dict[str, list[str]] = {}
        for word in sorted(self._fuzzy):
            for key in {word, *_deletions(word)}:
                self._deletes.setdefault(key, []).append(word)
        self._longest = max(map(len, {*self._words, *self._fuzzy}), default=0) + 2
        """Longer words are near no known one; trying them would take time with the square of their length."""
        self._cache: dict[str, str | None] = {}

    def correct(self, word: str) -> str | None:
        """The rules' spelling of a lower-case word, or None where it stays as it is."""
        known = self._cache.get(word, "")
        if known == "":
            known = self._correct(word)
            if len(word) <= self._longest:
                if len(self._cache) >= _CACHE_SIZE:
                    self._cache.clear()
                self._cache[word] = known
        return known

    def _correct(self, word: str) -> str | None:
        if word in self._words:
            return self._words[word]
        if word in self._keep or len(word) > self._longest or word == word.upper():
            return None
        spelt = any(char in _DIGITS for char in word) and not word[0].isdigit() | word.isdigit()
        if spelt or (word[:1] in "10" and len(word) > 4):
            for variant in _digit_variants(word):
                if variant in self._fuzzy or variant in self._words:
                    return self._words.get(variant, variant)
                if fixed := self._one_edit(variant):
                    return fixed
        if not word.isalpha() or len(word) < _SHORTEST_FUZZY - 1:
            return None
        for wrong, right in _OCR_PAIRS:
            at = word.find(wrong)
            while at >= 0:
                variant = word[:at] + right + word[at + len(wrong) :]
                if variant in self._fuzzy and len(variant) >= _SHORTEST_FUZZY - 1:
                    return variant
                at = word.find(wrong, at + 1)
        return self._one_edit(word)

    def _one_edit(self, word: str) -> str | None:
        if len(word) < _SHORTEST_FUZZY:
            return None
        for key in (word, *_deletions(word)):
            for known in self._deletes.get(key, ()):
                if len(known) >= _SHORTEST_FUZZY and word[:1] == known[:1] and _one_apart(word, known):
                    return known
        return None


def _deletions(word: str) -> list[str]:
    return [word[:i] + word[i + 1 :] for i in range(len(word))]


def _digit_variants(word: str) -> list[str]:
    plain = "".join(_DIGITS.get(char, char) for char in word)
    return [plain, "".join("i" if char in "1|!" else _DIGITS.get(char, char) for char in word)]


def _one_apart(first: str, second: str) -> bool:
    """One insertion, deletion, substitution or swap of neighbours apart."""
    if abs(len(first) - len(second)) > 1:
        return False
    i = 0
    while i < min(len(first), len(second)) and first[i] == second[i]:
        i += 1
    if first[i + 1 :] == second[i:] or first[i:] == second[i + 1 :] or first[i + 1 :] == second[i + 1 :]:
        return True
    return first[i : i + 2] == second[i : i + 2][::-1] and first[i + 2 :] == second[i + 2 :]


def respell(shadow: Shadow, speller: Speller) -> Shadow:
    """The shadow with its words corrected; offsets still lead to the note."""
    text, correct = shadow.text, speller.correct
    if not any(map(correct, set(_WORD.findall(text.lower())))):
        return shadow
    pieces = Pieces()
    last = 0
    for match in _WORD.finditer(text):
        word = match.group()
        fixed = correct(word.lower())
        if fixed is None:
            continue
        a, b = match.span()
        pieces.copy(text, last, a)
        pieces.put(fixed.upper() if word.isupper() else fixed, a, b)
        last = b
    if not last:
        return shadow
    pieces.copy(text, last, len(text))
    return Shadow("".join(pieces.texts), pieces, shadow)
