"""A suggester without spaCy whose answer a note's first word chooses: SURE, UNSURE, REVIEW, NEAR, else none.

It finds the words of ``WORDS`` as mentions. RAISE and DIE do what they do in :mod:`fake_suggester`.
"""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

from fake_suggester import FakeSuggester

from ablacode.domain import CodeSuggestion, Mention, Note, Reason, Record

WORDS = {
    r"microwave\s+ablation": ("modality", "microwave", "performed"),
    r"cone-beam CT": ("guidance", "cone-beam ct", "mention"),
}
CONFIDENCE = {"SURE": 0.9, "UNSURE": 0.8999}


class StrataSuggester(FakeSuggester):
    def suggest_note(self, note: Note) -> Record:
        record = dataclasses.replace(super().suggest_note(note), decision="none", codes=(), reasons=())
        kind = note.text.split()[0]
        if kind in CONFIDENCE:
            code = CodeSuggestion("47382", 1, CONFIDENCE[kind], "percutaneous", "microwave", "Heat.")
            record = dataclasses.replace(record, decision="suggest", codes=(code,))
        elif kind == "REVIEW":
            record = dataclasses.replace(record, decision="review", reasons=(Reason("contradiction", "Look."),))
        return dataclasses.replace(record, screened=kind == "SCREENED", mentions=mentions(note.text))


def mentions(text: str) -> tuple[Mention, ...]:
    return tuple(
        Mention(match.start(), match.end(), label, value, match[0], "procedure", status)
        for words, (label, value, status) in WORDS.items()
        for match in re.finditer(words, text)
    )


def make() -> StrataSuggester:
    return StrataSuggester()


def build(*, model: Path | None, use_model: bool) -> StrataSuggester:
    """Stand in for :func:`ablacode.factory.build_suggester`."""
    return StrataSuggester()
