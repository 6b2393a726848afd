"""Does a folder become a site that can be annotated, read back and measured, with note text in the notes alone?"""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ablacode import cli
from ablacode.annotate import AnnotateResult, run_annotate
from ablacode.annotate.brat import annotation_conf, draft, label_values
from ablacode.annotate.site import site_files
from ablacode.domain import LABELS, STATUSES, Mention
from ablacode.errors import AblacodeError, CorpusError, UsageError
from ablacode.markup import Mark
from ablacode.read.corpus import load_corpus, read_brat
from ablacode.workers import Outcome, Task, WorkerPool

sys.path.insert(0, str(Path(__file__).parent))
import fake_strata

ROOT = Path(__file__).parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "nlp"), str(Path(__file__).parent)])}
NAME = "Wilhelmina Quastenflosser"
NOTES: dict[str, str | bytes] = {
    **{f"ir/sure{i}.txt": f"SURE {NAME}: microwave ablation {i}\r\nunder cone-beam CT." for i in range(6)},
    "ir/2024/unsure é.txt": f"UNSURE {NAME} 🧊 microwave\r\n   ablation".encode("utf-16"),
    "review.txt": f"REVIEW {NAME}",
    "near.TXT": f"NEAR {NAME}, microwave ablation in 2019",
    **{f"other/n{i}.txt": f"SCREENED {NAME} {i}" for i in range(9)},
}
FRAME = {"README.txt", "annotation.conf", "gold.template.json", "labelstudio.json", "labelstudio.xml", "sampling.json"}


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return put(tmp_path / "notes", NOTES)


