"""Statements so plain that no model is asked: "microwave ablation of the tumor was performed", "the ice ball covered it"."""

from __future__ import annotations

import re

from ..domain import Candidate
from .reading import BODY, ENERGIES, Reading

_DONE = re.compile(
    r"^(?:\s(?:of|to|for|in|on|into|the|a|an|both|all|two|three|liver|hepatic|ablation|therapy|treatment|injection|tumors?|lesions?|"
    r"mass|nodules?|metastas[ie]s|hcc|segment|seg|[ivx]+|\d[ab]?)\b,?){0,9}?\s(?:was|were)\s(?:then\s|successfully\s|also\s|next\s)?"
    r"(?:performed|done|carried out|completed|undertaken)\b",
    re.I,
)
_ICE = re.compile(
    r"^\s(?:\w+\s){0,2}?(?:covered|covering|encompass\w*|engulf\w*|envelop\w*|extended|surround\w*|grew|formed|reached|included|"
    r"was (?:seen|visible|monitored|observed|formed|noted))\b",
    re.I,
)
_GIVEN = re.compile(
    r"\b(?:was|were)\s(?:then\s|also\s|next\s|now\s|successfully\s|completely\s|fully\s|thoroughly\s|twice\s)?$", re.I
)
_PARTICIPLE = re.compile(r"(?:heat|cook|burn|microwav|cryoablat|cryo-ablat|froze)\w*", re.I)
"""With ``was`` before it a verb of energy tells what was done: "the tumor was heated", "both metastases were frozen"."""
_ABLATION = re.compile(
    r"\s(?:(?:and|image|ct|mri?|us|ultrasound)\s?-?\s?(?:guided\s)?)?(?:microwave\s|radio\s?-?frequency\s|rf\s|thermal\s|heat\s|tumor\s|liver\s)?"
    r"(?:(?:cryo|thermo)?-?ablations?|rfa|mwa)\b",
    re.I,
)
"""With a way in before it and "was done" after it the way is told as plainly: "hand-assisted ablation of the tumor was done"."""
_OTHER_TIMES = frozenset(
    {
        "ago",
        "past-perfect",
        "year",
        "month",
        "future",
        "modal",
        "not",
        "conditional-if",
        "options",
        "plan-word",
        "question",
        "when:before",
        "when:since-before",
        "when:after",
    }
)


def plainly_done(candidate: Candidate, reading: Reading) -> str:
    """``performed`` where an operative note's body says in so many words that an energy was given to the liver, or by which way an
    ablation was done, in no other time."""
    sentence, focus = reading.sentence(candidate), reading.focus[candidate.sentence]
    way = candidate.label == "approach" and candidate.value != "other"
    energy = candidate.label == "modality" and candidate.value in ENERGIES
    if not (way or energy) or reading.document != "operative":
        return ""
    if (
        sentence.kind not in BODY
        or any(cue.category != "PERFORMED" for cue in candidate.cues)
        or reading.traits[candidate.sentence] & _OTHER_TIMES
    ):
        return ""
    if focus.organ not in ("liver", "") or (focus.nontumor and not focus.named_tumor):
        return ""
    after = sentence.text[candidate.to :]
    if way:
        named = _ABLATION.match(after)
        return "performed" if named and _DONE.match(after[named.end() :]) else ""
    covers = candidate.strength == "physics" and candidate.value == "cryo" and _ICE.match(after)
    given = _PARTICIPLE.fullmatch(sentence.text, candidate.at, candidate.to) and _GIVEN.search(
        sentence.text[: candidate.at]
    )
    on_tumor = any(other.label == "target" and other.value == "liver-tumor" for other in reading.beside(candidate))
    return "performed" if _DONE.match(after) or ((covers or given) and on_tumor) else ""
