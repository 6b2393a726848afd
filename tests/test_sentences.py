"""Where does a sentence end? At line ends, stops and semicolons, but not inside numbers, names and abbreviations."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ablacode.find.sentences import sentence_spans

SPLIT = {
    "two": "The lesion was seen. | It was ablated.",
    "no-space-after-the-stop": "The lesion was seen.|It was ablated.",
    "line-end": "First line|\nsecond line",
    "blank-lines": "First line|\n\n\nsecond line",
    "semicolon": "Antenna placed; | ablation done.",
    "question": "Residual? | None.",
    "exclamation": "Stop! | It moved.",
    "quote-after-the-stop": 'He said "stop." | Then it stopped.',
    "bracket-after-the-stop": "(See the log.) | It was ablated.",
    "number-begins-the-next": "The antenna was placed. | 65 W were given.",
    "number-ends-the-first": "It lies in segment 6. | Ablation followed.",
    "bullet-begins-the-next": "Placed. | - Ablated.",
    "capitals": "LESION SEEN. | ABLATED.",
    "etc-before-a-capital": "Ports, clips, etc. | The liver was seen.",
    "minutes-before-a-capital": "Ablated for 8 min. | The tract was cauterized.",
}
WHOLE = {
    "decimal": "The lesion measured 2.5 cm.",
    "decimal-frequency": "A 2.45 GHz antenna was used.",
    "doctor": "Dr. Miller placed the antenna.",
    "segment": "The lesion in seg. VI was ablated.",
    "number-abbreviated": "Lesion no. 2 was ablated.",
    "approximately": "A margin of approx. 5 mm was seen.",
    "initial": "The surgeon was J. Miller today.",
    "that-is": "The probe, i.e. the antenna, was placed.",
    "list-number": "1. The antenna was placed.",
    "list-number-in-brackets": "(2. The antenna was placed.",
    "vessel": "The rt. hepatic vein was spared.",
    "month": "Seen on Jan. 5 in clinic.",
    "ordinal-day": "Seen on 5. Oktober 2024 in clinic.",
    "small-letter-follows": "The lesion was seen. it was small",
    "time-of-day": "Started at 8 a.m. Monday",
    "ellipsis-in-a-field": "no. treated ............ 4",
    "empty-between": "a",
}


@pytest.mark.parametrize("name", SPLIT)
def test_a_sentence_ends_where_the_bar_stands(name: str) -> None:
    parts = SPLIT[name].split("|")
    text = "".join(parts)
    assert [text[start:end] for start, end in sentence_spans(text)] == [part.strip() for part in parts]


@pytest.mark.parametrize("name", WHOLE)
def test_one_sentence(name: str) -> None:
    assert sentence_spans(WHOLE[name]) == [(0, len(WHOLE[name]))]


@pytest.mark.parametrize("text", ["", " ", "\n\n", " \n "], ids=["empty", "blank", "line-ends", "mixed"])
def test_nothing_has_no_sentence(text: str) -> None:
    assert sentence_spans(text) == []


WORDS = st.sampled_from([*"abAB1.;!?\n ()\"'-:", "Dr.", "no. 2", "min. ", "2.5", "e.g. ", "\r\n", "é", "\U0001f9ca"])


@settings(deadline=None)
@given(st.one_of(st.lists(WORDS, max_size=40).map("".join), st.text(max_size=80)))
def test_sentences_cover_all_that_is_written_in_order_and_overlap_nowhere(text: str) -> None:
    spans = sentence_spans(text)
    inside = set()
    last = 0
    for start, end in spans:
        assert last <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        inside |= set(range(start, end))
        last = end
    assert [at for at, char in enumerate(text) if not char.isspace() and at not in inside] == []


@settings(deadline=None)
@given(st.lists(WORDS, max_size=40).map("".join))
def test_no_sentence_crosses_a_line_end(text: str) -> None:
    assert [text[start:end] for start, end in sentence_spans(text) if "\n" in text[start:end]] == []


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["The lesion was seen.", "Dr. Miller came.", "It lies in segment 6.", "65 W were used."]))
)
def test_lines_are_split_as_if_each_stood_alone(lines: list[str]) -> None:
    text = "\n".join(lines)
    alone = [line[start:end] for line in lines for start, end in sentence_spans(line)]
    assert [text[start:end] for start, end in sentence_spans(text)] == alone
