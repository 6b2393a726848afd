"""Are the words the program points at the words an annotator marked, and are they in the note at all?

Mentions and marks are paired one to one within a label: a mention that covers three marks has found one of them, and of
three mentions inside one mark two are too many. Anything looser would reward long spans and double counting.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Protocol

from ..domain import LABELS, Evidence, Mention, Record
from ..markup import Mark
from ..read.corpus import AnnotatedNote

KINDS = tuple(sorted(LABELS))
PERFORMED = "performed"


class Span(Protocol):
    """A mention or a mark."""

    @property
    def start(self) -> int:
        """First character."""
        ...

    @property
    def end(self) -> int:
        """First character after it."""
        ...

    @property
    def label(self) -> str:
        """What it is a mention of."""
        ...


def count_spans(note: AnnotatedNote, record: Record) -> Counter[str]:
    """Counts of mentions of one note: ``span.WHICH.HOW.LABEL`` with WHICH performed or any, HOW exact or overlap."""
    counts = Counter[str]()
    marks, mentions = note.marks, record.mentions
    done = [mark for mark in marks if mark.status == PERFORMED], [m for m in mentions if m.status == PERFORMED]
    _count(counts, "performed", *done)
    # A screened record lists no mentions by contract, so it says nothing about how well they are found.
    # What was performed is counted above all the same.
    if not record.screened:
        _count(counts, "any", marks, mentions)
    for left, right in pairs(marks, mentions):
        mark, mention = marks[left], mentions[right]
        for name in ("span", f"span.{mark.label}"):
            counts[f"{name}.status:of"] += 1
            counts[f"{name}.status:hits"] += mark.status == mention.status
            counts[f"{name}.value:of"] += 1
            counts[f"{name}.value:hits"] += mark.value == mention.value
    bad = len(misquotes(note.text, record))
    quotes = sum(1 for _ in quotes_of(record))
    counts["evidence:of"] = quotes
    counts["evidence:hits"] = quotes - bad
    return counts


def pairs(marks: Sequence[Span], mentions: Sequence[Span]) -> list[tuple[int, int]]:
    """Index pairs of marks and mentions of one label that overlap, one to one: exact first, then the larger overlap."""
    options = []
    for left, mark in enumerate(marks):
        for right, mention in enumerate(mentions):
            shared = min(mark.end, mention.end) - max(mark.start, mention.start)
            if shared > 0 and mark.label == mention.label:
                options.append((not _same(mark, mention), -shared, left, right))
    taken_left: set[int] = set()
    taken_right: set[int] = set()
    chosen = []
    for _, _, left, right in sorted(options):
        if left not in taken_left and right not in taken_right:
            taken_left.add(left)
            taken_right.add(right)
            chosen.append((left, right))
    return sorted(chosen)


def quotes_of(value: Any) -> Iterator[Evidence | Mention]:
    """Everything in a record that quotes the note, wherever it stands."""
    if isinstance(value, Evidence | Mention):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from quotes_of(item)
    elif is_dataclass(value):
        for item in fields(value):
            yield from quotes_of(getattr(value, item.name))


def misquotes(text: str, record: Record) -> list[Evidence | Mention]:
    """What quotes the note wrongly: words that are not its slice, an empty span, offsets outside."""
    return [
        quote
        for quote in quotes_of(record)
        # Python would accept negative offsets, a reader of the record would not.
        if not 0 <= quote.start < quote.end <= len(text) or text[quote.start : quote.end] != quote.text
    ]


def _count(counts: Counter[str], which: str, marks: Sequence[Mark], mentions: Sequence[Mention]) -> None:
    chosen = pairs(marks, mentions)
    hits = {
        "exact": [marks[left] for left, right in chosen if _same(marks[left], mentions[right])],
        "overlap": [marks[left] for left, _ in chosen],
    }
    for how, right in hits.items():
        _add(counts, f"span.{which}.{how}", "wanted", marks)
        _add(counts, f"span.{which}.{how}", "found", mentions)
        _add(counts, f"span.{which}.{how}", "hits", right)


def _add(counts: Counter[str], name: str, what: str, spans: Iterable[Span]) -> None:
    for span in spans:
        counts[f"{name}:{what}"] += 1
        counts[f"{name}.{span.label}:{what}"] += 1


def _same(mark: Span, mention: Span) -> bool:
    return (mark.start, mark.end) == (mention.start, mention.end)
