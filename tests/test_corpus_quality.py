"""Is the corpus whole, large enough, and are its parts strangers to each other?

Notes are compared by hashes of word runs and their text is let go at once, so that a failure can name ids only.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import pytest

from ablacode.domain import CODES, DECISIONS
from ablacode.read.corpus import AnnotatedNote, Gold, load_corpus

CORPORA = Path(__file__).parents[1] / "corpora"
PARTS = ("train", "dev", "test", "sealed")
STOCK = CORPORA / "stock_phrases.txt"
RUN = 12
"""Words in a row that no two notes may share by chance."""
_WORD = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"[.;:!?]\s|\n\s*\n|\n\s*[-*•\d]|\Z")


def words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def digest(run: Iterable[str]) -> bytes:
    return hashlib.blake2b(" ".join(run).encode(), digest_size=12).digest()


def runs(text: str) -> set[bytes]:
    """Hashes of all runs of :data:`RUN` words."""
    found = words(text)
    return {digest(found[at : at + RUN]) for at in range(len(found) - RUN + 1)}


def sentences(text: str) -> Iterator[bytes]:
    """Hashes of the sentences of at least :data:`RUN` words."""
    last = 0
    for match in _SENTENCE_END.finditer(text):
        found = words(text[last : match.end()])
        last = match.end()
        if len(found) >= RUN:
            yield digest(found)


@dataclass(frozen=True)
class Seen:
    """What is kept of a note: no word of it."""

    family: str
    gold: Gold
    marked: frozenset[tuple[str, str]]
    runs: frozenset[bytes]
    sentences: frozenset[bytes]
    whole: bytes
    length: int


def _seen(note: AnnotatedNote) -> Seen:
    marked = frozenset((mark.label, mark.status) for mark in note.marks)
    found = frozenset(runs(note.text)), frozenset(sentences(note.text))
    return Seen(note.family, note.gold, marked, *found, digest(words(note.text)), len(note.text.split()))


STOCK_LINES = [line for line in STOCK.read_text("utf-8").splitlines() if line and not line.startswith("#")]
STOCK_RUNS = {run for line in STOCK_LINES for run in runs(line)}
STOCK_SENTENCES = {digest(words(line)) for line in STOCK_LINES}
NOTES = {
    f"{part}/{note.note_id}": _seen(note)
    for part in PARTS
    if (CORPORA / part).is_dir()
    for note in load_corpus(CORPORA / part)
}
"""By part and id."""


def part_of(name: str) -> str:
    return name.partition("/")[0]


# --- whole and large enough --------------------------------------------------------------------------------------


def test_every_part_is_there_and_loads() -> None:
    assert {part_of(name) for name in NOTES} == set(PARTS)


def test_there_are_enough_notes_of_enough_styles() -> None:
    assert len(NOTES) >= 420
    assert len({note.family for note in NOTES.values()}) >= 12


def test_notes_are_as_long_as_charts_are() -> None:
    lengths = {name: note.length for name, note in NOTES.items()}
    assert [name for name, length in lengths.items() if not 60 <= length <= 1200] == []
    # The shortest kinds (case logs, brief notes) are many; the usual report stands in the middle.
    assert sum(200 <= length <= 600 for length in lengths.values()) > len(lengths) / 2


@pytest.mark.parametrize("code", CODES)
def test_every_code_stands_often_enough(code: str) -> None:
    assert sum(code in note.gold.codes for note in NOTES.values()) >= 35


@pytest.mark.parametrize(("decision", "least"), [("review", 90), ("none", 110)])
def test_notes_without_a_code_are_many(decision: str, least: int) -> None:
    assert sum(note.gold.decision == decision for note in NOTES.values()) >= least


def test_at_least_sixty_notes_of_two_styles_are_sealed() -> None:
    sealed = [note for name, note in NOTES.items() if part_of(name) == "sealed"]
    assert len(sealed) >= 60
    assert len({note.family for note in sealed}) >= 2


@pytest.mark.parametrize("part", PARTS)
def test_every_decision_stands_in_every_part(part: str) -> None:
    assert {note.gold.decision for name, note in NOTES.items() if part_of(name) == part} == set(DECISIONS)


def test_every_note_says_why_and_a_coded_one_marks_what_carries_its_code() -> None:
    assert [name for name, note in NOTES.items() if not note.gold.why] == []
    done = {
        name: {label for label, status in note.marked if status == "performed"}
        for name, note in NOTES.items()
        if note.gold.decision == "suggest"
    }
    assert [name for name, labels in done.items() if not labels & {"modality", "delivery"}] == []
    assert [name for name in done if "modality" not in {label for label, _ in NOTES[name].marked}] == []


TRAPS = tomllib.loads((CORPORA / "traps.toml").read_text("utf-8"))["traps"]


def test_traps_are_those_of_the_list() -> None:
    assert {trap for note in NOTES.values() for trap in note.gold.traps} <= set(TRAPS)


@pytest.mark.parametrize("trap", TRAPS)
def test_every_trap_is_set_in_three_styles(trap: str) -> None:
    assert len({note.family for note in NOTES.values() if trap in note.gold.traps}) >= 3


def test_stock_phrases_are_few_and_tell_nothing() -> None:
    assert len(STOCK_LINES) <= 150
    telling = re.compile(r"ablat|laparo|percut|open|microwave|radiofreq|cryo|liver|hepat|perform|plann", re.I)
    assert [number for number, line in enumerate(STOCK_LINES) if telling.search(line)] == []


def test_every_file_belongs_to_a_note() -> None:
    suffixes = (".txt", ".ann", ".gold.json")
    stems: dict[str, set[str]] = defaultdict(set)
    for part in PARTS:
        for path in (CORPORA / part).rglob("*"):
            suffix = next((suffix for suffix in suffixes if path.name.endswith(suffix)), None)
            if path.is_file() and suffix:
                stems[path.relative_to(CORPORA).as_posix().removesuffix(suffix)].add(suffix)
    assert [stem for stem, found in stems.items() if found != set(suffixes)] == []


# --- strangers ---------------------------------------------------------------------------------------------------


def test_no_family_stands_in_two_parts() -> None:
    families = Counter(family for _, family in {(part_of(name), note.family) for name, note in NOTES.items()})
    assert [family for family, parts in families.items() if parts > 1] == []


def _shared(hashes: dict[str, set[bytes]], *, across_parts: bool) -> dict[tuple[str, str], int]:
    """Pairs of notes with how many hashes they share."""
    holders: dict[bytes, list[str]] = defaultdict(list)
    for name, found in hashes.items():
        for item in found:
            holders[item].append(name)
    pairs: Counter[tuple[str, str]] = Counter()
    for names in holders.values():
        for first, second in combinations(sorted(names), 2):
            if not across_parts or part_of(first) != part_of(second):
                pairs[first, second] += 1
    return dict(pairs)


def test_no_two_notes_share_a_long_sentence() -> None:
    hashes = {name: set(note.sentences - STOCK_SENTENCES) for name, note in NOTES.items()}
    assert _shared(hashes, across_parts=False) == {}


def test_no_two_notes_of_different_parts_share_a_run_of_words() -> None:
    hashes = {name: set(note.runs - STOCK_RUNS) for name, note in NOTES.items()}
    assert _shared(hashes, across_parts=True) == {}


def test_no_text_stands_twice() -> None:
    counts = Counter(note.whole for note in NOTES.values())
    assert [name for name, note in NOTES.items() if counts[note.whole] > 1] == []


# --- the comparison itself ---------------------------------------------------------------------------------------

ONE = "The antenna was advanced through the skin into the lesion of the sixth segment."
OTHER = "Then, after a pause: the antenna was advanced through the skin into the lesion of the sixth segment again."


def test_a_shared_run_and_a_shared_sentence_are_seen() -> None:
    assert len(runs(ONE) & runs(OTHER)) == 3
    assert set(sentences(f"Short. {ONE}\nMore.")) == set(sentences(f"{ONE} Other words.")) != set()
    assert _shared({"train/a": runs(ONE), "dev/b": runs(OTHER)}, across_parts=True) == {("dev/b", "train/a"): 3}
    assert _shared({"train/a": runs(ONE), "train/b": runs(OTHER)}, across_parts=True) == {}
    assert _shared({"train/a": runs(ONE), "train/b": runs(OTHER)}, across_parts=False) == {("train/a", "train/b"): 3}


def test_case_line_ends_and_signs_hide_nothing() -> None:
    assert runs(ONE) == runs(ONE.upper().replace(" ", "\r\n", 3).replace("skin", "skin,"))
