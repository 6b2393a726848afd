"""Worker processes for a batch: notes out, plain data back, and a dead worker costs one note.

Own processes over pipes instead of ``ProcessPoolExecutor`` or loky: when one of their workers dies, the whole pool
breaks and all that was in flight fails without saying which note was at fault. Here the parent knows what each worker
was given and what it answered; the first unanswered note of a dead worker is the one it died on, the others are
handed out again. Processes are spawned, never forked: a fork copies locks that another thread may hold.

Workers hand back hashes and JSON text, never objects of spaCy. Their standard output and error lead nowhere, so that
no library can print a word of a note.
"""

from __future__ import annotations

import dataclasses
import multiprocessing
import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from . import errors
from .contract import record_to_json
from .errors import AblacodeError, UnreadableNote
from .factory import Suggester, SuggesterFactory
from .read.text import file_sha256, read_note

_WINDOW = 4
"""Notes in a worker's pipe: enough that it never waits for the parent, few enough to keep the work even and
that the parent's writing never blocks."""
_ATTEMPTS = 2
_FAILED_STARTS = 3
_FAILED = "failed"
_READY = "ready"


@dataclass(frozen=True, slots=True)
class Task:
    """A note to be worked on: its place in the list, its id and where it lies."""

    place: int
    note_id: str
    path: str
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a note: ``record`` is its JSON, or ``kind`` and ``message`` say why there is none."""

    place: int
    file_sha256: str | None = None
    decision: str = ""
    record: str | None = None
    kind: str = ""
    message: str = ""
    attempts: int = 1


class WorkerPool:
    """Up to ``jobs`` processes that each build a suggester once by ``factory``, which must pickle.

    Use as a context manager: leaving it ends the processes, whatever happened. Each process needs its own
    importable code, so a script that uses this guards its entry with ``if __name__ == "__main__":``.
    """

    def __init__(self, factory: SuggesterFactory, *, jobs: int) -> None:
        self.engine: dict[str, Any] = {}
        """The engine of the workers as plain values, known after :meth:`start`."""
        self._factory = factory
        self._jobs = jobs
        self._workers: list[_Worker] = []
        self._again: deque[Task] = deque()
        self._failed_starts = 0

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(self, *_exc: object) -> None:
        for worker in self._workers:
            worker.connection.close()
        for worker in self._workers:
            worker.stop()
        self._workers.clear()

    def start(self, *, at_once: int = 1) -> None:
        """Start ``at_once`` processes and wait until one is ready; more follow when there is work for them.

        Raises:
            AblacodeError: the suggester cannot be built (:class:`~ablacode.errors.ModelError` where it is the model).
        """
        while not any(worker.ready for worker in self._workers):
            while len(self._workers) < min(at_once, self._jobs):
                self._workers.append(_Worker(self._factory))
            # Nothing has been handed out yet, so nothing can come back but word of being ready.
            for _ in self._receive():
                raise AssertionError("an outcome before the first task")

    def run(self, tasks: Iterator[Task]) -> Iterator[Outcome]:
        """Yield one outcome per task, in the order in which they are finished; ``tasks`` is drawn from as needed.

        Raises:
            AblacodeError: workers cannot be started any more, or the rules or the model changed meanwhile.
        """
        while self._feed(tasks):
            yield from self._receive()

    def _feed(self, tasks: Iterator[Task]) -> bool:
        """Hand out work; return whether any is under way. The emptiest worker is served first."""
        while True:
            open_workers = [worker for worker in self._workers if worker.ready and len(worker.tasks) < _WINDOW]
            if not open_workers:
                if len(self._workers) < self._jobs:
                    self._workers.append(_Worker(self._factory))
                return True
            worker = min(open_workers, key=lambda item: len(item.tasks))
            task = self._again.popleft() if self._again else next(tasks, None)
            if task is None:
                return any(worker.tasks for worker in self._workers)
            worker.give(task)

    def _receive(self) -> Iterator[Outcome]:
        """Wait for word from any worker and yield the outcomes it brings."""
        by_connection = {worker.connection: worker for worker in self._workers}
        for connection in wait(list(by_connection)):
            assert isinstance(connection, Connection)
            worker = by_connection[connection]
            try:
                message = connection.recv()
            except (EOFError, OSError, pickle.UnpicklingError):
                yield from self._bury(worker)
                continue
            if isinstance(message, Outcome):
                attempts = worker.tasks.popleft().attempts + 1
                yield dataclasses.replace(message, attempts=attempts)
            elif message[0] == _READY:
                self._welcome(worker, message[1])
            else:
                raise _startup_error(*message[1:])

    def _welcome(self, worker: _Worker, engine: dict[str, Any]) -> None:
        if self.engine and engine != self.engine:
            raise AblacodeError("the rules or the model changed during the run; run the same command again")
        self.engine = engine
        worker.ready = True
        self._failed_starts = 0

    def _bury(self, worker: _Worker) -> Iterator[Outcome]:
        """Take a dead worker's notes back, replace it, and settle the note it died on."""
        self._workers.remove(worker)
        worker.stop()
        if not worker.ready:
            self._failed_starts += 1
            if self._failed_starts >= _FAILED_STARTS:
                raise AblacodeError(
                    "worker processes end before they are ready; check the memory, and in a script of your own"
                    ' put the call below: if __name__ == "__main__":'
                )
        outcome = None
        if worker.tasks:
            task = worker.tasks.popleft()
            attempts = task.attempts + 1
            if attempts < _ATTEMPTS:
                self._again.append(dataclasses.replace(task, attempts=attempts))
            else:
                message = f"the worker process ended while it worked on this note, {attempts} times"
                outcome = Outcome(task.place, kind="worker-died", message=message, attempts=attempts)
        # The others were only waiting; they go first, so that the suspect does not take them down again.
        self._again.extendleft(reversed(worker.tasks))
        self._workers.append(_Worker(self._factory))
        if outcome is not None:
            yield outcome


