"""Do marks survive the brat format, and is standoff that does not fit its text refused?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ablacode.domain import LABELS, STATUSES
from ablacode.errors import CorpusError
from ablacode.markup import Mark
from ablacode.read.corpus import read_brat, write_brat

TEXT = "RFA of 🧊 the\r\nliver"
SPAN = "T1\tModality 0 3\tRFA\n"
STATUS, VALUE = "A1\tStatus T1 performed\n", "A2\tValue T1 radiofrequency\n"
MARK = Mark(0, 3, "modality", "radiofrequency", "performed", "RFA")

READ = {
    "one": (SPAN + STATUS + VALUE, (MARK,)),
    "attributes-first": (VALUE + STATUS + SPAN, (MARK,)),
    "crlf-file": ((SPAN + STATUS + VALUE).replace("\n", "\r\n"), (MARK,)),
    "no-last-line-end": ((SPAN + STATUS + VALUE).rstrip("\n"), (MARK,)),
    "nothing": ("", ()),
    "value-of-two-words": (
        SPAN.replace("Modality", "Guidance") + STATUS + "A2\tValue T1 cone-beam ct\n",
        (Mark(0, 3, "guidance", "cone-beam ct", "performed", "RFA"),),
    ),
    "over-a-line-end": (
        "T1\tTumorCount 9 19\tthe  liver\n" + STATUS + "A2\tValue T1 1\n",
        (Mark(9, 19, "tumor_count", "1", "performed", "the\r\nliver"),),
    ),
}


@pytest.mark.parametrize("name", READ)
def test_read(name: str) -> None:
    ann, marks = READ[name]
    assert read_brat(ann, TEXT, "n") == marks


BROKEN_BRAT = {
    "other-words": SPAN.replace("RFA", "RFB") + STATUS + VALUE,
    "shifted": SPAN.replace("0 3", "1 4") + STATUS + VALUE,
    "utf16-offsets-after-an-emoji": "T1\tTarget 15 20\tliver\n" + STATUS + VALUE,
    "beyond-the-end": "T1\tModality 14 29\tliver\n" + STATUS + VALUE,
    "unknown-type": SPAN.replace("Modality", "Energy") + STATUS + VALUE,
    "type-in-our-spelling": SPAN.replace("Modality", "modality") + STATUS + VALUE,
    "no-status": SPAN + VALUE,
    "no-value": SPAN + STATUS,
    "unknown-status": SPAN + STATUS.replace("performed", "done") + VALUE,
    "unknown-attribute": SPAN + STATUS + VALUE + "A3\tColour T1 red\n",
    "discontinuous": "T1\tModality 0 2;3 4\tRF \n" + STATUS + VALUE,
    "relation": SPAN + STATUS + VALUE + "R1\tOf Arg1:T1 Arg2:T1\n",
    "spaces-for-tabs": SPAN.replace("\t", " ") + STATUS + VALUE,
    "empty-span": "T1\tModality 3 3\t\n" + STATUS + VALUE,
    "number-twice": SPAN + "T1\tModality 0 2\tRF\n" + STATUS + VALUE,
    "attribute-of-nothing": SPAN + STATUS + VALUE + "A3\tStatus T7 planned\n",
    "status-twice": SPAN + STATUS + VALUE + "A3\tStatus T1 planned\n",
}


@pytest.mark.parametrize("name", BROKEN_BRAT)
def test_broken_brat_is_refused(name: str) -> None:
    with pytest.raises(CorpusError, match=r"^train/x\.txt: ") as caught:
        read_brat(BROKEN_BRAT[name], TEXT, "train/x.txt")
    assert "RFA" not in str(caught.value)
    assert "liver" not in str(caught.value)


def test_every_label_has_a_brat_type_of_its_own() -> None:
    marks = tuple(Mark(at, at + 1, label, "1", "mention", "x") for at, label in enumerate(sorted(LABELS)))
    ann = write_brat(marks)
    assert {line.split("\t")[1].split()[0] for line in ann.splitlines() if line.startswith("T")} == {
        *("Approach", "Delivery", "Guidance", "Modality", "Target", "TumorCount")
    }
    assert read_brat(ann, "x" * len(marks), "n") == marks


# Line ends of every kind (those Python splits at and brat does not among them), a combining mark, an emoji of five code
# points, a zero-width space.
LETTERS = st.sampled_from("ab \r\n\t\x0b\x0c\x1c\x85\u2028é\u0301🧊👩‍⚕️\u200b[](),=;")
TEXTS = st.text(LETTERS, min_size=1, max_size=40)


@st.composite
def annotated(draw: st.DrawFn) -> tuple[str, tuple[Mark, ...]]:
    text = draw(TEXTS)
    marks = set()
    for _ in range(draw(st.integers(0, 5))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        # The line ends of a quote become spaces, and a carriage return at its end would be taken for the file's own.
        if text[start:end].strip() == text[start:end]:
            fields = draw(st.sampled_from(sorted(LABELS))), draw(st.sampled_from(["cryo", "cone-beam ct", "2"]))
            marks.add(Mark(start, end, *fields, draw(st.sampled_from(sorted(STATUSES))), text[start:end]))
    return text, tuple(sorted(marks))


@given(annotated())
def test_brat_there_and_back(note: tuple[str, tuple[Mark, ...]]) -> None:
    text, marks = note
    assert read_brat(write_brat(marks), text, "n") == marks
