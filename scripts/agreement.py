"""How far do two annotators agree, and would the second have caught an error of the first?

python scripts/agreement.py join FIRST SECOND -o pairs.jsonl   (two folders of annotated notes with the same paths)
python scripts/agreement.py measure pairs.jsonl [--list]       (--list names the notes and fields that differ)

The file holds answers and offsets, no text: a line a note, ``{"note", "first", "second"}``. Errors are planted by a fixed seed
into the first annotation of 20 notes, one each; one is caught where the second annotation contradicts it with what stood there.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import random
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import cohen_kappa_score

from ablacode.domain import LABELS
from ablacode.errors import AblacodeError, CorpusError
from ablacode.evaluate.intervals import Metric, percentiles, rate, resample, resampled
from ablacode.evaluate.spans import pairs
from ablacode.read.corpus import AnnotatedNote, Gold, gold_to_dict, load_corpus, make_gold

SEED, PLANTED = 20_261_127, 20
FACTS = ("approach", "modality", "tumor_count", "guidance", "date_of_service")
WEIGHTY = ("performed", "historical", "planned", "negated")
"""The statuses on which a code turns: an error in one of them is worth planting."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A mark without its words."""

    start: int
    end: int
    label: str
    value: str
    status: str


@dataclass(frozen=True, slots=True)
class Annotation:
    """One annotator's answers and spans for one note."""

    gold: Gold
    spans: tuple[Span, ...]

    def to_dict(self) -> dict[str, Any]:
        """The JSON form; traps and the line of reasons are the writer's, not an annotator's."""
        gold = {key: value for key, value in gold_to_dict(self.gold).items() if key not in ("traps", "why")}
        return {"gold": gold, "spans": [dataclasses.astuple(span) for span in self.spans]}


@dataclass(frozen=True, slots=True)
class Pair:
    """A note annotated twice."""

    note: str
    first: Annotation
    second: Annotation


@dataclass(frozen=True, slots=True)
class Planted:
    """An error put into an annotation: its kind, and whether another annotation contradicts it with the truth."""

    note: str
    kind: str
    caught: bool


def join(first: Path, second: Path) -> str:
    """The lines of the notes that both folders hold.

    Raises:
        CorpusError: a note of the second is not in the first, or its text is another.
    """
    known = {note.note_id: note for note in load_corpus(first)}
    lines = []
    for note in load_corpus(second):
        if note.note_id not in known or known[note.note_id].text != note.text:
            raise CorpusError(f"{note.note_id} is not in {first}, or its text is another")
        one = {"note": note.note_id, "first": _of(known[note.note_id]), "second": _of(note)}
        lines.append(json.dumps(one, ensure_ascii=False))
    return "\n".join(lines) + "\n"


def read_pairs(lines: str) -> list[Pair]:
    """The notes of :func:`join`'s lines."""
    found = []
    for line in lines.splitlines():
        one = json.loads(line)
        first, second = (
            Annotation(make_gold(told["gold"], one["note"]), tuple(Span(*span) for span in told["spans"]))
            for told in (one["first"], one["second"])
        )
        found.append(Pair(one["note"], first, second))
    return found


def measure(notes: Sequence[Pair]) -> dict[str, Metric]:
    """Agreement: raw and kappa for the decision and the code set, raw for facts, F1 of spans per label."""
    found: dict[str, Metric] = {}
    answers: dict[str, Callable[[Gold], str]] = {
        "decision": lambda gold: gold.decision,
        "codes": lambda gold: "+".join(sorted(gold.codes)) or gold.decision,
    }
    for name, answer in answers.items():
        told = [(answer(note.first.gold), answer(note.second.gold)) for note in notes]
        found[f"{name}, same"] = rate(sum(one == other for one, other in told), len(told))
        found[f"{name}, kappa"] = _kappa(told)
    coded = [note for note in notes if note.first.gold.codes and note.second.gold.codes]
    for fact in FACTS:
        among = notes if fact == "date_of_service" else coded
        found[f"{fact}, same"] = rate(sum(not differs(note, fact) for note in among), len(among))
    for how in ("overlap", "exact"):
        for label in (*LABELS, "all"):
            found[f"spans, {how} F1, {label}"] = _span_f1(notes, label, exact=how == "exact")
    matched = [pair for note in notes for pair in _matched(note)]
    found["value of a span both marked"] = _by_note(notes, lambda one, other: one.value == other.value, len(matched))
    found["status of a span both marked"] = _by_note(notes, lambda one, other: one.status == other.status, len(matched))
    return found


