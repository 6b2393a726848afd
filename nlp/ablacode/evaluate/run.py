"""``ablacode evaluate CORPUS_DIR``: answer annotated notes and print how right the answers are."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from ..domain import Note, Record
from ..errors import AblacodeError, UsageError
from ..factory import Suggester, build_suggester
from ..read.corpus import AnnotatedNote, load_corpus
from .evaluation import evaluate
from .render import render

FILE = "evaluation.json"


def run_evaluate(
    corpus_dir: Path,
    *,
    out: Path | None = None,
    suggester: Suggester | None = None,
    stream: TextIO | None = None,
    show_text: bool = False,
) -> int:
    """Evaluate on the annotated notes below ``corpus_dir``; print the tables to ``stream`` and return 0.

    ``out`` is a folder that gets ``evaluation.json``, or a path ending in ``.json``. ``show_text`` lets the list of
    errors quote the notes, on the terminal and in the file.

    Raises:
        UsageError: no such folder.
        CorpusError: no annotated notes there, or some that do not hold together.
        ModelError: the model is missing or damaged.
        AblacodeError: the suggester failed on a note, or the file cannot be written.
    """
    if not corpus_dir.is_dir():
        raise UsageError(f"there is no folder {corpus_dir}; type the path of a folder of annotated notes")
    notes = load_corpus(corpus_dir)
    if suggester is None:
        suggester = build_suggester(model=None, use_model=True)
    result = evaluate(notes, answer_all(suggester, notes), show_text=show_text)
    (stream or sys.stdout).write(render(result))
    if out is not None:
        path = write_json(result.to_dict(), out)
        (stream or sys.stdout).write(f"\nwritten: {path}\n")
    return 0


def answer_all(suggester: Suggester, notes: Sequence[AnnotatedNote]) -> list[Record]:
    """The record of each note.

    Raises:
        AblacodeError: the suggester failed; the message names note and place, not what the exception says of the text.
    """
    records = []
    for note in notes:
        try:
            records.append(suggester.suggest_note(Note(note.text, note.note_id)))
        except AblacodeError:
            raise
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{type(error).__name__} in {Path(frame.filename).name} line {frame.lineno}"
            raise AblacodeError(f"{note.note_id}: the suggester failed ({place})") from None
    return records


def write_json(content: dict[str, object], out: Path) -> Path:
    """Write the file whole: under its name stands either the old or the new content.

    Raises:
        AblacodeError: it cannot be written.
    """
    path = out if out.suffix == ".json" else out / FILE
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        part.replace(path)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else type(error).__name__
        raise AblacodeError(f"cannot write {path} ({reason}); type another place: -o OUT") from None
    return path
