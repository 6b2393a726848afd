"""Scene: a note's reading with judged mentions, and the questions the fact rules ask of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..domain import Candidate, Evidence, Mention
from .focus import NON_TUMOR, ORGANS
from .lines import Lines, read_lines, sentence_words
from .mentions import judge
from .model import Models
from .reading import BODY, Reading
from .whole import Whole, read_whole

_MAY_BE = 0.35
"""From this probability on a mention counts (by its probability) as performed here."""
_NEVER_BODY = frozenset({"planned-procedure", "billing"})
_SURE_ELSEWHERE = 0.7
"""So sure must the classifier be of words outside the body's sections."""


@dataclass(frozen=True, slots=True)
class Item:
    """A judged mention with its candidate and the organ it belongs to (liver, another, or empty)."""

    candidate: Candidate
    mention: Mention
    organ: str

    @property
    def sentence(self) -> int:
        """Index of the sentence."""
        return self.candidate.sentence

    @property
    def done(self) -> bool:
        """Whether it describes what was performed here, or may well."""
        return self.mention.status == "performed" or self.mention.here >= _MAY_BE

    @property
    def here(self) -> float:
        """Probability that it does."""
        return self.mention.here


class Scene:
    """All items of a note, by label; liver is the organ where the note leaves no other choice."""

    def __init__(
        self, reading: Reading, mentions: Iterable[Mention], lines: Lines | None = None, whole: Whole | None = None
    ) -> None:
        self.reading = reading
        self.mentions = tuple(mentions)
        self.lines = lines
        self.whole = whole
        self.default_organ = reading.main
        self.organ_weights = reading.organs
        self.items = tuple(
            Item(candidate, mention, self._organ(candidate))
            for candidate, mention in zip(reading.found.candidates, self.mentions, strict=True)
        )

    @property
    def narrative(self) -> bool:
        """Whether the note tells in sentences what was done."""
        return self.reading.narrative

    def kind(self, item: Item) -> str:
        """Section kind of an item's sentence."""
        return self.reading.found.sentences[item.sentence].kind

    def in_body(self, item: Item) -> bool:
        """Whether an item stands in the body, or in the performed line of a note without narrative."""
        kind = self.kind(item)
        if kind == "title":
            return not self.narrative
        return kind in BODY or (item.here >= _SURE_ELSEWHERE and kind not in _NEVER_BODY)

    def of(self, label: str, *, done: bool = True, liver: bool = True, body: bool = True) -> Iterator[Item]:
        """Items of a label; by default those performed on the liver (or on no organ, where none is named) and told in the body."""
        for item in self.items:
            if item.candidate.label != label or (done and not item.done) or (body and not self.in_body(item)):
                continue
            if liver and item.organ != "liver" and (item.organ or self.organ_weights):
                continue
            yield item

    def outcome(self, name: str, *, kinds: frozenset[str] | None = BODY) -> list[int]:
        """Indices of the sentences (of these section kinds) that hold an outcome statement of this name."""
        sentences = self.reading.found.sentences
        wanted = f"o:{name}"
        return [
            index
            for index, marks in enumerate(self.reading.marks)
            if wanted in marks and (kinds is None or sentences[index].kind in kinds)
        ]

    def text(self, index: int) -> str:
        """Shadow text of a sentence, empty outside the note."""
        sentences = self.reading.found.sentences
        return sentences[index].text if 0 <= index < len(sentences) else ""

    def _organ(self, candidate: Candidate) -> str:
        focus = self.reading.focus[candidate.sentence]
        if "liver" in focus.own:
            return "liver"
        others = focus.own & ORGANS
        if others:
            return sorted(others)[0]
        if focus.nontumor & NON_TUMOR and not focus.named_tumor and focus.nontumor & {"cyst"}:
            return "cyst"
        if focus.organ == "liver" or focus.organ in ORGANS:
            return focus.organ
        return self.default_organ

    @property
    def rival_organ(self) -> str:
        """Another organ that the note treats as a target as much as the liver, or empty."""
        liver = self.organ_weights.get("liver", 0.0)
        rivals = [
            (weight, organ)
            for organ, weight in self.organ_weights.items()
            if organ in ORGANS and weight >= 2.0 and weight >= liver / 3
        ]
        return max(rivals)[1] if rivals else ""


def make_scene(reading: Reading, models: Models | None) -> Scene:
    """A scene with mentions, sentences and the whole note judged by the models, or mentions by the rules alone."""
    if models is None:
        return Scene(reading, judge(reading, None))
    words = sentence_words(reading)
    lines = read_lines(reading, words, models.lines) if models.lines else None
    whole = read_whole(reading, words, models.words) if models.words else None
    return Scene(reading, judge(reading, models.status), lines, whole)


def evidence(items: Iterable[Item], axis: str, *, most: int = 3) -> tuple[Evidence, ...]:
    """Evidence of the given axis from items, best first, at most ``most``, in order of position, none twice."""
    chosen = sorted(items, key=lambda item: (-item.here, -item.mention.probability, item.mention.start))[:most]
    found = {
        Evidence(item.mention.start, item.mention.end, axis, item.mention.text, item.mention.section) for item in chosen
    }
    return tuple(sorted(found))