def differs(note: Pair, field: str) -> bool:
    """Whether the annotators gave different answers; the order of a list does not count."""
    one, other = getattr(note.first.gold, field), getattr(note.second.gold, field)
    return sorted(one) != sorted(other) if isinstance(one, tuple) else one != other


def plant(notes: Sequence[Pair], *, seed: int = SEED, errors: int = PLANTED) -> list[Planted]:
    """Plant one error in the first annotation of each of ``errors`` notes, of each kind in turn; say which the second catches.

    The error itself need not be written down: any other answer than the one that stood there is wrong, and the second
    annotator, who saw the bare note only, contradicts all of them by giving that one.
    """
    chance = random.Random(seed)
    order = sorted(notes, key=lambda note: note.note)
    chance.shuffle(order)
    planted: list[Planted] = []
    often = Counter(dict.fromkeys(KINDS, 0))
    for note in order[:errors]:
        # The rarest kind so far that the note has something for.
        for kind in sorted(KINDS, key=often.__getitem__):
            caught = KINDS[kind](note, chance)
            if caught is not None:
                planted.append(Planted(note.note, kind, caught))
                often[kind] += 1
                break
    return planted


def _wrong_fact(field: str) -> Callable[[Pair, random.Random], bool | None]:
    """An answer replaced by another one: caught where the second annotator gave the one that stood there."""

    def try_it(note: Pair, chance: random.Random) -> bool | None:
        del chance
        return None if not getattr(note.first.gold, field) else not differs(note, field)

    return try_it


def _wrong_span(change: str) -> Callable[[Pair, random.Random], bool | None]:
    """A span left out, or given another status or value: caught where the second has it as it stood."""

    def try_it(note: Pair, chance: random.Random) -> bool | None:
        spans = [span for span in note.first.spans if span.status in WEIGHTY]
        if not spans:
            return None
        one = chance.choice(spans)
        others = [other for mine, other in _matched(note) if mine == one]
        if change == "missing":
            return bool(others)
        return any(getattr(other, change) == getattr(one, change) for other in others)

    return try_it


KINDS: dict[str, Callable[[Pair, random.Random], bool | None]] = {
    "code": _wrong_fact("codes"),
    "decision": _wrong_fact("decision"),
    "approach": _wrong_fact("approach"),
    "modality": _wrong_fact("modality"),
    "tumor_count": _wrong_fact("tumor_count"),
    "guidance": _wrong_fact("guidance"),
    "date_of_service": _wrong_fact("date_of_service"),
    "span left out": _wrong_span("missing"),
    "status of a span": _wrong_span("status"),
    "value of a span": _wrong_span("value"),
}


def report(notes: Sequence[Pair], *, listed: bool) -> str:
    """The table; with ``listed`` the notes and fields that differ."""
    lines = [f"{len(notes)} notes annotated twice. Value [95 % interval] n.", ""]
    for name, one in measure(notes).items():
        lines.append(f"  {name:42} " + (f"{one.value:.3f} [{one.low:.3f}, {one.high:.3f}] n={one.n}" if one.n else "-"))
    errors = plant(notes)
    caught = sum(error.caught for error in errors)
    lines += ["", f"Planted errors, one in each of {len(errors)} notes: {caught} caught"]
    for kind in KINDS:
        mine = [error for error in errors if error.kind == kind]
        lines.append(f"  {kind:42} {sum(error.caught for error in mine)} of {len(mine)}")
    if listed:
        lines += ["", "Differences"]
        for note in notes:
            for field in ("decision", "codes", *FACTS, "reasons"):
                if differs(note, field):
                    one, other = getattr(note.first.gold, field), getattr(note.second.gold, field)
                    lines.append(f"  {note.note} {field}: {_told(one)} | {_told(other)}")
    return "\n".join(lines) + "\n"


