"""Which organ a sentence speaks of: its own target words first, else the topic running on from the lines before.

A word for an organ that is only near, protected, crossed or the primary's home is no target ("abutting the liver",
"away from the colon", "transhepatic").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..domain import Candidate, Sentence

LIVER = frozenset({"liver", "liver-tumor"})
NON_TUMOR = frozenset({"cyst", "abscess", "vascular", "transection-plane", "margin"})
NEVER_TARGET = frozenset({"colon", "gallbladder", "abscess", "vascular"})
_NEAR = re.compile(
    r"(?:abut\w*|adjacent to|near|next to|close to|closely|away from|off(?: of)?|between|protect\w*|displac\w*|separat\w*|touch\w*|contact\w*|against|avoid\w*|"
    r"transgress\w*|through|travers\w*|cross\w*|via|overl\w+|posterior to|anterior to|lateral to|medial to|superior to|inferior to|beside|behind|beneath|under|above|"
    r"indent\w*|dissect\w*|toward\w*|bordering|bulging into|beyond|spar\w*|from|including|injury to|injur\w*|damage to|mobili\w*|retract\w*|reflect\w*|approach\w*|"
    r"margin of|tip of|edge of|level of|access\w* (?:through|to)|compress\w*|extend\w* (?:to|into)|invad\w*)\s(?:the\s|of\s|his\s|her\s|any\s|a\s|normal\s|adjacent\s|right\s|left\s)*$",
    re.I,
)
_PRIMARY = re.compile(r"^\s*(?:cancer|carcinoma|ca\b|primary|adenocarcinoma|neuroendocrine|origin|melanoma|sarcoma)", re.I)
_PRIMARY_BEFORE = re.compile(r"\b(?:primary|history of|known|metastatic(?: from)?|from(?: a| the| his| her)?|resected|prior)\s(?:\w+\s){0,2}$", re.I)
_DENIED = re.compile(r"\b(?:no|without|negative for|free of|nor|absence of)\s(?:[\w/,]+\s){0,7}$", re.I)
_AWAY = re.compile(r"^\s?(?:(?:was|were|is|are|lies|lay|fell|hangs|hung|stayed|surface|moved|itself)\s)*(?:\w+ly\s)?(?:about\s)?(?:\d+(?:\.\d+)?\s?(?:mm|cm)\s(?:away|off|from|deep|anterior|posterior|lateral|medial)|away|off\b|remote|spared|separated|over the|normal|intact|untouched|not (?:touched|harmed|injured|involved)|unharmed|protected|displaced|pushed|moved)", re.I)
_HEADING_ORGAN = re.compile(r"\b(liver|hepatic|kidney|renal|lung|pulmonary|adrenal|bone|spleen)\b", re.I)
_ORGAN_OF_WORD = {"liver": "liver", "hepatic": "liver", "kidney": "kidney", "renal": "kidney", "lung": "lung", "pulmonary": "lung", "adrenal": "adrenal", "bone": "bone", "spleen": "spleen"}


@dataclass(frozen=True, slots=True)
class Focus:
    """``own``: organs this sentence itself makes its target; ``organ``: the topic here (own or running on); ``nontumor``: what is no tumour."""

    own: frozenset[str]
    organ: str
    nontumor: frozenset[str]
    named_tumor: bool


def is_target(candidate: Candidate, sentence: str) -> bool:
    """Whether a target word is the object here, not a neighbour, a way or a primary's home."""
    if candidate.value in NEVER_TARGET and candidate.value != "vascular":
        return False
    before, after = sentence[: candidate.at], sentence[candidate.to :]
    if _DENIED.search(before[-60:]):
        return False
    if candidate.strength == "organ" and _AWAY.match(after):
        return False
    if _NEAR.search(before[-40:]) and candidate.strength == "organ":
        return False
    if candidate.strength == "organ" and candidate.value not in LIVER and (_PRIMARY.match(after) or _PRIMARY_BEFORE.search(before[-30:])):
        return False
    return True


def read_focus(sentences: Sequence[Sentence], by_sentence: Sequence[Sequence[Candidate]]) -> tuple[Focus, ...]:
    """The focus of every sentence."""
    focuses: list[Focus] = []
    topic = ""
    heading = ""
    for sentence, candidates in zip(sentences, by_sentence, strict=True):
        if sentence.heading != heading:
            heading = sentence.heading
            if (word := _HEADING_ORGAN.search(heading)) and sentence.kind in ("technique", "other", "findings", "body"):
                topic = _ORGAN_OF_WORD[word.group(1).lower()]
            elif sentence.kind in ("title", "plan", "history", "indication", "addendum"):
                topic = ""
        own = _own(candidates, sentence.text)
        nontumor = frozenset(c.value for c in candidates if c.label == "target" and c.value in NON_TUMOR)
        if len(own) == 1:
            topic = next(iter(own))
        elif len(own) > 1 and any(c.label == "target" and c.value == "liver-tumor" for c in candidates):
            topic = "liver"
        named = any(c.label == "target" and c.strength in ("tumor", "both") for c in candidates)
        focuses.append(Focus(own, topic, nontumor, named))
    return tuple(focuses)


def _own(candidates: Sequence[Candidate], sentence: str) -> frozenset[str]:
    found = set()
    for candidate in candidates:
        if candidate.label != "target" or candidate.value in NON_TUMOR or candidate.value == "tumor":
            continue
        if is_target(candidate, sentence):
            found.add("liver" if candidate.value in LIVER else candidate.value)
    strong = {("liver" if c.value in LIVER else c.value) for c in candidates if c.label == "target" and c.strength == "both"} & found
    return frozenset(strong or found)
