"""The folder a batch writes into: its files' names, that they are private, whole, and nobody else's."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from .errors import AblacodeError, UsageError

JOURNAL = "journal.jsonl"
SUGGESTIONS = "suggestions.jsonl"
ERRORS = "errors.jsonl"
SUMMARY = "summary.csv"
REPORT = "report"


def check_folders(notes_dir: Path, out_dir: Path) -> None:
    """Refuse folders of which one would overwrite or read the other."""
    source, target = os.path.realpath(notes_dir), os.path.realpath(out_dir)
    if source == target:
        raise UsageError(f"the output would lie among the notes; type another folder: -o {out_dir}-suggestions")
    for name in (REPORT, f".{REPORT}.part"):
        inside = os.path.join(target, name)  # noqa: PTH118
        if source == inside or source.startswith(inside + os.sep):
            raise UsageError(f"the notes lie in {inside}, which the output replaces; type another output folder")


def check_foreign_files(out_dir: Path, *, fresh: bool) -> None:
    """Refuse to replace files that no batch has left there."""
    for name in (SUGGESTIONS, ERRORS, SUMMARY, REPORT):
        if (out_dir / name).exists() and not fresh:
            raise UsageError(
                f"{out_dir} holds {name} but no journal of a batch; type another output folder, or add --fresh"
            )


@contextlib.contextmanager
def private_files() -> Iterator[None]:
    """Make every file 0600 and every folder 0700 from its first byte on, also those that other modules write."""
    previous = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(previous)


@contextlib.contextmanager
def owned_folder(out_dir: Path) -> Iterator[None]:
    """Make the output folder, see that it can be written, and keep a second run out of it."""
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        probe = out_dir / ".writable"
        probe.write_bytes(b"")
        probe.unlink()
        lock = os.open(out_dir, os.O_RDONLY) if os.name == "posix" else -1
    except OSError as error:
        raise cannot_write(out_dir, error) from None
    try:
        if lock >= 0:
            import fcntl

            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise AblacodeError(
                    f"another run is writing to {out_dir}; wait for it or type another folder"
                ) from None
            except OSError:
                # Some network file systems know no locks; then the user's care is all there is.
                pass
        yield
    finally:
        if lock >= 0:
            os.close(lock)


def remove_outputs(out_dir: Path) -> None:
    """Remove the results of an earlier run that a new journal no longer stands behind."""
    try:
        for name in (SUGGESTIONS, ERRORS, SUMMARY):
            (out_dir / name).unlink(missing_ok=True)
        index = out_dir / REPORT / "index.html"
        # A folder of that name that is not ours stays; writing the report will refuse it.
        if index.is_file() and b"ablacode" in index.read_bytes()[:2000]:
            shutil.rmtree(out_dir / REPORT)
    except OSError as error:
        raise cannot_write(out_dir, error) from None


@contextlib.contextmanager
def replaced(path: Path) -> Iterator[BinaryIO]:
    """Open a file that takes its name, whole and on the disk, when the block ends well."""
    unfinished = path.with_name(f"{path.name}.part")
    try:
        with unfinished.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def cannot_write(out_dir: Path, error: OSError) -> AblacodeError:
    """Return the error for an output that could not be written: why, and what to do."""
    reason = os.strerror(error.errno) if error.errno else type(error).__name__
    return AblacodeError(
        f"cannot write to {out_dir} ({reason}); free space or type another output folder; the same command goes on"
    )
