"""Was it the liver? What follows where another organ, only a segment, or no organ at all is named (R45)."""

from __future__ import annotations

import pytest

from ablacode import CodeSuggester

NOTE = (
    "PROCEDURE NOTE\nDate of procedure: 2024-03-05\nGeneral anesthesia. Prepped and draped. Skin nick. Under CT guidance a "
    "microwave antenna was advanced percutaneously into the {}. 65 W were given for 8 minutes. The zone covers it with a good "
    "margin. The antenna was removed. No complication.\n"
)
ROWS = {
    "liver": ("liver tumor", "suggest", None),
    "segment": ("hepatocellular carcinoma of segment VI", "suggest", None),
    "kidney": ("renal mass at the lower pole of the left kidney", "none", None),
    "no-organ": ("mass", "review", "target-not-documented"),
}


@pytest.fixture(scope="module")
def suggester() -> CodeSuggester:
    return CodeSuggester()


@pytest.mark.parametrize("name", ROWS)
def test_which_organ(suggester: CodeSuggester, name: str) -> None:
    words, decision, reason = ROWS[name]
    record = suggester.suggest(NOTE.format(words))
    assert record.decision == decision
    assert [one.id for one in record.reasons] == ([reason] if reason else [])
