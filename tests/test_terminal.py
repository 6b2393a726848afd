"""Does the terminal show the answer with its words, without the note being able to steer the terminal?"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ablacode.domain import Alert, CodeSuggestion, Engine, Evidence, Fact, Gap, Mention, Reason, Record, Rejected
from ablacode.notice import CPT_NOTICE
from ablacode.report.terminal import escape_controls, render

TEXT = "History: cryoablation in 2021.\nA probe was placed percutaneously.\nMicrowave energy was delivered.\n"


def words(text: str, axis: str, section: str = "procedure") -> Evidence:
    start = TEXT.index(text)
    return Evidence(start, start + len(text), axis, text, section)


SKIN, ENERGY, COLD = (
    words("percutaneously", "approach"),
    words("Microwave energy", "modality"),
    words("cryoablation", "modality", "history"),
)
SUGGEST = Record(
    note_id="a.txt",
    note_sha256=hashlib.sha256(TEXT.encode()).hexdigest(),
    date_of_service="2025-03-04",
    engine=Engine("0.1.0", "a" * 64),
    decision="suggest",
    codes=(
        CodeSuggestion("47382", 1, 0.97, "percutaneous", "microwave", "Through the skin.", ("R1",), (SKIN, ENERGY)),
    ),
    rejected=(Rejected("47383", "the cryoablation is from 2021", (COLD,)),),
    approach=Fact("percutaneous", (SKIN,)),
    modality=Fact("microwave", (ENERGY,)),
    alerts=(Alert("microwave-as-rf", "info", "Counts as radiofrequency."),),
    gaps=(Gap("images-archived", "note", "No archived images."),),
    mentions=(Mention(COLD.start, COLD.end, "modality", "cryo", "cryoablation", "history", "historical"),),
)
REVIEW = replace(
    SUGGEST,
    decision="review",
    codes=(),
    candidates=SUGGEST.codes,
    reasons=(Reason("approach-not-documented", "Which way in?", (ENERGY,)),),
)
ANSWERS = {
    "decision-and-code": (SUGGEST, ["SUGGEST  a.txt  2025-03-04", "47382 x 1  97%  percutaneous, microwave  [R1]"]),
    "facts-quote-words": (SUGGEST, ['"percutaneously" (line 2, procedure)', '"Microwave energy" (line 3, procedure)']),
    "fact-not-stated": (SUGGEST, ["  tumours   not stated"]),
    "alert": (SUGGEST, ["info  microwave-as-rf", "Counts as radiofrequency."]),
    "gap": (SUGGEST, ["note  images-archived", "No archived images."]),
    "why-not": (SUGGEST, ["47383  the cryoablation is from 2021", '"cryoablation" (line 1, history)']),
    "review": (REVIEW, ["REVIEW", "approach-not-documented", "Which way in?", "If that were settled\n  47382 x 1"]),
    "none": (replace(SUGGEST, decision="none", codes=()), ["NONE", "No ablation of a liver tumour"]),
    "screened": (
        Record("a.txt", SUGGEST.note_sha256, None, SUGGEST.engine, "none", screened=True),
        ["NONE", "it was not read further"],
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_answer_says(name: str) -> None:
    record, expected = ANSWERS[name]
    shown = render(record, TEXT)
    assert [part for part in expected if part not in shown] == []


@pytest.mark.parametrize("color", [True, False])
def test_last_line_is_the_notice(color: bool) -> None:
    assert render(SUGGEST, TEXT, color=color).splitlines()[-1] == CPT_NOTICE


def test_without_colour_only_lines_with_evidence_are_quoted() -> None:
    tail = render(SUGGEST, TEXT).partition("Lines with the evidence\n")[2]
    assert tail.splitlines()[:4] == [
        "   2 | A probe was placed percutaneously.",
        "     |                    ^^^^^^^^^^^^^^ approach",
        "   3 | Microwave energy was delivered.",
        "     | ^^^^^^^^^^^^^^^^ energy",
    ]
    assert "\x1b" not in render(SUGGEST, TEXT)


def test_with_colour_the_note_follows_and_status_is_written_out() -> None:
    shown = render(SUGGEST, TEXT, color=True)
    assert "\x1b[1;7;34mpercutaneously\x1b[0m" in shown
    assert "\x1b[2;4;31mcryoablation\x1b[0m\x1b[2m[history]\x1b[0m" in shown


def test_a_note_of_one_long_line_is_quoted_in_parts() -> None:
    text = "x " * 500 + TEXT.replace("\n", " ") + "y " * 500
    shift = 1000
    moved = replace(SKIN, start=SKIN.start + shift, end=SKIN.end + shift)
    record = replace(
        SUGGEST, codes=(), approach=Fact("percutaneous", (moved,)), modality=Fact(), rejected=(), mentions=()
    )
    quoted = render(record, text, width=80).partition("Lines with the evidence\n")[2].splitlines()
    assert "percutaneously" in quoted[0] and len(quoted[0]) <= 80
    column = quoted[0].index("percutaneously")
    assert quoted[1] == f"     |{' ' * (column - 6)}{'^' * len('percutaneously')} approach"


HOSTILE = {
    "escape": ("\x1b[2J", "\\x1b[2J"),
    "c1-control": ("\x9b31m", "\\x9b31m"),
    "bell-and-backspace": ("\x07\x08", "\\x07\\x08"),
    "carriage-return": ("a\rb", "a\\rb"),
    "right-to-left": ("a\u202eb", "a\\u202eb"),
    "line-separator": ("\u2028", "\\u2028"),
    "lone-surrogate": ("\ud800", "\\ud800"),
    "tab-stays": ("a\tb", "a\tb"),
    "letters-stay": ("é 𝄞 漢", "é 𝄞 漢"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_escaping(name: str) -> None:
    text, expected = HOSTILE[name]
    assert escape_controls(text) == expected


OWN = re.compile(r"\x1b\[[0-9;]+m")
STRANGE = st.text(st.sampled_from("ab \r\n\t\x00\x07\x1b[2J\x9b\x7f\u202e\u2028\ud800"), min_size=1, max_size=30)


@given(STRANGE, STRANGE, st.booleans(), st.integers(0, 20), st.integers(1, 10))
def test_nothing_reaches_the_terminal_but_own_colours(
    text: str, other: str, color: bool, start: int, size: int
) -> None:
    words = Evidence(start, start + size, "approach", text[start : start + size], other)
    record = Record(
        *(other, "c" * 64, other, Engine("0.1.0", "a" * 64), "review"),
        setting=other,
        reasons=(Reason(other, other, (words,)),),
        candidates=(CodeSuggestion("47382", 1, 0.5, other, other, other, (other,), (words,)),),
        rejected=(Rejected("47383", other, (words,)),),
        approach=Fact(other, (words,)),
        guidance=(Fact(other),),
        alerts=(Alert(other, "info", other),),
        gaps=(Gap(other, "note", other),),
        mentions=(Mention(start, start + size, "target", other, other, other, "planned"),),
    )
    shown = render(record, text, color=color)
    if color:
        assert OWN.search(shown)
        # Colours are closed again before the text goes on.
        assert [code == "\x1b[0m" for code in OWN.findall(shown)] == [False, True] * (len(OWN.findall(shown)) // 2)
    rest = OWN.sub("", shown) if color else shown
    rest.encode("utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\u2028]", rest)
