"""The pieces spaCy's tokenizer makes of a word, and a way to forget what it has seen."""

from __future__ import annotations

import re
import warnings
from typing import Any

with warnings.catch_warnings():
    import spacy
    from spacy.attrs import LOWER
    from spacy.tokenizer import Tokenizer
    from spacy.vocab import Vocab

_NEW_STRINGS = 200_000
"""Characters the tokenizer may see before it is built anew: its vocabulary keeps every string for ever."""
_LONG = 100
"""Words above this length are no words (rulers, base64): cut plainly, where spaCy's affix loop would be quadratic."""
_PLAIN = re.compile(r"\w+|[^\w\s]")
_SIMPLE = re.compile(r"([A-Za-z]{2,})([,;:]?)|([a-z]{2,})(\.)")


def lean_vocab() -> Any:
    """A spaCy vocabulary that computes no more of a word than its lower case."""
    return Vocab(lex_attr_getters={LOWER: str.lower})


class Splitter:
    """Splits text without white space as ``spacy.blank("en")`` does."""

    def __init__(self) -> None:
        english: Any = spacy.blank("en", vocab=lean_vocab())
        self.english = english
        """spaCy's English, for whoever needs its vocabulary: it is kept when the tokenizer is built anew."""
        self._tokenizer: Any = english.tokenizer
        self._rules: frozenset[str] = frozenset(self._tokenizer.rules)
        self._seen = 0

    def split(self, word: str) -> list[tuple[str, int]]:
        """The tokens of a word with the offset of each."""
        simple = _SIMPLE.fullmatch(word)
        if simple and word not in self._rules:
            core, mark = simple.group(1) or simple.group(3), simple.group(2) or simple.group(4)
            if core not in self._rules:
                return [(core, 0), (mark, len(core))] if mark else [(core, 0)]
        if len(word) > _LONG:
            return [(match.group(), match.start()) for match in _PLAIN.finditer(word)]
        self._seen += len(word)
        if self._seen > _NEW_STRINGS:
            self._renew()
        return [(token.text, token.idx) for token in self._tokenizer(word)]

    def _renew(self) -> None:
        old = self._tokenizer
        self._tokenizer = Tokenizer(
            lean_vocab(), rules=old.rules, prefix_search=old.prefix_search, suffix_search=old.suffix_search,
            infix_finditer=old.infix_finditer, token_match=old.token_match, url_match=old.url_match,
        )  # fmt: skip
        self._seen = 0
