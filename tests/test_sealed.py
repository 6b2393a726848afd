"""Are the sealed families those that were sealed, and are they opened at most three times an issue, with figures only?"""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

from ablacode.errors import UsageError

ROOT = Path(__file__).parents[1]


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("sealed", ROOT / "scripts/sealed.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["sealed"] = module
    spec.loader.exec_module(module)
    return module


sealed = _load()


def test_the_sealed_families_are_those_whose_hash_is_kept() -> None:
    assert sealed.digest(sealed.SEALED) == sealed.HASH.read_text("utf-8").strip()


def test_any_change_changes_the_hash(tmp_path: Path) -> None:
    folder = tmp_path / "sealed"
    shutil.copytree(sealed.SEALED, folder)
    assert sealed.digest(folder) == sealed.digest(sealed.SEALED)
    one = sorted(folder.rglob("*.txt"))[0]
    one.write_bytes(one.read_bytes() + b" ")
    assert sealed.digest(folder) != sealed.digest(sealed.SEALED)


def test_every_line_of_the_log_has_every_figure() -> None:
    head, *lines = sealed.LOG.read_text("utf-8").splitlines()
    columns = head.split("\t")
    assert columns == ["date", "commit", "issue", "model", "n", *sealed.FIGURES]
    assert [line for line in lines if len(line.split("\t")) != len(columns)] == []
    issues = [line.split("\t")[2] for line in lines]
    assert [issue for issue in issues if issues.count(issue) > sealed.MOST] == []


def test_a_fourth_opening_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "SEALED.log"
    log.write_text("date\tcommit\tissue\n" + "d\tc\t7\n" * 3 + "d\tc\t8\n", "utf-8")
    monkeypatch.setattr(sealed, "LOG", log)
    assert (sealed.openings(log.read_text("utf-8"), 7), sealed.openings(log.read_text("utf-8"), 8)) == (3, 1)
    with pytest.raises(UsageError, match="write new ones"):
        sealed.open_sealed(7)


def test_families_that_were_changed_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "SEALED.sha256"
    kept.write_text("0" * 64, "utf-8")
    log = tmp_path / "SEALED.log"
    log.write_text("date\tcommit\tissue\n", "utf-8")
    monkeypatch.setattr(sealed, "HASH", kept)
    monkeypatch.setattr(sealed, "LOG", log)
    with pytest.raises(UsageError, match="not those"):
        sealed.open_sealed(7)
