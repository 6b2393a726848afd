"""A span of the shadow with the rule that found it: what the finders of this package hand to each other."""

from __future__ import annotations

from typing import NamedTuple

from ..domain import Cue


class Raw(NamedTuple):
    """Offsets in the shadow; a named tuple because thousands are made per second."""

    start: int
    end: int
    rule: str
    label: str
    value: str
    strength: str
    cues: tuple[Cue, ...] = ()
