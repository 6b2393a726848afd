"""Does every record hold what the contract promises, whatever stands around the note and whoever asks?"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ablacode import CodeSuggester, Note, Record
from ablacode.contract import record_schema
from ablacode.domain import Evidence
from ablacode.errors import AblacodeError

ROOT = Path(__file__).parents[1]
PARTS = ("corpora/train", "corpora/dev", "examples/notes")
NOTES = {
    path.relative_to(ROOT).as_posix(): path.read_bytes().decode("utf-8")
    for part in PARTS
    for path in sorted((ROOT / part).rglob("*.txt"))
}
SAMPLE = {name: NOTES[name] for name in sorted(NOTES)[::12]}
EXAMPLES = {name: text for name, text in NOTES.items() if name.startswith("examples")}
SHORT = "Percutaneous CT-guided microwave ablation of a segment VI liver tumor was performed at 65 W for 8 minutes."
LONG = NOTES["examples/notes/ir/ct-microwave.txt"]
MOST_WORDS = 8


@pytest.fixture(scope="module")
def suggester() -> CodeSuggester:
    return CodeSuggester()


@pytest.fixture(scope="module")
def records(suggester: CodeSuggester) -> dict[str, Record]:
    return {name: suggester.suggest(text, note_id=name) for name, text in NOTES.items()}


def all_evidence(record: Record) -> Iterator[Evidence]:
    for holder in (*record.codes, *record.candidates, *record.rejected, *record.reasons, *record.alerts):
        yield from holder.evidence
    for fact in (record.approach, record.modality, record.tumor_count, *record.guidance):
        yield from fact.evidence


def decided(record: Record) -> tuple[Any, ...]:
    """What a record decides, without places."""
    facts = (record.approach.value, record.modality.value, record.tumor_count.value)
    lists = (record.codes, record.candidates, record.guidance, record.reasons)
    names = [
        [getattr(item, "code", None) or getattr(item, "id", None) or item.value for item in items] for items in lists
    ]
    return record.decision, record.date_of_service, facts, names


# --- every note of train, dev and the examples -------------------------------------------------------------------


def test_there_are_notes_of_every_decision(records: dict[str, Record]) -> None:
    assert {part: any(name.startswith(part) for name in NOTES) for part in PARTS} == dict.fromkeys(PARTS, True)
    assert {record.decision for record in records.values()} == {"suggest", "review", "none"}


def test_every_record_satisfies_the_schema(records: dict[str, Record]) -> None:
    validator = jsonschema.Draft202012Validator(record_schema())
    wrong = {name: [e.json_path for e in validator.iter_errors(record.to_dict())] for name, record in records.items()}
    assert {name: errors for name, errors in wrong.items() if errors} == {}


def test_evidence_and_mentions_quote_the_note(records: dict[str, Record]) -> None:
    wrong = [
        (name, item.start, item.end)
        for name, record in records.items()
        for item in (*all_evidence(record), *record.mentions)
        if not (0 <= item.start < item.end and NOTES[name][item.start : item.end] == item.text)
    ]
    assert wrong == []


def test_evidence_is_short(records: dict[str, Record]) -> None:
    found = [(name, item.start) for name, r in records.items() for item in all_evidence(r)
             if len(item.text.split()) > MOST_WORDS]  # fmt: skip
    assert found == []


def test_every_code_and_fact_has_its_words(records: dict[str, Record]) -> None:
    for name, record in records.items():
        for code in record.codes:
            assert {"approach", "modality"} <= {item.axis for item in code.evidence}, name
        for fact in (record.approach, record.modality, *record.guidance):
            assert fact.value is None or fact.evidence, name


def test_the_hash_is_that_of_the_text(records: dict[str, Record]) -> None:
    assert {name: record.note_sha256 for name, record in records.items()} == {
        name: Note(text).sha256 for name, text in NOTES.items()
    }


# --- nothing but the note counts ---------------------------------------------------------------------------------


def test_a_record_does_not_depend_on_the_notes_before(records: dict[str, Record]) -> None:
    other = CodeSuggester()
    backwards = {name: other.suggest(SAMPLE[name], note_id=name) for name in sorted(SAMPLE, reverse=True)}
    assert backwards == {name: records[name] for name in SAMPLE}


@pytest.mark.slow
def test_no_record_depends_on_the_notes_before(records: dict[str, Record]) -> None:
    other = CodeSuggester()
    backwards = {name: other.suggest(NOTES[name], note_id=name) for name in sorted(NOTES, reverse=True)}
    assert backwards == records


@pytest.mark.parametrize("ending", ["\r\n", "\r"], ids=["crlf", "cr"])
def test_the_kind_of_line_end_changes_no_decision(
    suggester: CodeSuggester, records: dict[str, Record], ending: str
) -> None:
    changed = {
        name: suggester.suggest(text.replace("\r\n", "\n").replace("\n", ending)) for name, text in SAMPLE.items()
    }
    assert {n: decided(r) for n, r in changed.items()} == {n: decided(records[n]) for n in SAMPLE}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(SAMPLE)), st.data())
def test_each_line_may_end_as_it_likes(
    suggester: CodeSuggester, records: dict[str, Record], name: str, data: st.DataObject
) -> None:
    lines = SAMPLE[name].replace("\r\n", "\n").split("\n")
    ends = data.draw(st.lists(st.sampled_from(["\n", "\r\n"]), min_size=len(lines), max_size=len(lines)))
    text = "".join(line + end for line, end in zip(lines, ends, strict=True))
    assert decided(suggester.suggest(text)) == decided(records[name])


UNRELATED = {
    "diet": "\n\nDIET:\nRegular.\n",
    "allergies": "\n\nALLERGIES:\nPenicillin (rash).\n",
    "social-history": "\n\nSOCIAL HISTORY:\nRetired teacher, does not smoke.\n",
    "signature": "\n\nElectronically signed by J. Doe, MD\n",
    "blank-lines": "\n\n\n\n",
    "copies": "\n\ncc: Dr. Smith\n",
}


@pytest.mark.parametrize("name", UNRELATED)
def test_an_unrelated_section_at_the_end_changes_nothing(
    suggester: CodeSuggester, records: dict[str, Record], name: str
) -> None:
    changed = {n: decided(suggester.suggest(text + UNRELATED[name])) for n, text in EXAMPLES.items()}
    assert changed == {n: decided(records[n]) for n in EXAMPLES}


@pytest.mark.xfail(strict=True, reason="what a sentence counts depends on how far from the note's end it stands")
def test_an_unrelated_section_at_the_end_of_any_note_changes_nothing(
    suggester: CodeSuggester, records: dict[str, Record]
) -> None:
    changed = {n: decided(suggester.suggest(text + UNRELATED["diet"])) for n, text in NOTES.items()}
    assert [n for n in NOTES if changed[n] != decided(records[n])] == []


def test_a_note_without_a_word_for_an_energy_is_screened(suggester: CodeSuggester) -> None:
    record = suggester.suggest("TECHNIQUE: A laparotomy was made and the liver tumor was seen under ultrasound.")
    assert (record.decision, record.screened, record.mentions) == ("none", True, ())


# --- whoever asks ------------------------------------------------------------------------------------------------


def test_eight_threads_on_one_suggester_give_the_records_of_one(
    suggester: CodeSuggester, records: dict[str, Record]
) -> None:
    asked = [name for name in SAMPLE for _ in range(3)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda name: suggester.suggest(SAMPLE[name], note_id=name), asked))
    assert found == [records[name] for name in asked]


def test_many_takes_notes_texts_and_pairs(suggester: CodeSuggester) -> None:
    items = [Note(SHORT, "a"), SHORT, ("c", SHORT)]
    assert [r.note_id for r in suggester.suggest_many(items)] == ["a", None, "c"]
    assert list(suggester.suggest_many([])) == []


def test_many_draws_no_note_before_it_is_asked_for(suggester: CodeSuggester) -> None:
    drawn = itertools.count()
    endless = ((f"note-{next(drawn)}", SHORT) for _ in itertools.count())
    answers = suggester.suggest_many(endless)
    assert [record.note_id for record in itertools.islice(answers, 3)] == ["note-0", "note-1", "note-2"]
    assert next(drawn) == 3


# --- several processes -------------------------------------------------------------------------------------------


def test_two_processes_answer_like_one_and_in_order(suggester: CodeSuggester) -> None:
    notes = [Note(text, name, source={"row": name}) for name, text in list(SAMPLE.items())[:12]]
    assert [r.to_dict() for r in suggester.suggest_many(notes, jobs=2)] == [
        r.to_dict() for r in suggester.suggest_many(notes)
    ]


def test_two_processes_draw_little_ahead_of_an_endless_source(suggester: CodeSuggester) -> None:
    drawn = itertools.count()
    answers = suggester.suggest_many(((f"note-{next(drawn)}", SHORT) for _ in itertools.count()), jobs=2)
    assert [record.note_id for record in itertools.islice(answers, 30)] == [f"note-{at}" for at in range(30)]
    answers.close()
    assert next(drawn) <= 30 + 2 * 4


@pytest.mark.parametrize(("note_id", "named"), [("ward/7.txt", "'ward/7.txt'"), (None, "note 2")], ids=["id", "no-id"])
def test_a_note_that_fails_in_a_process_is_named_and_not_quoted(
    suggester: CodeSuggester, note_id: str | None, named: str
) -> None:
    broken: Any = {"Wilhelmina": "Quastenflosser"}
    answers = suggester.suggest_many([Note(SHORT, "first"), Note(broken, note_id)], jobs=2)
    assert next(answers).note_id == "first"
    with pytest.raises(AblacodeError, match=named) as caught:
        next(answers)
    assert "Quasten" not in f"{caught.value!r} {caught.value.__cause__!r}"


def test_an_error_of_the_source_reaches_the_caller(suggester: CodeSuggester) -> None:
    def broken() -> Iterator[str]:
        yield SHORT
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        list(suggester.suggest_many(broken(), jobs=2))


# --- what is no note ---------------------------------------------------------------------------------------------

GERMAN = "Der Patient wurde in Rückenlage gelagert und die Leber mit dem Ultraschall dargestellt. " * 4
REFUSED = {
    "empty": ("", "no-text"),
    "blank": (" \r\n\t ", "no-text"),
    "digits": ("2024-03-05 47382 ---", "no-text"),
    "german": (GERMAN, "not-english"),
    "french": ("Le patient est sur le dos et la sonde est placée dans le foie avec une aiguille. " * 4, "not-english"),
    "chinese": ("患者在全身麻醉下接受肝脏肿瘤微波消融治疗。 过程 顺利 没有 并发症 " * 6, "not-english"),
    "russian": ("Выполнена микроволновая абляция опухоли печени под контролем " * 6, "not-english"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_a_review_and_never_none(suggester: CodeSuggester, name: str) -> None:
    text, reason = REFUSED[name]
    record = suggester.suggest(text, note_id=name, date_of_service="2024-03-05")
    assert (record.decision, [item.id for item in record.reasons]) == ("review", [reason])
    assert (record.note_id, record.date_of_service, record.codes, record.mentions) == (name, "2024-03-05", (), ())
    jsonschema.validate(record.to_dict(), record_schema())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.one_of(st.characters(), st.sampled_from(SHORT + "\r\n\u00a0")), max_size=200))
def test_any_text_gets_a_record_that_validates(suggester: CodeSuggester, text: str) -> None:
    record = suggester.suggest(text)
    jsonschema.validate(record.to_dict(), record_schema())
    assert all(text[item.start : item.end] == item.text for item in (*all_evidence(record), *record.mentions))


# --- what the caller gives and gets ------------------------------------------------------------------------------


def test_what_the_caller_gave_stands_in_the_record(suggester: CodeSuggester) -> None:
    given_values: dict[str, Any] = {
        "note_id": "n", "date_of_service": date(2024, 3, 5), "encounter_id": "e", "setting": "professional",
        "source": {"status": "final"},
    }  # fmt: skip
    found = suggester.suggest(SHORT, **given_values).to_dict()
    assert {key: found[key] for key in given_values} == given_values | {"date_of_service": "2024-03-05"}


def test_records_are_frozen_all_the_way_down(suggester: CodeSuggester) -> None:
    record = suggester.suggest(LONG)
    assert record.decision == "suggest"
    for value in (
        record,
        record.engine,
        record.codes[0],
        record.codes[0].evidence[0],
        record.approach,
        record.mentions[0],
    ):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(value, dataclasses.fields(value)[0].name, "x")
    lists = [item.name for item in dataclasses.fields(record) if isinstance(getattr(record, item.name), list)]
    assert lists == []
