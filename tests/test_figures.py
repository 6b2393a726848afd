"""Do the figures agree with those worked out by hand and with scikit-learn's, each with n and an interval?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, confusion_matrix, precision_recall_fscore_support

from ablacode.domain import CODES, DECISIONS, Record
from ablacode.evaluate import Metric, evaluate, wilson
from ablacode.evaluate.metrics import MEASURES, measure_all
from ablacode.evaluate.scores import count_note
from ablacode.read.corpus import AnnotatedNote

sys.path.insert(0, str(Path(__file__).parent))
from scored import answer, gold_note

# --- five notes by hand ------------------------------------------------------------------------------------------

FIVE = [
    (gold_note(1, codes=("47382",), traps=("biopsy",)), answer("47382")),
    (gold_note(2, codes=("47382", "47383"), traps=("biopsy", "partial")), answer("47382")),
    (gold_note(3, "log", codes=("47380",)), answer("47382")),
    (gold_note(4, "log", decision="review", reasons=("contradiction",)), answer(decision="review", reasons=("x",))),
    (gold_note(5, "log"), answer("47381", "47383")),
]
# Suggested: 47382 three times (two right), 47381 and 47383 once (wrong). Expected: 47382 twice, 47383, 47380 once.
BY_HAND = {
    "codes.micro.precision": (2 / 5, 5),
    "codes.micro.recall": (2 / 4, 4),
    "codes.micro.f1": (4 / 9, 7),
    "code.47382.precision": (2 / 3, 3),
    "code.47382.recall": (1.0, 2),
    "code.47382.f1": (4 / 5, 3),
    "code.47380.precision": (None, 0),
    "code.47380.recall": (0.0, 1),
    "code.47370.f1": (None, 0),
    "codes.macro.precision": ((2 / 3 + 0 + 0 + 0) / 4, 5),
    "codes.macro.recall": ((1 + 0 + 0 + 0) / 4, 4),
    "codes.macro.f1": ((4 / 5 + 0 + 0 + 0) / 4, 7),
    "codes.wrong": (3 / 5, 5),
    "codes.missed": (2 / 4, 4),
    "notes.wrong_code": (2 / 5, 5),
    "answer.exact": (2 / 5, 5),
    "codes.exact": (2 / 5, 5),
    "decision.accuracy": (4 / 5, 5),
    "decision.review.precision": (1.0, 1),
    "decision.none.recall": (0.0, 1),
    "review.without_need": (0.0, 4),
    "review.reason": (0.0, 1),
}


def evaluation() -> Any:
    notes, records = zip(*FIVE, strict=True)
    return evaluate(notes, records)


@pytest.mark.parametrize("name", BY_HAND)
def test_five_notes(name: str) -> None:
    value, n = BY_HAND[name]
    metric = evaluation().metrics[name]
    assert metric.n == n
    assert metric.value == (None if value is None else pytest.approx(value))


def test_rates_carry_wilsons_interval() -> None:
    metrics = evaluation().metrics
    assert metrics["answer.exact"] == Metric(0.4, 5, *wilson(2, 5))
    assert metrics["codes.wrong"] == Metric(pytest.approx(0.6), 5, *wilson(3, 5))


def test_groups_hold_their_notes_and_a_note_stands_under_each_of_its_traps() -> None:
    result = evaluation()
    assert {name: group["answer.exact"].n for name, group in result.by_family.items()} == {"log": 3, "prose": 2}
    assert {name: group["answer.exact"].n for name, group in result.by_trap.items()} == {"biopsy": 2, "partial": 1}
    assert result.by_trap["partial"]["codes.micro.recall"].value == 0.5


def test_decision_table() -> None:
    result = evaluation()
    found = {(gold, got): result.decided(gold, got) for gold in DECISIONS for got in DECISIONS}
    cells = {("suggest", "suggest"): 3, ("review", "review"): 1, ("none", "suggest"): 1}
    assert found == {**dict.fromkeys(found, 0), **cells}


# --- against scikit-learn ----------------------------------------------------------------------------------------

CODE_SETS = st.sets(st.sampled_from(CODES), max_size=3)
CASES = st.lists(st.tuples(CODE_SETS, CODE_SETS, st.booleans(), st.booleans()), min_size=1, max_size=15)


def cases_to_notes(cases: list[tuple[set[str], set[str], bool, bool]]) -> tuple[list[AnnotatedNote], list[Record]]:
    notes, records = [], []
    for number, (wanted, found, gold_review, review) in enumerate(cases):
        decision = "suggest" if wanted else "review" if gold_review else "none"
        notes.append(gold_note(number, codes=tuple(wanted), decision=decision))
        records.append(answer(*sorted(found), decision=None if found or not review else "review"))
    return notes, records


@settings(deadline=None, max_examples=60)
@given(CASES)
def test_figures_agree_with_scikit_learn(cases: list[tuple[set[str], set[str], bool, bool]]) -> None:
    notes, records = cases_to_notes(cases)
    metrics = measure_all([count_note(n, r) for n, r in zip(notes, records, strict=True)], CODE_MEASURES)
    wanted = np.array([[code in case[0] for code in CODES] for case in cases], dtype=int)
    found = np.array([[code in case[1] for code in CODES] for case in cases], dtype=int)
    occurs = [index for index in range(len(CODES)) if wanted[:, index].any() or found[:, index].any()]
    for average in ("micro", "macro") if occurs else ():
        theirs = precision_recall_fscore_support(wanted, found, labels=occurs, average=average, zero_division=0)
        check(metrics, f"codes.{average}", theirs[:3])
    per_code = precision_recall_fscore_support(wanted, found, average=None, zero_division=0, labels=range(len(CODES)))
    for index, code in enumerate(CODES):
        check(metrics, f"code.{code}", [figure[index] for figure in per_code[:3]])
        assert metrics[f"code.{code}.recall"].n == per_code[3][index]
    assert metrics["codes.exact"].value == pytest.approx(accuracy_score(wanted, found))


CODE_MEASURES = {name: m for name, m in MEASURES.items() if name.startswith(("code.", "codes.", "decision."))}


def check(metrics: dict[str, Metric], name: str, theirs: Any) -> None:
    """Ours is theirs, but where nothing was measured they say 0 and we say nothing."""
    for part, figure in zip(("precision", "recall", "f1"), theirs, strict=True):
        metric = metrics[f"{name}.{part}"]
        assert (metric.value or 0.0) == pytest.approx(figure)
        assert (metric.value is None) == (metric.n == 0)


@settings(deadline=None, max_examples=30)
@given(CASES)
def test_decisions_agree_with_scikit_learn(cases: list[tuple[set[str], set[str], bool, bool]]) -> None:
    notes, records = cases_to_notes(cases)
    result = evaluate(notes, records)
    wanted, found = [note.gold.decision for note in notes], [record.decision for record in records]
    table = [[result.decided(gold, got) for got in DECISIONS] for gold in DECISIONS]
    assert table == confusion_matrix(wanted, found, labels=list(DECISIONS)).tolist()
    assert result.metrics["decision.accuracy"].value == pytest.approx(accuracy_score(wanted, found))
    theirs = precision_recall_fscore_support(wanted, found, labels=list(DECISIONS), average=None, zero_division=0)
    for index, decision in enumerate(DECISIONS):
        check(dict(result.metrics), f"decision.{decision}", [figure[index] for figure in theirs[:3]])


@settings(deadline=None, max_examples=30)
@given(CASES)
def test_every_figure_has_n_and_an_interval_that_holds_it(cases: list[tuple[set[str], set[str], bool, bool]]) -> None:
    notes, records = cases_to_notes(cases)
    result = evaluate(notes, records)
    for metrics in (result.metrics, *result.by_family.values(), *result.by_trap.values()):
        for name, metric in metrics.items():
            if metric.n == 0:
                assert metric == Metric(None, 0, None, None), name
            else:
                assert None not in (metric.value, metric.low, metric.high), name
                assert 0 <= metric.low <= metric.value <= metric.high <= 1, name
                assert metric.low < metric.high, name


@settings(deadline=None, max_examples=20)
@given(CASES, st.randoms())
def test_the_order_of_notes_changes_no_value(cases: list[tuple[set[str], set[str], bool, bool]], random: Any) -> None:
    shuffled = list(cases)
    random.shuffle(shuffled)
    values = []
    for some in (cases, shuffled):
        notes, records = cases_to_notes(some)
        values.append({name: (m.value, m.n) for name, m in evaluate(notes, records).metrics.items()})
    assert values[0] == values[1]
