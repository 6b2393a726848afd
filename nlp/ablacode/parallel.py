"""Several processes for ``suggest_many``: notes out and records back as plain values, lazily and in order.

The pool of a batch (:mod:`ablacode.workers`) reads files by their paths; here the notes are in memory already, so they
go through the executor of the standard library. Processes are spawned, never forked; their outputs lead nowhere.
"""

from __future__ import annotations

import dataclasses
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from .contract import record_from_dict, record_to_dict
from .domain import Gap, Note, Record
from .errors import AblacodeError, ModelError, RulesError
from .factory import Suggester, build_suggester

_AHEAD = 4
"""Notes in flight for each process: enough that none waits, few enough that an endless source does no harm."""
_BUILD_ERRORS: dict[str, type[AblacodeError]] = {"ModelError": ModelError, "RulesError": RulesError}
_Answer = tuple[str, Any, str]


def suggest_in_processes(
    notes: Iterator[Note], *, jobs: int, use_model: bool, model: Path | None = None
) -> Iterator[Record]:
    """Yield the records of ``notes`` in their order, worked out by ``jobs`` processes.

    At most ``jobs`` times four notes are drawn ahead of the record that is asked for. A script that calls this guards
    its entry with ``if __name__ == "__main__":``, because each process imports it.

    Raises:
        AblacodeError: a note failed or its process died (the message names the note, never its text), or the suggester
            cannot be built (:class:`~ablacode.errors.ModelError` where it is the model).
    """
    flying: deque[tuple[int, Note, Future[_Answer]]] = deque()
    numbered = enumerate(notes, 1)
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _begin, (use_model, model))
    try:
        while True:
            while len(flying) < jobs * _AHEAD and (item := next(numbered, None)):
                flying.append((*item, _send(pool, *item)))
            if not flying:
                return
            number, note, future = flying.popleft()
            try:
                kind, value, message = future.result()
            except BrokenProcessPool:
                raise _died(number, note) from None
            if kind != "record":
                raise _failed(kind, value, message, number, note)
            # What the caller gave as the source stays with the caller, as it does without processes.
            yield dataclasses.replace(record_from_dict(value), source=note.source)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _send(pool: ProcessPoolExecutor, number: int, note: Note) -> Future[_Answer]:
    values = {item.name: getattr(note, item.name) for item in dataclasses.fields(Note) if item.name != "source"}
    values["gaps"] = [dataclasses.asdict(gap) for gap in note.gaps]
    try:
        return pool.submit(_answer, values)
    except BrokenProcessPool:
        raise _died(number, note) from None


def _name(number: int, note: Note) -> str:
    return f"note {number}" if note.note_id is None else f"note {note.note_id!r}"


def _died(number: int, note: Note) -> AblacodeError:
    return AblacodeError(
        f"a worker process ended before {_name(number, note)} was answered, on this note or one in work with it;"
        ' try jobs=1, and in a script of your own put the call below: if __name__ == "__main__":'
    )


def _failed(kind: str, class_name: str, message: str, number: int, note: Note) -> AblacodeError:
    if kind == "note":
        return AblacodeError(f"the program failed on {_name(number, note)} ({class_name})")
    if class_name in _BUILD_ERRORS:
        return _BUILD_ERRORS[class_name](message)
    return AblacodeError(f"the suggester cannot be built ({class_name}: {message}); reinstall the package")


# --- the worker's side -------------------------------------------------------------------------------------------

_suggester: Suggester | None = None
_not_built: tuple[str, str] = ("", "")


def _begin(use_model: bool, model: Path | None) -> None:
    """Build the suggester once. What goes wrong is kept and told with the first note; an initializer's is lost."""
    global _suggester, _not_built
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)
    try:
        _suggester = build_suggester(model=model, use_model=use_model)
    except Exception as error:  # No note has been read yet, so the message can hold no note text.
        _not_built = type(error).__name__, str(error)


def _answer(values: dict[str, Any]) -> _Answer:
    """Work on one note; what it raises comes back by the name of its kind, because its words may quote the note."""
    if _suggester is None:
        return "suggester", *_not_built
    try:
        note = Note(**{**values, "gaps": tuple(Gap(**gap) for gap in values["gaps"])})
        return "record", record_to_dict(_suggester.suggest_note(note)), ""
    except Exception as error:
        return "note", type(error).__name__, ""
