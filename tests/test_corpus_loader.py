"""Does an annotated note come back as it was written, and is one that does not hold together refused?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ablacode.errors import CorpusError, MarkupError
from ablacode.markup import Mark, parse
from ablacode.read.corpus import (
    Gold,
    gold_to_dict,
    iter_drafts,
    load_corpus,
    load_note,
    make_gold,
    parse_draft,
    write_note,
)

SUGGEST: dict[str, Any] = {
    "decision": "suggest",
    "codes": ["47382"],
    "approach": "percutaneous",
    "modality": "microwave",
    "tumor_count": 2,
    "guidance": ["ct", "ultrasound"],
    "date_of_service": "2024-03-05",
    "reasons": [],
    "traps": ["biopsy"],
    "why": "plain",
}
REVIEW = {"decision": "review", "reasons": ["contradiction"]}

# --- the answers -------------------------------------------------------------------------------------------------


def test_a_whole_answer() -> None:
    gold = make_gold(SUGGEST, "n")
    assert gold == Gold(
        *("suggest", ("47382",), "percutaneous", "microwave", 2, ("ct", "ultrasound"), "2024-03-05", (), ("biopsy",)),
        "plain",
    )
    assert gold_to_dict(gold) == SUGGEST


ACCEPTED = {
    "none-alone": {"decision": "none"},
    "review-with-reason": REVIEW,
    "review-with-facts": {**REVIEW, "modality": "ire", "approach": "percutaneous", "tumor_count": 1},
    "none-with-date": {"decision": "none", "date_of_service": "2024-01-01"},
    "none-with-null-lists": {"decision": "none", "codes": None, "guidance": None},
    "two-codes": {**SUGGEST, "codes": ["47382", "47383"], "modality": "cryo+microwave"},
    "count-open": {**SUGGEST, "tumor_count": None},
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted_answer(name: str) -> None:
    assert make_gold(ACCEPTED[name], "n").decision == ACCEPTED[name]["decision"]


REFUSED = {
    "unknown-key": {**SUGGEST, "colour": "red"},
    "unknown-decision": {"decision": "maybe"},
    "unknown-code": {**SUGGEST, "codes": ["47399"]},
    "codes-as-text": {**SUGGEST, "codes": "47382"},
    "codes-with-review": {**REVIEW, "codes": ["47382"]},
    "codes-with-none": {"decision": "none", "codes": ["47382"]},
    "suggest-without-codes": {**SUGGEST, "codes": []},
    "review-without-reason": {"decision": "review"},
    "reason-with-suggest": {**SUGGEST, "reasons": ["contradiction"]},
    "reason-with-none": {"decision": "none", "reasons": ["contradiction"]},
    "approach-with-none": {"decision": "none", "approach": "open"},
    "modality-with-none": {"decision": "none", "modality": "cryo"},
    "count-with-none": {"decision": "none", "tumor_count": 1},
    "guidance-with-none": {"decision": "none", "guidance": ["ct"]},
    "no-decision": {},
    "code-twice": {**SUGGEST, "codes": ["47382", "47382"]},
    "unknown-approach": {**SUGGEST, "approach": "through the roof"},
    "unknown-modality": {**SUGGEST, "modality": "steam"},
    "modality-parts-out-of-order": {**SUGGEST, "modality": "microwave+cryo"},
    "unknown-guidance": {**SUGGEST, "guidance": ["CT"]},
    "count-as-text": {**SUGGEST, "tumor_count": "2"},
    "count-of-none": {**SUGGEST, "tumor_count": 0},
    "date-in-another-form": {**SUGGEST, "date_of_service": "03/05/2024"},
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_answer(name: str) -> None:
    with pytest.raises(CorpusError, match=r"^train/x\.txt: "):
        make_gold(REFUSED[name], "train/x.txt")


# --- there and back on disk -------------------------------------------------------------------------------------------

MARK = Mark(0, 3, "modality", "radiofrequency", "performed", "RFA")
HARD_TEXTS = {
    "crlf": "RFA\r\nof the liver\r\n",
    "emoji-before": "🧊👩‍⚕️ RFA of the liver",
    "combining-mark": "re\u0301section, RFA",
    "line-separators": "a\u2028b\x85c\x0cRFA",
    "byte-order-mark-inside": "a\ufeffRFA",
    "no-line-end": "RFA",
}


@pytest.mark.parametrize("name", HARD_TEXTS)
def test_files_there_and_back(name: str, tmp_path: Path) -> None:
    text = HARD_TEXTS[name]
    at = text.index("RFA")
    marks = (Mark(at, at + 3, "modality", "radiofrequency", "performed", "RFA"),)
    gold = make_gold({**SUGGEST, "why": "é"}, "n")
    write_note(tmp_path / "train" / "prose", "01", text, marks, gold)
    (note,) = load_corpus(tmp_path)
    assert (note.note_id, note.family, note.text) == ("train/prose/01.txt", "prose", text)
    assert (note.marks, note.gold) == (marks, gold)


def test_notes_come_in_order_and_other_files_are_left_alone(tmp_path: Path) -> None:
    for family, stem in (("b", "01"), ("a", "02"), ("a", "01")):
        write_note(tmp_path / family, stem, "RFA", (), make_gold({"decision": "none"}, "n"))
    (tmp_path / "README.md").write_text("x")
    (tmp_path / "a" / "loose.txt").write_text("x")
    assert [note.note_id for note in load_corpus(tmp_path)] == ["a/01.txt", "a/02.txt", "b/01.txt"]


def test_a_folder_without_annotated_notes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(CorpusError, match="no annotated notes"):
        load_corpus(tmp_path)


DAMAGE = {
    "text-changed": (".txt", "RFX"),
    "ann-missing": (".ann", None),
    "text-missing": (".txt", None),
    "gold-is-no-json": (".gold.json", "{"),
    "gold-is-a-list": (".gold.json", "[]"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damaged_files_are_refused(name: str, tmp_path: Path) -> None:
    write_note(tmp_path / "a", "01", "RFA", (MARK,), make_gold(SUGGEST, "n"))
    suffix, content = DAMAGE[name]
    path = tmp_path / "a" / f"01{suffix}"
    path.unlink() if content is None else path.write_text(content)
    with pytest.raises(CorpusError, match=r"a/01\.txt"):
        load_note(tmp_path / "a" / "01.txt", tmp_path)


# --- drafts ------------------------------------------------------------------------------------------------------

DRAFT = """decision: suggest
codes: 47382
approach: percutaneous
modality: microwave
tumor_count: 2
guidance: ct, ultrasound
date_of_service: 2024-03-05
reasons:
traps: biopsy
why: plain
=====
Under [CT](guidance=ct) ...
=====
[x] done
"""


def test_draft() -> None:
    text, marks, gold = parse_draft(DRAFT, "n")
    assert text == "Under CT ...\n=====\n[x] done\n"
    assert marks == (Mark(6, 8, "guidance", "ct", "performed", "CT"),)
    assert gold_to_dict(gold) == SUGGEST


def test_an_empty_count_is_open() -> None:
    assert parse_draft(DRAFT.replace("tumor_count: 2", "tumor_count:"), "n")[2].tumor_count is None


BROKEN_DRAFTS: dict[str, tuple[str, type[Exception]]] = {
    "no-line": (DRAFT.replace("=====", "----"), CorpusError),
    "unknown-key": (DRAFT.replace("why:", "because:"), CorpusError),
    "codes-missing": (DRAFT.replace("codes: 47382", "codes:"), CorpusError),
    "broken-mark": (DRAFT.replace("guidance=ct)", "guidance=ct"), MarkupError),
    "count-in-words": (DRAFT.replace("tumor_count: 2", "tumor_count: two"), CorpusError),
    "key-twice": (DRAFT.replace("codes: 47382", "codes: 47382\ncodes: 47383"), CorpusError),
}


@pytest.mark.parametrize("name", BROKEN_DRAFTS)
def test_broken_draft_is_refused(name: str) -> None:
    draft, error = BROKEN_DRAFTS[name]
    with pytest.raises(error) as caught:
        parse_draft(draft, "n")
    assert type(caught.value) is error


def test_a_draft_and_its_files_say_the_same(tmp_path: Path) -> None:
    text, marks, gold = parse_draft(DRAFT, "n")
    write_note(tmp_path / "a", "01", text, marks, gold)
    (note,) = load_corpus(tmp_path)
    assert (note.text, note.marks, note.gold) == (text, marks, gold)
    assert parse(DRAFT.partition("\n=====\n")[2]) == (note.text, note.marks)
    assert json.loads((tmp_path / "a" / "01.gold.json").read_text(encoding="utf-8")) == SUGGEST


def test_drafts_are_found_in_folders_and_by_name(tmp_path: Path) -> None:
    for name in ("b.draft", "a/c.draft", "a/d.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    found = [path.relative_to(tmp_path).as_posix() for path in iter_drafts([tmp_path, tmp_path / "a" / "d.txt"])]
    assert found == ["a/c.draft", "a/d.txt", "b.draft", "a/d.txt"]
