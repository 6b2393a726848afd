"""Does a folder of notes become the contract's files, whatever single notes, workers and folders do?"""

from __future__ import annotations

import csv
import json
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ablacode.batch import BatchResult, run_batch
from ablacode.errors import AblacodeError, ModelError, UsageError
from ablacode.output import owned_folder

sys.path.insert(0, str(Path(__file__).parent))
import fake_suggester

NOTES = {
    "b/suggest.txt": "Microwave ablation of segment VI.",
    "a-none.txt": "Tonsillectomy.",
    "b/é review.txt": "It is unclear.",
    "=cmd.txt": "ablation",
}


@pytest.fixture(autouse=True)
def calls(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("calls") / "calls"
    monkeypatch.setenv("FAKE_CALLS", str(path))
    yield path


def put(folder: Path, notes: dict[str, str | bytes]) -> Path:
    for name, content in notes.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def run(notes: Path, out: Path, **options: Any) -> BatchResult:
    return run_batch(notes, out, **{"suggester_factory": fake_suggester.make, **options})


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n")[:-1]]


def outputs(out: Path) -> dict[str, bytes]:
    found = {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    del found["journal.jsonl"]
    return found


def test_the_files_of_the_contract(tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run(put(tmp_path / "notes", NOTES), out)
    assert (dict(result.counts), result.errors, result.exit_code) == ({"suggest": 2, "review": 1, "none": 1}, 0, 0)
    assert [line["note_id"] for line in lines(out / "suggestions.jsonl")] == sorted(NOTES)
    assert lines(out / "errors.jsonl") == []
    rows = list(csv.DictReader((out / "summary.csv").open(encoding="utf-8-sig", newline="")))
    assert [row["decision"] for row in rows] == ["suggest", "none", "suggest", "review"]
    assert not rows[0]["note_id"].startswith("=")
    assert result.paths["report"] == out / "report" / "index.html"
    assert len(list((out / "report" / "notes").iterdir())) == 3
    assert sorted(path.name for path in out.iterdir()) == sorted(
        ["errors.jsonl", "journal.jsonl", "report", "suggestions.jsonl", "summary.csv"]
    )


def test_the_number_of_processes_changes_no_byte(tmp_path: Path) -> None:
    notes = put(tmp_path / "notes", {**NOTES, **{f"n{i}.txt": f"ablation {i}" for i in range(20)}, "empty.txt": ""})
    for jobs in (1, 3):
        run(notes, tmp_path / f"out{jobs}", jobs=jobs)
    assert outputs(tmp_path / "out1") == outputs(tmp_path / "out3")


def test_everything_is_private(tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    run(put(tmp_path / "notes", NOTES), out)
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in [out, *out.rglob("*")]}
    assert {path: mode for path, mode in modes.items() if mode != (0o700 if path.is_dir() else 0o600)} == {}


FAILING = {
    "empty": (b"", "empty", 1),
    "binary": (bytes(range(256)), "not-text", 1),
    "pdf": (b"%PDF-1.4 ablation", "pdf", 1),
    "exception": (b"RAISE", "failed", 1),
    "dead-worker": (b"DIE", "worker-died", 2),
}


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_note_that_fails_is_one_line(tmp_path: Path, jobs: int) -> None:
    bad = {f"{name}.txt": row[0] for name, row in FAILING.items()}
    out = tmp_path / "out"
    result = run(put(tmp_path / "notes", {**NOTES, **bad}), out, jobs=jobs)
    assert [line["note_id"] for line in lines(out / "suggestions.jsonl")] == sorted(NOTES)
    expected = {f"{name}.txt": row[1:] for name, row in FAILING.items()}
    found = {line["note_id"]: (line["kind"], line["attempts"]) for line in lines(out / "errors.jsonl")}
    assert (found, result.errors, result.exit_code) == (expected, len(FAILING), 1)
    assert {tuple(line) for line in lines(out / "errors.jsonl")} == {("note_id", "kind", "message", "attempts")}


def test_a_worker_that_dies_once_costs_nothing(tmp_path: Path, calls: Path) -> None:
    notes = put(tmp_path / "notes", {"a.txt": "one", "b.txt": "DIE-ONCE ablation", "c.txt": "two", "d.txt": "three"})
    result = run(notes, tmp_path / "out")
    assert (result.errors, sum(result.counts.values())) == (0, 4)
    assert sorted(calls.read_text().split()) == ["a.txt", "b.txt", "b.txt", "c.txt", "d.txt"]


def test_an_unreadable_file_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notes = put(tmp_path / "notes", {"a.txt": "one", "b.txt": "two"})
    gone = run_on_first_progress(lambda: (notes / "z.txt").unlink())
    put(notes, {f"m{i}.txt": "x" for i in range(30)} | {"z.txt": "last"})
    result = run(notes, tmp_path / "out", progress=gone)
    assert [(line["note_id"], line["kind"]) for line in lines(tmp_path / "out" / "errors.jsonl")] == [
        ("z.txt", "unreadable")
    ]
    assert result.exit_code == 1


def test_a_folder_that_goes_away_stops_the_run_which_can_go_on(tmp_path: Path) -> None:
    notes = put(tmp_path / "notes", {f"{i:02}.txt": "ablation" for i in range(30)})
    with pytest.raises(AblacodeError, match="went away") as caught:
        run(notes, tmp_path / "out", progress=run_on_first_progress(lambda: notes.rename(tmp_path / "away")))
    assert caught.value.exit_code == 3
    (tmp_path / "away").rename(notes)
    assert run(notes, tmp_path / "out").counts["suggest"] == 30


def run_on_first_progress(action: Callable[[], object]) -> Callable[[int, int, str], None]:
    def progress(done: int, total: int, decision: str) -> None:
        if done == 1:
            action()

    return progress


def test_progress_counts_to_the_end(tmp_path: Path) -> None:
    seen: list[tuple[int, int, str]] = []
    notes = put(tmp_path / "notes", {**NOTES, "empty.txt": ""})
    run(notes, tmp_path / "out", progress=lambda *step: seen.append(step))
    assert [step[:2] for step in seen] == [(i, 5) for i in range(1, 6)]
    assert sorted(step[2] for step in seen) == ["error", "none", "review", "suggest", "suggest"]


def test_the_output_inside_the_notes_is_not_read(tmp_path: Path) -> None:
    notes = put(tmp_path / "notes", NOTES)
    for _ in range(2):
        put(notes / "out" / "text", {"made-by-us.txt": "ablation"})
        run(notes, notes / "out")
        assert [line["note_id"] for line in lines(notes / "out" / "suggestions.jsonl")] == sorted(NOTES)


@pytest.mark.parametrize(("mode", "pages"), [("all", 4), ("decided", 3), ("none", 0)])
def test_which_notes_get_a_page(tmp_path: Path, mode: str, pages: int) -> None:
    result = run(put(tmp_path / "notes", NOTES), tmp_path / "out", report=mode)
    assert len(list((tmp_path / "out").glob("report/notes/*.html"))) == pages
    assert ("report" in result.paths) == (mode != "none")


WRONG_USE: dict[str, tuple[Callable[[Path], tuple[Path, Path]], dict[str, Any], str]] = {
    "absent": (lambda t: (t / "absent", t / "out"), {}, "does not exist"),
    "no-notes": (lambda t: (t / "empty", t / "out"), {}, "holds no notes"),
    "same-folder": (lambda t: (t / "notes", t / "notes"), {}, "another folder"),
    "notes-in-the-report": (lambda t: (t / "report" / "x", t), {}, "another output folder"),
    "foreign-report": (lambda t: (t / "notes", t), {}, "--fresh"),
    "no-jobs": (lambda t: (t / "notes", t / "out"), {"jobs": 0}, "--jobs 2"),
    "report-mode": (lambda t: (t / "notes", t / "out"), {"report": "some"}, "--report all"),
    "two-models": (lambda t: (t / "notes", t / "out"), {"model": Path("m"), "use_model": False}, "one of them"),
}


@pytest.mark.parametrize(("folders", "options", "says"), WRONG_USE.values(), ids=WRONG_USE)
def test_wrong_use_is_refused_before_anything_is_written(
    tmp_path: Path, folders: Callable[[Path], tuple[Path, Path]], options: dict[str, Any], says: str
) -> None:
    put(tmp_path, {"notes/a.txt": "x", "report/x/a.txt": "x", "empty/a.png": "x"})
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UsageError, match=says) as caught:
        run(*folders(tmp_path), **options)
    assert caught.value.exit_code == 2
    assert sorted(tmp_path.rglob("*")) == before


def test_two_runs_do_not_share_a_folder(tmp_path: Path) -> None:
    notes = put(tmp_path / "notes", NOTES)
    with owned_folder(tmp_path / "out"), pytest.raises(AblacodeError, match="another run"):
        run(notes, tmp_path / "out")


def test_a_suggester_that_cannot_be_built_stops_the_run(tmp_path: Path) -> None:
    notes = put(tmp_path / "notes", NOTES)
    with pytest.raises(ModelError, match="make model"):
        run(notes, tmp_path / "out", suggester_factory=fake_suggester.make_without_model)
    with pytest.raises(AblacodeError, match="before they are ready"):
        run(notes, tmp_path / "out", suggester_factory=fake_suggester.make_dying)
    assert run(notes, tmp_path / "out").exit_code == 0
