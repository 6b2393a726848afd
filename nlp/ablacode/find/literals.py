"""What letters a regular expression cannot do without: the cheap question asked before the expensive one.

Derived from the expression itself, so that no second list has to be kept beside the rules. The answer is a list of
alternatives; an alternative is a list of sets, and a text that matches holds, of each set of one alternative, at least
one string. Strings are lower case, every digit is a 0, a blank at a string's side is white space, a bar is where
letters or digits begin or end. An alternative with no set can match anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

try:
    from re import _constants as _c  # type: ignore[attr-defined]
    from re import _parser  # type: ignore[attr-defined]
except ImportError:  # a Python that moved them: every guard is then open, answers stay the same
    _parser = _c = None

Need = frozenset[str]
_MOST = 120
"""Strings a set may hold; beyond it the set is closed and a new one begun."""
EDGE = "|"
_DIGIT = {"0"}
_DIGITS_SPELT = 4
"""Digits in a row that are told apart from more."""


def required(pattern: str) -> list[list[Need]]:
    """The alternatives of ``pattern`` (case ignored) with the sets of strings each of them needs."""
    if _parser is None:
        return [[]]
    return [_Walk().run(branch).needs for branch in _branches(_parser.parse(pattern, re.I))]


def _branches(parsed: Any) -> Iterator[Any]:
    """The top-level alternatives, looking through groups that stand alone."""
    if len(parsed) == 1 and parsed[0][0] is _c.SUBPATTERN:
        yield from _branches(parsed[0][1][3])
    elif len(parsed) == 1 and parsed[0][0] is _c.BRANCH:
        for branch in parsed[0][1][1]:
            yield from _branches(branch)
    else:
        yield parsed


class _Walk:
    """Walks a sequence: ``run_of`` holds the strings that may stand just here, ``needs`` the sets already closed."""

    def __init__(self) -> None:
        self.needs: list[Need] = []
        self.run_of: set[str] = {""}
        self.exact = True

    def run(self, sequence: Iterable[Any]) -> _Walk:
        for operator, argument in sequence:
            if operator in (_c.AT, _c.ASSERT, _c.ASSERT_NOT):
                if _is_edge(operator, argument):
                    self.run_of = {text + EDGE for text in self.run_of}
                elif operator is _c.ASSERT:
                    self.needs += _closed(*_sequence(argument[1]))
                continue
            if operator is _c.MAX_REPEAT and argument[1] > _DIGITS_SPELT and _sequence(argument[2])[0] == _DIGIT:
                self._digits(argument[0])
            else:
                self._add(*_strings(operator, argument))
        whole = self.run_of if self.exact else None
        self._close()
        self.run_of = whole if whole is not None else set()
        return self

    def _add(self, strings: set[str] | None, needs: list[Need]) -> None:
        if strings is not None and len(strings) * len(self.run_of) <= _MOST:
            self.run_of = {left + right for left in self.run_of for right in strings}
            return
        self.exact = False
        self._close()
        if strings is not None and len(strings) <= _MOST:
            self.run_of = set(strings)
        else:
            self.needs += needs

    def _digits(self, low: int) -> None:
        """Any number of digits: what stands before touches the first, what follows the last."""
        self.exact = False
        if low:
            self.run_of = {text + "0" for text in self.run_of}
        self._close()
        self.run_of = set(_DIGIT) if low else {""}

    def _close(self) -> None:
        if need := _need(self.run_of):
            self.needs.append(need)
        self.run_of = {""}


def _is_edge(operator: Any, argument: Any) -> bool:
    """Whether an assertion is a word boundary, or says that no letter stands here."""
    if operator is _c.AT:
        return bool(argument is _c.AT_BOUNDARY)
    inner = list(argument[1])
    return (
        operator is _c.ASSERT_NOT
        and len(inner) == 1
        and inner[0][0] is _c.IN
        and inner[0][1][0][0] is not _c.NEGATE
        and (_c.CATEGORY, _c.CATEGORY_WORD) in inner[0][1]
    )


def _need(strings: Iterable[str]) -> Need | None:
    """The most telling word of each string; nothing when one of them has no word."""
    words = {max(_words(text), key=_telling, default="") for text in strings}
    return None if "" in words else frozenset(words)


def _words(text: str) -> Iterator[str]:
    parts = text.split(" ")
    for at, part in enumerate(parts):
        core = part.replace(EDGE, "")
        if not core:
            continue
        blanks = at > 0, at < len(parts) - 1
        if core.isalnum() and EDGE in part:
            edges = part.startswith(EDGE) or blanks[0], part.endswith(EDGE) or blanks[1]
            yield EDGE * edges[0] + core + EDGE * edges[1]
        else:
            yield " " * blanks[0] + core + " " * blanks[1]


def _telling(word: str) -> tuple[int, int, bool]:
    """More letters say more; then more of anything; then how a word begins more than how it ends."""
    return sum(map(str.isalpha, word)), len(word), word[0] in (EDGE, " ")


def _strings(operator: Any, argument: Any) -> tuple[set[str] | None, list[Need]]:
    """All strings an element can be, None when there are too many; and then the sets it needs."""
    if operator is _c.LITERAL:
        return {_letter(argument)}, []
    if operator is _c.IN:
        return _class(argument)
    if operator is _c.SUBPATTERN:
        return _sequence(argument[3])
    if operator is _c.BRANCH:
        return _either([_sequence(branch) for branch in argument[1]])
    if operator in (_c.MAX_REPEAT, _c.MIN_REPEAT):
        low, high, inner = argument
        strings, needs = _sequence(inner)
        if high == 1 and strings is not None:
            return strings | ({""} if low == 0 else set()), needs
        if strings == _DIGIT and high <= _DIGITS_SPELT:
            return {"0" * count for count in range(low, high + 1)}, []
        if strings and all(not text.strip() for text in strings):
            return ({" "} if low else {"", " "}), []  # white space however often: words are split at it anyway
        return None, _closed(strings, needs) if low else []
    return None, []


def _sequence(sequence: Any) -> tuple[set[str] | None, list[Need]]:
    walk = _Walk().run(sequence)
    return (walk.run_of if walk.exact else None), walk.needs


def _closed(strings: set[str] | None, needs: list[Need]) -> list[Need]:
    need = _need(strings) if strings is not None else None
    return [need] if need else needs


def _either(branches: list[tuple[set[str] | None, list[Need]]]) -> tuple[set[str] | None, list[Need]]:
    if all(strings is not None for strings, _ in branches):
        union = {text for strings, _ in branches for text in strings or ()}
        if len(union) <= _MOST:
            return union, []
    best = [_best(_closed(strings, needs)) for strings, needs in branches]
    whole = [need for need in best if need]
    return None, [frozenset().union(*whole)] if len(whole) == len(branches) else []


def _best(needs: list[Need]) -> Need | None:
    """The set that says most: its shortest string long, its number small."""
    return max(needs, key=lambda need: (min(map(_telling, need)), -len(need)), default=None)


def _class(items: Any) -> tuple[set[str] | None, list[Need]]:
    found: set[str] = set()
    for kind, value in items:
        if kind is _c.LITERAL:
            found.add(_letter(value))
        elif kind is _c.RANGE and value[1] - value[0] < 10:
            found |= {_letter(code) for code in range(value[0], value[1] + 1)}
        elif kind is _c.CATEGORY and value is _c.CATEGORY_DIGIT:
            found |= _DIGIT
        elif kind is _c.CATEGORY and value is _c.CATEGORY_SPACE:
            found.add(" ")
        else:
            return None, []
    return found, []


def _letter(code: int) -> str:
    letter = chr(code).lower()
    return "0" if letter.isdecimal() else " " if letter.isspace() else letter.replace(EDGE, "\x00")
