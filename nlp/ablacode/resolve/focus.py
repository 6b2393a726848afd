"""Which organ a sentence speaks of: the note's main target, and the topic as it runs from line to line.

A word for an organ that is only near, protected, crossed, lifted or the primary's home is no target ("abutting the
liver", "away from the colon", "transhepatic"). A bare organ word moves the topic only where it agrees with the main
target; an organ with its tumour ("right renal mass", "segment VI lesion") moves it always.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..domain import Candidate, Sentence

LIVER = frozenset({"liver", "liver-tumor"})
NON_TUMOR = frozenset({"cyst", "abscess", "vascular", "transection-plane", "margin"})
NEVER_TARGET = frozenset({"colon", "gallbladder", "vascular"})
ORGANS = frozenset(
    [
        "kidney",
        "lung",
        "bone",
        "adrenal",
        "prostate",
        "thyroid",
        "pancreas",
        "breast",
        "spleen",
        "node",
        "peritoneum",
        "soft-tissue",
        "heart",
        "vein",
        "nerve",
        "uterus",
        "oesophagus",
        "cyst",
        "abscess",
    ]
)
_ORGAN_IS_TARGET = frozenset({"heart", "vein", "nerve", "uterus", "oesophagus", "prostate", "thyroid", "breast"})
"""Organs that are ablated without a tumour's word beside them."""
_ALSO_IN_LIVER = frozenset({"cyst", "abscess"})
_NEAR = re.compile(
    r"(?:abut\w*|adjacent to|near|next to|close to|closely|away from|off(?: of)?|between|protect\w*|displac\w*|separat\w*|touch\w*|contact\w*|against|avoid\w*|"
    r"transgress\w*|through|travers\w*|cross\w*|via|overl\w+|posterior to|anterior to|lateral to|medial to|superior to|inferior to|beside|behind|beneath|under|above|"
    r"indent\w*|dissect\w*|toward\w*|bordering|bulging into|beyond|spar\w*|from|including|injury to|injur\w*|damage to|mobili\w*|retract\w*|reflect\w*|approach\w*|lift\w*|"
    r"margin of|tip of|edge of|level of|access\w* (?:through|to)|compress\w*|extend\w* (?:to|into)|invad\w*|adhe\w+ (?:of|to)|sliver of|cm of|mm of|survey\w*|inspect\w*|examin\w*|kept|keeping)\s(?:the\s|of\s|his\s|her\s|any\s|a\s|normal\s|adjacent\s|right\s|left\s|cut\s|intervening\s)*$",
    re.I,
)
_AWAY = re.compile(
    r"^\s?(?:(?:was|were|is|are|lies|lay|fell|hangs|hung|stayed|surface|edge|dome|moved|itself|beneath|again|still|already)\s)*(?:\w+ly\s)?(?:about\s)?(?:\d+(?:\.\d+)?\s?(?:mm|cm)\s(?:away|off|from|deep|anterior|posterior|lateral|medial)|away|off\b|"
    r"remote|spared|separated|over the|normal|intact|untouched|not (?:touched|harmed|injured|involved|treated)|unharmed|protected|displaced|pushed|lifted|kept|retract\w*|mobili[sz]ed|looked|inspected|clear|in (?:the|our|its) (?:line|way|path|track|course|trajectory)|rolled|moved|floated|(?:hung|hangs?|lay|lies|sat|sits|fell|draped|folded) (?:\w+ )?(?:over|across|between|in front)|over(?:lay|lies|lying|hung|hangs?)|beneath|stable|unchanged|smooth|steatotic|cirrhotic|nodular|appear\w*)",
    re.I,
)
_DENIED = re.compile(r"\b(?:no|without|negative for|free of|nor|absence of|not)\s(?:[\w/,]+\s){0,7}$", re.I)
_PRIMARY = re.compile(
    r"^\s*(?:cancer|carcinoma|ca\b|primary|adenocarcinoma|neuroendocrine|origin|melanoma|sarcoma)", re.I
)
_PRIMARY_BEFORE = re.compile(
    r"\b(?:primary|history of|known|metastatic(?: from)?|from(?: a| the| his| her)?|resected|prior|previous|removed|lost)\s(?:\w+\s){0,2}$",
    re.I,
)
_SPREAD = re.compile(
    r"\W{0,3}(?:\w+\s){0,2}?(?:metastas[ei]s|mets?\b|metastatic|metastasi[sz]ed|spread|deposits?|relapse in|recurrence in)(?:\s\w+){0,4}?\s(?:liver|hepatic|segment)|"
    r"\W{0,3}(?:liver|hepatic)\b|\W{0,3}(?:in|to|within|involving)\s(?:(?:the|his|her|right|left|lobe|of)\s)*(?:liver|hepatic|segment)\b",
    re.I,
)
"""A primary followed by its spread to the liver ("breast cancer metastatic to the liver")."""
_HEADING_ORGAN = re.compile(r"\b(liver|hepatic|kidney|renal|lung|pulmonary|adrenal|bone|spleen)\b", re.I)
_ORGAN_OF_WORD = {
    "liver": "liver",
    "hepatic": "liver",
    "kidney": "kidney",
    "renal": "kidney",
    "lung": "lung",
    "pulmonary": "lung",
    "adrenal": "adrenal",
    "bone": "bone",
    "spleen": "spleen",
}
_ENERGY = frozenset(
    {"radiofrequency", "microwave", "heat", "cryo", "ire", "histotripsy", "hifu", "ethanol", "laser", "unknown"}
)
_TOLD = re.compile(r"\b(?:was|were|has|had|is|are|will|we|i)\b", re.I)
_ABLATION_OF = re.compile(r"\b(?:ablat\w+|isolation|rf|cryo\w*)\s(?:of|for)\s(?:\w+\s){0,2}$", re.I)
_TURNS_TO = re.compile(
    r"\b(?:turn\w*|mov\w+|proceed\w*|went|attention|came|switch\w*|target)\s(?:\w+\s){0,3}?(?:to|onto|toward|was|is)\s(?:the\s|his\s|her\s)?$",
    re.I,
)
"""Attention turns to an organ ("we then turned to the liver"): its bare word is the topic from here on."""
_LABEL_BEFORE = re.compile(
    r"[\s\W\d]*(?:(?:part|target|lesion|site|organ)\s?\w?\W*)?(?:the\s)?(?:right\s|left\s|r\s|l\s)?", re.I
)
_LABEL_AFTER = re.compile(r"\s?(?:lesion|tumor|mass|part|portion|nodule)?\s?(?:[:.]\s*|\s[-–]\s|$)", re.I)
_BACKWARD = frozenset({"ago", "past-perfect"})
_SHORT_SEGMENT = re.compile(r"s\s?(?:\d|[iv]+\b)", re.I)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b|'\d\d\b")
_KIND_WEIGHT = {
    "title": 2.0,
    "diagnosis": 1.5,
    "indication": 0.7,
    "impression": 1.5,
    "technique": 1.0,
    "findings": 1.0,
    "other": 1.0,
    "body": 1.0,
    "addendum": 1.0,
    "course": 1.0,
}
_LOOKS_ELSEWHERE = 0.25
_TITLE_LINES = 10


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
    if candidate.strength != "organ":
        return candidate.value in LIVER or not (_PRIMARY_BEFORE.search(before[-30:]) or _SPREAD.match(after))
    if _AWAY.match(after) or _NEAR.search(before[-40:]):
        return False
    return candidate.value in LIVER or not (_PRIMARY.match(after) or _PRIMARY_BEFORE.search(before[-30:]))


