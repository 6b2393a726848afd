"""The figures of an evaluation: which counts make them, and which interval belongs to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..domain import CODES, DECISIONS
from .intervals import NOTHING, Array, Metric, rate, resample, resampled
from .spans import KINDS

Totals = Mapping[str, Array]


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many. ``clustered``: several to a note, so that the interval comes from resampling notes."""

    hits: str
    of: str
    clustered: bool = False

    def columns(self) -> tuple[str, ...]:
        """The counts it is made of."""
        return self.hits, self.of

    def at_stake(self, totals: Totals) -> Array:
        """How many things it is measured on."""
        return totals[self.of]

    def value(self, totals: Totals) -> Array:
        """The share; NaN of nothing."""
        return _divide(totals[self.hits], totals[self.of])


@dataclass(frozen=True, slots=True)
class Complement:
    """What is left of a share: the answers that are wrong, the wanted ones that are missed."""

    share: Share

    @property
    def clustered(self) -> bool:
        """As the share."""
        return self.share.clustered

    def columns(self) -> tuple[str, ...]:
        """The counts it is made of."""
        return self.share.columns()

    def at_stake(self, totals: Totals) -> Array:
        """How many things it is measured on."""
        return self.share.at_stake(totals)

    def value(self, totals: Totals) -> Array:
        """One minus the share."""
        rest: Array = 1.0 - self.share.value(totals)
        return rest


@dataclass(frozen=True, slots=True)
class F1:
    """Harmonic mean of precision and recall of ``name``, measured on everything that was wanted or found."""

    name: str
    clustered: bool = True

    def columns(self) -> tuple[str, ...]:
        """The counts it is made of."""
        return f"{self.name}:hits", f"{self.name}:found", f"{self.name}:wanted"

    def at_stake(self, totals: Totals) -> Array:
        """Wanted or found, each once."""
        hits, found, wanted = (totals[column] for column in self.columns())
        stake: Array = found + wanted - hits
        return stake

    def value(self, totals: Totals) -> Array:
        """2 hits in found and wanted together."""
        hits, found, wanted = (totals[column] for column in self.columns())
        return _divide(2 * hits, found + wanted)


@dataclass(frozen=True, slots=True)
class Macro:
    """Mean over the codes that were wanted or found; a precision or recall of nothing counts 0, as in scikit-learn."""

    measures: tuple[Share | F1, ...]
    occurs: tuple[F1, ...]
    clustered: bool = True

    def columns(self) -> tuple[str, ...]:
        """The counts it is made of."""
        return tuple(column for part in (*self.measures, *self.occurs) for column in part.columns())

    def at_stake(self, totals: Totals) -> Array:
        """How many things all its parts are measured on."""
        stake: Array = np.sum([measure.at_stake(totals) for measure in self.measures], axis=0)
        return stake

    def value(self, totals: Totals) -> Array:
        """The mean; NaN where no code occurs."""
        occurs = np.array([part.at_stake(totals) > 0 for part in self.occurs], dtype=np.float64)
        values = np.array([np.nan_to_num(measure.value(totals)) for measure in self.measures])
        # Where a code does not occur its value is 0 already; it must only not be counted.
        return _divide(np.sum(values, axis=0), np.sum(occurs, axis=0))


Measure = Share | Complement | F1 | Macro


def precision(name: str, *, clustered: bool = False) -> Share:
    """Hits among what was found."""
    return Share(f"{name}:hits", f"{name}:found", clustered)


def recall(name: str, *, clustered: bool = False) -> Share:
    """Hits among what was wanted."""
    return Share(f"{name}:hits", f"{name}:wanted", clustered)


def share(name: str, *, clustered: bool = False) -> Share:
    """Hits among the cases."""
    return Share(f"{name}:hits", f"{name}:of", clustered)


