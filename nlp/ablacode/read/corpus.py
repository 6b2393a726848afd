"""Annotated notes: the brat layout on disk, and the marked drafts they are written as.

A note is three files side by side: ``NAME.txt``, ``NAME.ann`` (brat T and A lines) and ``NAME.gold.json``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..contract import APPROACHES, GUIDANCE, MODALITIES
from ..domain import CODES, DECISIONS, LABELS, STATUSES
from ..errors import CorpusError
from ..markup import Mark, parse

BRAT_LABEL = {label: "".join(part.title() for part in label.split("_")) for label in LABELS}
"""The type of each label in a brat file."""
_LABEL = {brat: label for label, brat in BRAT_LABEL.items()}
# brat writes a span over a line end in pieces, and a value without blanks.
_T_LINE = re.compile(r"T(\d+)\t(\w+) (\d+)(?: \d+;\d+)* (\d+)\t(.*)")
_A_LINE = re.compile(r"A\d+\t(Status|Value) T(\d+) (.+)")
_FLAG_LINE = re.compile(r"A\d+\tPrefilled T\d+")
_GOLD_KEYS = [
    "decision",
    "codes",
    "approach",
    "modality",
    "tumor_count",
    "guidance",
    "date_of_service",
    "reasons",
    "traps",
    "why",
]


@dataclass(frozen=True, slots=True)
class Gold:
    """What a coder answers for a note: decision, codes, the four facts, date; reasons of a review; traps it holds."""

    decision: str
    codes: tuple[str, ...] = ()
    approach: str | None = None
    modality: str | None = None
    tumor_count: int | None = None
    guidance: tuple[str, ...] = ()
    date_of_service: str | None = None
    reasons: tuple[str, ...] = ()
    traps: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class AnnotatedNote:
    """A note with its gold. ``family`` is the writing style: the name of the folder it lies in."""

    note_id: str
    family: str
    text: str
    marks: tuple[Mark, ...]
    gold: Gold


def load_corpus(folder: Path) -> list[AnnotatedNote]:
    """Load every annotated note below ``folder``, ordered by id (the path below it).

    Raises:
        CorpusError: no note there, a span that does not fit its text, unknown labels, statuses or answers.
    """
    paths = sorted(folder.rglob("*.gold.json"))
    if not paths:
        raise CorpusError(f"no annotated notes (NAME.txt, NAME.ann, NAME.gold.json) below {folder}")
    return [load_note(path.with_name(path.name.removesuffix(".gold.json") + ".txt"), folder) for path in paths]


def load_note(path: Path, root: Path) -> AnnotatedNote:
    """Load one annotated note by the path of its text."""
    note_id = path.relative_to(root).as_posix()
    stem = path.name.removesuffix(".txt")
    try:
        text = path.read_bytes().decode("utf-8")
        ann = path.with_name(stem + ".ann").read_bytes().decode("utf-8")
        fields = json.loads(path.with_name(stem + ".gold.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        # The error of a decoder quotes what it could not decode.
        raise CorpusError(f"{note_id}: one of its three files cannot be read ({type(error).__name__})") from None
    return AnnotatedNote(note_id, path.parent.name, text, read_brat(ann, text, note_id), make_gold(fields, note_id))


def make_gold(fields: dict[str, Any], note_id: str) -> Gold:
    """Check the answers of a note; unknown keys, codes, decisions or facts raise :class:`CorpusError`."""
    if not isinstance(fields, dict) or "decision" not in fields:
        raise CorpusError(f"{note_id}: the answers need a decision")
    if unknown := set(fields) - set(_GOLD_KEYS):
        raise CorpusError(f"{note_id}: unknown keys {sorted(unknown)}")
    lists = {key: tuple(fields.get(key) or ()) for key in ("codes", "guidance", "reasons", "traps")}
    gold = Gold(**{**fields, **lists})
    if gold.decision not in DECISIONS:
        raise CorpusError(f"{note_id}: decision must be one of {DECISIONS}")
    if bad := set(gold.codes) - set(CODES):
        raise CorpusError(f"{note_id}: unknown codes {sorted(bad)}")
    if bool(gold.codes) != (gold.decision == "suggest"):
        raise CorpusError(f"{note_id}: codes stand with suggest and only there")
    if (gold.decision == "review") != bool(gold.reasons):
        raise CorpusError(f"{note_id}: reasons stand with review and only there")
    if gold.decision == "none" and (gold.approach or gold.modality or gold.tumor_count or gold.guidance):
        raise CorpusError(f"{note_id}: facts must be empty with none")
    _check_facts(gold, note_id)
    return gold


def _check_facts(gold: Gold, note_id: str) -> None:
    parts = (gold.modality or "").split("+") if gold.modality else []
    count, day = gold.tumor_count, gold.date_of_service
    checks = {
        "codes must not repeat": len(set(gold.codes)) == len(gold.codes),
        f"approach must be one of {APPROACHES}": gold.approach in (None, *APPROACHES),
        f"modality must be of {MODALITIES}, two joined with + in order": parts == sorted(set(parts) & set(MODALITIES)),
        f"guidance must be of {GUIDANCE}": set(gold.guidance) <= set(GUIDANCE),
        "tumor_count must be a number from 1": count is None or (type(count) is int and count > 0),
        "date_of_service must be YYYY-MM-DD": day is None or re.fullmatch(r"\d{4}-\d\d-\d\d", str(day)) is not None,
    }
    if wrong := [message for message, holds in checks.items() if not holds]:
        raise CorpusError(f"{note_id}: {'; '.join(wrong)}")


def gold_to_dict(gold: Gold) -> dict[str, Any]:
    """The JSON form of :class:`Gold`."""
    return {key: list(value) if isinstance(value := getattr(gold, key), tuple) else value for key in _GOLD_KEYS}


def read_brat(ann: str, text: str, note_id: str) -> tuple[Mark, ...]:
    """Parse brat standoff; every span must equal the text at its offsets. The flag ``Prefilled`` is passed over."""
    spans: dict[str, tuple[str, int, int]] = {}
    attributes: dict[tuple[str, str], str] = {}
    for number, line in enumerate(ann.split("\n"), 1):
        line = line.rstrip("\r")
        if not line:
            continue
        if match := _T_LINE.fullmatch(line):
            key, label, start, end, quote = match.groups()
            if label not in _LABEL:
                raise CorpusError(f"{note_id}: unknown type {label} in line {number} of the .ann file")
            fits = int(start) < int(end) <= len(text)
            if not fits or text[int(start) : int(end)].split() != quote.split():
                raise CorpusError(f"{note_id}: T{key} does not fit the text at {start}-{end}")
            if key in spans:
                raise CorpusError(f"{note_id}: T{key} stands twice in the .ann file")
            spans[key] = (_LABEL[label], int(start), int(end))
        elif match := _A_LINE.fullmatch(line):
            place = match.group(2), match.group(1)
            if place in attributes:
                raise CorpusError(f"{note_id}: T{place[0]} has its {place[1]} twice")
            attributes[place] = match.group(3).replace("_", " ")
        elif not _FLAG_LINE.fullmatch(line):
            raise CorpusError(f"{note_id}: line {number} of the .ann file is neither a T nor an A line")
    if loose := sorted({key for key, _ in attributes} - set(spans)):
        raise CorpusError(f"{note_id}: attributes of T{', T'.join(loose)}, which are not there")
    marks = []
    for key, (label, start, end) in spans.items():
        status, value = attributes.get((key, "Status")), attributes.get((key, "Value"))
        if status not in STATUSES or not value:
            raise CorpusError(f"{note_id}: T{key} needs a Value and a known Status")
        marks.append(Mark(start, end, label, value, status, text[start:end]))
    return tuple(sorted(marks))


def write_brat(marks: tuple[Mark, ...]) -> str:
    """Brat standoff of the marks: a T line and its two A lines each."""
    lines = []
    for number, mark in enumerate(sorted(marks), 1):
        quote = re.sub(r"[\r\n]", " ", mark.text)
        lines.append(f"T{number}\t{BRAT_LABEL[mark.label]} {mark.start} {mark.end}\t{quote}")
        lines.append(f"A{2 * number - 1}\tStatus T{number} {mark.status}")
        lines.append(f"A{2 * number}\tValue T{number} {mark.value}")
    return "\n".join(lines) + "\n" if lines else ""


def parse_draft(draft: str, note_id: str) -> tuple[str, tuple[Mark, ...], Gold]:
    """Read a marked draft (head, ``=====``, marked text) as the guideline describes it."""
    head, separator, body = draft.partition("\n=====\n")
    if not separator:
        raise CorpusError(f"{note_id}: no line ===== between head and text")
    fields: dict[str, Any] = {}
    for line in head.splitlines():
        key, _, value = line.partition(":")
        key, value = key.strip(), value.strip()
        if key in fields:
            raise CorpusError(f"{note_id}: {key} stands twice in the head")
        if key in ("codes", "guidance", "reasons", "traps"):
            fields[key] = [part.strip() for part in value.split(",") if part.strip()]
        elif key == "tumor_count":
            if value and not value.isdecimal():
                raise CorpusError(f"{note_id}: tumor_count must be a number or empty")
            fields[key] = int(value) if value else None
        else:
            fields[key] = value or (None if key != "why" else "")
    text, marks = parse(body)
    return text, marks, make_gold(fields, note_id)


def write_note(folder: Path, stem: str, text: str, marks: tuple[Mark, ...], gold: Gold) -> None:
    """Write the three files of an annotated note."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{stem}.txt").write_bytes(text.encode("utf-8"))
    (folder / f"{stem}.ann").write_bytes(write_brat(marks).encode("utf-8"))
    gold_json = json.dumps(gold_to_dict(gold), ensure_ascii=False, indent=1)
    (folder / f"{stem}.gold.json").write_bytes((gold_json + "\n").encode("utf-8"))


def iter_drafts(paths: list[Path]) -> Iterator[Path]:
    """Draft files (``*.draft``, ``*.txt``) among and below ``paths``."""
    for path in paths:
        inside = (one for one in path.rglob("*") if one.suffix in (".draft", ".txt"))
        yield from sorted(inside) if path.is_dir() else [path]
