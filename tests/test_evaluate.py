"""Does the evaluation say what went wrong and why, write its file, and keep the note's words to itself?"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from ablacode.domain import CodeSuggestion, Engine, Evidence, Fact, Mention, Note, Reason, Record
from ablacode.errors import AblacodeError, CorpusError, UsageError
from ablacode.evaluate import Evaluation, evaluate, render, run_evaluate
from ablacode.evaluate.faults import KINDS, find_fault
from ablacode.markup import Mark
from ablacode.read.corpus import AnnotatedNote, Gold, write_note

sys.path.insert(0, str(Path(__file__).parent))
from scored import answer, gold_note

PLANTED = "Quillfeather"
TEXT = f"Mrs {PLANTED}: laparoscopic cryoablation, later {PLANTED} again."
AT = TEXT.index(PLANTED)
MARK = Mark(AT, AT + len(PLANTED), "approach", "laparoscopic", "performed", PLANTED)
GOLD = Gold(
    *("suggest", ("47371",), "laparoscopic", "cryo", 1, (), None, (), ("hand-assisted",)),
    why=f"why {PLANTED}",
)


class Engineered:
    """A suggester that answers 47383 and quotes the planted name wherever a record can quote."""

    engine = Engine("test", "0" * 64)

    def suggest_note(self, note: Note) -> Record:
        if "RAISE" in note.text:
            raise ValueError(note.text)
        words = (Evidence(MARK.start, MARK.end, "approach", PLANTED, "procedure"),)
        code = CodeSuggestion("47383", 1, 0.9, "percutaneous", "cryo", f"Because {PLANTED}", (), words)
        return Record(
            *(note.note_id, note.sha256, None, self.engine, "suggest"),
            codes=(code,),
            approach=Fact("percutaneous", words),
            modality=Fact("cryo", words),
            tumor_count=Fact(1, words),
            mentions=(
                Mention(
                    MARK.start, MARK.end, "approach", "percutaneous", PLANTED, "body", "planned", 0.9, "app-1", "rule-x"
                ),
            ),
        )


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    write_note(tmp_path / "corpus" / "prose", "01", TEXT, (MARK,), GOLD)
    return tmp_path / "corpus"


def run(corpus: Path, **options: Any) -> str:
    stream = io.StringIO()
    assert run_evaluate(corpus, suggester=Engineered(), stream=stream, **options) == 0
    return stream.getvalue()


# --- what went wrong ---------------------------------------------------------------------------------------------

SUGGEST = {"codes": ("47382",), "approach": "percutaneous", "modality": "microwave", "tumor_count": 1}
FACTS = {key: value for key, value in SUGGEST.items() if key != "codes"}
REVIEW = {"decision": "review", "reasons": ("contradiction",)}
FAULTS: dict[str, Any] = {
    "right": (SUGGEST, answer("47382", **FACTS), None),
    "right-none": ({}, answer(), None),
    "right-review": (REVIEW, answer(**REVIEW), None),
    "facts-of-a-review-are-not-judged": (REVIEW, answer(**REVIEW, modality="ire"), None),
    "wrong": (SUGGEST, answer("47380", **FACTS), ("wrong-code", "missed-code")),
    "one-too-many": (SUGGEST, answer("47382", "47383", **FACTS), ("wrong-code",)),
    "none-for-suggest": (SUGGEST, answer(**FACTS), ("missed-code",)),
    "code-for-none": ({}, answer("47382"), ("wrong-code",)),
    "code-for-review": (REVIEW, answer("47382"), ("wrong-code", "review-missed")),
    "none-for-review": (REVIEW, answer(), ("review-missed",)),
    "review-for-suggest": (SUGGEST, answer(**REVIEW, **FACTS), ("missed-code", "review-without-need")),
    "review-for-none": ({}, answer(**REVIEW), ("review-without-need",)),
    "other-reason": (REVIEW, answer(decision="review", reasons=("truncated",)), ("review-reason",)),
    "facts": (
        SUGGEST,
        answer("47382", approach="open", modality="heat", tumor_count=2, guidance=("ct",)),
        ("approach", "modality", "tumor_count", "guidance"),
    ),
    "date": ({"date_of_service": "2024-01-01"}, answer(), ("date_of_service",)),
}


@pytest.mark.parametrize("name", FAULTS)
def test_kinds(name: str) -> None:
    gold, record, kinds = FAULTS[name]
    fault = find_fault(gold_note(**gold), record)
    assert (fault and fault.kinds) == kinds
    assert fault is None or set(fault.kinds) <= set(KINDS)


def test_a_misquote_alone_is_a_fault() -> None:
    record = answer("47382", **FACTS)
    quoted = Record(
        **{**fields(record), "approach": Fact("percutaneous", (Evidence(0, 3, "approach", "xyz", "body"),))}
    )
    fault = find_fault(gold_note(**SUGGEST), quoted)
    assert fault is not None
    assert (fault.kinds, fault.details["misquotes"]) == (("misquote",), [[0, 3]])


def fields(record: Record) -> dict[str, Any]:
    return {name: getattr(record, name) for name in Record.__dataclass_fields__}


def test_a_fault_tells_expected_got_and_the_marks_that_were_misread(corpus: Path) -> None:
    run(corpus, out=corpus.parent)
    (fault,) = json.loads((corpus.parent / "evaluation.json").read_text())["errors"]
    place = {"start": MARK.start, "end": MARK.end}
    assert fault["note_id"] == "prose/01.txt"
    assert fault["traps"] == ["hand-assisted"]
    assert fault["kinds"] == ["wrong-code", "missed-code", "approach"]
    assert fault["expected"] == {"decision": "suggest", "codes": ["47371"], "approach": "laparoscopic"}
    assert fault["got"] == {"decision": "suggest", "codes": ["47383"], "approach": "percutaneous"}
    assert fault["evidence"]["approach"] == [{**place, "section": "procedure"}]
    assert fault["marks"] == [
        {
            **{"label": "approach", "value": "laparoscopic", **place},
            **{"expected": "performed", "got": "planned", "rule": "app-1", "why": "rule-x"},
        }
    ]


def test_marks_read_rightly_or_wrong_without_consequence_are_not_listed() -> None:
    statuses = [("performed", "performed"), ("historical", "planned"), ("performed", None), ("negated", "performed")]
    marks = [Mark(at, at + 1, "approach", "open", wanted, TEXT[at]) for at, (wanted, _) in enumerate(statuses)]
    found = [
        Mention(at, at + 1, "approach", "open", TEXT[at], "body", got) for at, (_, got) in enumerate(statuses) if got
    ]
    record = Record(None, Note(TEXT).sha256, None, Engine("0", "0" * 64), "review", mentions=tuple(found))
    fault = find_fault(AnnotatedNote("a.txt", "prose", TEXT, tuple(marks), Gold("none")), record)
    assert fault is not None
    listed = [(mark["start"], mark["expected"], mark["got"]) for mark in fault.details["marks"]]
    assert listed == [(2, "performed", "not found"), (3, "negated", "performed")]


def test_the_gravest_fault_comes_first() -> None:
    notes = [gold_note(1, **SUGGEST), gold_note(2), gold_note(3, **SUGGEST)]
    result = evaluate(notes, [answer("47382"), answer("47382"), answer("47382", **FACTS)])
    assert [fault.note_id for fault in result.errors] == ["prose/2.txt", "prose/1.txt"]


# --- the note's words --------------------------------------------------------------------------------------------


def test_no_words_of_the_note_unless_asked(corpus: Path) -> None:
    assert PLANTED not in run(corpus, out=corpus.parent)
    content = (corpus.parent / "evaluation.json").read_text()
    assert PLANTED not in content
    assert json.loads(content)["shows_text"] is False


def test_words_of_the_note_when_asked_and_said_so(corpus: Path) -> None:
    shown = run(corpus, out=corpus.parent, show_text=True)
    assert f"{MARK.start}-{MARK.end} '{PLANTED}'" in shown
    assert "This listing quotes the notes." in shown
    assert json.loads((corpus.parent / "evaluation.json").read_text())["shows_text"] is True


def test_a_suggester_that_fails_is_named_without_its_message(tmp_path: Path) -> None:
    write_note(tmp_path / "prose", "01", f"RAISE {PLANTED}", (), Gold("none"))
    with pytest.raises(AblacodeError, match=r"^prose/01\.txt: the suggester failed \(ValueError") as caught:
        run(tmp_path)
    assert PLANTED not in str(caught.value)
    # A chained exception would be shown with its message, which quotes the note.
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


# --- the file and the tables -------------------------------------------------------------------------------------


def test_the_file_has_the_promised_form(corpus: Path) -> None:
    run(corpus, out=corpus.parent / "deep" / "figures.json")
    content = json.loads((corpus.parent / "deep" / "figures.json").read_text())
    assert {"schema_version", "n", "metrics", "by_family", "by_trap", "errors"} <= set(content)
    assert content["n"] == 1
    groups = [content["metrics"], content["by_family"]["prose"], content["by_trap"]["hand-assisted"]]
    for metric in (metric for group in groups for metric in group.values()):
        assert list(metric) == ["value", "n", "low", "high"]
    assert content["answers"] == [
        {"note_id": "prose/01.txt", "family": "prose", "expected": ["suggest", "47371"], "got": ["suggest", "47383"]}
    ]


def test_the_same_notes_give_the_same_bytes(corpus: Path) -> None:
    for name in ("a", "b"):
        run(corpus, out=corpus.parent / name)
    first, second = ((corpus.parent / name / "evaluation.json").read_bytes() for name in ("a", "b"))
    assert first == second


def test_every_figure_in_the_tables_has_n() -> None:
    notes = [gold_note(1, **SUGGEST), gold_note(2, "log"), gold_note(3, "log", **REVIEW, traps=("biopsy",))]
    shown = render(evaluate(notes, [answer("47382", **FACTS), answer(), answer(**REVIEW)]))
    tables, _, faults = shown.partition("Notes that went wrong: 0")
    assert faults == "\n"
    assert tables.count("] n=") == tables.count(" [0.") + tables.count(" [1.") > 30
    for name in ("47370", "47382", "log", "biopsy", "tumor_count", "guidance"):
        assert name in tables


WRONG: dict[str, Any] = {
    "no-folder": (lambda path: run(path / "nowhere"), UsageError, "there is no folder"),
    "no-notes": (lambda path: run(path), CorpusError, "no annotated notes"),
    "nothing": (lambda path: evaluate([], []), UsageError, "nothing to evaluate"),
    "too-few-records": (lambda path: evaluate([gold_note()], []), UsageError, "1 notes and 0 records"),
    "record-of-another-note": (
        lambda path: evaluate([AnnotatedNote("x.txt", "prose", "Other.", (), Gold("none"))], [answer()]),
        UsageError,
        "x.txt: the record beside it answers for another text",
    ),
    "code-outside-the-family": (
        lambda path: evaluate([gold_note()], [answer("47379")]),
        UsageError,
        "none of the six codes",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_use(name: str, tmp_path: Path) -> None:
    act, error, message = WRONG[name]
    with pytest.raises(error, match=message):
        act(tmp_path)


def test_an_output_that_cannot_be_written(corpus: Path) -> None:
    (corpus.parent / "file").write_text("x")
    with pytest.raises(AblacodeError, match=r"cannot write .* -o OUT"):
        run(corpus, out=corpus.parent / "file")
    assert isinstance(evaluate([gold_note()], [answer()]), Evaluation)


def test_reasons_are_named_by_id(corpus: Path) -> None:
    record = Record(**{**fields(answer(**REVIEW)), "reasons": (Reason("contradiction", f"because {PLANTED}"),)})
    shown = render(evaluate([gold_note()], [record]))
    assert "reasons: contradiction" in shown
    assert PLANTED not in shown