def measure_all(per_note: Sequence[Counter[str]], measures: Mapping[str, Measure]) -> dict[str, Metric]:
    """Every measure on these notes, by name."""
    names = sorted({column for measure in measures.values() for column in measure.columns()})
    counts = np.array([[count[name] for name in names] for count in per_note], dtype=np.float64)
    counts = counts.reshape(len(per_note), len(names))
    drawn = resample(counts)
    notes = {name: counts[:, index] for index, name in enumerate(names)}
    totals = {name: column.sum(keepdims=True) for name, column in notes.items()}
    draws = {name: drawn[:, index] for index, name in enumerate(names)}
    return {name: _metric(measure, notes, totals, draws) for name, measure in measures.items()}


def _metric(measure: Measure, notes: Totals, totals: Totals, draws: Totals) -> Metric:
    value, n = float(measure.value(totals)[0]), int(measure.at_stake(totals)[0])
    if n == 0:
        return NOTHING
    if not measure.clustered:
        return rate(round(value * n), n)
    contributing = int(np.sum(measure.at_stake(notes) > 0))
    return resampled(value, n, measure.value(draws), contributing)


def _divide(top: Array, bottom: Array) -> Array:
    result: Array = np.divide(top, bottom, out=np.full(np.shape(bottom), np.nan), where=bottom > 0)
    return result


def _three(prefix: str, name: str, *, clustered: bool = False) -> dict[str, Measure]:
    return {
        f"{prefix}.precision": precision(name, clustered=clustered),
        f"{prefix}.recall": recall(name, clustered=clustered),
        f"{prefix}.f1": F1(name),
    }


def _macro() -> dict[str, Measure]:
    names = [f"code.{code}" for code in CODES]
    occurs = tuple(F1(name) for name in names)
    return {
        "codes.macro.precision": Macro(tuple(precision(name) for name in names), occurs),
        "codes.macro.recall": Macro(tuple(recall(name) for name in names), occurs),
        "codes.macro.f1": Macro(occurs, occurs),
    }


def _spans() -> dict[str, Measure]:
    found: dict[str, Measure] = {}
    for which in ("performed", "any"):
        for how in ("exact", "overlap"):
            for name in (f"span.{which}.{how}", *(f"span.{which}.{how}.{kind}" for kind in KINDS)):
                found |= _three(name, name, clustered=True)
    for name in ("span", *(f"span.{kind}" for kind in KINDS)):
        found[f"{name}.status"] = share(f"{name}.status", clustered=True)
        found[f"{name}.value"] = share(f"{name}.value", clustered=True)
    return found


HEADLINE: dict[str, Measure] = {
    "answer.exact": share("answer"),
    "decision.accuracy": share("decision"),
    "codes.exact": share("code_set"),
    **_three("codes.micro", "codes"),
    "codes.wrong": Complement(precision("codes")),
    "codes.missed": Complement(recall("codes")),
    "notes.wrong_code": share("wrong_code_note"),
    "review.without_need": share("review_without_need"),
    "review.reason": share("review_reason"),
    "facts.approach": share("fact.approach"),
    "facts.modality": share("fact.modality"),
    "facts.modality_family": share("fact.modality_family"),
    "facts.tumor_count": share("fact.tumor_count"),
    "facts.tumor_count_open": share("fact.tumor_count_open"),
    "facts.guidance": share("fact.guidance"),
    "facts.date_of_service": share("date_of_service"),
    "evidence.quoted": share("evidence", clustered=True),
    **_three("span.performed.overlap", "span.performed.overlap", clustered=True),
    "span.status": share("span.status", clustered=True),
}
"""The figures every group of notes gets.

``codes.wrong`` is the share of suggested codes that are not in the gold, ``notes.wrong_code`` the share of notes with
one; ``review.without_need`` the share of notes whose gold is not review that were sent there; ``review.reason`` the
share of rightly reviewed notes that name a reason of the gold; ``facts.*`` are measured on the notes whose gold is
suggest (the date on those whose gold knows it), ``facts.tumor_count_open`` on those of them without a known count.
"""

MEASURES: dict[str, Measure] = {
    **HEADLINE,
    **_macro(),
    **{key: m for code in CODES for key, m in _three(f"code.{code}", f"code.{code}").items()},
    **{key: m for d in DECISIONS for key, m in _three(f"decision.{d}", f"decision.{d}").items()},
    **_spans(),
}
"""All figures, for the corpus as a whole."""
