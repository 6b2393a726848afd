"""``summary.csv``: one row per note for a spreadsheet, in which no cell can become a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from ..domain import Fact, Record

_HEADER = (
    *("note_id", "encounter_id", "date_of_service", "decision", "codes", "confidence"),
    *("approach", "modality", "tumor_count", "guidance", "reasons", "alerts"),
)
_FORMULA_STARTS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""ASCII and full-width: spreadsheets set to Japanese or Chinese evaluate the second kind too."""


def summary_header() -> list[str]:
    """Return the column names."""
    return list(_HEADER)


def summary_row(record: Record) -> list[str]:
    """Return the cells of one note; lists are joined by ``;``."""
    cells = [
        record.note_id or "",
        record.encounter_id or "",
        record.date_of_service or "",
        record.decision,
        ";".join(code.code for code in record.codes),
        ";".join(f"{round(code.confidence, 4)}" for code in record.codes),
        _value(record.approach),
        _value(record.modality),
        _value(record.tumor_count),
        ";".join(_value(fact) for fact in record.guidance),
        ";".join(reason.id for reason in record.reasons),
        ";".join(alert.id for alert in record.alerts),
    ]
    return [_harmless(cell) for cell in cells]


def write_summary(path: Path, records: Iterable[Record]) -> None:
    """Write ``path`` whole or not at all; records are taken one at a time."""
    unfinished = path.with_name(f"{path.name}.part")
    try:
        # The byte-order mark tells a spreadsheet that this is UTF-8; a name that is no text is written escaped.
        with unfinished.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="") as file:
            # Quoted throughout: a spreadsheet that separates by semicolons then does not cut lists into cells.
            writer = csv.writer(file, quoting=csv.QUOTE_ALL)
            writer.writerow(summary_header())
            writer.writerows(summary_row(record) for record in records)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _value(fact: Fact) -> str:
    return "" if fact.value is None else str(fact.value)


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