def _told(value: object) -> str:
    return "+".join(value) or "-" if isinstance(value, tuple) else str(value)


def _of(note: AnnotatedNote) -> dict[str, Any]:
    spans = tuple(sorted(Span(m.start, m.end, m.label, m.value, m.status) for m in note.marks))
    return Annotation(note.gold, spans).to_dict()


def _matched(note: Pair) -> Iterator[tuple[Span, Span]]:
    one, other = note.first.spans, note.second.spans
    return ((one[left], other[right]) for left, right in pairs(one, other))


def _kappa(told: Sequence[tuple[str, str]]) -> Metric:
    """Cohen's kappa with its resampled interval."""
    kinds = sorted({answer for both in told for answer in both})
    one, other = (np.array([kinds.index(both[side]) for both in told]) for side in (0, 1))
    table = np.zeros((len(told), len(kinds) ** 2))
    table[np.arange(len(told)), one * len(kinds) + other] = 1.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        value = float(cohen_kappa_score(one, other))
        draws = np.array([_kappa_of(row.reshape(len(kinds), len(kinds))) for row in resample(table)])
    low, high = percentiles(draws) or (value, value)
    return Metric(value, len(told), min(low, value), max(high, value))


def _kappa_of(table: np.ndarray[Any, Any]) -> float:
    share = table / table.sum()
    chance = float(share.sum(axis=0) @ share.sum(axis=1))
    return float("nan") if chance == 1 else (float(np.trace(share)) - chance) / (1 - chance)


def _span_f1(notes: Sequence[Pair], label: str, *, exact: bool) -> Metric:
    """Agreement on spans as F1: twice what both marked, of all that either marked."""
    rows = []
    for note in notes:
        sides = [[span for span in told.spans if label in ("all", span.label)] for told in (note.first, note.second)]
        both = [(sides[0][left], sides[1][right]) for left, right in pairs(*sides)]
        same = sum((one.start, one.end) == (other.start, other.end) for one, other in both) if exact else len(both)
        rows.append([2.0 * same, float(len(sides[0]) + len(sides[1]))])
    counts = np.array(rows)
    return _ratio(counts, int(counts[:, 1].sum()))


def _by_note(notes: Sequence[Pair], holds: Callable[[Span, Span], bool], n: int) -> Metric:
    """Share of the spans both marked for which something holds; whole notes are resampled."""
    told = [Counter(holds(one, other) for one, other in _matched(note)) for note in notes]
    return _ratio(np.array([[float(one[True]), float(one.total())] for one in told]), n)


def _ratio(counts: np.ndarray[Any, Any], n: int) -> Metric:
    hits, of = counts.sum(axis=0)
    draws = resample(counts)
    with np.errstate(invalid="ignore"):
        return (
            resampled(float(hits / of), n, draws[:, 0] / draws[:, 1], len(counts))
            if of
            else Metric(None, 0, None, None)
        )


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    actions = parser.add_subparsers(dest="action", required=True)
    joined = actions.add_parser("join")
    joined.add_argument("first", type=Path)
    joined.add_argument("second", type=Path)
    joined.add_argument("-o", "--output", type=Path, required=True)
    measured = actions.add_parser("measure")
    measured.add_argument("file", type=Path)
    measured.add_argument("--list", action="store_true")
    args = parser.parse_args()
    try:
        if args.action == "join":
            args.output.write_text(join(args.first, args.second), encoding="utf-8")
        else:
            print(report(read_pairs(args.file.read_text(encoding="utf-8")), listed=args.list), end="")
        return 0
    except (AblacodeError, OSError) as error:
        print(f"agreement.py: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
