"""Does marked text mean what it says, and does broken markup raise instead of marking nothing?"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ablacode.domain import LABELS, STATUSES
from ablacode.errors import MarkupError
from ablacode.markup import Mark, parse, render

GOOD: dict[str, Any] = {
    "plain": ("No mark here.", "No mark here.", []),
    "empty-text": ("", "", []),
    "one": ("Used [RFA](modality=radiofrequency).", "Used RFA.", [(5, 8, "modality", "radiofrequency", "performed")]),
    "status": ("[RFA](modality=heat, status=planned)", "RFA", [(0, 3, "modality", "heat", "planned")]),
    "no-space-after-comma": ("[RFA](modality=heat,status=planned)", "RFA", [(0, 3, "modality", "heat", "planned")]),
    "value-of-two-words": ("[CBCT](guidance=cone-beam ct)", "CBCT", [(0, 4, "guidance", "cone-beam ct", "performed")]),
    "round-brackets-inside": ("[CT (64)](guidance=ct)", "CT (64)", [(0, 7, "guidance", "ct", "performed")]),
    "neighbours": (
        "[CT](guidance=ct)[US](guidance=ultrasound)",
        "CTUS",
        [(0, 2, "guidance", "ct", "performed"), (2, 4, "guidance", "ultrasound", "performed")],
    ),
    "over-a-line-end": ("[ice\r\nball](modality=cryo)", "ice\r\nball", [(0, 9, "modality", "cryo", "performed")]),
    "code-points": ("🧊e\u0301 [ice](modality=cryo)", "🧊e\u0301 ice", [(4, 7, "modality", "cryo", "performed")]),
    "tick-box": ("[x] laparoscopic (robotic)", "[x] laparoscopic (robotic)", []),
    "masked-date": ("[**2024-1-1**] (see below)", "[**2024-1-1**] (see below)", []),
    "tick-box-before-a-mark": ("[x] [RFA](modality=heat)", "[x] RFA", [(4, 7, "modality", "heat", "performed")]),
}


@pytest.mark.parametrize("name", GOOD)
def test_parse(name: str) -> None:
    marked, text, marks = GOOD[name]
    found_text, found = parse(marked)
    assert found_text == text
    assert [(m.start, m.end, m.label, m.value, m.status) for m in found] == marks
    assert all(m.text == text[m.start : m.end] for m in found)


BROKEN = {
    "not-closed": "[a](modality=cryo",
    "not-opened": "a](modality=cryo)",
    "space-between": "[a] (modality=cryo)",
    "line-end-between": "[a]\n(modality=cryo)",
    "space-before-equals": "[a](modality = cryo)",
    "line-end-in-value": "[a](modality=cr\nyo)",
    "unknown-label": "[a](modalty=cryo)",
    "unknown-label-one-letter": "[x](n=3)",
    "unknown-status": "[a](modality=cryo, status=done)",
    "status-without-label": "[a](status=planned)",
    "status-without-key": "[a](modality=cryo, planned)",
    "two-labels": "[a](modality=cryo, approach=open)",
    "no-value": "[a](modality=)",
    "no-words": "[](modality=cryo)",
    "only-space": "[ ](modality=cryo)",
    "leading-space": "[ a](modality=cryo)",
    "trailing-space": "[a ](modality=cryo)",
    "nested": "[a [b](modality=cryo)](approach=open)",
    "status-spoilt": "a](status=planned)",
    "capital": "[a](Modality=cryo)",
    "two-spaces-between": "[a]  (modality=cryo)",
    "label-twice": "[a](modality=cryo, modality=ire)",
    "status-twice": "[a](modality=cryo, status=planned, status=negated)",
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_markup_raises(name: str) -> None:
    with pytest.raises(MarkupError):
        parse(BROKEN[name])


def test_the_message_tells_the_place_and_not_the_words() -> None:
    for marked in BROKEN.values():
        planted = marked.replace("[a", "[Mrs Miller").replace("a]", "Mrs Miller]")
        try:
            parse(f"Mr Smith {planted}")
        except MarkupError as error:
            assert "Miller" not in str(error)
            assert "Smith" not in str(error)


def test_render_refuses_overlapping_marks() -> None:
    one, other = Mark(0, 3, "modality", "cryo", "performed", "abc"), Mark(2, 4, "approach", "open", "performed", "cd")
    with pytest.raises(MarkupError, match="overlap at offset 2"):
        render("abcd", [other, one])


def test_render_takes_marks_in_any_order() -> None:
    text, marks = parse("[CT](guidance=ct) then [RFA](modality=heat, status=negated)")
    assert render(text, reversed(marks)) == "[CT](guidance=ct) then [RFA](modality=heat, status=negated)"


# --- properties --------------------------------------------------------------------------------------------------

# Letters that spell no label, and everything that could be mistaken for markup or counted wrongly.
PLAIN = st.text(st.sampled_from("xy [](),=\r\n\té\u0301🧊\u200b"), max_size=12).filter(lambda text: "](" not in text)
WORDS = st.text(st.sampled_from("xy (),=\r\né\u0301🧊\u200b"), min_size=1, max_size=8).filter(
    lambda text: text.strip() == text != ""
)
VALUES = st.text(st.sampled_from("abc+- 7"), min_size=1, max_size=8).filter(lambda text: text.strip() == text)
FIELDS = st.tuples(PLAIN, WORDS, st.sampled_from(sorted(LABELS)), VALUES, st.sampled_from(sorted(STATUSES)))


def build(pieces: list[tuple[str, str, str, str, str]], last: str) -> tuple[str, list[Mark]]:
    text, marks = "", []
    for plain, words, label, value, status in pieces:
        start = len(text) + len(plain)
        text += plain + words
        marks.append(Mark(start, len(text), label, value, status, words))
    return text + last, marks


@given(st.lists(FIELDS, max_size=5), PLAIN)
def test_what_is_rendered_parses_to_the_same(pieces: list[tuple[str, str, str, str, str]], last: str) -> None:
    text, marks = build(pieces, last)
    assert parse(render(text, marks)) == (text, tuple(marks))


@given(st.lists(FIELDS, max_size=5), PLAIN)
def test_rendering_is_settled_after_one_round(pieces: list[tuple[str, str, str, str, str]], last: str) -> None:
    marked = render(*build(pieces, last))
    assert render(*parse(marked)) == marked
