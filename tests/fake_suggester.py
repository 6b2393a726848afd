"""A suggester without spaCy that worker processes can import; a note's own words tell it how to behave.

``DIE`` ends the process, ``DIE-ONCE`` only the first time, ``RAISE`` raises an exception that quotes the note.
Every note begun is a line in the file that the variable FAKE_CALLS names.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from ablacode.domain import CodeSuggestion, Engine, Evidence, Fact, Note, Reason, Record
from ablacode.errors import ModelError

WORD = "ablation"


class FakeSuggester:
    def __init__(self) -> None:
        self.engine = Engine("test", os.environ.get("FAKE_RULES", "0" * 64))

    def suggest_note(self, note: Note) -> Record:
        note_call(note)
        if "RAISE" in note.text:
            print(note.text)
            print(note.text, file=sys.stderr)
            raise ValueError(note.text)
        if "DIE" in note.text:
            die(note)
        return record_of(note, self.engine)


def make() -> FakeSuggester:
    return FakeSuggester()


def build(*, model: Path | None, use_model: bool) -> FakeSuggester:
    """Stand in for :func:`ablacode.factory.build_suggester`."""
    return FakeSuggester()


def make_without_model() -> FakeSuggester:
    raise ModelError("the model is missing; type: make model")


def make_dying() -> FakeSuggester:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def note_call(note: Note) -> None:
    calls = os.environ.get("FAKE_CALLS")
    if calls:
        descriptor = os.open(calls, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(descriptor, f"{note.note_id}\n".encode())
        os.close(descriptor)


def die(note: Note) -> None:
    if "DIE-ONCE" in note.text:
        mark = Path(f"{os.environ['FAKE_CALLS']}.died")
        if mark.exists():
            return
        mark.touch()
    os.kill(os.getpid(), signal.SIGKILL)


def record_of(note: Note, engine: Engine) -> Record:
    at = note.text.find(WORD)
    if at < 0:
        decision = "review" if "unclear" in note.text else "none"
        reasons = (Reason("approach-not-documented", "Say how the probe came in."),) if decision == "review" else ()
        return Record(note.note_id, note.sha256, None, engine, decision, reasons=reasons, gaps=note.gaps)
    evidence = (Evidence(at, at + len(WORD), "performed", WORD, "procedure"),)
    code = CodeSuggestion("47382", 1, 0.97, "percutaneous", "microwave", "Heat.", ("R1",), evidence)
    fact = Fact("percutaneous", evidence)
    return Record(note.note_id, note.sha256, None, engine, "suggest", codes=(code,), approach=fact, gaps=note.gaps)
