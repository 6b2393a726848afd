"""The journal of a batch: what is done is on disk before anything else is said of it.

One JSON object a line. The first line holds what the run was asked for and what made its records; each further line
is one finished note with the hash of its file. Every line begins with a checksum of its own bytes. A process killed
while it writes leaves at most one torn line, at the end: it is cut off when the journal is opened again. Of two lines
for one note the later one counts, so a note that changed is simply written again.

In memory a note costs some 40 bytes (place of its line, hash, state), so that a million notes do.
"""

from __future__ import annotations

import json
import os
import time
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from .errors import AblacodeError

_FORMAT = 1
_CHECKSUM_KEY = b'{"crc":"'
_CHECKSUM_LENGTH = len(_CHECKSUM_KEY) + 8 + len(b'",')
_PAYLOAD_KEY = b',"payload":'
_SYNC_SECONDS = 1.0
_DIGEST = 32
_Result = TypeVar("_Result")
_ABSENT, _FINAL, _AGAIN = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Entry:
    """One finished note. ``outcome`` is a decision or ``error``; ``payload`` the JSON of its record or error.

    ``file_sha256`` is None where the file could not be read; ``again`` marks what the next run tries again.
    """

    note_id: str
    file_sha256: str | None
    outcome: str
    payload: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """What the run was asked for and what made its records, as plain JSON values."""

    options: Mapping[str, Any]
    engine: Mapping[str, Any]
    notes_dir: str


class Journal:
    """An append-only file of entries for the notes ``ids`` (sorted), addressed by their place in ``ids``.

    Use :meth:`load` to go on with one that is there, :meth:`begin` to start an empty one, then :meth:`append`.
    A full disk or a lost folder raises :class:`AblacodeError`; what was written before stays.
    """

    def __init__(self, path: Path, ids: Sequence[str]) -> None:
        self.path = path
        self.vanished = 0
        """How many notes the journal knows that are no longer in the folder."""
        self._ids = ids
        self._file = -1
        self._reader: BinaryIO | None = None
        self._synced = 0.0
        self._clear()

    def load(self) -> Header | None:
        """Read what is there and cut off a torn end; return None where there is no journal, or not even its first line.

        A damaged line in the middle is passed over: its note is done again.

        Raises:
            AblacodeError: the first line is damaged although others follow, or the file cannot be read.
        """
        header: Header | None = None
        whole = lines = 0
        vanished: set[str] = set()
        try:
            with self.path.open("rb") as stream:
                for line in stream:
                    if not line.endswith(b"\n"):
                        break
                    fields = decode_line(line)
                    if not lines:
                        header = _header(fields)
                    elif fields is not None and header is not None:
                        self._remember(fields, whole, vanished)
                    whole += len(line)
                    lines += 1
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _cannot("read", self.path, error) from None
        if header is None and lines > 1:
            raise AblacodeError(
                f"the first line of the journal {self.path} is damaged or of another version; "
                "run the same command with --fresh to start over"
            )
        self.vanished = len(vanished)
        if header is not None:
            self._open(os.O_WRONLY)
            self._guard(lambda: os.ftruncate(self._file, whole))
            self._end = whole
        return header

    def begin(self, header: Header) -> None:
        """Start an empty journal; one that was there is replaced in one step."""
        self.close()
        self._clear()
        fields = {
            "journal": _FORMAT,
            "options": dict(header.options),
            "engine": dict(header.engine),
            "notes_dir": header.notes_dir,
        }
        line = encode_line(fields)
        unfinished = self.path.with_name(f"{self.path.name}.part")
        self._open(os.O_WRONLY | os.O_CREAT | os.O_TRUNC, unfinished)
        self._guard(lambda: _write_all(self._file, line))
        self._guard(lambda: os.fsync(self._file))
        self._guard(lambda: unfinished.replace(self.path))
        self._guard(lambda: sync_folder(self.path.parent))
        self._end = len(line)

    def append(self, place: int, entry: Entry) -> None:
        """Write the entry of the note at ``place``; it survives the death of this process from here on."""
        fields: dict[str, Any] = {"id": entry.note_id, "file": entry.file_sha256, "outcome": entry.outcome}
        if entry.again:
            fields["again"] = True
        line = encode_line(fields, entry.payload)
        self._guard(lambda: _write_all(self._file, line))
        self._set(place, self._end, entry.file_sha256, again=entry.again)
        self._end += len(line)
        # A power cut may cost the last second; the kernel keeps every line that a dead process has written.
        if time.monotonic() - self._synced > _SYNC_SECONDS:
            self.sync()

    def sync(self) -> None:
        """Wait until all lines are on the disk itself."""
        self._guard(lambda: os.fsync(self._file))
        self._synced = time.monotonic()

    def known(self) -> int:
        """Count the notes that have an entry."""
        return len(self._ids) - self._state.count(_ABSENT)

    def has(self, place: int) -> bool:
        """Tell whether the note has an entry."""
        return self._state[place] != _ABSENT

    def wants_again(self, place: int) -> bool:
        """Tell whether the note failed in a way worth another attempt."""
        return self._state[place] == _AGAIN

    def digest(self, place: int) -> str:
        """Return the hash of the file the entry was made from (all zeros where it could not be read)."""
        return self._digests[place * _DIGEST : (place + 1) * _DIGEST].hex()

    def entry(self, place: int) -> Entry:
        """Read the entry of a note back.

        Raises:
            AblacodeError: the line is no longer what was written.
        """
        if self._reader is None:
            self._reader = self._guard(lambda: self.path.open("rb"))
        self._reader.seek(self._offsets[place])
        line: bytes = self._guard(self._reader.readline)
        fields = decode_line(line)
        if fields is None or fields.get("id") != self._ids[place]:
            raise AblacodeError(f"the journal {self.path} changed while it was read; run the same command again")
        return Entry(fields["id"], fields["file"], fields["outcome"], fields["payload"], bool(fields.get("again")))

    def close(self) -> None:
        """Close the files; safe to call twice."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def _clear(self) -> None:
        count = len(self._ids)
        self._offsets = array("q", bytes(8 * count))
        self._digests = bytearray(_DIGEST * count)
        self._state = bytearray(count)
        self._end = 0

    def _remember(self, fields: Mapping[str, Any], offset: int, vanished: set[str]) -> None:
        note_id = fields["id"]
        place = bisect_left(self._ids, note_id)
        if place < len(self._ids) and self._ids[place] == note_id:
            self._set(place, offset, fields["file"], again=bool(fields.get("again")))
        else:
            vanished.add(note_id)

    def _set(self, place: int, offset: int, digest: str | None, *, again: bool) -> None:
        self._offsets[place] = offset
        self._digests[place * _DIGEST : (place + 1) * _DIGEST] = bytes.fromhex(digest) if digest else bytes(_DIGEST)
        self._state[place] = _AGAIN if again or digest is None else _FINAL

    def _open(self, flags: int, path: Path | None = None) -> None:
        # O_APPEND: also after the end was cut off, a line lands behind the last whole one.
        self._file = self._guard(lambda: os.open(path or self.path, flags | os.O_APPEND, 0o600))

    def _guard(self, action: Callable[[], _Result]) -> _Result:
        try:
            return action()
        except OSError as error:
            raise _cannot("write", self.path, error) from None


def encode_line(fields: Mapping[str, Any], payload: str | None = None) -> bytes:
    """Return the journal's line of ``fields``; ``payload`` is JSON already and goes in as it is."""
    body = json.dumps(fields, ensure_ascii=True).encode()
    if payload is not None:
        body = body[:-1] + _PAYLOAD_KEY + payload.encode("utf-8") + b"}"
    return _CHECKSUM_KEY + b"%08x" % zlib.crc32(body) + b'",' + body[1:] + b"\n"


