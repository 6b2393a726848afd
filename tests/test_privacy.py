"""Does a word of a note ever reach standard error, a log or the list of errors?"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ablacode import cli
from ablacode.batch import run_batch
from ablacode.errors import AblacodeError

sys.path.insert(0, str(Path(__file__).parent))
import fake_suggester

NAME = "Wilhelmina Quastenflosser"
NOTES = {
    "suggest": f"Patient: {NAME}. Percutaneous microwave ablation of a segment VI tumor.",
    "none": f"{NAME} had a tonsillectomy.",
    "raises": f"RAISE {NAME}",
    "dies": f"DIE {NAME}",
    "binary": f"{NAME}\x00\x01\x02\xff".encode("latin-1") + bytes(range(32)),
    "pdf": f"%PDF-1.4 {NAME}",
    "not-utf8": f"{NAME} café \x81 ablation".encode("latin-1"),
}
"""What is written of a note that worked: its record and its page. Nowhere else may the name stand."""

ROOT = Path(__file__).parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "nlp"), str(Path(__file__).parent)])}


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    for name, content in NOTES.items():
        (folder / f"{name}.txt").write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def holds_name(text: str) -> bool:
    return any(part in text for part in NAME.split())


def test_a_batch_with_a_suggester_that_quotes_notes(tmp_path: Path, notes: Path) -> None:
    """The fake prints the note to both outputs and raises it; a real process shows what reaches its own."""
    code = (
        "import sys, fake_suggester, ablacode.batch\n"
        "from ablacode.cli import main\n"
        "ablacode.batch.build_suggester = fake_suggester.build\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    out = tmp_path / "out"
    command = [sys.executable, "-c", code, "batch", str(notes), "-o", str(out), "--jobs", "2", "--report", "none"]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (1, "")
    assert not holds_name(done.stdout)
    errors = (out / "errors.jsonl").read_text("utf-8")
    assert [json.loads(line)["note_id"] for line in errors.splitlines()] == [
        f"{name}.txt" for name in ("binary", "dies", "pdf", "raises")
    ]
    assert not holds_name(errors)
    assert not holds_name((out / "summary.csv").read_text("utf-8"))
    assert not holds_name((out / "journal.jsonl").read_text("utf-8"))


def test_the_command_for_one_note_hides_what_an_exception_says(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, notes: Path
) -> None:
    monkeypatch.setattr("ablacode.commands.suggest.build_suggester", fake_suggester.build)
    monkeypatch.setattr("fake_suggester.print", lambda *_args, **_options: None, raising=False)
    with caplog.at_level(logging.DEBUG):
        codes = {
            name: cli.main(["suggest", str(notes / f"{name}.txt"), "-o", os.devnull])
            for name in NOTES
            if name != "dies"
        }
    out, err = capsys.readouterr()
    assert codes == {"suggest": 0, "none": 0, "raises": 3, "binary": 1, "pdf": 1, "not-utf8": 0}
    assert err.count("\n") == 3
    assert not holds_name(out + err + caplog.text)


def test_an_error_of_the_run_quotes_no_note(tmp_path: Path, notes: Path) -> None:
    (notes / ".hidden.txt").write_text(NAME)
    (tmp_path / "out").write_text(NAME)
    with pytest.raises(AblacodeError) as caught:
        run_batch(notes, tmp_path / "out", suggester_factory=fake_suggester.make)
    assert not holds_name(str(caught.value))


@pytest.mark.parametrize(
    "arguments", [["suggest", "NOTES/suggest.txt", "-o", os.devnull], ["batch", "NOTES", "-o", "OUT"]]
)
def test_the_real_suggester_says_nothing(tmp_path: Path, notes: Path, arguments: list[str]) -> None:
    """PyRuSH logs every token through loguru; spaCy and its friends warn. None of it may reach the user's terminal."""
    places = {"NOTES": str(notes), "OUT": str(tmp_path / "out")}
    for place, path in places.items():
        arguments = [word.replace(place, path) for word in arguments]
    done = subprocess.run(
        [sys.executable, "-m", "ablacode", *arguments], env=ENVIRONMENT, capture_output=True, text=True
    )
    assert done.stderr == ""
    assert done.returncode in (0, 1)
    assert not holds_name(done.stdout)
