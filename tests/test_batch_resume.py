"""Does a batch that was stopped at any moment go on with nothing lost and nothing done twice?"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ablacode.batch import BatchResult, run_batch
from ablacode.errors import AblacodeError, UsageError
from ablacode.journal import Entry, Header, Journal, decode_line, encode_line

sys.path.insert(0, str(Path(__file__).parent))
import fake_suggester

COUNT = 24
HEADER = Header({"report": "none"}, {"version": "1"}, "/notes")

KILLED = """
import os, signal, sys
import fake_suggester
from ablacode.batch import run_batch

def progress(done, total, decision):
    if done == int(sys.argv[4]):
        {kill}

run_batch(sys.argv[1], sys.argv[2], jobs=int(sys.argv[3]), progress=progress, suggester_factory=fake_suggester.make)
"""
WAYS = {
    "parent": "os.kill(os.getpid(), signal.SIGKILL)",
    "all": "os.killpg(0, signal.SIGKILL)",
    "terminated": "os.kill(os.getpid(), signal.SIGTERM)",
    "interrupted": "signal.raise_signal(signal.SIGINT)",
}


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "calls"
    monkeypatch.setenv("FAKE_CALLS", str(path))
    return path


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    for number in range(COUNT):
        (folder / f"{number:03}.txt").write_text(f"ablation {number}" if number % 3 else f"nothing {number}")
    return folder


def run(notes: Path, out: Path, **options: Any) -> BatchResult:
    return run_batch(notes, out, **{"suggester_factory": fake_suggester.make, **options})


def outputs(out: Path) -> dict[str, bytes]:
    found = {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    del found["journal.jsonl"]
    return found


def journalled(out: Path) -> list[str]:
    """Return the ids in the journal, as far as its lines are whole."""
    whole = (out / "journal.jsonl").read_bytes().split(b"\n")[1:-1]
    return [json.loads(line)["id"] for line in whole]


def done(calls: Path) -> list[str]:
    return calls.read_text().split() if calls.exists() else []


# --- killed ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("jobs", "after"), [(1, 1), (2, COUNT // 2), (2, COUNT - 1)])
def test_killed_it_goes_on(tmp_path: Path, notes: Path, calls: Path, way: str, jobs: int, after: int) -> None:
    out = tmp_path / "out"
    script = KILLED.format(kill=WAYS[way])
    path = os.pathsep.join([*map(str, (Path(__file__).parents[1] / "nlp", Path(__file__).parent))])
    killed = subprocess.run(
        [sys.executable, "-c", script, str(notes), str(out), str(jobs), str(after)],
        env={**os.environ, "PYTHONPATH": path},
        start_new_session=True,
        capture_output=True,
        timeout=60,
    )
    assert killed.returncode != 0
    assert not (out / "suggestions.jsonl").exists()
    before = journalled(out)
    assert len(before) == after

    calls.unlink()
    result = run(notes, out)
    # Not one note of the journal was begun again; all others were, once.
    assert sorted([*before, *done(calls)]) == sorted(path.name for path in notes.iterdir())
    assert result.reused == after
    run(notes, tmp_path / "never-killed")
    assert outputs(out) == outputs(tmp_path / "never-killed")


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="no limit on the size of files here")
def test_a_full_disk_is_said_and_can_be_gone_on_from(tmp_path: Path, notes: Path, calls: Path) -> None:
    out = tmp_path / "out"
    script = (
        "import resource, sys, fake_suggester\n"
        "from ablacode.batch import run_batch\n"
        "from ablacode.errors import AblacodeError\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))\n"
        "try:\n    run_batch(sys.argv[1], sys.argv[2], suggester_factory=fake_suggester.make)\n"
        "except AblacodeError as error:\n    print(error)\n    sys.exit(error.exit_code)\n"
    )
    path = os.pathsep.join([*map(str, (Path(__file__).parents[1] / "nlp", Path(__file__).parent))])
    environment = {**os.environ, "PYTHONPATH": path}
    environment.pop("FAKE_CALLS")
    command = [sys.executable, "-c", script, str(notes), str(out)]
    stopped = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert (stopped.returncode, "run the same command to go on" in stopped.stdout) == (3, True), stopped.stderr
    before = journalled(out)
    assert 0 < len(before) < COUNT
    run(notes, out)
    assert sorted([*before, *done(calls)]) == sorted(path.name for path in notes.iterdir())


# --- a torn or damaged journal -----------------------------------------------------------------------------------


def filled(path: Path, ids: list[str]) -> bytes:
    journal = Journal(path, ids)
    journal.begin(HEADER)
    for place, note_id in enumerate(ids):
        journal.append(place, Entry(note_id, f"{place:064x}", "none", json.dumps({"note_id": note_id, "n": "é\\"})))
    journal.close()
    return path.read_bytes()


def test_torn_at_every_byte_of_its_last_line(tmp_path: Path) -> None:
    ids = ["a.txt", "b.txt", "c.txt"]
    path = tmp_path / "journal.jsonl"
    whole = filled(path, ids)
    last = whole.rstrip(b"\n").rindex(b"\n") + 1
    for cut in range(last, len(whole)):
        path.write_bytes(whole[:cut])
        journal = Journal(path, ids)
        assert journal.load() == HEADER
        assert [journal.has(place) for place in range(3)] == [True, True, False]
        assert path.read_bytes() == whole[:last]
        journal.append(2, Entry("c.txt", f"{2:064x}", "none", '{"note_id": "c.txt", "n": "\\u00e9\\\\"}'))
        journal.close()
        again = Journal(path, ids)
        assert (again.load(), again.known(), again.entry(2).note_id) == (HEADER, 3, "c.txt")
        again.close()


def test_torn_in_its_first_line_it_starts_over(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    whole = filled(path, [])
    for cut in range(len(whole)):
        path.write_bytes(whole[:cut])
        assert Journal(path, []).load() is None


@pytest.mark.parametrize("cut", [1, 20, 300, -1])
def test_a_batch_goes_on_from_a_torn_journal(tmp_path: Path, notes: Path, calls: Path, cut: int) -> None:
    out = tmp_path / "out"
    run(notes, out)
    finished = outputs(out)
    whole = (out / "journal.jsonl").read_bytes()
    last = whole.rstrip(b"\n").rindex(b"\n") + 1
    (out / "journal.jsonl").write_bytes(whole[: last + cut] if cut > 0 else whole[:cut])
    calls.unlink()
    run(notes, out)
    assert done(calls) == [json.loads(whole[last:])["id"]]
    assert outputs(out) == finished


def test_a_damaged_line_is_done_again(tmp_path: Path, notes: Path, calls: Path) -> None:
    out = tmp_path / "out"
    run(notes, out)
    finished = outputs(out)
    lines = (out / "journal.jsonl").read_bytes().split(b"\n")
    damaged = json.loads(lines[5])["id"]
    lines[5] = lines[5].replace(b"47382", b"47380").replace(b'"none"', b'"some"')
    (out / "journal.jsonl").write_bytes(b"\n".join(lines))
    calls.unlink()
    run(notes, out)
    assert (done(calls), outputs(out)) == ([damaged], finished)


def test_a_damaged_first_line_is_said(tmp_path: Path, notes: Path) -> None:
    out = tmp_path / "out"
    run(notes, out)
    journal = out / "journal.jsonl"
    journal.write_bytes(b"x" + journal.read_bytes())
    with pytest.raises(AblacodeError, match="--fresh"):
        run(notes, out)
    assert run(notes, out, fresh=True).reused == 0


@given(st.text(), st.text(), st.data())
def test_a_line_comes_back_or_is_known_to_be_damaged(note_id: str, word: str, data: st.DataObject) -> None:
    payload = json.dumps({"word": word})
    line = encode_line({"id": note_id, "file": None}, payload)
    assert line.index(b"\n") == len(line) - 1
    assert decode_line(line) == {"id": note_id, "file": None, "payload": payload}
    place = data.draw(st.integers(0, len(line) - 1))
    changed = data.draw(st.integers(0, 255).filter(lambda byte: byte != line[place]))
    assert decode_line(line[:place] + bytes([changed]) + line[place + 1 :]) is None


# --- run again ---------------------------------------------------------------------------------------------------


def test_unchanged_nothing_is_done(tmp_path: Path, notes: Path, calls: Path) -> None:
    out = tmp_path / "out"
    (notes / "empty.txt").write_text("")
    (notes / "raises.txt").write_text("RAISE")
    run(notes, out)
    finished = outputs(out)
    calls.unlink()
    again = run(notes, out, jobs=2)
    assert (done(calls), again.reused, again.errors, outputs(out)) == ([], COUNT + 2, 2, finished)


def test_changed_new_and_vanished_notes(tmp_path: Path, notes: Path, calls: Path) -> None:
    out = tmp_path / "out"
    run(notes, out)
    calls.unlink()
    (notes / "000.txt").write_text("now an ablation")
    (notes / "new.txt").write_text("ablation")
    (notes / "001.txt").unlink()
    os.utime(notes / "002.txt", (0, 0))
    result = run(notes, out)
    assert sorted(done(calls)) == ["000.txt", "new.txt"]
    assert (result.reused, result.vanished) == (COUNT - 2, 1)
    run(notes, tmp_path / "at-once")
    assert outputs(out) == outputs(tmp_path / "at-once")


def test_other_rules_do_everything_again(
    tmp_path: Path, notes: Path, calls: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(notes, tmp_path / "out")
    calls.unlink()
    monkeypatch.setenv("FAKE_RULES", "1" * 64)
    assert (run(notes, tmp_path / "out", jobs=2).reused, len(done(calls))) == (0, COUNT)


@pytest.mark.parametrize("options", [{"report": "all"}, {"use_model": False}, {"model": Path("other")}])
def test_other_options_need_fresh(tmp_path: Path, notes: Path, calls: Path, options: dict[str, Any]) -> None:
    out = tmp_path / "out"
    run(notes, out)
    finished = outputs(out)
    with pytest.raises(UsageError, match="--fresh") as caught:
        run(notes, out, **options)
    assert (caught.value.exit_code, outputs(out)) == (2, finished)
    calls.unlink()
    assert (run(notes, out, fresh=True, **options).reused, len(done(calls))) == (0, COUNT)


def test_other_notes_do_not_push_out_a_result(tmp_path: Path, notes: Path) -> None:
    run(notes, tmp_path / "out")
    other = tmp_path / "other"
    other.mkdir()
    (other / "x.txt").write_text("x")
    with pytest.raises(UsageError, match="belongs to"):
        run(other, tmp_path / "out")
    assert run(notes.rename(tmp_path / "moved"), tmp_path / "out").reused == COUNT


def test_a_dead_worker_is_tried_again_by_the_next_run(tmp_path: Path, notes: Path, calls: Path) -> None:
    (notes / "dies.txt").write_text("DIE")
    assert run(notes, tmp_path / "out").errors == 1
    calls.unlink()
    assert run(notes, tmp_path / "out").errors == 1
    assert done(calls) == ["dies.txt", "dies.txt"]
    assert (tmp_path / "out" / "errors.jsonl").read_text().count("\n") == 1