def decode_line(line: bytes) -> dict[str, Any] | None:
    """Return the fields of a line, ``payload`` as its JSON text, or None where a byte of it is not as written."""
    line = line.removesuffix(b"\n")
    if not line.startswith(_CHECKSUM_KEY) or len(line) < _CHECKSUM_LENGTH:
        return None
    body = b"{" + line[_CHECKSUM_LENGTH:]
    if line[len(_CHECKSUM_KEY) : _CHECKSUM_LENGTH] != b"%08x" % zlib.crc32(body) + b'",':
        return None
    # Inside a JSON string every quotation mark has a backslash before it, so the first occurrence is the key.
    head, separator, payload = body.partition(_PAYLOAD_KEY)
    fields: dict[str, Any] = json.loads(head + b"}" if separator else head)
    if separator:
        fields["payload"] = payload[:-1].decode("utf-8")
    return fields


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the system can.

    Raises:
        OSError: the folder cannot be opened or written.
    """
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _header(fields: Mapping[str, Any] | None) -> Header | None:
    if fields is None or fields.get("journal") != _FORMAT:
        return None
    return Header(fields["options"], fields["engine"], fields["notes_dir"])


def _write_all(descriptor: int, data: bytes) -> None:
    """Write all bytes; on a full disk the system first writes a part and only then reports."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _cannot(verb: str, path: Path, error: OSError) -> AblacodeError:
    reason = os.strerror(error.errno) if error.errno else type(error).__name__
    return AblacodeError(
        f"cannot {verb} {path} ({reason}); free space or make it writable, then run the same command to go on"
    )