class _Worker:
    """The parent's side of one process."""

    def __init__(self, factory: SuggesterFactory) -> None:
        self.ready = False
        self.tasks: deque[Task] = deque()
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, factory), daemon=True)
        with _ignored_interrupts():
            self._process.start()
        theirs.close()

    def give(self, task: Task) -> None:
        self.tasks.append(task)
        try:
            self.connection.send(task)
        except OSError:
            # The process has just died; what is in ``tasks`` is settled when its end is noticed.
            return

    def stop(self) -> None:
        """End the process: by closing its pipe, and where it is in the middle of a note by force."""
        self.connection.close()
        if self.tasks or not self.ready:
            self._process.kill()
        self._process.join(timeout=5)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()


@contextmanager
def _ignored_interrupts() -> Iterator[None]:
    """Start processes that leave Ctrl-C, which the terminal sends to all of them, to the parent."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        # None stands for a handler that Python did not set and cannot set again.
        signal.signal(signal.SIGINT, signal.SIG_DFL if previous is None else previous)


def _startup_error(class_name: str, message: str) -> AblacodeError:
    known = getattr(errors, class_name, None)
    if isinstance(known, type) and issubclass(known, AblacodeError) and known is not UnreadableNote:
        return known(message)
    return AblacodeError(f"the suggester cannot be built ({class_name}: {message}); reinstall the package")


# --- the worker's side -------------------------------------------------------------------------------------------


def _serve(connection: Connection, factory: SuggesterFactory) -> None:
    """Build the suggester, then answer notes until the parent closes the pipe or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _silence()
    # One process is one core: numerical libraries must not start threads of their own. Set before their import.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    try:
        try:
            suggester = factory()
            hello: tuple[Any, ...] = (_READY, dataclasses.asdict(suggester.engine))
        except Exception as error:  # No note has been read yet, so the message can hold no note text.
            connection.send((_FAILED, type(error).__name__, str(error)))
            return
        connection.send(hello)
        while True:
            connection.send(answer(suggester, connection.recv()))
    except (EOFError, OSError):
        return


def answer(suggester: Suggester, task: Task) -> Outcome:
    """Work on one note. Whatever it raises becomes an outcome with the kind of the exception, never its text."""
    path = Path(task.path)
    try:
        try:
            note, digest = read_note(path, note_id=task.note_id)
        except UnreadableNote as error:
            return Outcome(task.place, file_sha256(path), kind=error.kind, message=str(error))
    except OSError as error:
        message = f"the file cannot be read ({type(error).__name__})"
        return Outcome(task.place, kind="unreadable", message=message)
    try:
        record = suggester.suggest_note(note)
        return Outcome(task.place, digest, decision=record.decision, record=record_to_json(record))
    except BaseException as error:
        message = f"the program failed on this note ({type(error).__name__})"
        return Outcome(task.place, digest, kind="failed", message=message)


def _silence() -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)