def organ_of(candidate: Candidate) -> str:
    """The organ a target word names: liver, another of :data:`ORGANS`, or empty."""
    if candidate.value in LIVER:
        return "liver"
    return candidate.value if candidate.value in ORGANS else ""


def organ_weights(sentences: Sequence[Sentence], by_sentence: Sequence[Sequence[Candidate]]) -> dict[str, float]:
    """How much of the note speaks for each organ as what was treated here."""
    weights: dict[str, float] = {}
    named = any(
        organ_of(c) == "liver" and not _is_short(c)
        for candidates in by_sentence
        for c in candidates
        if c.label == "target"
    )
    for sentence, candidates in zip(sentences, by_sentence, strict=True):
        energy = any(c.label == "modality" and c.value in _ENERGY for c in candidates)
        title_like = sentence.kind == "title" or (sentence.index < _TITLE_LINES and energy and _is_title(sentence.text))
        for candidate in candidates:
            organ = organ_of(candidate) if candidate.label == "target" else ""
            if not organ or not is_target(candidate, sentence.text) or (_is_short(candidate) and not named):
                continue
            strong = candidate.strength == "both" or (
                organ in _ORGAN_IS_TARGET | _ALSO_IN_LIVER and ((energy and organ != "heart") or title_like)
            )
            weight = _KIND_WEIGHT.get(sentence.kind, _LOOKS_ELSEWHERE) * (
                1.5 if strong else 0.8 if title_like or sentence.kind == "diagnosis" else 0.2
            )
            weight *= 3.0 if energy and title_like else 2.0 if energy else 1.0
            if any(cue.category == "HISTORICAL" for cue in candidate.cues) and not title_like:
                weight *= _LOOKS_ELSEWHERE
            weights[organ] = weights.get(organ, 0.0) + weight
    return weights


