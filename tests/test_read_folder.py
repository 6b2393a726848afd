"""Which files of a folder are notes, what are they called, and in which order do they come?"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ablacode.errors import UsageError
from ablacode.read.folder import find_notes

FILES = {
    "plain": ("note.txt", True),
    "ending-in-any-case": ("NOTE.TxT", True),
    "below": ("2025/ir/note-0042.txt", True),
    "blanks-and-umlauts": ("Müller fall/op bericht.txt", True),
    "hash-sign": ("a#1.txt", True),
    "other-ending": ("note.ann", False),
    "no-ending": ("txt", False),
    "backup": ("note.txt~", False),
    "hidden-file": (".note.txt", False),
    "hidden-folder": (".git/note.txt", False),
    "hidden-below": ("a/.b/c/note.txt", False),
}


def put(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("note")
    return folder


def ids(folder: Path, skip: Path | None = None) -> list[str]:
    return find_notes(folder, skip=skip).ids


@pytest.mark.parametrize(("name", "found"), FILES.values(), ids=FILES)
def test_which_files_are_notes(tmp_path: Path, name: str, found: bool) -> None:
    put(tmp_path, name, "zz-always.txt")
    assert ids(tmp_path) == ([name, "zz-always.txt"] if found else ["zz-always.txt"])


def test_ids_are_ordered_by_code_points(tmp_path: Path) -> None:
    names = ["Z.txt", "a.txt", "a/b.txt", "a-b.txt", "é.txt", "\U0001f600.txt", "a/ä.txt", "\uff5e.txt"]
    assert ids(put(tmp_path, *names)) == sorted(names)


def test_paths_lead_to_the_files(tmp_path: Path) -> None:
    notes = find_notes(put(tmp_path, "b.txt", "a/c.txt"))
    assert list(notes) == [("a/c.txt", tmp_path / "a/c.txt"), ("b.txt", tmp_path / "b.txt")]
    assert (len(notes), notes[-1], notes[:1]) == (2, ("b.txt", tmp_path / "b.txt"), [("a/c.txt", tmp_path / "a/c.txt")])


def test_links_do_not_lead_out(tmp_path: Path) -> None:
    outside = put(tmp_path / "outside", "secret.txt", "folder/x.txt")
    folder = put(tmp_path / "notes", "real.txt", "below/deep.txt")
    (folder / "to-inside.txt").symlink_to("real.txt")
    (folder / "to-outside.txt").symlink_to(outside / "secret.txt")
    (folder / "to-nothing.txt").symlink_to("nothing.txt")
    (folder / "to-folder").symlink_to(outside / "folder")
    (folder / "below" / "loop").symlink_to(folder)
    assert ids(folder) == ["below/deep.txt", "real.txt", "to-inside.txt"]


def test_a_folder_reached_by_a_link_is_read(tmp_path: Path) -> None:
    put(tmp_path / "notes", "a.txt")
    (tmp_path / "link").symlink_to(tmp_path / "notes")
    assert ids(tmp_path / "link") == ["a.txt"]


def test_what_is_no_file_is_no_note(tmp_path: Path) -> None:
    put(tmp_path, "a.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "folder.txt").mkdir()
    assert ids(tmp_path) == ["a.txt"]


def test_the_output_is_left_out(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "out/text/b.txt", "output/c.txt")
    (tmp_path / "link").symlink_to(tmp_path / "out")
    for skip in (tmp_path / "out", tmp_path / "x" / ".." / "out", tmp_path / "link"):
        assert ids(tmp_path, skip) == ["a.txt", "output/c.txt"]


def test_names_that_are_not_utf8_are_printable_and_unique(tmp_path: Path) -> None:
    for name in (b"caf\xe9.txt", rb"caf\xe9.txt", b"a.txt"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(name)
    notes = find_notes(tmp_path)
    assert notes.ids == ["a.txt", r"caf\xe9.txt", r"caf\xe9.txt~2"]
    assert [path.read_bytes() for _, path in notes] == [b"a.txt", rb"caf\xe9.txt", b"caf\xe9.txt"]


@pytest.mark.parametrize(
    ("name", "says"),
    [("absent", "does not exist"), ("file.txt", "ablacode suggest"), ("empty", "holds no notes")],
)
def test_wrong_folders_say_what_to_type(tmp_path: Path, name: str, says: str) -> None:
    put(tmp_path, "file.txt", "empty/image.png")
    with pytest.raises(UsageError, match=says) as caught:
        find_notes(tmp_path / name)
    assert caught.value.exit_code == 2


NAMES = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=5)


@settings(max_examples=25)
@given(names=st.lists(NAMES, min_size=1, max_size=6, unique_by=str.casefold))
def test_the_order_of_creation_changes_nothing(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    files = [f"{name}.txt" for name in names]
    first = ids(put(tmp_path_factory.mktemp("notes"), *files))
    second = ids(put(tmp_path_factory.mktemp("notes"), *reversed(files)))
    assert first == second == sorted(files)
