"""From candidates to mentions with a status: the classifier decides where there is one, the rules alone otherwise."""

from __future__ import annotations

from ..domain import Candidate, Mention
from .features import features
from .model import LinearModel
from .reading import Reading
from .status_rules import status

CERTAIN = frozenset({"box-not-ticked", "not-converted", "plainly-done"})
"""Rules that the classifier does not overrule."""


def judge(reading: Reading, model: LinearModel | None) -> tuple[Mention, ...]:
    """A mention for every candidate, in the same order."""
    candidates = reading.found.candidates
    answers = [status(candidate, reading) for candidate in candidates]
    if model is None:
        return tuple(
            _mention(c, reading, by, 1.0, why, float(by == "performed"))
            for c, (by, why) in zip(candidates, answers, strict=True)
        )
    sets = [features(candidate, reading, answer) for candidate, answer in zip(candidates, answers, strict=True)]
    performed = model.classes.index("performed")
    mentions = []
    for candidate, (by_rules, why), row in zip(candidates, answers, model.probabilities_of_sets(sets), strict=True):
        if why in CERTAIN:
            mentions.append(_mention(candidate, reading, by_rules, 1.0, why, float(by_rules == "performed")))
            continue
        best = max(range(len(row)), key=lambda place: (row[place], model.classes[place]))
        chosen = model.classes[best]
        mentions.append(
            _mention(candidate, reading, chosen, row[best], why if chosen == by_rules else "classifier", row[performed])
        )
    return tuple(mentions)


def _mention(candidate: Candidate, reading: Reading, chosen: str, probability: float, why: str, here: float) -> Mention:
    section = reading.sentence(candidate).kind
    return Mention(
        candidate.start,
        candidate.end,
        candidate.label,
        candidate.value,
        candidate.text,
        section,
        chosen,
        probability,
        candidate.rule,
        why,
        here,
    )
