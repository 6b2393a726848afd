"""Do overlapping marks become pieces that are the note again, each knowing what covers it?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ablacode.domain import Alert, CodeSuggestion, Engine, Evidence, Fact, Mention, Record, Rejected
from ablacode.report.highlight import ROLES, Segment, Span, line_of, line_starts, lines, segments, spans_of


def span(start: int, end: int, kind: str = "modality", role: str = "answer") -> Span:
    return Span(start, end, kind, role, "procedure")


def shape(pieces: list[Segment]) -> list[tuple[str, list[str]]]:
    return [(piece.text, [span.kind for span in piece.spans]) for piece in pieces]


CASES = {
    "none": ([], [("abcdef", [])]),
    "inside": ([span(2, 4)], [("ab", []), ("cd", ["modality"]), ("ef", [])]),
    "whole": ([span(0, 6)], [("abcdef", ["modality"])]),
    "touching": ([span(0, 3), span(3, 6, "approach")], [("abc", ["modality"]), ("def", ["approach"])]),
    "crossing": (
        [span(0, 4), span(2, 6, "approach")],
        [("ab", ["modality"]), ("cd", ["modality", "approach"]), ("ef", ["approach"])],
    ),
    "shorter-first": (
        [span(0, 6, "performed"), span(2, 4)],
        [("ab", ["performed"]), ("cd", ["modality", "performed"]), ("ef", ["performed"])],
    ),
    "stronger-first": (
        [span(2, 4, role="uncounted"), span(0, 6, "performed")],
        [("ab", ["performed"]), ("cd", ["performed", "modality"]), ("ef", ["performed"])],
    ),
    "same-place": ([span(0, 6), span(0, 6, "approach")], [("abcdef", ["approach", "modality"])]),
    "empty-span": ([span(3, 3)], [("abcdef", [])]),
    "backwards": ([span(4, 2)], [("abcdef", [])]),
    "outside-clipped": ([span(-5, 2), span(4, 99)], [("ab", ["modality"]), ("cd", []), ("ef", ["modality"])]),
    "far-outside": ([span(50, 60)], [("abcdef", [])]),
}


@pytest.mark.parametrize("name", CASES)
def test_pieces(name: str) -> None:
    spans, expected = CASES[name]
    assert shape(segments("abcdef", spans)) == expected


def test_an_empty_text_has_no_pieces() -> None:
    assert segments("", [span(0, 1)]) == []
    assert list(lines("", [])) == []


LINES = {
    "lf": ("a\nb\n", ["a\n", "b\n"]),
    "crlf": ("a\r\nb", ["a\r\n", "b"]),
    "cr": ("a\rb", ["a\r", "b"]),
    "empty-lines": ("\n\na", ["\n", "\n", "a"]),
    "form-feed-is-no-line-end": ("a\x0cb\x85c\u2028d", ["a\x0cb\x85c\u2028d"]),
}


@pytest.mark.parametrize("name", LINES)
def test_lines(name: str) -> None:
    text, expected = LINES[name]
    assert ["".join(piece.text for piece in line) for line in lines(text, [])] == expected


def test_line_numbers_count_from_one() -> None:
    starts = line_starts("ab\ncd\r\nef")
    assert [line_of(starts, offset) for offset in (0, 2, 3, 6, 7)] == [1, 1, 2, 2, 3]


def test_a_record_gives_every_place_with_its_role() -> None:
    words = Evidence(0, 2, "approach", "ab", "procedure")
    against = Evidence(2, 3, "modality", "c", "history")
    record = Record(
        *("a.txt", "c" * 64, None, Engine("0.1.0", "a" * 64), "suggest"),
        codes=(CodeSuggestion("47382", 1, 0.9, "percutaneous", "microwave", "", (), (words,)),),
        approach=Fact("percutaneous", (words,)),
        rejected=(Rejected("47383", "earlier", (against,)),),
        alerts=(Alert("x", "info", "", (), (words, against)),),
        mentions=(
            Mention(2, 3, "modality", "cryo", "c", "history", "historical"),
            Mention(4, 5, "delivery", "w", "e", "procedure", "performed"),
        ),
    )
    found = [(s.start, s.end, s.kind, s.role, s.used_for) for s in spans_of(record)]
    assert found == [
        (0, 2, "approach", "answer", ("47382", "approach", "x")),
        (2, 3, "modality", "uncounted", ()),
        (2, 3, "modality", "context", ("x", "against 47383")),
        (4, 5, "performed", "counted", ()),
    ]


# --- properties --------------------------------------------------------------------------------------------------

TEXTS = st.text(st.sampled_from("ab \r\n\t\x00é𝄞"), max_size=40)
SPANS = st.lists(
    st.builds(
        span, st.integers(-3, 45), st.integers(-3, 45), st.sampled_from(["approach", "target"]), st.sampled_from(ROLES)
    ),
    max_size=8,
)


@given(TEXTS, SPANS)
def test_joined_pieces_are_the_text(text: str, spans: list[Span]) -> None:
    assert "".join(piece.text for piece in segments(text, spans)) == text
    assert "".join(piece.text for line in lines(text, spans) for piece in line) == text


@given(TEXTS, SPANS)
def test_each_character_knows_exactly_the_spans_over_it(text: str, spans: list[Span]) -> None:
    for piece in segments(text, spans):
        assert piece.text == text[piece.start : piece.end]
        for offset in range(piece.start, piece.end):
            over = [s for s in spans if s.start <= offset < s.end]
            assert sorted(map(repr, piece.spans)) == sorted(map(repr, over))


@given(TEXTS, SPANS)
def test_lines_agree_with_line_starts(text: str, spans: list[Span]) -> None:
    firsts = [line[0].start for line in lines(text, spans)]
    assert firsts == (line_starts(text) if text else [])