def put(folder: Path, notes: dict[str, str | bytes]) -> Path:
    for name, content in notes.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def run(notes: Path, site: Path, **options: Any) -> AnnotateResult:
    return run_annotate(notes, site, **{"n": 8, "suggester_factory": fake_strata.make, **options})


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def sampling(site: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((site / "sampling.json").read_text("utf-8"))
    return content


# --- what is drawn and written -----------------------------------------------------------------------------------


def test_a_bare_site(tmp_path: Path, notes: Path) -> None:
    site = tmp_path / "site"
    result = run(notes, site, seed=7)
    content = sampling(site)
    assert (content["schema_version"], content["seed"], content["n"], content["failed"]) == ("1.0", 7, 8, {})
    assert content["engine"]["rules_sha256"] == "0" * 64 and content["engine"]["model_sha256"] is None
    assert content["strata"] == {
        "suggest-sure": {"population": 6, "drawn": 3, "weight": 2.0},
        "suggest-unsure": {"population": 1, "drawn": 1, "weight": 1.0},
        "review": {"population": 1, "drawn": 1, "weight": 1.0},
        "near-miss": {"population": 1, "drawn": 1, "weight": 1.0},
        "none": {"population": 9, "drawn": 2, "weight": 4.5},
    }
    drawn = content["notes"]
    assert sum(note["weight"] for note in drawn.values()) == len(NOTES)
    assert not any(note["prefilled"] for note in drawn.values())
    assert {"ir/2024/unsure é.txt", "review.txt", "near.TXT"} <= set(drawn) <= set(NOTES)
    assert (result.exit_code, list(result.sample.notes)) == (0, sorted(drawn))

    written = files(site)
    texts = {note["file"] for note in drawn.values()}
    assert set(written) == FRAME | texts | {file.replace(".txt", ".ann") for file in texts}
    assert all(written[file] == b"" for file in written if file.endswith(".ann"))
    assert written["ir/2024/unsure é.txt"].decode("utf-8") == f"UNSURE {NAME} 🧊 microwave\r\n   ablation"
    assert written["near.txt"] == str(NOTES["near.TXT"]).encode()
    assert [path.name for path in tmp_path.iterdir() if path.name not in ("notes", "site")] == []


@pytest.mark.parametrize("prefill", [False, True])
def test_the_tasks_for_label_studio_hold_the_notes_and_their_drafts(
    tmp_path: Path, notes: Path, *, prefill: bool
) -> None:
    site = tmp_path / "site"
    run(notes, site, prefill=prefill)
    written = files(site)
    tasks = {one["data"]["note_id"]: one for one in json.loads(written["labelstudio.json"])}
    assert {file: one["data"]["text"] for file, one in tasks.items()} == {
        note["file"]: written[note["file"]].decode() for note in sampling(site)["notes"].values()
    }
    drafted = {file for file, one in tasks.items() if one.get("predictions")}
    assert drafted == (
        {file.replace(".ann", ".txt") for file, data in written.items() if file.endswith(".ann") and data}
    )
    assert bool(drafted) == prefill
    for one in tasks.values():
        for result in (one.get("predictions") or [{"result": []}])[0]["result"]:
            where = result["value"]
            if result["type"] == "labels":
                units = one["data"]["text"].encode("utf-16-le")
                assert units[2 * where["start"] : 2 * where["end"]].decode("utf-16-le") == where["text"]


def test_the_same_seed_gives_the_same_bytes_for_any_number_of_processes(tmp_path: Path, notes: Path) -> None:
    sites = {}
    for name, options in {"one": {}, "three": {"jobs": 3}, "other": {"seed": 2}}.items():
        run(notes, tmp_path / name, prefill=True, **options)
        sites[name] = {file: data for file, data in files(tmp_path / name).items() if file != "README.txt"}
    assert sites["one"] == sites["three"]
    assert sampling(tmp_path / "one")["notes"].keys() != sampling(tmp_path / "other")["notes"].keys()


def test_the_order_in_which_answers_come_changes_no_byte(
    tmp_path: Path, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Backwards(WorkerPool):
        def run(self, tasks: Iterable[Task]) -> Iterator[Outcome]:
            return reversed(list(super().run(tasks)))

    run(notes, tmp_path / "one", prefill=True)
    monkeypatch.setattr("ablacode.annotate.run.WorkerPool", Backwards)
    run(notes, tmp_path / "backwards", prefill=True)
    one, backwards = files(tmp_path / "one"), files(tmp_path / "backwards")
    del one["README.txt"], backwards["README.txt"]  # names the folder
    assert one == backwards


def test_more_than_the_folder_holds_takes_all(tmp_path: Path, notes: Path) -> None:
    run(notes, tmp_path / "site", n=1000)
    content = sampling(tmp_path / "site")
    assert content["notes"].keys() == NOTES.keys()
    assert {note["weight"] for note in content["notes"].values()} == {1.0}


def test_notes_that_cannot_be_read_are_left_out_and_counted(tmp_path: Path, notes: Path) -> None:
    put(notes, {"empty.txt": b"", "scan.txt": b"%PDF-1.4", "raises.txt": f"RAISE {NAME}"})
    result = run(notes, tmp_path / "site", n=1000)
    content = sampling(tmp_path / "site")
    assert content["failed"] == {"empty.txt": "empty", "raises.txt": "failed", "scan.txt": "pdf"}
    assert content["notes"].keys() == NOTES.keys()
    assert sum(one["population"] for one in content["strata"].values()) == len(NOTES)
    assert result.exit_code == 1


def test_not_one_readable_note_leaves_no_site(tmp_path: Path) -> None:
    with pytest.raises(AblacodeError, match="not one of the 1 notes") as caught:
        run(put(tmp_path / "notes", {"empty.txt": b""}), tmp_path / "site")
    assert (caught.value.exit_code, sorted(path.name for path in tmp_path.iterdir())) == (3, ["notes"])


def test_a_note_that_changes_meanwhile_leaves_no_site(tmp_path: Path) -> None:
    notes = put(tmp_path / "notes", {"a.txt": "SURE", "b.txt": "REVIEW"})

    def change(done: int, total: int, _decision: str) -> None:
        if done == total:
            put(notes, {"b.txt": "SURE"})

    with pytest.raises(AblacodeError, match=r"b\.txt changed"):
        run(notes, tmp_path / "site", progress=change)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes"]


def test_files_are_private(tmp_path: Path, notes: Path) -> None:
    run(notes, tmp_path / "site")
    modes = {path.is_dir(): stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "site").rglob("*")}
    assert (modes, stat.S_IMODE((tmp_path / "site").stat().st_mode)) == ({True: 0o700, False: 0o600}, 0o700)


# --- names -------------------------------------------------------------------------------------------------------

PLACES = {
    "as-they-are": (["b.txt", "a/b.txt"], ["a/b.txt", "b.txt"]),
    "ending": (["A.TXT"], ["A.txt"]),
    "two-endings": (["a.TXT", "a.txt"], ["a.txt", "a~2.txt"]),
    "letter-case": (["X/a.txt", "x/a.txt", "x/a~2.txt"], ["X/a.txt", "x/a~2.txt", "x/a~2~2.txt"]),
    "our-own-page": (["README.txt", "readme.txt", "a/README.txt"], ["README~2.txt", "a/README.txt", "readme~3.txt"]),
}


@pytest.mark.parametrize(("ids", "places"), PLACES.values(), ids=PLACES)
def test_every_note_has_a_place_of_its_own(ids: list[str], places: list[str]) -> None:
    assert list(site_files(ids).values()) == places
    assert list(site_files(ids)) == sorted(ids)


@pytest.mark.parametrize("note_id", ["../a.txt", "/etc/a.txt", "a/../../b.txt", "./a.txt", "a//b.txt", ".."])
def test_no_note_leaves_the_site(note_id: str) -> None:
    with pytest.raises(UsageError, match="no path below a folder"):
        site_files(["a.txt", note_id])


def test_a_note_called_readme_and_one_with_odd_bytes(tmp_path: Path) -> None:
    notes = put(tmp_path / "notes", {"README.txt": "SURE", os.fsdecode(b"\xff.txt"): "REVIEW"})
    run(notes, tmp_path / "site")
    assert {name: note["file"] for name, note in sampling(tmp_path / "site")["notes"].items()} == {
        "README.txt": "README~2.txt",
        "\\xff.txt": "\\xff.txt",
    }
    written = files(tmp_path / "site")
    assert (written["README~2.txt"], written["\\xff.txt"]) == (b"SURE", b"REVIEW")
    assert written["README.txt"].startswith(b"ANNOTATE")


# --- drafts and brat ---------------------------------------------------------------------------------------------


def test_a_prefilled_site_is_read_back(tmp_path: Path, notes: Path) -> None:
    site = tmp_path / "site"
    run(notes, site, n=1000, prefill=True)
    assert all(note["prefilled"] for note in sampling(site)["notes"].values())
    for file in (note["file"] for note in sampling(site)["notes"].values()):
        text = (site / file).read_bytes().decode("utf-8")
        ann = (site / file).with_suffix(".ann").read_bytes().decode("utf-8")
        marks = {(mark.start, mark.end, mark.label, mark.value, mark.status) for mark in read_brat(ann, text, file)}
        found = {(one.start, one.end, one.label, one.value, one.status) for one in fake_strata.mentions(text)}
        assert marks == found
        assert ann.count("\tPrefilled T") == len(found)
    assert (site / "near.ann").read_bytes() != b"" and (site / "other/n1.ann").read_bytes() == b""


def test_a_draft_in_brats_own_spelling() -> None:
    text = "by cone-beam CT: the liver\r\n  lesion"
    one = Mention(3, 15, "guidance", "cone-beam ct", text[3:15], "procedure", "performed")
    two = Mention(21, 36, "target", "liver-tumor", text[21:36], "procedure", "other-organ")
    ann = draft([two, one])
    assert ann.splitlines() == [
        "T1\tGuidance 3 15\tcone-beam CT",
        "A1\tStatus T1 performed",
        "A2\tValue T1 cone-beam_ct",
        "A3\tPrefilled T1",
        "T2\tTarget 21 26;30 36\tliver lesion",
        "A4\tStatus T2 other-organ",
        "A5\tValue T2 liver-tumor",
        "A6\tPrefilled T2",
    ]
    assert read_brat(ann, text, "n") == (
        Mark(3, 15, "guidance", "cone-beam ct", "performed", "cone-beam CT"),
        Mark(21, 36, "target", "liver-tumor", "other-organ", "liver\r\n  lesion"),
    )


@pytest.mark.parametrize("line", ["A9\tPrefilled", "A9\tPrefilled T1 yes", "T2\tTarget 3 7;21 26\tcone liver"])
def test_what_brat_does_not_write_is_still_refused(line: str) -> None:
    text = "by cone-beam CT: the liver"
    with pytest.raises(CorpusError):
        read_brat(f"T1\tTarget 21 26\tliver\nA1\tStatus T1 mention\nA2\tValue T1 liver\n{line}\n", text, "n")


def test_brats_configuration_names_everything() -> None:
    sections = dict(part.split("]\n") for part in annotation_conf().split("[")[1:])
    assert list(sections) == ["entities", "relations", "events", "attributes"]
    assert (sections["relations"].strip(), sections["events"].strip()) == ("", "")
    assert sorted(sections["entities"].split()) == [
        *("Approach", "Delivery", "Guidance", "Modality", "Target", "TumorCount"),
    ]
    attributes = {}
    for line in sections["attributes"].strip().split("\n"):
        name, arguments = line.split("\t")
        # brat itself takes an argument apart like this and falls back to another configuration where it cannot.
        attributes[name] = dict(part.split(":") for part in arguments.split(", "))
        assert not any(" " in value for value in attributes[name].values())
    assert {name: one["Arg"] for name, one in attributes.items()} == dict.fromkeys(
        ("Status", "Value", "Prefilled"), "<ENTITY>"
    )
    assert set(attributes["Status"]["Value"].split("|")) == STATUSES
    values = attributes["Value"]["Value"].split("|")
    assert [value for value, times in Counter(values).items() if times > 1] == []
    assert {"percutaneous", "other", "cone-beam_ct", "microwave", "unknown", "0", "12", "liver-tumor"} <= set(values)
    assert "none" not in values and "Value" not in attributes["Prefilled"]


def test_every_value_of_the_corpus_can_be_chosen() -> None:
    values = label_values()
    assert values.keys() == LABELS
    used = {(mark.label, mark.value) for note in load_corpus(ROOT / "corpora/dev") for mark in note.marks}
    assert {(label, value) for label, value in used if value not in values[label]} == set()


# --- the way on: annotate and measure ----------------------------------------------------------------------------


def test_a_filled_template_is_an_annotated_note(tmp_path: Path, notes: Path) -> None:
    site = tmp_path / "site"
    run(notes, site, n=1000, prefill=True)
    assert list(site.rglob("*.gold.json")) == []
    template = site / "gold.template.json"
    (site / "near.gold.json").write_bytes(template.read_bytes())
    with pytest.raises(CorpusError, match="decision"):
        load_corpus(site)
    gold = {**json.loads(template.read_text("utf-8")), "decision": "none"}
    (site / "near.gold.json").write_text(json.dumps(gold), encoding="utf-8")
    (note,) = load_corpus(site)
    assert (note.note_id, note.text, note.gold.decision) == ("near.txt", NOTES["near.TXT"], "none")
    assert [mark.text for mark in note.marks] == ["microwave ablation"]


def test_the_guide_says_how(tmp_path: Path, notes: Path) -> None:
    pages = {}
    for name, prefill in (("bare", False), ("draft", True)):
        run(notes, tmp_path / name, prefill=prefill)
        pages[name] = (tmp_path / name / "README.txt").read_text("utf-8")
        assert f"ablacode evaluate {tmp_path / name}\n" in pages[name]
        assert all(word in pages[name] for word in (*STATUSES, "NAME.gold.json", "47383", "approach-not-documented"))
        assert "{" not in pages[name] and max(map(len, pages[name].splitlines())) <= 120
    assert "is empty" in pages["bare"] and "Prefilled" not in pages["bare"]
    assert "Prefilled" in pages["draft"] and "is empty" not in pages["draft"]


def test_the_label_studio_interface_is_xml(tmp_path: Path, notes: Path) -> None:
    run(notes, tmp_path / "site")
    assert ET.parse(tmp_path / "site" / "labelstudio.xml").getroot().tag == "View"


# --- the command -------------------------------------------------------------------------------------------------


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ablacode.annotate.run.build_suggester", fake_strata.build)


@pytest.mark.usefixtures("fake")
def test_the_command_ends_with_the_strata(capsys: pytest.CaptureFixture[str], tmp_path: Path, notes: Path) -> None:
    site = tmp_path / "new" / "site"
    argv = ["annotate", str(notes), "--n", "8", "--seed", "7", "-o", str(site)]
    assert cli.main(argv) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert [line.split() for line in out.splitlines()[:-1]] == [
        ["stratum", "population", "drawn", "weight"],
        ["suggest-sure", "6", "3", "2.00"],
        ["suggest-unsure", "1", "1", "1.00"],
        ["review", "1", "1", "1.00"],
        ["near-miss", "1", "1", "1.00"],
        ["none", "9", "2", "4.50"],
    ]
    assert out.splitlines()[-1] == f"site: {site}, how to go on: {site / 'README.txt'}"

    before = files(site)
    assert cli.main(argv) == 2
    assert files(site) == before
    (notes / "empty.txt").write_bytes(b"")
    assert cli.main([*argv[:-1], str(tmp_path / "again"), "--n", "2"]) == 1
    out, err = capsys.readouterr()
    assert "failed, left out: 1 notes" in out and out.splitlines()[3].split() == ["review", "1", "0", "-"]
    assert (err.count("\n"), "is not empty; type another folder" in err) == (1, True)


WRONG = {
    "none-to-draw": (["--n", "0", "-o", "{tmp}/site"], 2, "--n 200"),
    "fewer-than-none": (["--n", "-5", "-o", "{tmp}/site"], 2, "--n 200"),
    "no-number": (["--n", "many", "-o", "{tmp}/site"], 2, "ablacode annotate --help"),
    "no-seed": (["--seed", "x", "-o", "{tmp}/site"], 2, "ablacode annotate --help"),
    "no-processes": (["--jobs", "0", "-o", "{tmp}/site"], 2, "--jobs 2"),
    "no-site": ([], 2, "ablacode annotate --help"),
    "not-empty": (["-o", "{tmp}/full"], 2, "type another folder"),
    "the-notes-themselves": (["-o", "{tmp}/notes"], 2, "-site"),
    "among-the-notes": (["-o", "{tmp}/notes/site"], 2, "-site"),
    "around-the-notes": (["-o", "{tmp}"], 2, "type another folder"),
    "a-file": (["-o", "{tmp}/full/file"], 3, "type another folder"),
    "below-a-file": (["-o", "{tmp}/full/file/site"], 3, "type another folder"),
}


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize(("options", "code", "says"), WRONG.values(), ids=WRONG)
def test_wrong_use_says_what_to_type_and_changes_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, notes: Path, options: list[str], code: int, says: str
) -> None:
    put(tmp_path / "full", {"file": "x"})
    before = files(tmp_path)
    try:
        found = cli.main(["annotate", str(notes), *(word.format(tmp=tmp_path) for word in options)])
    except SystemExit as end:
        found = int(str(end.code))
    out, err = capsys.readouterr()
    assert (found, out, err.count("\n"), err.startswith("ablacode: "), says in err) == (code, "", 1, True, True), err
    assert files(tmp_path) == before


