"""Is the agreement of two annotators what it should be where the answer is known, and are planted errors counted right?"""

from __future__ import annotations

import dataclasses
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from sklearn.metrics import cohen_kappa_score

from ablacode.errors import CorpusError
from ablacode.markup import parse
from ablacode.read.corpus import Gold, write_note

ROOT = Path(__file__).parents[1]


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("agreement", ROOT / "scripts/agreement.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["agreement"] = module
    spec.loader.exec_module(module)
    return module


agreement = _load()
HEAT = Gold("suggest", ("47382",), "percutaneous", "microwave", 1, ("ct", "ultrasound"), "2024-03-05")
COLD = Gold("suggest", ("47383",), "percutaneous", "cryo", 2, ("ct",), "2024-03-06")
REVIEW = Gold("review", reasons=("approach-not-documented",))
NONE = Gold("none")
SPANS = (
    agreement.Span(0, 9, "modality", "microwave", "performed"),
    agreement.Span(20, 30, "target", "liver-tumor", "performed"),
    agreement.Span(40, 43, "modality", "radiofrequency", "historical"),
)


def pair(name: str, first: Gold, second: Gold, one: tuple = SPANS, other: tuple = SPANS) -> object:
    return agreement.Pair(name, agreement.Annotation(first, one), agreement.Annotation(second, other))


def test_two_equal_annotations_agree_wholly() -> None:
    notes = [pair(str(i), gold, gold) for i, gold in enumerate((HEAT, COLD, REVIEW, NONE) * 6)]
    assert {one.value for one in agreement.measure(notes).values() if one.n} == {1.0}
    errors = agreement.plant(notes)
    assert (len(errors), {error.caught for error in errors}) == (20, {True})


def test_kappa_is_that_of_scikit_learn() -> None:
    told = [(HEAT, HEAT), (HEAT, NONE), (NONE, NONE), (REVIEW, HEAT), (REVIEW, REVIEW), (COLD, HEAT), (NONE, NONE)]
    found = agreement.measure([pair(str(i), *both) for i, both in enumerate(told)])
    decisions = [[gold.decision for gold in side] for side in zip(*told, strict=True)]
    assert found["decision, kappa"].value == pytest.approx(cohen_kappa_score(*decisions))
    codes = [["+".join(gold.codes) or gold.decision for gold in side] for side in zip(*told, strict=True)]
    assert found["codes, kappa"].value == pytest.approx(cohen_kappa_score(*codes))


def test_spans_are_paired_within_a_label() -> None:
    other = (dataclasses.replace(SPANS[0], end=7), dataclasses.replace(SPANS[1], label="approach"), SPANS[2])
    found = agreement.measure([pair("a", HEAT, HEAT, SPANS, other)])
    assert found["spans, overlap F1, all"].value == pytest.approx(2 * 2 / 6)
    assert found["spans, exact F1, all"].value == pytest.approx(2 * 1 / 6)
    assert found["spans, overlap F1, target"].value == 0
    assert found["status of a span both marked"].value == 1


@pytest.mark.parametrize(
    ("kind", "second", "spans"),
    [
        ("code", dataclasses.replace(HEAT, codes=("47380",)), SPANS),
        ("decision", NONE, SPANS),
        ("guidance", dataclasses.replace(HEAT, guidance=("ct",)), SPANS),
        ("tumor_count", dataclasses.replace(HEAT, tumor_count=None), SPANS),
        ("span left out", HEAT, ()),
        ("status of a span", HEAT, tuple(dataclasses.replace(span, status="mention") for span in SPANS)),
        ("value of a span", HEAT, tuple(dataclasses.replace(span, value="other") for span in SPANS)),
    ],
)
def test_an_error_is_caught_only_by_the_answer_that_stood_there(kind: str, second: Gold, spans: tuple) -> None:
    chance = agreement.random.Random(1)
    assert agreement.KINDS[kind](pair("a", HEAT, HEAT), chance) is True
    assert agreement.KINDS[kind](pair("a", HEAT, second, SPANS, spans), chance) is False


def test_two_folders_become_lines_without_text_and_back(tmp_path: Path) -> None:
    text, marks = parse("A [microwave antenna](modality=microwave) 🧊 in the [tumour](target=tumor).")
    for folder, gold in (("first", HEAT), ("second", COLD)):
        write_note(tmp_path / folder / "style", "1", text, marks, gold)
    lines = agreement.join(tmp_path / "first", tmp_path / "second")
    assert "antenna" not in lines
    [note] = agreement.read_pairs(lines)
    assert (note.note, note.first.gold, note.second.gold) == ("style/1.txt", HEAT, COLD)
    assert [text[span.start : span.end] for span in note.second.spans] == ["microwave antenna", "tumour"]
    write_note(tmp_path / "second" / "style", "1", text + " More.", marks, COLD)
    with pytest.raises(CorpusError, match=r"style/1\.txt"):
        agreement.join(tmp_path / "first", tmp_path / "second")
