"""Finder: runs medSpaCy over the sentences of a note's shadow and reads its results into frozen values at once."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence

from ..domain import Candidate, Found, Sentence
from ..rulebook import Rule, Rulebook
from . import counts, merge
from ._medspacy import MedspacyFinder
from .dictated import hear
from .headings import Heading, HeadingFinder
from .measures import MeasureFinder, PatternFinder
from .raw import Raw
from .sections import SectionState
from .sentences import sentence_spans
from .shadow import Shadow, make_shadow
from .spelling import Speller, respell
from .units import units
from .words import CUE, ENERGY, TARGET, TOOL, Words

_ENERGY_REACH = 4
"""Sentences after a probe's naming in which bare times and watts are still read."""
_LIVER = re.compile(r"liver|hepat|glisson|capsul|diaphragm|segment", re.I)
_TUMOR_ENERGIES = frozenset({"radiofrequency", "microwave", "heat", "cryo", "ire", "laser", "ethanol", "unknown"})
_ABLATIONS = _TUMOR_ENERGIES | {"histotripsy", "hifu"}


class Finder:
    """Finds sentences and candidates. One instance may be used from several threads; runs are serialised by a lock."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rules: dict[str, Rule] = {rule.id: rule for rule in rulebook.rules}
        self._speller = Speller(rulebook.spelling["words"], rulebook.spelling["fuzzy"], rulebook.spelling["keep"])
        self._headings = HeadingFinder(rulebook.headings)
        self._words = Words()
        self._patterns = PatternFinder(rulebook.rules, self._words.guards)
        self._measures = MeasureFinder(self._words.guards)
        self._counts = [(self._words.guards.add(pattern.pattern), pattern) for pattern in counts.PATTERNS]
        self._medspacy = MedspacyFinder(rulebook, self._words)
        self._lock = threading.Lock()

    def find(self, text: str, *, worth: Callable[[Sequence[Sentence]], bool] | None = None) -> Found:
        """Sentences and candidates of a note; offsets count code points of ``text``. A note without a word for any energy
        gives no candidates: it can hold no ablation.

        ``worth``: says of the sentences of a note that names no energy whether its candidates are wanted all the same; without it
        they are where it names a tool that burns.
        """
        with self._lock:
            shadow = respell(hear(make_shadow(text)), self._speller)
            listed = (
                Heading(start, end, kind, shadow.text[start:end])
                for start, end, kind in self._medspacy.titles(shadow.text)
            )
            headings = self._headings.find(shadow.text, listed)
            spans = sentence_spans(shadow.text)
            sentences = list(_sentences(shadow, spans, headings))
            bits = [self._words.bits(sentence.text) for sentence in sentences]
            if not self._may_tell_of_energy(shadow.text, sentences, bits):
                return Found(tuple(sentences), ())
            if worth and not self._names_energy(shadow.text, spans, sentences, bits) and not worth(sentences):
                return Found(tuple(sentences), ())
            raws = list(self._targets(shadow.text, spans, bits))
            candidates = list(self._candidates(shadow, text, spans, sentences, bits, raws))
        return Found(tuple(sentences), tuple(candidates))

    def _may_tell_of_energy(self, text: str, sentences: Sequence[Sentence], bits: Sequence[int]) -> bool:
        """Whether a sentence holds the words of a phrase, or opens a pattern, for an energy that ablates tumours; or for a tool that
        burns, in a note that names the liver (surface fulguration, R16)."""
        if self._may_name(sentences, bits, ENERGY, self._patterns.energies):
            return True
        return bool(_LIVER.search(text)) and self._may_name(sentences, bits, TOOL, self._patterns.tools)

    def _names_energy(
        self, text: str, spans: Sequence[tuple[int, int]], sentences: Sequence[Sentence], bits: Sequence[int]
    ) -> bool:
        """Whether a phrase or a pattern for an energy that ablates tumours, or for ablation alone, is really there."""
        if any(raw.value in _ABLATIONS for raw in self._targets(text, spans, bits, holding=ENERGY, cues=False)):
            return True
        guards = self._words.guards
        return any(
            rule.label == "modality" and rule.value in _ABLATIONS
            for sentence, held in zip(sentences, bits, strict=True)
            if guards.opens(held, self._patterns.energies)
            for rule, _, _ in self._patterns.find(sentence.text, guards.open_for(held), names_ablation=True)
        )

    def _may_name(self, sentences: Sequence[Sentence], bits: Sequence[int], bit: int, guards: int) -> bool:
        opens = self._words.guards.opens
        return any(
            (held & bit and self._words.may_hold(bit, sentence.text)) or opens(held, guards)
            for sentence, held in zip(sentences, bits, strict=True)
        )

    def _targets(
        self,
        text: str,
        spans: Sequence[tuple[int, int]],
        bits: Sequence[int],
        *,
        holding: int = TARGET,
        cues: bool = True,
    ) -> Iterator[Raw]:
        """What medSpaCy finds in the pieces of text that hold a word of a target phrase (or of another bit)."""
        for unit in units(text, spans):
            held = 0
            for sentence in bits[unit.sentences]:
                held |= sentence
            if not held & holding:
                continue
            piece = text[unit.start : unit.end]
            asked = cues and bool(held & CUE)
            for start, end, rule_id, near in self._medspacy.targets(piece, unit.starts, cues=asked):
                rule = self._rules[rule_id]
                yield Raw(unit.start + start, unit.start + end, rule_id, rule.label, rule.value, rule.strength, near)

    def _candidates(
        self,
        shadow: Shadow,
        text: str,
        spans: Sequence[tuple[int, int]],
        sentences: Sequence[Sentence],
        bits: Sequence[int],
        raws: Sequence[Raw],
    ) -> Iterator[Candidate]:
        last_energy = -_ENERGY_REACH
        grouped = merge.group(raws, spans)
        for sentence, (start, end), held, inside in zip(sentences, spans, bits, grouped, strict=True):
            opened = self._words.guards.open_for(held)
            if not opened and not inside:
                continue
            kept = self._phrases(sentence.text, start, opened, inside)
            if any(raw.label == "modality" and raw.value in _TUMOR_ENERGIES for raw in kept):
                last_energy = sentence.index
            near = sentence.index - last_energy < _ENERGY_REACH
            kept += self._numbers(sentence.text, start, opened, kept, energy_before=near)
            kept.sort(key=_place)
            for raw in kept:
                a, b = max(raw.start, start), min(raw.end, end)
                first, last = shadow.original(a, b)
                yield Candidate(
                    first,
                    last,
                    raw.label,
                    raw.value,
                    raw.strength,
                    text[first:last],
                    raw.rule,
                    sentence.index,
                    a - start,
                    b - start,
                    raw.cues,
                )

    def _phrases(self, sentence: str, offset: int, opened: int, inside: Sequence[Raw]) -> list[Raw]:
        """Phrases and patterns of a sentence, overlaps settled; what has no cues takes those of the nearest mention."""
        names = any(raw.label == "modality" for raw in inside)
        patterns = [
            Raw(offset + a, offset + b, rule.id, rule.label, rule.value, rule.strength)
            for rule, a, b in self._patterns.find(sentence, opened, names_ablation=names)
        ]
        kept = merge.resolve([*inside, *patterns], sentence, offset)
        if not any(raw.cues for raw in kept):
            return kept
        lender = merge.Lender(kept)
        return [raw if raw.cues else raw._replace(cues=lender.cues_for(raw)) for raw in kept]

    def _numbers(
        self, sentence: str, offset: int, opened: int, kept: Sequence[Raw], *, energy_before: bool
    ) -> list[Raw]:
        """Measures and counts of a sentence; they take the cues of the nearest phrase mention."""
        raws = [
            Raw(offset + a, offset + b, rule, "delivery", value, "number")
            for rule, value, a, b in self._measures.find(sentence, opened, energy_before=energy_before)
        ]
        patterns = [pattern for guard, pattern in self._counts if opened & guard]
        raws += [
            Raw(offset + a, offset + b, rule, "tumor_count", str(number), "number")
            for rule, number, a, b in counts.find_counts(sentence, patterns)
        ]
        if not raws:
            return raws
        lender = merge.Lender(kept)
        return [raw._replace(cues=lender.cues_for(raw)) for raw in merge.longest(raws)]


def _place(raw: Raw) -> tuple[int, int, str, str]:
    return raw.start, raw.end, raw.label, raw.value


def _sentences(shadow: Shadow, spans: Sequence[tuple[int, int]], headings: Sequence[Heading]) -> Iterator[Sentence]:
    text = shadow.text
    position = line = line_start = 0
    state = SectionState(text)
    next_line = text.find("\n")
    for index, (start, end) in enumerate(spans):
        while position < len(headings) and headings[position].start < end:
            state.enter(headings[position])
            position += 1
        while 0 <= next_line < start:
            line, line_start = line + 1, next_line + 1
            next_line = text.find("\n", line_start)
        kind, title, same_line = state.place(start, end, line_start)
        first, last = shadow.original(start, end)
        yield Sentence(index, first, last, text[start:end], kind, title, line, same_line)
