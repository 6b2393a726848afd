"""Which files of a folder are notes, and what each is called."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import overload

from ..errors import AblacodeError, UsageError


class FoundNotes(Sequence[tuple[str, Path]]):
    """The notes of a folder as pairs of id and path, ordered by the code points of the id.

    Only the ids are held (of a million notes some 100 MB); paths are made when they are asked for.
    """

    def __init__(self, folder: Path, names: dict[str, str]) -> None:
        """Take ``folder`` and, for each id, the path below it."""
        self.folder = folder
        self.ids: list[str] = sorted(names)
        self._odd = {note_id: name for note_id, name in names.items() if note_id != name}

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, index: int) -> tuple[str, Path]: ...
    @overload
    def __getitem__(self, index: slice) -> list[tuple[str, Path]]: ...
    def __getitem__(self, index: int | slice) -> tuple[str, Path] | list[tuple[str, Path]]:
        if isinstance(index, slice):
            return [(note_id, self.path(note_id)) for note_id in self.ids[index]]
        note_id = self.ids[index]
        return note_id, self.path(note_id)

    def __repr__(self) -> str:
        return f"<{len(self)} notes of {self.folder}>"

    def path(self, note_id: str) -> Path:
        """Return where the note lies."""
        return self.folder / self._odd.get(note_id, note_id)


def find_notes(folder: Path, *, skip: Path | None = None) -> FoundNotes:
    """Find the ``.txt`` files below ``folder``, in any case of the ending; ``skip`` is a folder to leave out.

    Hidden files and folders are left out. A link to a folder is never followed, a link to a file only
    where the file lies inside ``folder`` too.

    Raises:
        UsageError: the folder is absent, is a file or holds no notes.
        AblacodeError: a folder below it cannot be listed; skipping it would lose notes in silence.
    """
    if not folder.exists():
        raise UsageError(
            f"the folder of notes {_shown(folder)} does not exist; type the path of a folder of .txt files"
        )
    if not folder.is_dir():
        raise UsageError(
            f"{_shown(folder)} is a file, not a folder; for one note type: ablacode suggest {_shown(folder)}"
        )
    root = Path(os.path.realpath(folder))
    left_out = os.path.realpath(skip) if skip is not None else None
    names = _name_all(_walk(str(root), "", str(root), left_out))
    if not names:
        raise UsageError(f"the folder {_shown(folder)} holds no notes; put .txt files there or type another folder")
    return FoundNotes(folder, names)


def _walk(directory: str, prefix: str, root: str, left_out: str | None) -> Iterator[str]:
    """Yield the path below ``root`` of each note, in no order."""
    pending = [(directory, prefix)]
    while pending:
        directory, prefix = pending.pop()
        try:
            with os.scandir(directory) as entries:
                found = list(entries)
        except OSError as error:
            raise AblacodeError(
                f"the folder {_shown(directory)} cannot be listed ({type(error).__name__}); make it readable"
                " or move it away, then run the same command again"
            ) from None
        for entry in found:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                if entry.path != left_out:
                    pending.append((entry.path, f"{prefix}{entry.name}/"))
            elif entry.name.lower().endswith(".txt") and _is_inside_file(entry, root):
                yield prefix + entry.name


def _is_inside_file(entry: os.DirEntry[str], root: str) -> bool:
    """Tell whether the entry is a regular file that, links followed, lies below ``root``."""
    if not entry.is_symlink():
        return entry.is_file()
    target = os.path.realpath(entry.path)
    return os.path.isfile(target) and os.path.commonpath([root, target]) == root  # noqa: PTH113


def _name_all(paths: Iterator[str]) -> dict[str, str]:
    """Give each path its id: itself, or a printable, unique form where its bytes are not UTF-8."""
    names: dict[str, str] = {}
    odd: list[str] = []
    for path in paths:
        if _printable(path) == path:
            names[path] = path
        else:
            odd.append(path)
    for path in sorted(odd):
        base = note_id = _printable(path)
        number = 1
        while note_id in names:
            number += 1
            note_id = f"{base}~{number}"
        names[note_id] = path
    return names


def _printable(path: str) -> str:
    """Write bytes that are not UTF-8 as ``\\xNN``; other names stay as they are."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _shown(path: Path | str) -> str:
    return _printable(str(path))
