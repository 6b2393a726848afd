"""Many patterns in one pass: RE2's pattern sets tell which of some hundred expressions a text holds, in one run over it.

Python's ``re`` would try each expression by itself, which took most of a note's time. RE2 knows no look-around, so
patterns here have none. Everything is matched without regard to case; ``\\w`` and ``\\b`` are ASCII.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import cast

import re2

from .errors import RulesError

_MEMORY = 256 << 20


def quick(pattern: str) -> re.Pattern[str]:
    """One expression of many alternatives, case ignored, compiled by RE2, which tries them all at once; used as one of ``re`` is."""
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = _MEMORY
    return cast("re.Pattern[str]", re2.compile(pattern, options))


class PatternSet:
    """Named groups of patterns. A group is found where one of its patterns is."""

    def __init__(self, groups: Mapping[str, Iterable[str]]) -> None:
        options = re2.Options()
        options.case_sensitive = False
        options.log_errors = False
        options.max_mem = _MEMORY
        self._set = re2.Set.SearchSet(options)
        self._names: list[str] = []
        for name, patterns in groups.items():
            for pattern in patterns:
                try:
                    self._set.Add(pattern)
                except re2.error as error:
                    raise RulesError(f"pattern of {name} is no RE2 expression: {error}") from error
                self._names.append(name)
        self._set.Compile()

    def find(self, text: str) -> frozenset[str]:
        """Names of the groups found in a text."""
        names = self._names
        return frozenset([names[index] for index in self._match(text)])

    def find_all(self, text: str) -> list[int]:
        """Numbers of the patterns found in a text, in the order they were given."""
        return sorted(self._match(text))

    def _match(self, text: str) -> list[int]:
        """RE2 reads UTF-8: half a surrogate pair, which has none, is passed as a question mark."""
        return self._set.Match(text.encode("utf-8", "replace")) or []
