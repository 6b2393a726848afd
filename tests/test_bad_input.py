"""Does every kind of bad input end with a clear message or a clear record, and never with a crash?"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from ablacode import cli
from ablacode.batch import run_batch
from ablacode.errors import AblacodeError, ModelError, UsageError

sys.path.insert(0, str(Path(__file__).parent))
import fake_suggester

MODELS = Path(__file__).parents[1] / "models"
ABLATION = (
    "Percutaneous microwave ablation of a hepatocellular carcinoma in segment VI was performed under CT guidance. "
)


def put(folder: Path, name: str, content: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    return path


# --- files that are no notes: a message and exit code 1 ----------------------------------------------------------

NO_NOTES = {
    "empty": (b"", "the file is empty"),
    "binary": (bytes(range(256)) * 10, "not text"),
    "pdf": (b"%PDF-1.7 " + ABLATION.encode(), "PDF"),
    "image": (b"\x89PNG\r\n\x1a\n" + bytes(100), "image"),
    "office": (b"PK\x03\x04[Content_Types].xml", "office"),
    "too-large": (b"ablation " * 2_300_000, "too large"),
}


@pytest.mark.parametrize(("content", "says"), NO_NOTES.values(), ids=NO_NOTES)
def test_a_file_that_is_no_note_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes, says: str
) -> None:
    path = put(tmp_path, "note.txt", content)
    assert cli.main(["suggest", str(path)]) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n"), says in err) == ("", 1, True), err


def test_files_that_are_no_notes_are_lines_in_a_batch(tmp_path: Path) -> None:
    for name, (content, _) in NO_NOTES.items():
        put(tmp_path / "notes", f"{name}.txt", content)
    result = run_batch(tmp_path / "notes", tmp_path / "out", suggester_factory=fake_suggester.make)
    errors = [json.loads(line) for line in (tmp_path / "out" / "errors.jsonl").read_text("utf-8").splitlines()]
    found = {error["note_id"].removesuffix(".txt"): error["kind"] for error in errors}
    assert found == {name: "not-text" if name == "binary" else name for name in NO_NOTES}
    assert (result.errors, result.exit_code) == (len(NO_NOTES), 1)


# --- folders -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [lambda path: None, lambda path: put(path, "scan.pdf", b"%PDF-")])
def test_a_folder_without_notes(tmp_path: Path, make: Any) -> None:
    (tmp_path / "notes").mkdir()
    make(tmp_path / "notes")
    with pytest.raises(UsageError, match="holds no notes"):
        run_batch(tmp_path / "notes", tmp_path / "out", suggester_factory=fake_suggester.make)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("target", ["file", "file/below", "/proc/ablacode-out"])
def test_an_output_that_cannot_be_written(capsys: pytest.CaptureFixture[str], tmp_path: Path, target: str) -> None:
    """A file stands where the folder should be: root may write everywhere else, and tests may run as root."""
    put(tmp_path / "notes", "a.txt", b"ablation")
    put(tmp_path, "file", b"keep me")
    out = tmp_path / target
    with pytest.raises(AblacodeError, match="cannot write") as caught:
        run_batch(tmp_path / "notes", out, suggester_factory=fake_suggester.make)
    assert caught.value.exit_code == 3
    assert cli.main(["batch", str(tmp_path / "notes"), "-o", str(out)]) == 3
    assert capsys.readouterr().err.startswith("ablacode: cannot write")
    assert (tmp_path / "file").read_bytes() == b"keep me"


# --- texts that are odd: a record --------------------------------------------------------------------------------

ODD = {
    "only-spaces": (b"   \n\t  \r\n", "review", ["no-text"]),
    "no-letters": (b"12 34 / 56 -- 78\n", "review", ["no-text"]),
    "10-MB-of-nothing": (b"The patient tolerated the tonsillectomy well. " * 220_000, None, None),
    "10-MB-of-ablation": (ABLATION.encode() * 97_000, None, None),
    "one-long-line": ((ABLATION * 1000)[:100_000].encode(), None, None),
    "one-long-word": (b"x" * 100_000, None, None),
}


@pytest.mark.parametrize(("content", "decision", "reasons"), ODD.values(), ids=ODD)
def test_an_odd_text_is_a_record(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    content: bytes,
    decision: str | None,
    reasons: list[str] | None,
) -> None:
    path = put(tmp_path, "note.txt", content)
    assert cli.main(["suggest", str(path), "--format", "json"]) == 0
    record = json.loads(capsys.readouterr().out)
    text = content.decode()
    assert record["decision"] in ("suggest", "review", "none")
    if decision is not None:
        assert (record["decision"], [reason["id"] for reason in record["reasons"]]) == (decision, reasons)
    spans = [*record["mentions"], *(span for code in record["codes"] for span in code["evidence"])]
    assert [span for span in spans if text[span["start"] : span["end"]] != span["text"]] == []


# --- the model ---------------------------------------------------------------------------------------------------


def copied_model(tmp_path: Path) -> Path:
    """Return the classifier's file in a copy of ``models/``; its manifest lies beside it."""
    shutil.copytree(MODELS, tmp_path / "models")
    [path] = (tmp_path / "models").glob("*.joblib")
    return path


def test_a_missing_model_stops_with_a_message(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    from ablacode.suggester import CodeSuggester

    absent = tmp_path / "absent.joblib"
    note = put(tmp_path / "notes", "note.txt", ABLATION.encode())
    with pytest.raises(ModelError):
        CodeSuggester(model=absent)
    for argv in (["suggest", str(note)], ["batch", str(note.parent), "-o", str(tmp_path / "out")]):
        assert cli.main([*argv, "--model", str(absent)]) == 3
        out, err = capsys.readouterr()
        assert (out, err.count("\n"), err.startswith("ablacode: ")) == ("", 1, True)
    assert not (tmp_path / "out" / "suggestions.jsonl").exists()


@pytest.mark.parametrize("place", [0, 0.1, 0.5, 0.9, -1])
def test_a_model_changed_by_one_byte_stops(capsys: pytest.CaptureFixture[str], tmp_path: Path, place: float) -> None:
    from ablacode.suggester import CodeSuggester

    model = copied_model(tmp_path)
    note = put(tmp_path / "notes", "note.txt", ABLATION.encode())
    CodeSuggester(model=model)
    data = bytearray(model.read_bytes())
    data[int(place * len(data)) if place >= 0 else -1] ^= 1
    model.write_bytes(bytes(data))
    with pytest.raises(ModelError):
        CodeSuggester(model=model)
    assert cli.main(["suggest", str(note), "--model", str(model)]) == 3
    out, err = capsys.readouterr()
    assert (out, err.count("\n"), "Traceback" in err) == ("", 1, False)


def test_rules_alone_need_no_model(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    note = put(tmp_path, "note.txt", ABLATION.encode())
    assert cli.main(["suggest", str(note), "--no-model", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["engine"]["model_sha256"] is None
