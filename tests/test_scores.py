"""Are the right and wrong parts of one answer counted as a person would count them?"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ablacode.domain import Record
from ablacode.evaluate.scores import count_note, energy_family
from ablacode.read.corpus import AnnotatedNote

sys.path.insert(0, str(Path(__file__).parent))
from scored import answer, gold_note


def shares(note: AnnotatedNote, record: Record, *names: str) -> dict[str, tuple[int, int]]:
    """(right, of) by name, where there was a case at all."""
    counts = count_note(note, record)
    return {name: (counts[f"{name}:hits"], counts[f"{name}:of"]) for name in names if counts[f"{name}:of"]}


RIGHT, WRONG = (1, 1), (0, 1)
QUESTIONS = ("answer", "code_set", "decision", "wrong_code_note", "review_without_need", "review_reason")
ANSWERS = {
    "right-code": (
        {"codes": ("47382",)},
        answer("47382"),
        {"answer": RIGHT, "code_set": RIGHT, "decision": RIGHT, "wrong_code_note": WRONG, "review_without_need": WRONG},
    ),
    "wrong-code": (
        {"codes": ("47382",)},
        answer("47380"),
        {"answer": WRONG, "code_set": WRONG, "decision": RIGHT, "wrong_code_note": RIGHT, "review_without_need": WRONG},
    ),
    "one-of-two": (
        {"codes": ("47382", "47383")},
        answer("47382"),
        {"answer": WRONG, "code_set": WRONG, "decision": RIGHT, "wrong_code_note": WRONG, "review_without_need": WRONG},
    ),
    "order-of-codes": (
        {"codes": ("47382", "47383")},
        answer("47383", "47382"),
        {"answer": RIGHT, "code_set": RIGHT, "decision": RIGHT, "wrong_code_note": WRONG, "review_without_need": WRONG},
    ),
    "code-where-none": (
        {},
        answer("47382"),
        {"answer": WRONG, "code_set": WRONG, "decision": WRONG, "wrong_code_note": RIGHT, "review_without_need": WRONG},
    ),
    "code-where-review": (
        {"decision": "review", "reasons": ("contradiction",)},
        answer("47382"),
        {"answer": WRONG, "code_set": WRONG, "decision": WRONG, "wrong_code_note": RIGHT},
    ),
    "review-without-need": (
        {"codes": ("47382",)},
        answer(decision="review", reasons=("contradiction",)),
        {"answer": WRONG, "code_set": WRONG, "decision": WRONG, "wrong_code_note": WRONG, "review_without_need": RIGHT},
    ),
    "review-where-none": (
        {},
        answer(decision="review", reasons=("contradiction",)),
        {"answer": WRONG, "code_set": RIGHT, "decision": WRONG, "wrong_code_note": WRONG, "review_without_need": RIGHT},
    ),
    "review-right-reason": (
        {"decision": "review", "reasons": ("contradiction",)},
        answer(decision="review", reasons=("truncated", "contradiction")),
        {"answer": RIGHT, "code_set": RIGHT, "decision": RIGHT, "wrong_code_note": WRONG, "review_reason": RIGHT},
    ),
    "review-other-reason": (
        {"decision": "review", "reasons": ("contradiction",)},
        answer(decision="review", reasons=("truncated",)),
        {"answer": RIGHT, "code_set": RIGHT, "decision": RIGHT, "wrong_code_note": WRONG, "review_reason": WRONG},
    ),
    "none": (
        {},
        answer(),
        {"answer": RIGHT, "code_set": RIGHT, "decision": RIGHT, "wrong_code_note": WRONG, "review_without_need": WRONG},
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_one_answer(name: str) -> None:
    gold, record, expected = ANSWERS[name]
    assert shares(gold_note(**gold), record, *QUESTIONS) == expected


BASE = {"codes": ("47382",), "approach": "percutaneous", "modality": "microwave", "tumor_count": 2, "guidance": ("ct",)}
FACTS = tuple(f"fact.{name}" for name in ("approach", "modality", "modality_family", "guidance"))
COUNT, OPEN = "fact.tumor_count", "fact.tumor_count_open"
ALL_RIGHT = {**dict.fromkeys(FACTS, RIGHT), COUNT: RIGHT}
GIVEN = {key: value for key, value in BASE.items() if key != "codes"}
NOTE_FACTS = {
    "all-right": ({}, GIVEN, ALL_RIGHT),
    "approach": ({}, {**GIVEN, "approach": "open"}, {**ALL_RIGHT, "fact.approach": WRONG}),
    "same-family": ({}, {**GIVEN, "modality": "radiofrequency"}, {**ALL_RIGHT, "fact.modality": WRONG}),
    "other-family": (
        {},
        {**GIVEN, "modality": "cryo"},
        {**ALL_RIGHT, "fact.modality": WRONG, "fact.modality_family": WRONG},
    ),
    "half-of-two-families": (
        {"modality": "cryo+microwave"},
        GIVEN,
        {**ALL_RIGHT, "fact.modality": WRONG, "fact.modality_family": WRONG},
    ),
    "nothing-read": (
        {},
        {},
        {**dict.fromkeys(FACTS, WRONG), COUNT: WRONG},
    ),
    "count-open-and-left-open": (
        {"tumor_count": None},
        {**GIVEN, "tumor_count": None},
        {**dict.fromkeys(FACTS, RIGHT), OPEN: RIGHT},
    ),
    "count-open-and-guessed": ({"tumor_count": None}, GIVEN, {**dict.fromkeys(FACTS, RIGHT), OPEN: WRONG}),
    "guidance-order": (
        {"guidance": ("ultrasound", "ct")},
        {**GIVEN, "guidance": ("ct", "ultrasound")},
        ALL_RIGHT,
    ),
    "guidance-subset": (
        {"guidance": ("ultrasound", "ct")},
        GIVEN,
        {**ALL_RIGHT, "fact.guidance": WRONG},
    ),
    "guidance-superset": ({}, {**GIVEN, "guidance": ("ct", "mr")}, {**ALL_RIGHT, "fact.guidance": WRONG}),
    "no-guidance": ({"guidance": ()}, {**GIVEN, "guidance": ()}, ALL_RIGHT),
}


@pytest.mark.parametrize("name", NOTE_FACTS)
def test_facts_of_one_note(name: str) -> None:
    changed, given_facts, expected = NOTE_FACTS[name]
    note = gold_note(**{**BASE, **changed})
    assert shares(note, answer("47382", **given_facts), *FACTS, COUNT, OPEN) == expected


def test_facts_are_measured_even_where_the_answer_was_sent_to_review() -> None:
    record = answer(decision="review", reasons=("contradiction",), **GIVEN)
    assert shares(gold_note(**BASE), record, *FACTS, COUNT) == ALL_RIGHT


@pytest.mark.parametrize("decision", ["review", "none"])
def test_facts_of_other_golds_do_not_count(decision: str) -> None:
    note = gold_note(decision=decision, reasons=("contradiction",) if decision == "review" else ())
    assert shares(note, answer("47382", **GIVEN), *FACTS, COUNT, OPEN) == {}


DATES = {
    "right": ("2024-03-05", "2024-03-05", {"date_of_service": RIGHT}),
    "wrong": ("2024-03-05", "2024-05-03", {"date_of_service": WRONG}),
    "not-read": ("2024-03-05", None, {"date_of_service": WRONG}),
    "gold-does-not-know": (None, "2024-03-05", {}),
}


@pytest.mark.parametrize("name", DATES)
def test_date(name: str) -> None:
    wanted, found, expected = DATES[name]
    note = gold_note(date_of_service=wanted)
    assert shares(note, answer(date_of_service=found), "date_of_service") == expected


FAMILIES = {
    "microwave": {"heat"},
    "heat": {"heat"},
    "microwave+radiofrequency": {"heat"},
    "cryo": {"cryo"},
    "cryo+radiofrequency": {"cryo", "heat"},
    "ire": {"ire"},
    None: set(),
}


@pytest.mark.parametrize("modality", FAMILIES)
def test_energy_family(modality: str | None) -> None:
    assert energy_family(modality) == FAMILIES[modality]