def test_a_full_disk_leaves_nothing(tmp_path: Path, notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Path.open

    def full(path: Path, mode: str = "r", **options: Any) -> Any:
        if mode == "xb":
            raise OSError(errno.ENOSPC, "No space left on device")
        return opened(path, mode, **options)

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(AblacodeError, match="cannot write") as caught:
        run(notes, tmp_path / "site")
    assert (caught.value.exit_code, sorted(path.name for path in tmp_path.iterdir())) == (3, ["notes"])


def test_an_empty_folder_is_taken(tmp_path: Path, notes: Path) -> None:
    (tmp_path / "site").mkdir()
    run(notes, tmp_path / "site")
    assert set(files(tmp_path / "site")) >= FRAME


def test_note_text_is_in_the_notes_alone(tmp_path: Path, notes: Path) -> None:
    """The fake prints a note to both outputs and raises it; a real process shows what reaches its own."""
    put(notes, {"raises.txt": f"RAISE {NAME}", "dies.txt": f"DIE {NAME}", "pdf.txt": f"%PDF-1.4 {NAME}"})
    code = (
        "import sys, fake_strata, ablacode.annotate.run\n"
        "from ablacode.cli import main\n"
        "ablacode.annotate.run.build_suggester = fake_strata.build\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    site = tmp_path / "site"
    command = [sys.executable, "-c", code, "annotate", str(notes), "-o", str(site), "--prefill", "--jobs", "2"]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (1, "")
    assert "failed, left out: 3 notes" in done.stdout and "Quastenflosser" not in done.stdout
    texts = {note["file"] for note in sampling(site)["notes"].values()}
    holding = {file for file, data in files(site).items() if b"Quastenflosser" in data}
    assert texts and holding == texts | {"labelstudio.json"}


def test_the_real_suggester_fills_a_site(tmp_path: Path) -> None:
    """Its mentions fit brat's files, whatever they are; nothing of the libraries reaches the outputs."""
    site = tmp_path / "site"
    source = ROOT / "examples/notes/ir"
    command = [sys.executable, "-m", "ablacode", "annotate", str(source), "-o", str(site), "--prefill", "--no-model"]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    content = sampling(site)
    assert len(content["engine"]["rules_sha256"]) == 64
    values = label_values()
    marks = []
    for file in (note["file"] for note in content["notes"].values()):
        text = (site / file).read_bytes().decode("utf-8")
        marks += read_brat((site / file).with_suffix(".ann").read_bytes().decode("utf-8"), text, file)
    assert len(marks) > 10
    assert [(mark.label, mark.value) for mark in marks if mark.value not in values[mark.label]] == []
