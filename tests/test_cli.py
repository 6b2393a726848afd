"""Does each command do what it says, end with the contract's code, and say in one line what to type?"""

from __future__ import annotations

import io
import json
import os
import stat
import subprocess
import sys
import termios
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from ablacode import cli

sys.path.insert(0, str(Path(__file__).parent))
import fake_suggester

HEAVY = ("spacy", "medspacy", "sklearn", "numpy", "joblib", "jinja2", "tqdm", "multiprocessing")
ROOT = Path(__file__).parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "nlp"), str(Path(__file__).parent)])}
FAKE_CLI = (
    "import sys, fake_suggester, ablacode.batch, ablacode.commands.suggest\n"
    "from ablacode.cli import main\n"
    "ablacode.batch.build_suggester = ablacode.commands.suggest.build_suggester = fake_suggester.build\n"
    "sys.exit(main())\n"
)


@pytest.fixture(autouse=True)
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ablacode.batch.build_suggester", fake_suggester.build)
    monkeypatch.setattr("ablacode.commands.suggest.build_suggester", fake_suggester.build)


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "notes" / "note.txt"
    path.parent.mkdir()
    path.write_text("Microwave ablation für Segment VI.\r\n", encoding="utf-8", newline="")
    return path


# --- what needs no note ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("argv", [["--help"], ["--version"], ["batch", "--help"], ["suggest", "--help"]])
def test_help_and_version_load_nothing_heavy(argv: list[str]) -> None:
    code = (
        "import sys\n"
        "from ablacode.cli import main\n"
        "try:\n    main(sys.argv[1:])\n"
        "except SystemExit as end:\n"
        "    print(end.code, sorted(name.split('.')[0] for name in sys.modules), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, *argv], env=ENVIRONMENT, capture_output=True, text=True)
    assert done.stdout.startswith(("usage: ablacode", "ablacode 0."))
    assert done.stderr.startswith("0 [")
    assert [name for name in HEAVY if f"'{name}'" in done.stderr] == []


def test_the_module_is_the_command() -> None:
    done = subprocess.run([sys.executable, "-m", "ablacode", "--help"], env=ENVIRONMENT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert all(command in done.stdout for command in ("suggest", "batch", "evaluate", "schema"))


def test_schema_is_the_contracts(capsys: pytest.CaptureFixture[str]) -> None:
    from ablacode.contract import record_schema

    assert cli.main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == record_schema()


@pytest.mark.parametrize(("answer", "code"), [(0, 0), (1, 1)])
def test_evaluate_is_handed_on(monkeypatch: pytest.MonkeyPatch, answer: int, code: int) -> None:
    seen: list[tuple[Any, ...]] = []
    module = ModuleType("ablacode.evaluate")
    module.__dict__["run_evaluate"] = lambda corpus, *, out: seen.append((corpus, out)) or answer
    monkeypatch.setitem(sys.modules, "ablacode.evaluate", module)
    assert cli.main(["evaluate", "corpora", "-o", "out"]) == code
    assert seen == [(Path("corpora"), Path("out"))]


# --- wrong use ---------------------------------------------------------------------------------------------------

WRONG = {
    "no-command": ([], 2, "ablacode --help"),
    "unknown-command": (["sugest"], 2, "ablacode --help"),
    "no-note": (["suggest"], 2, "ablacode suggest --help"),
    "absent-note": (["suggest", "{tmp}/absent.txt"], 2, "type the path of a note"),
    "folder-for-a-note": (["suggest", "{tmp}"], 2, "ablacode batch"),
    "no-date": (["suggest", "{note}", "--date-of-service", "03/04/2025"], 2, "--date-of-service 2025-03-04"),
    "no-such-day": (["suggest", "{note}", "--date-of-service", "2025-02-30"], 2, "--date-of-service 2025-03-04"),
    "format": (["suggest", "{note}", "--format", "xml"], 2, "ablacode suggest --help"),
    "two-models": (["suggest", "{note}", "--no-model", "--model", "x"], 2, "ablacode suggest --help"),
    "over-the-note": (["suggest", "{note}", "-o", "{note}"], 2, "type another file"),
    "unwritable-file": (["suggest", "{note}", "-o", "{note}/x"], 3, "type another file"),
    "no-output": (["batch", "{tmp}"], 2, "ablacode batch --help"),
    "absent-folder": (["batch", "{tmp}/absent", "-o", "{tmp}/out"], 2, "type the path of a folder"),
    "note-for-a-folder": (["batch", "{note}", "-o", "{tmp}/out"], 2, "ablacode suggest"),
    "jobs": (["batch", "{tmp}/notes", "-o", "{tmp}/out", "--jobs", "0"], 2, "--jobs 2"),
    "output-is-a-file": (["batch", "{tmp}/notes", "-o", "{note}"], 3, "type another output folder"),
}


@pytest.mark.parametrize(("argv", "code", "says"), WRONG.values(), ids=WRONG)
def test_wrong_use_says_what_to_type(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, note: Path, argv: list[str], code: int, says: str
) -> None:
    words = [word.format(tmp=tmp_path, note=note) for word in argv]
    try:
        found = cli.main(words)
    except SystemExit as end:
        found = end.code
    out, err = capsys.readouterr()
    assert (found, out, err.count("\n"), err.startswith("ablacode: "), says in err) == (code, "", 1, True, True), err
    assert note.read_text("utf-8").startswith("Microwave")


# --- suggest -----------------------------------------------------------------------------------------------------


def test_formats(capsys: pytest.CaptureFixture[str], note: Path) -> None:
    answers = {}
    for form in ("text", "json", "html"):
        assert cli.main(["suggest", str(note), "--format", form]) == 0
        answers[form] = capsys.readouterr().out
    assert json.loads(answers["json"])["note_id"] == "note.txt"
    assert answers["json"].count("\n") == 1
    assert "<mark" in answers["html"] and "47382" in answers["html"]
    assert "47382" in answers["text"] and "\x1b" not in answers["text"]


def test_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO("Mikrowelle für ablation".encode("cp1252"))))
    assert cli.main(["suggest", "-", "--format", "json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["note_id"], record["decision"]) == (None, "suggest")


def test_the_date_is_handed_on(monkeypatch: pytest.MonkeyPatch, note: Path) -> None:
    seen = []
    real = fake_suggester.FakeSuggester.suggest_note
    monkeypatch.setattr(
        fake_suggester.FakeSuggester, "suggest_note", lambda self, note: seen.append(note) or real(self, note)
    )
    assert cli.main(["suggest", str(note), "--date-of-service", "2025-03-04"]) == 0
    assert [str(item.date_of_service) for item in seen] == ["2025-03-04"]


@pytest.mark.parametrize(("choice", "painted"), [("always", True), ("never", False), ("auto", False)])
def test_color(capsys: pytest.CaptureFixture[str], note: Path, choice: str, painted: bool) -> None:
    assert cli.main(["suggest", str(note), "--color", choice]) == 0
    assert ("\x1b[" in capsys.readouterr().out) == painted


def test_an_output_file_is_whole_and_private(capsys: pytest.CaptureFixture[str], tmp_path: Path, note: Path) -> None:
    target = tmp_path / "answer.json"
    target.write_text("old")
    assert cli.main(["suggest", str(note), "--format", "json", "-o", str(target)]) == 0
    assert json.loads(target.read_text("utf-8"))["decision"] == "suggest"
    assert (stat.S_IMODE(target.stat().st_mode), capsys.readouterr().out) == (0o600, "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answer.json", "notes"]


def test_utf8_in_any_locale(note: Path) -> None:
    environment = {**ENVIRONMENT, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-c", FAKE_CLI, "suggest", str(note), "--format", "html"]
    done = subprocess.run(command, env=environment, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "für" in done.stdout.decode("utf-8")


# --- batch -------------------------------------------------------------------------------------------------------


def test_batch_ends_with_a_summary(capsys: pytest.CaptureFixture[str], tmp_path: Path, note: Path) -> None:
    out = tmp_path / "out"
    argv = ["batch", str(note.parent), "-o", str(out), "--jobs", "2"]
    assert cli.main(argv) == 0
    answer = capsys.readouterr()
    assert answer.err == ""
    assert answer.out.splitlines()[0] == "1 notes: suggest 1, review 0, none 0, failed 0"
    assert answer.out.splitlines()[-1] == f"open: {out / 'report' / 'index.html'}"

    (note.parent / "empty.txt").write_bytes(b"")
    assert cli.main(argv) == 1
    again = capsys.readouterr().out
    assert "failed 1" in again and str(out / "errors.jsonl") in again and "not done again: 1" in again

    assert cli.main([*argv, "--no-model"]) == 2
    assert "--fresh" in capsys.readouterr().err
    assert cli.main([*argv, "--no-model", "--fresh", "--report", "none"]) == 1
    assert "open:" not in capsys.readouterr().out


def test_a_bar_on_a_terminal(tmp_path: Path, note: Path) -> None:
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (24, 100))
    command = [sys.executable, "-c", FAKE_CLI, "batch", str(note.parent), "-o", str(tmp_path / "out")]
    done = subprocess.run(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    drawn = read_all(ours)
    assert (done.returncode, "1/1" in drawn, "suggest=1" in drawn) == (0, True, True), drawn


def read_all(terminal: int) -> str:
    drawn = b""
    try:
        while piece := os.read(terminal, 65536):
            drawn += piece
    except OSError:  # Linux says so that the other side is closed.
        pass
    os.close(terminal)
    return drawn.decode("utf-8")


# --- stopped and failed ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [(KeyboardInterrupt(), 130, "same command again"), (RuntimeError("secret words"), 3, "RuntimeError")],
)
def test_stopped_or_broken(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    note: Path,
    error: BaseException,
    code: int,
    says: str,
) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr("ablacode.commands.suggest.build_suggester", fail)
    assert cli.main(["suggest", str(note)]) == code
    err = capsys.readouterr().err
    assert (err.count("\n"), says in err, "secret" in err, "Traceback" in err) == (1, True, False, False)


def test_a_reader_that_has_enough_is_no_error() -> None:
    command = [sys.executable, "-m", "ablacode", "schema"]
    with subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
