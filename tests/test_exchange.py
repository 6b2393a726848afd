"""Do annotated notes survive the way to Label Studio, Prodigy and doccano and back, and is a drift of offsets found, mended or refused?"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ablacode.domain import LABELS, STATUSES
from ablacode.errors import CorpusError
from ablacode.exchange import (
    Imported,
    labelling_config,
    read_doccano,
    read_labelstudio,
    read_prodigy,
    write_doccano,
    write_labelstudio,
    write_prodigy,
)
from ablacode.markup import Mark
from ablacode.read.corpus import AnnotatedNote, Gold, load_corpus

FORMATS: dict[str, tuple[Callable[..., str], Callable[..., Imported]]] = {
    "label-studio": (write_labelstudio, read_labelstudio),
    "prodigy": (write_prodigy, read_prodigy),
    "doccano": (write_doccano, read_doccano),
}
GOLD = Gold(
    "suggest",
    ("47382", "47383"),
    "percutaneous",
    "cryo+microwave",
    2,
    ("ct", "ultrasound"),
    "2024-03-05",
    (),
    ("two-energies",),
    "heat and cold, two tumours",
)


def note(text: str, *words: str, gold: Gold = GOLD, note_id: str = "ir/a.txt") -> AnnotatedNote:
    """A note with a mark on the first place of each of these words."""
    marks = []
    for number, word in enumerate(words):
        start = text.index(word)
        label = sorted(LABELS)[number % len(LABELS)]
        marks.append(Mark(start, start + len(word), label, f"v {number}", sorted(STATUSES)[number % 9], word))
    return AnnotatedNote(note_id, "style", text, tuple(sorted(marks)), gold)


TEXTS = {
    "plain": note("MWA of S5 under CT.", "MWA", "S5", "CT"),
    "no-marks": note("Nothing to mark.", gold=Gold("none")),
    "emoji-before": note("🧊🧊 ice ball over S5 🔥 MWA", "ice ball", "S5", "MWA"),
    "emoji-inside": note("the ice 🧊 ball grew", "ice 🧊 ball"),
    "combining-marks": note("re\u0301sum\u00e9 of the e\u0301lectrode in S5", "e\u0301lectrode", "S5"),
    "crlf": note("Line one\r\nMWA\r\nof S5\r\nwas done", "MWA", "S5", "done"),
    "crlf-inside": note("a micro\r\nwave probe", "micro\r\nwave"),
    "crlf-and-emoji": note("🙂\r\n🙂\r\nMWA of S5", "MWA", "S5"),
    "lone-cr": note("Line one\rMWA of S5", "MWA", "S5"),
    "unicode-line-ends": note("one\u2028two\u0085MWA\x0bof S5", "MWA", "S5"),
    "byte-order-mark-inside": note("a\ufeffMWA", "MWA"),
    "quotes-and-backslash": note('he said "MWA" \\n C:\\x', "MWA", "C:\\x"),
    "overlapping": note("right lobe liver tumor", "right lobe liver", "liver tumor", "liver"),
    "same-place-twice": note("RFA electrode", "RFA", "RFA"),
    "at-both-ends": note("MWA of S5", "MWA", "S5"),
    "review": note("ablated", "ablated", gold=Gold("review", reasons=("energy-not-documented",), tumor_count=1)),
}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("tool", FORMATS)
def test_the_way_there_and_back_loses_nothing(tool: str, name: str) -> None:
    write, read = FORMATS[tool]
    assert read(write([TEXTS[name]])) == Imported((TEXTS[name],))
    assert read(write([TEXTS[name]]).encode()) == Imported((TEXTS[name],))


@pytest.mark.parametrize("tool", FORMATS)
def test_the_whole_dev_part_comes_back(tool: str) -> None:
    write, read = FORMATS[tool]
    notes = tuple(load_corpus(Path(__file__).parents[1] / "corpora/dev"))
    assert read(write(notes)) == Imported(notes)


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("ab 🧊\r\n\u0301\u2028é"), min_size=1, max_size=30), st.data())
def test_any_span_of_any_text_comes_back(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    one = AnnotatedNote("a.txt", "", text, (Mark(start, end, "target", "x", "planned", text[start:end]),), Gold("none"))
    for write, read in FORMATS.values():
        assert read(write([one])) == Imported((one,))


# --- what tools make of offsets ----------------------------------------------------------------------------------


def task(text: str, *spans: tuple[int, int, str], note_id: str = "a.txt") -> str:
    """An export of Label Studio with these spans (start, end, quote)."""
    result: list[dict[str, Any]] = [{"id": "d", "from_name": "decision", "value": {"choices": ["none"]}}]
    for number, (start, end, quote) in enumerate(spans):
        where = {"start": start, "end": end}
        result += [
            {"id": f"r{number}", "from_name": "label", "value": {**where, "text": quote, "labels": ["Target"]}},
            {"id": f"r{number}", "from_name": "status", "value": {**where, "choices": ["planned"]}},
            {"id": f"r{number}", "from_name": "value", "value": {**where, "text": ["liver"]}},
        ]
    return json.dumps([{"data": {"text": text, "note_id": note_id}, "annotations": [{"result": result}]}])


DRIFT = {
    "utf-16-units": ("🧊 ice S5", (7, 9, "S5"), "S5", False),
    "code-points-though-utf-16-is-usual": ("🧊 ice S5", (6, 8, "S5"), "S5", False),
    "line-ends-counted-once": ("a\r\nb\r\nS5 x", (4, 6, "S5"), "S5", False),
    "line-ends-once-and-utf-16": ("🧊\r\n🧊\r\nS5 x", (6, 8, "S5"), "S5", False),
    "quote-with-the-browsers-line-end": ("a\r\nmicro\r\nwave", (2, 12, "micro\nwave"), "micro\r\nwave", False),
    "off-by-three-but-the-words-stand-once": ("the lesion in S5", (11, 13, "S5"), "S5", True),
    "beyond-the-end-but-the-words-stand-once": ("the lesion in S5", (90, 92, "S5"), "S5", True),
    "backwards-but-the-words-stand-once": ("the lesion in S5", (9, 4, "S5"), "S5", True),
}


@pytest.mark.parametrize("name", DRIFT)
def test_a_drift_is_seen_and_mended(name: str) -> None:
    text, span, words, repaired = DRIFT[name]
    found = read_labelstudio(task(text, span))
    assert [mark.text for mark in found.notes[0].marks] == [words]
    assert found.notes[0].text == text
    assert bool(found.repairs) == repaired
    assert not any(words in line for line in found.repairs)


REFUSED = {
    "words-stand-twice": (("S5 and S5", (1, 3, "S5")), "more than once"),
    "words-are-not-there": (("S5 and S6", (1, 3, "S7")), "not in it"),
    "no-words-given": (("S5 and S6", (1, 33, "")), "not in it"),
    "inside-an-emoji": (("🧊 S5 S5", (1, 3, "S5")), "more than once"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_offset_is_never_guessed(name: str) -> None:
    (text, span), message = REFUSED[name]
    with pytest.raises(CorpusError, match=message) as caught:
        read_labelstudio(task(text, span))
    assert "S5" not in str(caught.value)


def test_the_kept_text_is_what_comes_back() -> None:
    kept = "Line 🧊\r\nMWA of S5\r\nend"
    shown = kept.replace("\r\n", "\n")
    found = read_labelstudio(task(shown, (8, 11, "MWA")), texts={"a.txt": kept})
    assert found.notes[0].text == kept
    assert [(mark.text, kept[mark.start : mark.end]) for mark in found.notes[0].marks] == [("MWA", "MWA")]
    for write, read in FORMATS.values():
        one = note(kept, "MWA", "S5")
        theirs = AnnotatedNote(one.note_id, one.family, shown, note(shown, "MWA", "S5").marks, one.gold)
        assert read(write([theirs]), texts={one.note_id: kept}).notes == (one,)


@pytest.mark.parametrize("texts", [{"a.txt": "another text"}, {"b.txt": "MWA"}])
def test_a_note_that_is_another_is_refused(texts: dict[str, str]) -> None:
    with pytest.raises(CorpusError):
        read_labelstudio(task("MWA", (0, 3, "MWA")), texts=texts)


# --- what tools leave in their files -----------------------------------------------------------------------------


def test_the_last_annotation_counts_and_no_prediction() -> None:
    rows = json.loads(task("MWA of S5", (0, 3, "MWA")))
    other = json.loads(task("MWA of S5", (7, 9, "S5")))[0]["annotations"][0]
    rows[0]["annotations"][0]["updated_at"] = "2026-01-02T00:00:00Z"
    rows[0]["annotations"] += [{**other, "updated_at": "2026-01-01T00:00:00Z"}, {**other, "was_cancelled": True}]
    rows.append({"data": {"text": "x", "note_id": "b.txt"}, "annotations": [], "predictions": [other]})
    found = read_labelstudio(json.dumps(rows))
    assert [[mark.text for mark in one.marks] for one in found.notes] == [["MWA"]]
    assert found.repairs == ("b.txt: left out, nobody annotated it",)


@pytest.mark.parametrize("answer", ["reject", "ignore"])
def test_what_was_not_accepted_in_prodigy_is_left_out_and_named(answer: str) -> None:
    line = json.dumps({**json.loads(write_prodigy([TEXTS["plain"]])), "answer": answer})
    assert read_prodigy(line) == Imported((), ("ir/a.txt: left out, its answer is not accept",))


PLANTED = "Wilhelmina Quastenflosser"


def _prodigy(**change: Any) -> str:
    return json.dumps({**json.loads(write_prodigy([note(f"{PLANTED} MWA", "MWA")])), **change})


BROKEN: dict[str, tuple[Callable[[str], Imported], str]] = {
    "no-json": (read_labelstudio, f"[{PLANTED}"),
    "no-list": (read_labelstudio, "{}"),
    "a-task-that-is-none": (read_labelstudio, f'["{PLANTED}"]'),
    "unknown-decision": (read_labelstudio, task(PLANTED).replace("none", "perhaps")),
    "unknown-label": (read_labelstudio, task(PLANTED, (0, 3, "Wil")).replace("Target", "Person")),
    "unknown-status": (read_labelstudio, task(PLANTED, (0, 3, "Wil")).replace("planned", "hoped")),
    "broken-line": (read_prodigy, f'{{"text": "{PLANTED}'),
    "offset-no-number": (read_prodigy, _prodigy(spans=[{"start": "0", "end": 3, "label": "Target"}])),
    "no-meta": (read_prodigy, _prodigy(meta=None)),
    "twice": (read_prodigy, _prodigy() + "\n" + _prodigy()),
    "text-no-string": (read_prodigy, _prodigy(text=[PLANTED])),
    "doccano-span-of-two": (read_doccano, write_doccano([note(f"{PLANTED} MWA", "MWA")]).replace("[[26, 29,", "[[29,")),
    "doccano-beyond-the-end": (read_doccano, write_doccano([note("x MWA", "MWA")]).replace("[[2, 5,", "[[2, 50,")),
    "doccano-without-status": (read_doccano, write_doccano([note("x MWA", "MWA")]).replace("|", "/")),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_a_clear_error_without_words_of_it(name: str) -> None:
    read, data = BROKEN[name]
    with pytest.raises(CorpusError) as caught:
        read(data)
    assert not any(part in str(caught.value) for part in PLANTED.split())
    assert caught.value.__cause__ is None


def test_the_labelling_interface_has_what_the_tasks_name() -> None:
    view = ET.fromstring(labelling_config())
    controls = {one.get("name"): one for one in view.iter() if one.get("name")}
    task_results = json.loads(write_labelstudio([TEXTS["plain"], TEXTS["review"]]))
    used = {(one["from_name"], one["type"]) for row in task_results for one in row["annotations"][0]["result"]}
    kinds = {"Labels": "labels", "Choices": "choices", "TextArea": "textarea"}
    assert used <= {(name, kinds.get(one.tag, "")) for name, one in controls.items()}
    assert {one.get("value") for one in controls["label"]} == {
        "Approach",
        "Delivery",
        "Guidance",
        "Modality",
        "Target",
        "TumorCount",
    }
    assert {one.get("value") for one in controls["status"]} == STATUSES
    assert {one.get("toName") for one in controls.values() if one.tag != "Text"} == {"text"}
