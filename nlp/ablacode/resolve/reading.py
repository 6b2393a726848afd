"""Reading: a note's candidates with all that the status rules and the classifier look at, computed once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..domain import Candidate, Found, Sentence
from .anatomy import anatomy_weights
from .dates import ServiceDate
from .focus import Focus, main_organ, organ_weights, read_focus

BODY = frozenset(
    {
        "technique",
        "findings",
        "impression",
        "course",
        "body",
        "other",
        "addendum",
        "attestation",
        "log",
        "complications",
        "anesthesia",
    }
)
ENERGIES = frozenset({"radiofrequency", "microwave", "heat", "cryo", "ire", "histotripsy", "hifu", "ethanol", "laser"})
IN_FAMILY = frozenset({"radiofrequency", "microwave", "heat", "cryo"})


_UNDATED = ServiceDate(None)


@dataclass(frozen=True, slots=True)
class Reading:
    """Sentences, candidates by sentence, the organ each sentence speaks of, the kind of document."""

    found: Found
    by_sentence: tuple[tuple[Candidate, ...], ...]
    traits: tuple[frozenset[str], ...]
    focus: tuple[Focus, ...]
    document: str
    scores: dict[str, int] = field(default_factory=dict)
    organs: dict[str, float] = field(default_factory=dict)
    main: str = ""
    narrative: bool = False
    marks: tuple[frozenset[str], ...] = ()
    service: ServiceDate = _UNDATED

    def sentence(self, candidate: Candidate) -> Sentence:
        """The sentence a candidate stands in."""
        return self.found.sentences[candidate.sentence]

    def beside(self, candidate: Candidate) -> tuple[Candidate, ...]:
        """All candidates of the same sentence."""
        return self.by_sentence[candidate.sentence]


def read(
    found: Found,
    document: str,
    scores: dict[str, int],
    marks: tuple[frozenset[str], ...],
    near_organ: float,
    service: ServiceDate,
    when: Sequence[str],
) -> Reading:
    """Gather a reading from what was found; ``when`` is the time of each sentence (:mod:`.timeline`)."""
    groups: list[list[Candidate]] = [[] for _ in found.sentences]
    for candidate in found.candidates:
        groups[candidate.sentence].append(candidate)
    by_sentence = tuple(tuple(group) for group in groups)
    seen = tuple(frozenset(name[2:] for name in names if name.startswith("t:")) for names in marks)
    seen = tuple(traits | {"when:" + time} if time else traits for traits, time in zip(seen, when, strict=True))
    organs = organ_weights(found.sentences, by_sentence)
    for organ, weight in anatomy_weights(found.sentences, marks, near_organ).items():
        organs[organ] = organs.get(organ, 0.0) + weight
    main = main_organ(organs)
    return Reading(
        found,
        by_sentence,
        seen,
        read_focus(found.sentences, by_sentence, seen, main),
        document,
        scores,
        organs,
        main,
        has_narrative(found.sentences, seen),
        marks,
        service,
    )


def has_narrative(sentences: Sequence[Sentence], seen: Sequence[frozenset[str]]) -> bool:
    """Whether the note tells what was done in sentences outside titles, history and plans."""
    told = [
        sentence
        for sentence, traits_ in zip(sentences, seen, strict=True)
        if sentence.kind in ("technique", "findings", "body", "course", "other", "log")
        and traits_ & {"past-passive", "past-active"}
    ]
    return len(told) >= 2
