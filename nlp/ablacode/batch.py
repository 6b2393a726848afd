"""A folder of notes in, the contract's files out: stopped at any moment, the same command goes on.

While a batch runs, each finished note is a line of ``journal.jsonl`` (see :mod:`ablacode.journal`); at the end the
files are written from the journal in the order of the note ids and take their names by an atomic rename. So their
bytes depend neither on the number of processes nor on where a run was interrupted. The journal stays: run again, only
notes that are new or changed are worked on.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from .contract import record_from_dict
from .domain import DECISIONS, Record
from .errors import AblacodeError, UsageError
from .factory import SuggesterFactory, build_suggester
from .journal import Entry, Header, Journal, sync_folder
from .output import (
    ERRORS,
    JOURNAL,
    REPORT,
    SUGGESTIONS,
    SUMMARY,
    cannot_write,
    check_folders,
    check_foreign_files,
    owned_folder,
    private_files,
    remove_outputs,
    replaced,
)
from .read.folder import FoundNotes, find_notes
from .read.text import file_sha256, read_note
from .report.pages import Mode, write_report
from .report.summary import write_summary
from .workers import Outcome, Task, WorkerPool

ERROR = "error"

Progress = Callable[[int, int, str], None]
"""Called with the number of notes done, of all, and the last one's decision (``error``, or empty when reused)."""


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What a batch did: notes by decision, how many failed, were unchanged since before, or are no longer there."""

    counts: Mapping[str, int]
    errors: int
    reused: int
    vanished: int
    paths: Mapping[str, Path]

    @property
    def exit_code(self) -> int:
        """0, or 1 where notes failed."""
        return 1 if self.errors else 0


def run_batch(
    notes_dir: Path,
    out_dir: Path,
    *,
    jobs: int = 1,
    report: Mode = "decided",
    fresh: bool = False,
    model: Path | None = None,
    use_model: bool = True,
    progress: Progress | None = None,
    suggester_factory: SuggesterFactory | None = None,
) -> BatchResult:
    """Suggest codes for every note below ``notes_dir`` and write the contract's files into ``out_dir``.

    ``fresh`` forgets what an earlier run did. ``suggester_factory`` (picklable, called once in each process) stands in
    for the suggester that ``model`` and ``use_model`` describe. Folders are made 0700 and files 0600.

    Raises:
        UsageError: folders or options that do not fit, or other options than the run that is continued had.
        ModelError: the model is missing or not the one its manifest names.
        AblacodeError: the output cannot be written, the disk is full, the input folder went away; run again to go on.
        KeyboardInterrupt: stopped by the user; run again to go on.
    """
    notes_dir, out_dir = Path(notes_dir), Path(out_dir)
    options = _checked_options(jobs=jobs, report=report, model=model, use_model=use_model)
    check_folders(notes_dir, out_dir)
    notes = find_notes(notes_dir, skip=out_dir)
    factory = suggester_factory or functools.partial(build_suggester, model=model, use_model=use_model)
    with private_files(), owned_folder(out_dir), contextlib.closing(Journal(out_dir / JOURNAL, notes.ids)) as journal:
        header = None if fresh else journal.load()
        if header is None:
            check_foreign_files(out_dir, fresh=fresh)
        else:
            _check_continued(header, options, notes_dir, journal)
        # A process needs seconds to start; where the journal knows nearly all notes, one is enough to begin with.
        with WorkerPool(factory, jobs=jobs) as pool:
            pool.start(at_once=max(1, min(jobs, len(notes) - journal.known())))
            if header is None or dict(header.engine) != pool.engine:
                journal.begin(Header(options, pool.engine, os.path.realpath(notes_dir)))
                remove_outputs(out_dir)
            reused = _work(notes, journal, pool, progress)
        journal.sync()
        return _publish(notes, journal, out_dir, report=report, reused=reused)


# --- before the first note ---------------------------------------------------------------------------------------


def _checked_options(*, jobs: int, report: str, model: Path | None, use_model: bool) -> dict[str, Any]:
    """Check the options; return those that decide what is written, by which a later run knows it continues this one."""
    if jobs < 1:
        raise UsageError(f"the number of processes must be 1 or more, not {jobs}; type for instance --jobs 2")
    if report not in get_args(Mode):
        raise UsageError(f"no such report: {report!r}; type --report all, --report decided or --report none")
    if model is not None and not use_model:
        raise UsageError("--model and --no-model exclude each other; type one of them")
    return {"report": report, "use_model": use_model, "model": os.path.realpath(model) if model is not None else None}


def _check_continued(header: Header, options: Mapping[str, Any], notes_dir: Path, journal: Journal) -> None:
    """Refuse to go on with other options, or for another folder of which not one note is known."""
    shown = {"report": "--report", "use_model": "--no-model", "model": "--model"}
    other = [shown.get(name, name) for name, value in options.items() if header.options.get(name) != value]
    if other:
        raise UsageError(
            f"{journal.path.parent} was begun with other options ({', '.join(other)}); "
            "type the same options to go on, or add --fresh to start over"
        )
    if header.notes_dir != os.path.realpath(notes_dir) and journal.vanished and not journal.known():
        raise UsageError(
            f"{journal.path.parent} belongs to the notes in {header.notes_dir}; "
            "type another output folder, or add --fresh to start over"
        )


# --- the notes ---------------------------------------------------------------------------------------------------


def _work(notes: FoundNotes, journal: Journal, pool: WorkerPool, progress: Progress | None) -> int:
    """Have every note done that is not; return how many were done before."""
    done = reused = 0

    def report(decision: str) -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, len(notes), decision)

    def tasks() -> Iterator[Task]:
        nonlocal reused
        later = []
        for place, (note_id, path) in enumerate(notes):
            if journal.wants_again(place):
                # Last, so that a note that brings the machine down does not keep the others from being done.
                later.append(place)
            elif journal.has(place) and _is_unchanged(path, journal.digest(place)):
                reused += 1
                report("")
            else:
                yield Task(place, note_id, str(path))
        for place in later:
            yield Task(place, notes.ids[place], str(notes[place][1]))

    for outcome in pool.run(tasks()):
        if outcome.kind == "unreadable":
            _check_still_there(notes.folder)
        entry = _entry(notes.ids[outcome.place], outcome)
        journal.append(outcome.place, entry)
        report(entry.outcome)
    return reused


def _is_unchanged(path: Path, digest: str) -> bool:
    try:
        return file_sha256(path) == digest
    except OSError:
        return False


def _check_still_there(folder: Path) -> None:
    """Stop where not one note but the folder is gone: a million error lines would help nobody."""
    try:
        with os.scandir(folder) as entries:
            if next(entries, None) is not None:
                return
    except OSError:
        pass
    raise AblacodeError(f"the folder of notes {folder} went away; bring it back and run the same command to go on")


def _entry(note_id: str, outcome: Outcome) -> Entry:
    if outcome.record is not None:
        return Entry(note_id, outcome.file_sha256, outcome.decision, outcome.record)
    line = {"note_id": note_id, "kind": outcome.kind, "message": outcome.message, "attempts": outcome.attempts}
    payload = json.dumps(line, ensure_ascii=True)
    # What depends on the machine and not on the note is tried again by the next run.
    again = outcome.kind in ("worker-died", "unreadable")
    return Entry(note_id, outcome.file_sha256, ERROR, payload, again=again)


# --- the files ---------------------------------------------------------------------------------------------------


def _publish(notes: FoundNotes, journal: Journal, out_dir: Path, *, report: Mode, reused: int) -> BatchResult:
    """Write the contract's files from the journal, a note at a time."""

    def records() -> Iterator[Record]:
        for place in range(len(notes)):
            entry = journal.entry(place)
            if entry.outcome != ERROR:
                yield record_from_dict(json.loads(entry.payload))

    def text_of(note_id: str) -> str:
        return read_note(notes.path(note_id))[0].text

    paths = {name: out_dir / name for name in (SUGGESTIONS, ERRORS, SUMMARY)}
    try:
        counts: Counter[str] = Counter()
        with replaced(paths[SUGGESTIONS]) as suggestions, replaced(paths[ERRORS]) as failures:
            for place in range(len(notes)):
                entry = journal.entry(place)
                counts[entry.outcome] += 1
                (failures if entry.outcome == ERROR else suggestions).write(f"{entry.payload}\n".encode())
        write_summary(paths[SUMMARY], records())
        index = write_report(out_dir, records(), text_of, report)
        sync_folder(out_dir)
    except OSError as error:
        raise cannot_write(out_dir, error) from None
    if index is not None:
        paths[REPORT] = index
    decided = {decision: counts[decision] for decision in DECISIONS}
    return BatchResult(decided, counts[ERROR], reused, journal.vanished, {**paths, JOURNAL: journal.path})