def _is_short(candidate: Candidate) -> bool:
    """Whether a segment is only a letter and a number ("S3"), which may as well be a sacral level."""
    return candidate.rule == "tgt-segment" and bool(_SHORT_SEGMENT.match(candidate.text))


def _is_title(text: str) -> bool:
    """Whether a line near the top names a procedure: short, nothing told, no year of an earlier one."""
    return len(text.split()) <= 16 and not _TOLD.search(text) and not _YEAR.search(text)


def main_organ(weights: dict[str, float]) -> str:
    """The organ with most speaking for it, the liver in a tie, empty when none is named."""
    return max(weights, key=lambda organ: (weights[organ], organ == "liver", organ)) if weights else ""


def read_focus(
    sentences: Sequence[Sentence],
    by_sentence: Sequence[Sequence[Candidate]],
    seen: Sequence[frozenset[str]],
    main: str,
) -> tuple[Focus, ...]:
    """The focus of every sentence of a note whose main target is ``main``; ``seen`` are the grammar's traits of each. A sentence
    that looks back has its own organ, but leaves the topic where it was."""
    focuses: list[Focus] = []
    topic, heading = main, ""
    for sentence, candidates in zip(sentences, by_sentence, strict=True):
        if sentence.heading != heading:
            heading = sentence.heading
            word = _HEADING_ORGAN.search(heading) if sentence.kind in ("technique", "other", "body") else None
            topic = _ORGAN_OF_WORD[word.group(1).lower()] if word else main
        own = _own(candidates, sentence.text, main)
        nontumor = frozenset(c.value for c in candidates if c.label == "target" and c.value in NON_TUMOR)
        looks_back = bool(_BACKWARD & seen[sentence.index])
        if len(own) == 1 and not looks_back:
            topic = next(iter(own))
        elif len(own) > 1:
            topic = main if main in own else "liver" if "liver" in own else topic
        named = any(
            c.label == "target" and c.strength in ("tumor", "both") and c.value not in NON_TUMOR for c in candidates
        )
        here = next(iter(own)) if looks_back and len(own) == 1 else topic
        focuses.append(Focus(own, here, nontumor, named))
    return tuple(focuses)


def _meant(candidate: Candidate, organ: str, sentence: str, main: str) -> bool:
    """Whether a heart's word is what was ablated, not the rhythm in which the session ended."""
    return organ != "heart" or main == "heart" or bool(_ABLATION_OF.search(sentence[: candidate.at]))


def _is_label(candidate: Candidate, sentence: str) -> bool:
    """Whether an organ's word alone, or before a colon, heads what follows: "Kidney.", "Segment VIII: ...", "2. Right kidney -"."""
    return bool(_LABEL_BEFORE.fullmatch(sentence[: candidate.at]) and _LABEL_AFTER.match(sentence[candidate.to :]))


def _own(candidates: Sequence[Candidate], sentence: str, main: str) -> frozenset[str]:
    """Organs the sentence makes its target; a bare organ word other than the main one only beside an energy or a probe."""
    energy = any(c.label == "modality" and c.value in _ENERGY for c in candidates)
    strong, bare = set(), set()
    for candidate in candidates:
        organ = organ_of(candidate) if candidate.label == "target" else ""
        if not organ or not is_target(candidate, sentence):
            continue
        if (
            candidate.strength == "both"
            or _is_label(candidate, sentence)
            or _TURNS_TO.search(sentence[: candidate.at])
            or (organ in _ORGAN_IS_TARGET and energy and _meant(candidate, organ, sentence, main))
        ):
            strong.add(organ)
        elif organ == main or (energy and (not main or organ in _ALSO_IN_LIVER or candidate.rule == "tgt-segment")):
            bare.add(organ)
    return frozenset(strong or bare)
