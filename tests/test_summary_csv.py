"""Does summary.csv open in a spreadsheet as the contract says, with no cell that can become a formula?"""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ablacode.domain import Alert, CodeSuggestion, Engine, Fact, Reason, Record
from ablacode.report.summary import summary_header, summary_row, write_summary

BASE = Record("a/b.txt", "c" * 64, None, Engine("0.1.0", "a" * 64), "none")
ROWS = {
    "none": (BASE, ["a/b.txt", "", "", "none", "", "", "", "", "", "", "", ""]),
    "no-id": (replace(BASE, note_id=None), ["", "", "", "none", "", "", "", "", "", "", "", ""]),
    "suggest": (
        replace(
            BASE,
            encounter_id="E1",
            date_of_service="2025-03-04",
            decision="suggest",
            codes=(
                CodeSuggestion("47380", 1, 0.98126, "open", "radiofrequency", ""),
                CodeSuggestion("47381", 1, 0.9, "open", "cryo", ""),
            ),
            approach=Fact("open"),
            modality=Fact("cryo+radiofrequency"),
            tumor_count=Fact(3),
            guidance=(Fact("ct"), Fact("ultrasound")),
            alerts=(Alert("heat-and-cryo", "warning", ""), Alert("x", "info", "")),
        ),
        [
            *("a/b.txt", "E1", "2025-03-04", "suggest", "47380;47381", "0.9813;0.9", "open", "cryo+radiofrequency"),
            *("3", "ct;ultrasound", "", "heat-and-cryo;x"),
        ],
    ),
    "review-has-reasons-but-no-codes": (
        replace(
            BASE,
            decision="review",
            reasons=(Reason("no-approach", ""), Reason("no-energy", "")),
            candidates=(CodeSuggestion("47382", 1, 0.5, "percutaneous", "heat", ""),),
        ),
        ["a/b.txt", "", "", "review", "", "", "", "", "", "", "no-approach;no-energy", ""],
    ),
}
CONTRACT = (
    "note_id, encounter_id, date_of_service, decision, codes, confidence, "
    "approach, modality, tumor_count, guidance, reasons, alerts"
)


def read(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def test_header_is_that_of_the_contract() -> None:
    assert summary_header() == CONTRACT.split(", ")


@pytest.mark.parametrize("name", ROWS)
def test_row(name: str) -> None:
    record, expected = ROWS[name]
    assert summary_row(record) == expected


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_no_cell_begins_a_formula(start: str) -> None:
    record = replace(BASE, note_id=f"{start}cmd", encounter_id=f"{start}1", alerts=(Alert(f"{start}x", "info", ""),))
    row = summary_row(record)
    assert (row[0], row[1], row[-1]) == (f"'{start}cmd", f"'{start}1", f"'{start}x")


def test_file_begins_with_a_mark_and_holds_every_row(tmp_path: Path) -> None:
    path = tmp_path / "summary.csv"
    write_summary(path, (record for record, _ in ROWS.values()))
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert read(path) == [summary_header(), *(expected for _, expected in ROWS.values())]
    assert [item.name for item in tmp_path.iterdir()] == ["summary.csv"]


def test_a_failed_run_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "summary.csv"
    path.write_text("old", encoding="utf-8")

    def failing() -> object:
        yield BASE
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_summary(path, failing())  # type: ignore[arg-type]
    assert path.read_text(encoding="utf-8") == "old"
    assert [item.name for item in tmp_path.iterdir()] == ["summary.csv"]


def test_a_file_name_that_is_no_text_is_written_escaped(tmp_path: Path) -> None:
    write_summary(tmp_path / "summary.csv", [replace(BASE, note_id="a\udcff.txt")])
    assert read(tmp_path / "summary.csv")[1][0] == "a\\udcff.txt"


@given(st.text(max_size=20))
def test_a_cell_reads_back_and_is_harmless(note_id: str) -> None:
    cell = summary_row(replace(BASE, note_id=note_id))[0]
    assert cell.removeprefix("'") == note_id.removeprefix("'")
    assert cell[:1] not in set("=+-@\t\r")
