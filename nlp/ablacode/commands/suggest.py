"""``ablacode suggest NOTE``: the answer for one note, for reading, as a record or as a page."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import sys
from datetime import date
from pathlib import Path

from ..domain import Note, Record
from ..errors import AblacodeError, UsageError
from ..factory import build_suggester
from ..read.text import MAX_BYTES, decode

STANDARD_INPUT = "-"


def run(args: argparse.Namespace) -> int:
    """Answer for one note; return the exit code.

    Raises:
        UsageError: no such note, a date that is none.
        UnreadableNote: the file is no text.
        ModelError: the model is missing or damaged.
        AblacodeError: the output cannot be written.
    """
    when = parse_date(args.date_of_service)
    if args.output is not None and args.output.exists() and args.note != STANDARD_INPUT:
        _keep_note(Path(args.note), args.output)
    note = _read(args.note)
    suggester = build_suggester(model=args.model, use_model=not args.no_model)
    record = suggester.suggest_note(Note(note.text, note.note_id, date_of_service=when, gaps=note.gaps))
    answer = _render(record, note.text, form=args.format, color=_wants_color(args.color, args.output))
    if args.output is None:
        sys.stdout.write(answer)
    else:
        _write(args.output, answer)
    return 0


def parse_date(given: str | None) -> date | None:
    """Return the date written as YYYY-MM-DD.

    Raises:
        UsageError: it is written in another way, or there is no such day.
    """
    if given is None:
        return None
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", given, re.ASCII):
            return date.fromisoformat(given)
    except ValueError:
        pass
    raise UsageError("the date of service must be a day as YYYY-MM-DD; type for instance --date-of-service 2025-03-04")


def _keep_note(note: Path, output: Path) -> None:
    if note.exists() and output.samefile(note):
        raise UsageError(f"the answer would replace the note {note}; type another file: -o FILE")


def _read(name: str) -> Note:
    path = Path(name)
    if name != STANDARD_INPUT and path.is_dir():
        raise UsageError(f"{name} is a folder; type: ablacode batch {name} -o OUT_DIR")
    try:
        # One byte more than a note may have, so that a longer input is noticed and not read to its end.
        if name == STANDARD_INPUT:
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with path.open("rb") as stream:
                data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise UsageError(f"there is no file {name}; type the path of a note, or - for standard input") from None
    except OSError as error:
        raise UsageError(f"{name} cannot be read ({type(error).__name__}); type the path of a readable note") from None
    decoded = decode(data)
    return Note(decoded.text, None if name == STANDARD_INPUT else path.name, gaps=decoded.gaps)


def _render(record: Record, text: str, *, form: str, color: bool) -> str:
    if form == "json":
        from ..contract import record_to_json

        return record_to_json(record) + "\n"
    if form == "html":
        from ..report.pages import note_page

        return note_page(record, text)
    from ..report.terminal import render

    return render(record, text, color=color)


def _wants_color(choice: str, output: Path | None) -> bool:
    if choice != "auto":
        return choice == "always"
    # NO_COLOR (no-color.org): set to anything but nothing, it asks every program for plain text.
    return (
        output is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )


def _write(path: Path, answer: str) -> None:
    """Write the file whole, readable by its owner only: it holds the note's words."""
    # A terminal or pipe given as a file is written to, not replaced.
    special = path.exists() and not path.is_file()
    unfinished = path if special else path.with_name(f".{path.name}.part")
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
            stream.write(answer)
        if not special:
            unfinished.replace(path)
    except OSError as error:
        if not special:
            with contextlib.suppress(OSError):
                unfinished.unlink()
        reason = os.strerror(error.errno) if error.errno else type(error).__name__
        raise AblacodeError(f"cannot write {path} ({reason}); type another file: -o FILE") from None
