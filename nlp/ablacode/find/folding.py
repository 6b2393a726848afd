"""Regular expressions that ignore case, at half the price: on ASCII a twin runs over the lower-case text."""

from __future__ import annotations

import re
from collections.abc import Iterator

_PARTS = re.compile(r"\\.|\(\?P[<=>]\w+|.", re.S)
_INLINE_CASE = re.compile(r"\(\?[a-z]*-?[a-z]*i")


class Folded:
    """A pattern compiled twice: ignoring case, and in lower case for ASCII text, where both find the same. A pattern that sets
    case apart in a part of itself is compiled once."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self._any_case = re.compile(pattern, re.I)
        self._cased = bool(_INLINE_CASE.search(pattern))
        self._lower = self._any_case if self._cased else re.compile(_PARTS.sub(_fold, pattern))

    def finditer(self, text: str, lower: str) -> Iterator[re.Match[str]]:
        """Matches in ``text``; ``lower`` is its lower case."""
        return self._lower.finditer(lower) if not self._cased and text.isascii() else self._any_case.finditer(text)

    def search(self, text: str, lower: str) -> re.Match[str] | None:
        """The first match in ``text``; ``lower`` is its lower case."""
        return self._lower.search(lower) if not self._cased and text.isascii() else self._any_case.search(text)


def _fold(match: re.Match[str]) -> str:
    part = match.group()
    return part if len(part) > 1 else part.lower()
