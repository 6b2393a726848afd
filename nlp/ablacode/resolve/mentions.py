"""From candidates to mentions with a status: the classifier decides where there is one, the rules alone otherwise."""

from __future__ import annotations

from ..domain import Mention
from .features import features
from .model import LinearModel
from .reading import Reading
from .status_rules import status


CERTAIN = frozenset({"box-not-ticked"})
"""Rules that the classifier does not overrule."""


def judge(reading: Reading, model: LinearModel | None) -> tuple[Mention, ...]:
    """A mention for every candidate, in the same order."""
    mentions = []
    for candidate in reading.found.candidates:
        by_rules, why = status(candidate, reading)
        chosen, probability = by_rules, 1.0
        here = float(by_rules == "performed")
        if model is not None and why not in CERTAIN:
            probabilities = model.probabilities(features(candidate, reading, (by_rules, why)))
            chosen = max(probabilities, key=lambda name: (probabilities[name], name))
            probability = probabilities[chosen]
            here = probabilities.get("performed", 0.0)
            why = why if chosen == by_rules else "classifier"
        mentions.append(
            Mention(
                candidate.start,
                candidate.end,
                candidate.label,
                candidate.value,
                candidate.text,
                reading.sentence(candidate).kind,
                chosen,
                probability,
                candidate.rule,
                why,
                here,
            )
        )
    return tuple(mentions)
