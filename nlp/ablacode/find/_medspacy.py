"""The only import of medSpaCy: builds the pipeline (tokenizer, own sentences, sectionizer, target rules, ConText).

medSpaCy silences all warnings of the process when imported and its splitter logs every token; both are undone here.
Rules go in as phrases: token patterns and the regex matcher cost several times the rest of the pipeline.
"""

from __future__ import annotations

import warnings
from typing import Any

with warnings.catch_warnings():
    import spacy
    from loguru import logger
    from medspacy.context import ConText, ConTextRule
    from medspacy.section_detection import Sectionizer, SectionRule
    from medspacy.target_matcher import TargetMatcher, TargetRule
    from spacy.language import Language
    from spacy.tokens import Doc

from ..rulebook import Rulebook
from .sentences import sentence_spans
from .shadow import make_shadow

for _name in ("medspacy", "PyRuSH"):
    logger.disable(_name)

SPANS = "ablacode"
_NEVER = [{"ORTH": "\x00"}]
"""A token pattern that matches nothing: without one, spaCy warns of an empty matcher at every note."""
_NO_LIMIT = None


@Language.component("ablacode_sentences")
def mark_sentences(doc: Doc) -> Doc:
    """Set sentence starts from the own splitter, in place of PyRuSH."""
    starts = {start for start, _ in sentence_spans(doc.text)}
    for token in doc:
        token.is_sent_start = token.i == 0 or token.idx in starts
    return doc


def build_pipeline(rulebook: Rulebook) -> Language:
    """A medSpaCy pipeline over shadow text, with the rulebook's phrases; rule ids are the labels of its spans."""
    nlp = spacy.blank("en")
    nlp.max_length = 100_000_000
    nlp.add_pipe("ablacode_sentences")
    sectionizer: Any = nlp.add_pipe(
        "medspacy_sectionizer", config={"rules": None, "require_start_line": True, "span_attrs": None}
    )
    sectionizer.add([SectionRule("never", "never", pattern=_NEVER)])
    sectionizer.add([SectionRule(_shadow(title), heading.kind) for heading in rulebook.headings for title in heading.titles])
    matcher: Any = nlp.add_pipe(
        "medspacy_target_matcher", config={"result_type": "group", "span_group_name": SPANS, "prune": False}
    )
    matcher.add([TargetRule("never", "never", pattern=_NEVER)])
    matcher.add([TargetRule(_shadow(phrase), rule.id) for rule in rulebook.rules for phrase in rule.phrases])
    context: Any = nlp.add_pipe(
        "medspacy_context", config={"rules": None, "span_attrs": None, "input_span_type": "group", "span_group_name": SPANS}
    )
    context.add([ConTextRule("never", "PSEUDO", direction="PSEUDO", pattern=_NEVER)])
    context.add(_cue_rules(rulebook))
    return nlp


def _cue_rules(rulebook: Rulebook) -> list[ConTextRule]:
    return [
        ConTextRule(
            _shadow(phrase), cue.category, direction=cue.direction, max_scope=cue.scope or _NO_LIMIT, metadata={"id": cue.id}
        )
        for cue in rulebook.cues
        for phrase in cue.phrases
    ]


def _shadow(phrase: str) -> str:
    return make_shadow(phrase).text.lower().strip()


__all__ = ["SPANS", "ConText", "Doc", "Language", "Sectionizer", "TargetMatcher", "build_pipeline"]
