"""The only import of medSpaCy: its target matcher, ConText and sectionizer, given the rulebook's phrases.

medSpaCy silences all warnings of the process when imported and its splitter logs every token; both are undone here.
Rules go in as phrases. medSpaCy's matcher asks a token matcher and a regex matcher at each call, which would have
nothing to say: :class:`_Phrases` asks the phrase matcher alone. Texts come sentence by sentence, because ConText
compares every cue of a text with every other.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

with warnings.catch_warnings():
    from loguru import logger
    from medspacy.common.medspacy_matcher import MedspacyMatcher
    from medspacy.common.util import prune_overlapping_matches
    from medspacy.context import ConText, ConTextRule
    from medspacy.section_detection import Sectionizer, SectionRule
    from medspacy.target_matcher import TargetMatcher, TargetRule
    from spacy.language import Language
    from spacy.matcher import PhraseMatcher
    from spacy.tokens import Doc

from ..domain import Cue
from ..rulebook import Rulebook
from .shadow import make_shadow
from .words import CUE, ENERGY, TARGET, TOOL, Words

for _name in ("medspacy", "PyRuSH"):
    logger.disable(_name)

_SPANS = "ablacode"
_NO_LIMIT = None
_HEAD = re.compile(r"(?m)^[^\n:\-]+")
_PLAIN = re.compile(r"[a-z]+(?: [a-z]+)*")
_GLUED = re.compile(r"\b(?:micro|radio|cryo|thermo|electro|intra|per|hydro|chemo|ultra|trans) ")
Target = tuple[int, int, str, tuple[Cue, ...]]


class _Phrases(MedspacyMatcher):  # type: ignore[misc]
    """medSpaCy's matcher over phrases only. A rule's phrases come as token lists in its metadata."""

    def __init__(self, nlp: Language, name: str, *, prune: bool) -> None:
        super().__init__(nlp, name=name, prune=prune)
        self._strings = nlp.vocab.strings
        self._matcher: Any = PhraseMatcher(nlp.vocab, attr="LOWER")

    def add(self, rules: Iterable[Any]) -> None:
        """Add rules under the ids medSpaCy would give them (its own first rule was a dummy, hence from 1)."""
        for number, rule in enumerate(rules, len(self._rule_map) + 1):
            rule._rule_id = f"{rule.category}_{number}"
            self._labels.add(rule.category)
            self._rule_map[rule._rule_id] = rule
            # spaCy takes the hashes of the tokens in place of a Doc, at a tenth of the time.
            hashes = [[self._strings.add(token) for token in tokens] for tokens in rule.metadata.pop("phrases")]
            self._matcher.add(rule._rule_id, hashes)

    def __call__(self, doc: Doc) -> Any:
        """All matches as (id, start, end), overlapping ones pruned where asked for."""
        matches = self._matcher(doc)
        return prune_overlapping_matches(matches) if self._prune else matches


class _Targets(TargetMatcher):  # type: ignore[misc]
    def __init__(self, nlp: Language, matcher: _Phrases) -> None:
        super().__init__(nlp, result_type="group", span_group_name=_SPANS, prune=False)
        self._TargetMatcher__matcher = matcher


class _Context(ConText):  # type: ignore[misc]
    def __init__(self, nlp: Language, matcher: _Phrases) -> None:
        super().__init__(nlp, rules=None, span_attrs=None, input_span_type="group", span_group_name=_SPANS)
        self._ConText__matcher = matcher


class _Sections(Sectionizer):  # type: ignore[misc]
    def __init__(self, nlp: Language, matcher: _Phrases) -> None:
        super().__init__(nlp, rules=None, require_start_line=True, span_attrs=None)
        self._Sectionizer__matcher = matcher


class MedspacyFinder:
    """Targets with their cues, and listed section titles, found by medSpaCy. Not safe for threads."""

    def __init__(self, rulebook: Rulebook, words: Words) -> None:
        self._words = words
        targets = [(rule, [words.tokens(_shadow(phrase)) for phrase in rule.phrases]) for rule in rulebook.rules]
        cues = [(cue, words.tokens(_shadow(phrase))) for cue in rulebook.cues for phrase in cue.phrases]
        titles = [(_shadow(title), heading.kind) for heading in rulebook.headings for title in heading.titles]
        words.mark([tokens for _, phrases in targets for tokens in phrases], TARGET)
        words.mark([tokens for _, tokens in cues], CUE)
        for rule, phrases in targets:
            if rule.label == "modality" and rule.strength != "pseudo":
                words.mark(phrases, TOOL if rule.value == "other" else ENERGY)
        self._titles = frozenset(title for title, _ in titles)
        nlp = words.splitter.english
        self._vocab = nlp.vocab
        self._target = _Targets(nlp, _Phrases(nlp, "targets", prune=False))
        self._target.add(
            [TargetRule(rule.id, rule.id, metadata={"phrases": phrases}) for rule, phrases in targets if phrases]
        )
        self._context = _Context(nlp, _Phrases(nlp, "context", prune=True))
        self._context.add(
            [
                ConTextRule(
                    " ".join(tokens), cue.category, direction=cue.direction, max_scope=cue.scope or _NO_LIMIT,
                    metadata={"id": cue.id, "phrases": [tokens]},
                )
                for cue, tokens in cues
            ]
        )  # fmt: skip
        self._sections = _Sections(nlp, _Phrases(nlp, "sections", prune=True))
        self._sections.add(
            [SectionRule(title, kind, metadata={"phrases": [words.tokens(title)]}) for title, kind in titles]
        )

    def targets(self, text: str, starts: Sequence[int], *, cues: bool) -> Iterator[Target]:
        """Targets (start, end, rule id, cues) of a piece of shadow text; ``starts`` are its sentences' starts."""
        tokens, firsts, lasts = self._words.spread(text)
        doc = self._target(Doc(self._vocab, words=tokens))
        spans = doc.spans[_SPANS]
        if not spans:
            return
        found: dict[tuple[int, int], set[Cue]] = {}
        if cues:
            _mark_sentences(doc, firsts, starts)
            for target, modifier in self._context(doc)._.context_graph.edges:
                first, last = modifier.modifier_span
                before = last <= target.start
                gap = firsts[target.start] - lasts[last - 1] if before else firsts[first] - lasts[target.end - 1]
                quoted = text[firsts[first] : lasts[last - 1]].lower()
                cue = Cue(modifier.category, modifier.rule.metadata["id"], "before" if before else "after", gap, quoted)
                found.setdefault((target.start, target.end), set()).add(cue)
        for span in spans:
            key = (span.start, span.end)
            yield firsts[key[0]], lasts[key[1] - 1], span.label_, tuple(sorted(found.get(key, ())))

    def titles(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Listed section titles (start, end, kind) that stand at a line's start before a colon, a dash or its end."""
        heads = [
            (match.start(), match.group().rstrip())
            for match in _HEAD.finditer(text)
            if match.end() - match.start() < 80 and match.group().rstrip().lower() in self._titles
        ]
        if not heads:
            return
        tokens: list[str] = []
        firsts: list[int] = []
        lasts: list[int] = []
        for at, head in heads:
            pieces, starts, ends = self._words.spread(head)
            tokens += [*pieces, "\n"]
            firsts += [at + start for start in (*starts, len(head))]
            lasts += [at + end for end in (*ends, len(head))]
        for section in self._sections(Doc(self._vocab, words=tokens))._.sections:
            if section.category:
                first, last = section.title_span
                yield firsts[first], lasts[last - 1], section.category.lower()


def _mark_sentences(doc: Doc, firsts: Sequence[int], starts: Sequence[int]) -> None:
    """Sentence starts from the own splitter, in place of PyRuSH; spaCy wants one token at least to be marked."""
    if len(firsts) > 1:
        doc[1].is_sent_start = False
    if len(starts) > 1:
        inside = set(starts)
        for index, first in enumerate(firsts):
            doc[index].is_sent_start = index == 0 or first in inside


def _shadow(phrase: str) -> str:
    """A phrase as the shadow shows it; most are plain words that the shadow leaves alone."""
    if _PLAIN.fullmatch(phrase) and not _GLUED.search(phrase):
        return phrase
    return make_shadow(phrase).text.lower().strip()
