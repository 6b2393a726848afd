"""Are found words paired with marked words one to one, and is a quote that is not in the note noticed?"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ablacode.domain import CodeSuggestion, Engine, Evidence, Fact, Mention, Note, Record
from ablacode.evaluate.spans import count_spans, misquotes, pairs, quotes_of
from ablacode.markup import Mark
from ablacode.read.corpus import AnnotatedNote, Gold

TEXT = "0123456789" * 4


def mark(start: int, end: int, label: str = "modality", status: str = "performed", value: str = "cryo") -> Mark:
    return Mark(start, end, label, value, status, TEXT[start:end])


def mention(start: int, end: int, label: str = "modality", status: str = "performed", value: str = "cryo") -> Mention:
    return Mention(start, end, label, value, TEXT[start:end], "procedure", status)


def counts(marks: list[Mark], mentions: list[Mention], **record: Any) -> dict[str, int]:
    note = AnnotatedNote("a.txt", "prose", TEXT, tuple(marks), Gold("none"))
    return count_spans(note, answer(mentions=tuple(mentions), **record))


def answer(**fields: Any) -> Record:
    return Record(None, Note(TEXT).sha256, None, Engine("0", "0" * 64), fields.pop("decision", "none"), **fields)


def figures(found: dict[str, int], name: str) -> tuple[int, int, int]:
    """Hits, found, wanted."""
    return found[f"{name}:hits"], found[f"{name}:found"], found[f"{name}:wanted"]


# marks, mentions, (hits, found, wanted) exact, (hits, found, wanted) overlapping
CASES: dict[str, Any] = {
    "nothing": ([], [], (0, 0, 0), (0, 0, 0)),
    "same": ([mark(2, 5)], [mention(2, 5)], (1, 1, 1), (1, 1, 1)),
    "longer": ([mark(2, 5)], [mention(2, 6)], (0, 1, 1), (1, 1, 1)),
    "touching": ([mark(2, 5)], [mention(5, 8)], (0, 1, 1), (0, 1, 1)),
    "missed": ([mark(2, 5)], [], (0, 0, 1), (0, 0, 1)),
    "invented": ([], [mention(2, 5)], (0, 1, 0), (0, 1, 0)),
    "other-label": ([mark(2, 5)], [mention(2, 5, "approach")], (0, 1, 1), (0, 1, 1)),
    "one-over-three": ([mark(1, 3), mark(4, 6), mark(7, 9)], [mention(0, 10)], (0, 1, 3), (1, 1, 3)),
    "three-in-one": ([mark(0, 10)], [mention(1, 3), mention(4, 6), mention(7, 9)], (0, 3, 1), (1, 3, 1)),
    "twice-the-same": ([mark(2, 5)], [mention(2, 5), mention(2, 5)], (1, 2, 1), (1, 2, 1)),
    "exact-before-larger": ([mark(2, 4), mark(4, 20)], [mention(0, 21), mention(4, 20)], (1, 2, 2), (2, 2, 2)),
    "larger-first": ([mark(0, 4), mark(4, 12)], [mention(3, 12)], (0, 1, 2), (1, 1, 2)),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("which", ["performed", "any"])
def test_pairing(name: str, which: str) -> None:
    marks, mentions, exact, overlap = CASES[name]
    found = counts(marks, mentions)
    assert figures(found, f"span.{which}.exact") == exact
    assert figures(found, f"span.{which}.overlap") == overlap


def test_the_larger_overlap_is_the_pair() -> None:
    assert pairs([mark(0, 4), mark(4, 12)], [mention(3, 12)]) == [(1, 0)]
    assert pairs([mark(0, 8), mark(8, 12)], [mention(1, 12)]) == [(0, 0)]


def test_labels_are_counted_apart_and_together() -> None:
    found = counts([mark(0, 2), mark(4, 6, "approach")], [mention(0, 2), mention(4, 6, "guidance")])
    assert figures(found, "span.any.overlap.modality") == (1, 1, 1)
    assert figures(found, "span.any.overlap.approach") == (0, 0, 1)
    assert figures(found, "span.any.overlap.guidance") == (0, 1, 0)
    assert figures(found, "span.any.overlap") == (1, 2, 2)


STATUSES: dict[str, Any] = {
    "both-performed": ("performed", "performed", (1, 1, 1), (1, 1)),
    "taken-as-performed": ("historical", "performed", (0, 1, 0), (0, 1)),
    "not-taken-as-performed": ("performed", "planned", (0, 0, 1), (0, 1)),
    "same-other-status": ("planned", "planned", (0, 0, 0), (1, 1)),
}


@pytest.mark.parametrize("name", STATUSES)
def test_status(name: str) -> None:
    wanted, got, performed, status = STATUSES[name]
    found = counts([mark(2, 5, status=wanted)], [mention(2, 6, status=got)])
    assert figures(found, "span.performed.overlap") == performed
    assert figures(found, "span.any.overlap") == (1, 1, 1)
    for key in ("span.status", "span.modality.status"):
        assert (found[f"{key}:hits"], found[f"{key}:of"]) == status


def test_value_is_judged_on_pairs_only() -> None:
    found = counts([mark(2, 5), mark(8, 9)], [mention(2, 5, value="microwave"), mention(20, 22)])
    assert (found["span.value:hits"], found["span.value:of"]) == (0, 1)


def test_a_performed_mark_may_not_hide_behind_a_paired_mention_of_another_status() -> None:
    """The exact pair is of another status; the performed mention beside it finds the performed mark all the same."""
    found = counts([mark(2, 5)], [mention(2, 5, status="planned"), mention(3, 9)])
    assert figures(found, "span.performed.overlap") == (1, 1, 1)


def test_a_screened_record_is_asked_only_about_what_was_performed() -> None:
    marks = [mark(2, 5), mark(7, 9, status="historical")]
    found = counts(marks, [], screened=True)
    assert figures(found, "span.any.overlap") == (0, 0, 0)
    assert figures(found, "span.performed.overlap") == (0, 0, 1)


# --- quotes ------------------------------------------------------------------------------------------------------


def evidence(start: int, end: int, text: str) -> Evidence:
    return Evidence(start, end, "modality", text, "procedure")


QUOTES = {
    "slice": (2, 5, "234", True),
    "whole": (0, 40, TEXT, True),
    "other-words": (2, 5, "235", False),
    "shifted": (3, 6, "234", False),
    "empty": (4, 4, "", False),
    "beyond-the-end": (38, 41, "89", False),
    "negative": (-2, 40, "89", False),
    "backwards": (5, 2, "", False),
}


@pytest.mark.parametrize("name", QUOTES)
def test_quote(name: str) -> None:
    start, end, text, right = QUOTES[name]
    record = answer(modality=Fact("cryo", (evidence(start, end, text),)))
    assert (misquotes(TEXT, record) == []) is right
    found = count_spans(AnnotatedNote("a.txt", "prose", TEXT, (), Gold("none")), record)
    assert (found["evidence:hits"], found["evidence:of"]) == (int(right), 1)


def test_quotes_are_found_wherever_they_stand() -> None:
    words = [evidence(at, at + 1, TEXT[at]) for at in range(6)]
    record = answer(
        decision="suggest",
        codes=(CodeSuggestion("47383", 1, 0.9, "percutaneous", "cryo", "", (), (words[0],)),),
        candidates=(CodeSuggestion("47383", 1, 0.9, "percutaneous", "cryo", "", (), (words[1],)),),
        approach=Fact("percutaneous", (words[2],)),
        guidance=(Fact("ct", (words[3],)), Fact("mr", (words[4],))),
        mentions=(mention(5, 6),),
    )
    assert sorted(quote.start for quote in quotes_of(record)) == [0, 1, 2, 3, 4, 5]


# --- properties --------------------------------------------------------------------------------------------------

PLACES = st.tuples(st.integers(0, 35), st.integers(1, 5), st.sampled_from(["modality", "approach"]))
MARKS = st.lists(PLACES.map(lambda p: mark(p[0], p[0] + p[1], p[2])), max_size=8)
MENTIONS = st.lists(PLACES.map(lambda p: mention(p[0], p[0] + p[1], p[2])), max_size=8)


@given(MARKS, MENTIONS)
def test_pairs_are_one_to_one_overlap_and_share_a_label(marks: list[Mark], mentions: list[Mention]) -> None:
    chosen = pairs(marks, mentions)
    assert len({left for left, _ in chosen}) == len({right for _, right in chosen}) == len(chosen)
    for left, right in chosen:
        one, other = marks[left], mentions[right]
        assert one.label == other.label
        assert max(one.start, other.start) < min(one.end, other.end)


@given(MARKS, MENTIONS)
def test_nothing_is_left_that_could_still_be_paired(marks: list[Mark], mentions: list[Mention]) -> None:
    chosen = pairs(marks, mentions)
    left_over = [m for i, m in enumerate(marks) if i not in {left for left, _ in chosen}]
    right_over = [m for i, m in enumerate(mentions) if i not in {right for _, right in chosen}]
    assert pairs(left_over, right_over) == []


@given(MARKS)
def test_marks_found_exactly_score_fully(marks: list[Mark]) -> None:
    found = counts(marks, [mention(m.start, m.end, m.label) for m in marks])
    for which in ("performed", "any"):
        for how in ("exact", "overlap"):
            assert figures(found, f"span.{which}.{how}") == (len(marks),) * 3


@given(MARKS, MENTIONS)
def test_exact_is_never_more_than_overlapping(marks: list[Mark], mentions: list[Mention]) -> None:
    found = counts(marks, mentions)
    exact, overlap = (figures(found, f"span.any.{how}")[0] for how in ("exact", "overlap"))
    assert exact <= overlap <= min(len(marks), len(mentions))
