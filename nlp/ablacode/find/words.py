"""What is known of each word: its tokens as the rules see them, and bits for what it may be part of.

A note repeats its words and the next note repeats them again, so a word is tokenized and looked at once. Tokens that no
rule knows are all the same to the rules and become one mark; spaCy's vocabulary then holds the rules' words and nothing
of the notes, and does not grow.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from spacy.lang.en.stop_words import STOP_WORDS

from .guards import Guards
from .tokens import Splitter

TARGET, CUE, ENERGY, TOOL = 1, 2, 4, 8
"""Bits: the word holds the rarest token of a target phrase, of a cue phrase, of a phrase for an energy that ablates tumours, of
one for a tool that does not (cautery, embolisation)."""
OTHER = "\ufffd"
"""Stands for every token no rule knows."""
_CACHE_SIZE = 50_000
_LONGEST_CACHED = 60
_PIECE = re.compile(r"\S+|\s+")


class Word(NamedTuple):
    """Tokens (lower case, or :data:`OTHER`), where each begins and ends in the word, and the bits."""

    tokens: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    bits: int


class Words:
    """A bounded memory of words. Not safe for threads: the finder holds its lock."""

    def __init__(self) -> None:
        self.guards = Guards(first_bit=4)
        self.splitter = Splitter()
        self._keys: dict[str, int] = {}
        self._phrase_words: dict[str, list[str]] = {}
        self._needs: dict[tuple[int, str], set[frozenset[str]]] = {}
        self._cache: dict[str, Word] = {}

    def tokens(self, phrase: str) -> list[str]:
        """The tokens of a phrase of the rules; they are known from now on."""
        tokens: list[str] = []
        for word in phrase.split():
            known = self._phrase_words.get(word)
            if known is None:
                known = self._phrase_words[word] = [text for text, _ in self.splitter.split(word)]
                for token in known:
                    self._keys.setdefault(token, 0)
            tokens += known
        return tokens

    def mark(self, phrases: Sequence[Sequence[str]], bit: int) -> None:
        """Give ``bit`` to one token of each phrase: one that is a phrase itself, no stop word, a long one."""
        alone = {tokens[0] for tokens in phrases if len(tokens) == 1}
        for tokens in phrases:
            rarest = max(tokens, key=lambda token: (token in alone, token not in STOP_WORDS, len(token)))
            self._keys[rarest] |= bit
            self._needs.setdefault((bit, rarest), set()).add(frozenset(tokens))

    def may_hold(self, bit: int, sentence: str) -> bool:
        """Whether a sentence holds all tokens of a phrase marked with ``bit``, in whatever order."""
        tokens: set[str] = set()
        for chunk in sentence.split():
            tokens.update((self._cache.get(chunk) or self._learn(chunk)).tokens)
        return any(need <= tokens for token in tokens for need in self._needs.get((bit, token), ()))

    def bits(self, sentence: str) -> int:
        """The bits of a sentence's words together."""
        cache, bits = self._cache, 0
        for chunk in sentence.split():
            word = cache.get(chunk)
            bits |= (word or self._learn(chunk)).bits
        return bits

    def spread(self, text: str) -> tuple[list[str], list[int], list[int]]:
        """Tokens of a text with the start and end of each."""
        tokens: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        chunks = text.split(" ")
        if chunks != text.split():
            return self._spread_slowly(text)
        cache, at = self._cache, 0
        for chunk in chunks:
            word = cache.get(chunk) or self._learn(chunk)
            tokens += word.tokens
            if len(word.tokens) == 1:
                starts.append(at)
                ends.append(at + len(chunk))
            else:
                starts += [at + start for start in word.starts]
                ends += [at + end for end in word.ends]
            at += len(chunk) + 1
        return tokens, starts, ends

    def _spread_slowly(self, text: str) -> tuple[list[str], list[int], list[int]]:
        """Where white space is more than single blanks: it counts as a token then, as it does for spaCy."""
        tokens: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for match in _PIECE.finditer(text):
            at = match.start()
            if match.group() == " ":
                continue
            piece = match.group()
            word = Word((OTHER,), (0,), (len(piece),), 0) if piece.isspace() else self._learn(piece)
            tokens += word.tokens
            starts += [at + start for start in word.starts]
            ends += [at + end for end in word.ends]
        return tokens, starts, ends

    def _learn(self, chunk: str) -> Word:
        known = self._cache.get(chunk)
        if known is not None:
            return known
        bits = self.guards.bits(chunk.lower()) if chunk.isascii() else self.guards.every
        pieces = self.splitter.split(chunk)
        tokens = []
        for text, _ in pieces:
            key = self._keys.get(text.lower())
            tokens.append(OTHER if key is None else text.lower())
            bits |= key or 0
        word = Word(tuple(tokens), tuple(at for _, at in pieces), tuple(at + len(text) for text, at in pieces), bits)
        if len(chunk) <= _LONGEST_CACHED:
            if len(self._cache) >= _CACHE_SIZE:
                self._cache.clear()
            self._cache[chunk] = word
        return word
