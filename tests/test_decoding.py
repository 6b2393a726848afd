"""Which text do the bytes of a file hold, or why are they none?"""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ablacode.errors import UnreadableNote
from ablacode.read.text import Decoded, decode, file_sha256, read_note

LATIN = "Percutaneous ablation, 2.45 GHz,\r\nsegment VI.\tNo é missing.\r"
GREEK = "Μικροκύματα στο ήπαρ, τμήμα VI"

TEXTS = {
    "utf-8": (LATIN.encode(), LATIN),
    "utf-8-mark": (codecs.BOM_UTF8 + LATIN.encode(), LATIN),
    "only-the-first-mark": (codecs.BOM_UTF8 * 2 + b"x", "\ufeffx"),
    "utf-16-le-mark": (codecs.BOM_UTF16_LE + LATIN.encode("utf-16-le"), LATIN),
    "utf-16-be-mark": (codecs.BOM_UTF16_BE + LATIN.encode("utf-16-be"), LATIN),
    "utf-16-mark-not-latin": (codecs.BOM_UTF16_LE + GREEK.encode("utf-16-le"), GREEK),
    "utf-32-mark": (codecs.BOM_UTF32_LE + LATIN.encode("utf-32-le"), LATIN),
    "utf-16-le-bare": (LATIN.encode("utf-16-le"), LATIN),
    "utf-16-be-bare": (LATIN.encode("utf-16-be"), LATIN),
    "windows-1252": ("5 × 3 cm – “MWA” für Ø 2 cm".encode("cp1252"), "5 × 3 cm – “MWA” für Ø 2 cm"),
    "lone-carriage-returns": (b"a\rb\rc", "a\rb\rc"),
    "all-line-ends": (b"a\r\nb\nc\rd\x0be\x0cf", "a\r\nb\nc\rd\x0be\x0cf"),
    "only-spaces": (b"   \n\t ", "   \n\t "),
    "no-letters": (b"12 / 3 --", "12 / 3 --"),
    "a-stray-null": (b"Operative note " + b"x" * 40 + b"\x00", "Operative note " + "x" * 40 + "\x00"),
    "bmi-is-no-bitmap": (b"BMI 24, microwave ablation", "BMI 24, microwave ablation"),
    "astral": ("\U0001f600 ablation".encode(), "\U0001f600 ablation"),
}

DOUBTFUL = {
    "byte-without-character": (b"caf\xe9 \x81 noir", "café \ufffd noir"),
    "broken-behind-a-mark": (codecs.BOM_UTF8 + b"caf\xe9 \x9d", "café \ufffd"),
    "utf-16-cut-in-a-character": (codecs.BOM_UTF16_LE + "ab".encode("utf-16-le")[:-1], "a\ufffd"),
}

NO_NOTES = {
    "nothing": (b"", "empty"),
    "a-mark-alone": (codecs.BOM_UTF8, "empty"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "pdf"),
    "pdf-after-a-blank-line": (b"\n%PDF-1.4", "pdf"),
    "png": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "image"),
    "jpeg": (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image"),
    "tiff": (b"II*\x00\x08\x00\x00\x00", "image"),
    "bitmap": (b"BM\x36\x00\x00\x00\x00\x00\x00\x00", "image"),
    "webp": (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "image"),
    "dicom": (bytes(128) + b"DICM", "image"),
    "zip": (b"PK\x03\x04\x14\x00", "archive"),
    "docx": (b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml", "office"),
    "doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(40), "office"),
    "gzip": (b"\x1f\x8b\x08\x00" + bytes(10), "archive"),
    "every-byte": (bytes(range(256)), "not-text"),
    "zeros": (bytes(1000), "not-text"),
    "controls": (bytes([1, 2, 3, 4] * 20), "not-text"),
    "windows-1252-with-null": (b"caf\xe9 noir, sans sucre\x00", "not-text"),
    "random-behind-a-utf-16-mark": (codecs.BOM_UTF16_LE + b"\x00\xd8" * 50, "not-text"),
}


@pytest.mark.parametrize(("data", "text"), TEXTS.values(), ids=TEXTS)
def test_text_is_read_untouched(data: bytes, text: str) -> None:
    assert decode(data) == Decoded(text)


@pytest.mark.parametrize(("data", "text"), DOUBTFUL.values(), ids=DOUBTFUL)
def test_doubt_is_a_gap(data: bytes, text: str) -> None:
    decoded = decode(data)
    assert (decoded.text, [gap.id for gap in decoded.gaps]) == (text, ["encoding-doubtful"])


@pytest.mark.parametrize(("data", "kind"), NO_NOTES.values(), ids=NO_NOTES)
def test_what_is_no_text_is_named(data: bytes, kind: str) -> None:
    with pytest.raises(UnreadableNote) as caught:
        decode(data)
    assert caught.value.kind == kind


def test_a_limit_is_a_limit(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_bytes(b"x" * 101)
    assert decode(b"x" * 100, limit=100).text == "x" * 100
    for attempt in (lambda: decode(b"x" * 101, limit=100), lambda: read_note(path, limit=100)):
        with pytest.raises(UnreadableNote) as caught:
            attempt()
        assert caught.value.kind == "too-large"


def test_a_file_is_read_with_its_hash(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_bytes(codecs.BOM_UTF8 + b"MWA\r\n")
    note, digest = read_note(path, note_id="a/note.txt")
    assert (note.text, note.note_id, digest) == ("MWA\r\n", "a/note.txt", file_sha256(path))


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_any_text_comes_back_from_utf8(text: str) -> None:
    data = text.encode()
    assert decode(codecs.BOM_UTF8 + data) == Decoded(text)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1))
def test_ascii_comes_back_from_every_encoding(text: str) -> None:
    for encoding in ("ascii", "utf-16-le", "utf-16-be"):
        if not text.encode(encoding).startswith((b"BM", b"%PDF-")):
            assert decode(text.encode(encoding)) == Decoded(text)


@given(st.binary())
def test_any_bytes_are_text_or_named(data: bytes) -> None:
    try:
        decoded = decode(data)
    except UnreadableNote as error:
        assert error.kind in {"empty", "not-text", "pdf", "image", "archive", "office"}
    else:
        assert decoded.text
        decoded.text.encode("utf-8")  # no lone surrogates: every text has a hash and a line of JSON
