"""Which section does a sentence stand in? By its heading, until the note goes on to something else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ablacode.find import Finder
from ablacode.rulebook import load_rulebook

BOOK = load_rulebook()
FINDER = Finder(BOOK)
DONE = "The antenna was placed."
TITLES = [(rule.kind, title) for rule in BOOK.headings for title in rule.titles]


def kinds(text: str) -> list[str]:
    return [sentence.kind for sentence in FINDER.find(text).sentences]


# --- one heading -------------------------------------------------------------------------------------------------

ONE: dict[str, tuple[str, str]] = {
    "colon": ("FINDINGS: The liver was seen.", "findings"),
    "colon-lower-case": ("Findings: the liver was seen.", "findings"),
    "dash": ("PROCEDURE - Microwave ablation", "title"),
    "numbered": ("1. FINDINGS: The liver.", "findings"),
    "bold": ("**TECHNIQUE:** The antenna was placed.", "technique"),
    "hyphen-in-the-title": ("PRE-OP DIAGNOSIS: HCC", "diagnosis"),
    "british-spelling": ("ANAESTHESIA: general", "anesthesia"),
    "plural-in-brackets": ("PROCEDURE(S): MWA", "title"),
    "words-of-a-title-nobody-listed": ("Details of the robotic intervention: placed.", "technique"),
    "planned-is-not-performed": ("PLANNED PROCEDURE: Microwave ablation", "planned-procedure"),
    "performed-is-a-title": ("PROCEDURE PERFORMED: Microwave ablation", "title"),
    "earlier-treatment-is-history": ("PRIOR TREATMENT: RFA", "history"),
    "earlier-imaging-is-comparison": ("PRIOR IMAGING: CT of May", "comparison"),
    "course-of-a-stay": ("HOSPITAL COURSE: He underwent RFA.", "course"),
    "discharge-diagnosis": ("DISCHARGE DIAGNOSIS: HCC", "diagnosis"),
    "nursing": ("NURSING LOG: in room", "log"),
    "billing": ("CPT CODE: 47382", "billing"),
    "nobody-knows-it": ("MISC STUFF: something", "other"),
    "no-heading": (DONE, "body"),
    "a-heading's-word-inside-a-sentence": ("He gave a history of RFA and the findings were normal.", "body"),
    "too-long-for-a-heading": ("The history of the findings that we all saw on that day was: bad", "body"),
}


@pytest.mark.parametrize("name", ONE)
def test_kind_by_heading(name: str) -> None:
    text, kind = ONE[name]
    assert kinds(text) == [kind]


# --- where a section ends ----------------------------------------------------------------------------------------

MANY: dict[str, tuple[str, list[str]]] = {
    "own-line": (f"INDICATION:\nHepatoma.\n\nTECHNIQUE:\n{DONE}", ["indication"] * 2 + ["technique"] * 2),
    "capitals-without-a-colon": (f"Text.\n\nFINDINGS\n{DONE}", ["body", "findings", "findings"]),
    "bullets-stay-inside": ("HISTORY:\n- RFA in 2019\n- TACE in 2020", ["history"] * 3),
    "next-heading-ends-it": (f"HISTORY: RFA.\nTECHNIQUE: {DONE}", ["history", "technique"]),
    "addendum-after-the-report": ("FINDINGS: a lesion.\n\nADDENDUM: It was cryo.", ["findings", "addendum"]),
    "diagnosis-ends-when-the-story-begins": (
        "PREOPERATIVE DIAGNOSIS: HCC.\nThe patient was brought to the operating room.",
        ["diagnosis", "technique"],
    ),
    "history-ends-when-the-operation-begins": (
        f"HISTORY: HCC, RFA in 2019.\nThe patient was prepped and draped.\n{DONE}",
        ["history", "technique", "technique"],
    ),
    "plan-goes-on": ("PLAN:\nRFA next month.\nSecond session later.", ["plan"] * 3),
    "addendum-of-a-record-system": (
        f"FINDINGS: a lesion.\n06/09/2021 07:14 ADDENDUM STATUS: COMPLETED\n{DONE}",
        ["findings", "addendum", "addendum"],
    ),
    "exam-that-names-a-study": ("Exam: CT guided liver ablation\n", ["title"]),
    "exam-of-a-body": ("Exam: BMI 27. Spleen tip felt.\n", ["history", "history"]),
    "addendum-goes-on": (f"ADDENDUM: corrected.\n{DONE}", ["addendum"] * 2),
    "log-goes-on": ("NURSING LOG:\n10:00 in room\n10:30 ablation start", ["log"] * 3),
    "consent-ends-when-it-is-over": (f"CONSENT:\nRisks were explained.\n{DONE}", ["consent", "consent", "body"]),
    "unknown-heading-inside-history": (
        "HISTORY:\nHCC.\nFAVOURITES: tea\nRFA in 2019.",
        ["history", "history", "other", "history"],
    ),
}


@pytest.mark.parametrize("name", MANY)
def test_where_a_section_ends(name: str) -> None:
    text, expected = MANY[name]
    assert kinds(text) == expected


@pytest.mark.parametrize("name", MANY)
def test_the_kind_of_line_end_changes_nothing(name: str) -> None:
    text, expected = MANY[name]
    assert kinds(text.replace("\n", "\r\n")) == expected


KNOWN_FAILURES: dict[str, tuple[str, list[str], str]] = {
    "heading-inside-a-line": (
        "The lesion was ablated. PLAN: RFA next month.",
        ["body", "plan"],
        "all words of the line before the colon are taken as the heading, so the body's sentence is a plan",
    ),
    "time-of-day-is-no-heading": (
        "FINDINGS:\nStarted at 10:30 and ended.",
        ["findings", "findings"],
        "a colon between digits ends a heading",
    ),
    "consent-goes-on": (
        "CONSENT: Risks were explained.\nAlternatives including RFA were discussed.",
        ["consent", "consent"],
        "a field with text on its own line ends there, though the next line still speaks of consent",
    ),
}


@pytest.mark.parametrize(
    "name",
    [pytest.param(k, marks=pytest.mark.xfail(strict=True, reason=row[2])) for k, row in KNOWN_FAILURES.items()],
)
def test_where_a_section_does_not_end_yet(name: str) -> None:
    text, expected, _ = KNOWN_FAILURES[name]
    assert kinds(text) == expected


# --- what a sentence knows of its heading ------------------------------------------------------------------------


def test_words_of_the_heading_and_whether_a_sentence_stands_on_its_line() -> None:
    found = FINDER.find("DATE OF PROCEDURE: 3 May 2024\nFINDINGS:\nA lesion.").sentences
    seen: list[tuple[Any, ...]] = [(s.heading, s.after_heading, s.line) for s in found]
    assert seen == [("DATE OF PROCEDURE", True, 0), ("FINDINGS", True, 1), ("FINDINGS", False, 2)]


@pytest.mark.parametrize(("kind", "title"), TITLES, ids=[f"{kind}-{title}" for kind, title in TITLES])
def test_every_listed_title_is_found_in_capitals_before_a_colon(kind: str, title: str) -> None:
    first = next(k for k, t in TITLES if t.replace("-", " ") == title.replace("-", " "))
    assert kinds(f"Something.\n\n{title.upper()}:\nsome words of consent\n") == ["body", first, first]


@pytest.mark.xfail(strict=True, reason="'procedure findings' stands under technique and under findings")
def test_no_title_is_listed_under_two_kinds() -> None:
    seen: dict[str, set[str]] = {}
    for kind, title in TITLES:
        seen.setdefault(title.replace("-", " "), set()).add(kind)
    assert {title: found for title, found in seen.items() if len(found) > 1} == {}


LINES = st.sampled_from(
    [
        "FINDINGS:",
        "PLAN: RFA later.",
        "HISTORY",
        "",
        DONE,
        "- item",
        "The patient was prepped and draped.",
        "CONSENT: yes",
    ]
)


@settings(deadline=None)
@given(st.lists(LINES, max_size=12))
def test_every_sentence_has_a_known_kind(lines: list[str]) -> None:
    known = {rule.kind for rule in BOOK.headings} | {"body", "other"}
    assert set(kinds("\n".join(lines))) <= known
