"""From the bytes of a file to the text of a note.

Order of the attempts: byte-order mark, UTF-16 without a mark where the bytes are plainly that, strict UTF-8,
Windows-1252. Nothing but a leading mark is removed: line ends, tabs and blanks stay, because offsets count them.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from ..domain import Gap, Note
from ..errors import UnreadableNote

MAX_BYTES = 20_000_000
"""Largest file that is read as one note; an operative note has some thousand characters."""

# UTF-32 before UTF-16: the mark of the one begins with the mark of the other.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF87a", "image"),
    (b"GIF89a", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office"),
    (b"PK\x03\x04", "archive"),
    (b"PK\x05\x06", "archive"),
    (b"\x1f\x8b\x08", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
)
_MESSAGES = {
    "empty": "the file is empty",
    "not-text": "the bytes are not text",
    "pdf": "this is a PDF file; save its text as a .txt file",
    "image": "this is an image; a scanned note needs its text recognised first",
    "office": "this is an office document; save it as plain text",
    "archive": "this is a packed archive; unpack it first",
}
_DOUBTFUL = Gap(
    id="encoding-doubtful",
    severity="warning",
    message="The file's encoding is uncertain: some bytes have no character and are shown as \N{REPLACEMENT CHARACTER}",
)
# Control characters that no note holds; tab, line ends, form feed, backspace, Ctrl-Z and escape do occur.
_CONTROL = re.compile("[\x00-\x07\x0e-\x19\x1c-\x1f\x7f]")
_SAMPLE = 65_536


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text and what was doubtful about its bytes."""

    text: str
    gaps: tuple[Gap, ...] = ()


def decode(data: bytes, *, limit: int = MAX_BYTES) -> Decoded:
    """Turn the bytes of a file into its text.

    A text of blanks only, or without letters, is a text: what to say of it is decided later.

    Raises:
        UnreadableNote: of kind ``empty``, ``too-large``, ``pdf``, ``image``, ``office``, ``archive`` or ``not-text``.
    """
    if len(data) > limit:
        raise _too_large(limit)
    kind = _foreign_kind(data)
    if kind:
        raise UnreadableNote(kind, _MESSAGES[kind])
    decoded = _decode_bytes(data)
    if not decoded.text:
        raise UnreadableNote("empty", _MESSAGES["empty"])
    return decoded


def read_note(path: Path, *, note_id: str | None = None, limit: int = MAX_BYTES) -> tuple[Note, str]:
    """Read one file as a note; also return the SHA-256 of its bytes.

    Raises:
        UnreadableNote: see :func:`decode`; of a larger file no more than ``limit`` is read.
        OSError: the file cannot be opened or read.
    """
    with path.open("rb") as stream:
        # One byte more than allowed tells "too large" also of a pipe, which has no size.
        data = stream.read(limit + 1)
    decoded = decode(data, limit=limit)
    return Note(text=decoded.text, note_id=note_id, gaps=decoded.gaps), hashlib.sha256(data).hexdigest()


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, of any size.

    Raises:
        OSError: the file cannot be opened or read.
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _too_large(limit: int) -> UnreadableNote:
    return UnreadableNote("too-large", f"the file is larger than {limit:,} bytes, too large for one note")


def _foreign_kind(data: bytes) -> str | None:
    """Name what a file is that is no text, by the bytes it begins with."""
    if not data:
        return "empty"
    head = data[:1024].lstrip()
    for magic, kind in _MAGIC:
        if head.startswith(magic) or data.startswith(magic):
            if magic.startswith(b"PK") and re.search(rb"\[Content_Types\]\.xml|mimetypeapplication/vnd", data):
                return "office"
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image"
    # "BM" begins bitmaps but also "BMI 24": a bitmap's header holds zero bytes, a note's does not.
    if data[:2] == b"BM" and data[6:10] == bytes(4):
        return "image"
    return "image" if data[128:132] == b"DICM" else None


def _decode_bytes(data: bytes) -> Decoded:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode_marked(data[len(mark) :], encoding)
    wide = _wide_encoding(data)
    if wide:
        return _decode_marked(data, wide)
    return _decode_narrow(data)


def _decode_marked(data: bytes, encoding: str) -> Decoded:
    """Decode what a mark announces; where a piece is broken (a cut-off file), keep the rest and say so."""
    if encoding == "utf-8":
        return _decode_narrow(data)
    text = data.decode(encoding, "replace")
    broken = _broken_places(data, encoding)
    _refuse_controls(text, share=0.02, broken=broken)
    return Decoded(text, (_DOUBTFUL,) if broken else ())


def _broken_places(data: bytes, encoding: str) -> int:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return max(1, data.decode(encoding, "replace").count("\N{REPLACEMENT CHARACTER}"))
    return 0


def _decode_narrow(data: bytes) -> Decoded:
    """Strict UTF-8, else Windows-1252."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
        # Zero bytes do not occur in text of a one-byte encoding.
        _refuse_controls(text, share=0.0 if b"\x00" in data else 0.01)
        # Of the 256 bytes five have no character: 81, 8D, 8F, 90, 9D.
        doubtful = "\N{REPLACEMENT CHARACTER}" in text
        return Decoded(text, (_DOUBTFUL,) if doubtful else ())
    _refuse_controls(text, share=0.10)
    return Decoded(text)


def _refuse_controls(text: str, *, share: float, broken: int = 0) -> None:
    """Raise where more than ``share`` of the characters are controls, or one in a hundred is broken."""
    if len(_CONTROL.findall(text)) > share * len(text) or broken > max(1, len(text) // 100):
        raise UnreadableNote("not-text", _MESSAGES["not-text"])


def _wide_encoding(data: bytes) -> str | None:
    """Tell UTF-16 without a mark: of Latin text every second byte is zero, and hardly any of the others is."""
    sample = data[:_SAMPLE]
    pairs = len(sample) // 2
    if not pairs:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.5 * pairs and even < 0.05 * pairs:
        return "utf-16-le"
    if even > 0.5 * pairs and odd < 0.05 * pairs:
        return "utf-16-be"
    return None
