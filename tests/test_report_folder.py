"""Does the report's folder hold the right pages under safe names, and nothing half done?"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ablacode.domain import CodeSuggestion, Engine, Evidence, Fact, Reason, Record
from ablacode.errors import UsageError
from ablacode.report.pages import Mode, page_name, write_report

TEXT = "A probe was placed percutaneously.\n"
SKIN = Evidence(19, 33, "approach", "percutaneously", "procedure")
SUGGEST = Record(
    *("2025/a.txt", hashlib.sha256(TEXT.encode()).hexdigest(), None, Engine("0.1.0", "a" * 64), "suggest"),
    codes=(CodeSuggestion("47382", 1, 0.97, "percutaneous", "microwave", "", (), (SKIN,)),),
    approach=Fact("percutaneous", (SKIN,)),
)
REVIEW = replace(SUGGEST, note_id="2025/b.txt", decision="review", codes=(), reasons=(Reason("x", "Why?"),))
NONE = replace(SUGGEST, note_id="2025/c.txt", decision="none", codes=(), approach=Fact())


def links(page: Path) -> list[str]:
    return re.findall('href="([^"#]+)"', page.read_text(encoding="utf-8"))


MODES: dict[Mode, int] = {"all": 3, "decided": 2}


@pytest.mark.parametrize("mode", MODES)
def test_pages_written(mode: Mode, tmp_path: Path) -> None:
    index = write_report(tmp_path, iter([SUGGEST, REVIEW, NONE]), lambda note_id: TEXT, mode)
    assert index == tmp_path / "report" / "index.html"
    assert len(links(index)) == MODES[mode]
    assert sorted(f"notes/{path.name}" for path in (tmp_path / "report" / "notes").iterdir()) == sorted(links(index))
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_mode_none_writes_nothing(tmp_path: Path) -> None:
    assert write_report(tmp_path, [SUGGEST], lambda note_id: TEXT, "none") is None
    assert list(tmp_path.iterdir()) == []


def test_pages_lead_to_their_neighbours(tmp_path: Path) -> None:
    records = [replace(SUGGEST, note_id=name) for name in ("a", "b", "c")]
    write_report(tmp_path, records, lambda note_id: TEXT)
    names = [page_name(record) for record in records]
    folder = tmp_path / "report" / "notes"
    assert [links(folder / name)[1:] for name in names] == [[names[1]], [names[0], names[2]], [names[1]]]
    assert {links(folder / name)[0] for name in names} == {"../index.html"}


def test_records_and_texts_are_taken_one_at_a_time(tmp_path: Path) -> None:
    events: list[str] = []

    def records() -> Iterator[Record]:
        for name in ("a", "b", "c"):
            events.append(f"record {name}")
            yield replace(SUGGEST, note_id=name)

    def text_of(note_id: str) -> str:
        events.append(f"text {note_id}")
        return TEXT

    write_report(tmp_path, records(), text_of)
    assert events == ["record a", "record b", "text a", "record c", "text b", "text c"]


def test_a_text_that_cannot_be_read_costs_only_its_own_marks(tmp_path: Path) -> None:
    other = replace(SUGGEST, note_id="b")
    write_report(tmp_path, [SUGGEST, other], {"b": TEXT}.__getitem__)
    folder = tmp_path / "report" / "notes"
    assert "could not be read" in (folder / page_name(SUGGEST)).read_text(encoding="utf-8")
    assert 'data-tag="Approach"' in (folder / page_name(other)).read_text(encoding="utf-8")


def test_an_earlier_report_is_replaced_and_nothing_else(tmp_path: Path) -> None:
    write_report(tmp_path, [SUGGEST], lambda note_id: TEXT)
    write_report(tmp_path, [REVIEW], lambda note_id: TEXT)
    assert [path.name for path in (tmp_path / "report" / "notes").iterdir()] == [page_name(REVIEW)]
    (tmp_path / "other" / "report").mkdir(parents=True)
    (tmp_path / "other" / "report" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="no report of this program"):
        write_report(tmp_path / "other", [SUGGEST], lambda note_id: TEXT)
    assert (tmp_path / "other" / "report" / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_a_failed_run_leaves_the_earlier_report(tmp_path: Path) -> None:
    def failing() -> Iterator[Record]:
        yield REVIEW
        raise RuntimeError

    write_report(tmp_path, [SUGGEST], lambda note_id: TEXT)
    with pytest.raises(RuntimeError):
        write_report(tmp_path, failing(), lambda note_id: TEXT)
    assert [path.name for path in (tmp_path / "report" / "notes").iterdir()] == [page_name(SUGGEST)]
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


# --- names ------------------------------------------------------------------------------

IDS = {
    "readable": ("2025/ir/Note 42.txt", "2025-ir-note-42-txt-"),
    "upwards": ("../../etc/passwd", "etc-passwd-"),
    "windows": ("C:\\con", "c-con-"),
    "no-letters": ("///", "note-"),
    "surrogate": ("a\udcff", "a-"),
}


@pytest.mark.parametrize("name", IDS)
def test_page_names_are_safe(name: str) -> None:
    note_id, start = IDS[name]
    assert re.fullmatch(re.escape(start) + "[0-9a-f]{12}\\.html", page_name(replace(SUGGEST, note_id=note_id)))


@given(st.text(), st.text())
def test_page_names_are_short_plain_and_differ_with_the_id(first: str, second: str) -> None:
    names = {page_name(replace(NONE, note_id=note_id)) for note_id in (first or "-", second or "-")}
    assert all(re.fullmatch("[a-z0-9-]{1,80}\\.html", name) for name in names)
    assert len(names) == len({first or "-", second or "-"})
