"""Finder: runs the medSpaCy pipeline over the shadow of a note and reads its results into frozen values at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ..domain import Candidate, Cue, Found, Sentence
from ..rulebook import Rule, Rulebook
from . import counts, merge
from ._medspacy import SPANS, build_pipeline
from .measures import PatternFinder, find_measures
from .sections import Heading, HeadingFinder, SectionState
from .sentences import sentence_spans
from .shadow import Shadow, make_shadow
from .spelling import Speller, respell

_CHUNK = 6000
"""Shadow characters a pipeline run sees at most: medSpaCy compares every cue of a text with every other."""
_ENERGY_REACH = 4
"""Sentences after a probe's naming in which bare times and watts are still read."""
_TUMOR_ENERGIES = frozenset({"radiofrequency", "microwave", "heat", "cryo", "ire", "laser", "ethanol", "unknown"})
_NEW_STRINGS = 200_000
"""After so many characters the pipeline is built anew where spaCy cannot forget words (before 3.8)."""


@dataclass(frozen=True, slots=True)
class _Raw:
    """A span in the shadow with the rule that found it."""

    start: int
    end: int
    rule: str
    label: str
    value: str
    strength: str
    cues: tuple[Cue, ...] = ()


class Finder:
    """Finds sentences and candidates. One instance may be used from several threads; runs are serialised by a lock."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._rules: dict[str, Rule] = {rule.id: rule for rule in rulebook.rules}
        self._speller = Speller(rulebook.spelling["words"], rulebook.spelling["fuzzy"], rulebook.spelling["keep"])
        self._headings = HeadingFinder(rulebook.headings)
        self._patterns = PatternFinder(rulebook.rules)
        self._lock = threading.Lock()
        self._nlp = build_pipeline(rulebook)

    def find(self, text: str) -> Found:
        """Sentences and candidates of a note; offsets count code points of ``text``."""
        shadow = respell(make_shadow(text), self._speller)
        raws, listed = self._run(shadow.text)
        headings = self._headings.find(shadow.text, listed)
        spans = sentence_spans(shadow.text)
        sentences = list(_sentences(shadow, spans, headings))
        candidates = list(self._candidates(shadow, text, spans, sentences, raws))
        return Found(tuple(sentences), tuple(candidates))

    def _run(self, text: str) -> tuple[list[_Raw], list[Heading]]:
        raws: list[_Raw] = []
        listed: list[Heading] = []
        with self._lock:
            for offset, piece in _chunks(text):
                doc = self._nlp(piece)
                raws += self._read_spans(doc, offset)
                listed += _read_sections(doc, offset)
        return raws, listed

    def _read_spans(self, doc: Any, offset: int) -> Iterator[_Raw]:
        cues: dict[tuple[int, int], list[Cue]] = {}
        for target, modifier in doc._.context_graph.edges:
            first, last = modifier.modifier_span
            key = (target.start, target.end)
            before = last <= target.start
            gap = doc[target.start].idx - (doc[last - 1].idx + len(doc[last - 1])) if before else doc[first].idx - (target.end_char)
            cue = Cue(modifier.category, modifier.rule.metadata["id"], "before" if before else "after", gap, doc[first:last].text.lower())
            cues.setdefault(key, []).append(cue)
        for span in doc.spans[SPANS]:
            rule = self._rules[span.label_]
            found = tuple(sorted(set(cues.get((span.start, span.end), ()))))
            yield _Raw(offset + span.start_char, offset + span.end_char, rule.id, rule.label, rule.value, rule.strength, found)

    def _candidates(
        self, shadow: Shadow, text: str, spans: list[tuple[int, int]], sentences: list[Sentence], raws: list[_Raw]
    ) -> Iterator[Candidate]:
        by_sentence = merge.group(raws, spans)
        last_energy = -_ENERGY_REACH
        for sentence, (start, end), inside in zip(sentences, spans, by_sentence, strict=True):
            names = any(raw.label == "modality" for raw in inside)
            patterns = [
                _Raw(start + a, start + b, rule.id, rule.label, rule.value, rule.strength)
                for rule, a, b in self._patterns.find(sentence.text, names_ablation=names)
            ]
            kept = merge.resolve([*inside, *patterns], sentence.text, start)
            kept = [raw if raw.cues else replace(raw, cues=merge.borrow_cues(raw, kept)) for raw in kept]
            if any(raw.label == "modality" and raw.value in _TUMOR_ENERGIES for raw in kept):
                last_energy = sentence.index
            extra = self._numbers(sentence.text, start, kept, energy_before=sentence.index - last_energy < _ENERGY_REACH)
            for raw in sorted([*kept, *extra], key=lambda raw: (raw.start, raw.end, raw.label, raw.value)):
                a, b = max(raw.start, start), min(raw.end, end)
                first, last = shadow.original(a, b)
                yield Candidate(
                    first, last, raw.label, raw.value, raw.strength, text[first:last], raw.rule, sentence.index, a - start, b - start, raw.cues
                )

    def _numbers(self, sentence: str, offset: int, kept: list[_Raw], *, energy_before: bool) -> list[_Raw]:
        """Measures and counts of a sentence; they take the cues of the nearest phrase mention."""
        found: list[tuple[str, str, str | int, int, int]] = [("delivery", *hit) for hit in find_measures(sentence, energy_before=energy_before)]
        found += [("tumor_count", *hit) for hit in counts.find_counts(sentence)]
        raws = [_Raw(offset + a, offset + b, rule, label, str(value), "number") for label, rule, value, a, b in found]
        return [replace(raw, cues=merge.borrow_cues(raw, kept)) for raw in merge.longest(raws)]


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """Pieces of at most about :data:`_CHUNK` characters, cut at lines or sentences."""
    start = 0
    while start < len(text):
        end = min(start + _CHUNK, len(text))
        if end < len(text):
            cut = max(text.rfind("\n", start, end), text.rfind(". ", start, end) + 1)
            end = cut if cut > start + _CHUNK // 3 else end
        yield start, text[start:end]
        start = end


def _read_sections(doc: Any, offset: int) -> Iterator[Heading]:
    for section in doc._.sections:
        if section.category:
            first, last = section.title_span
            span = doc[first:last]
            yield Heading(offset + span.start_char, offset + span.end_char, section.category.lower(), span.text)


def _sentences(shadow: Shadow, spans: list[tuple[int, int]], headings: list[Heading]) -> Iterator[Sentence]:
    text = shadow.text
    position = line = 0
    state = SectionState()
    for index, (start, end) in enumerate(spans):
        while position < len(headings) and headings[position].start < end:
            state.enter(headings[position])
            position += 1
        line += text.count("\n", spans[index - 1][0] if index else 0, start)
        kind, title, same_line = state.place(text, start, end)
        first, last = shadow.original(start, end)
        yield Sentence(index, first, last, text[start:end], kind, title, line, same_line)
