"""Is the draw the same everywhere, fair to rare answers, and is every weight right?"""

from __future__ import annotations

import dataclasses
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ablacode.annotate.sampling import STRATA, Sample, allocate, draw, stratum_of
from ablacode.domain import CodeSuggestion, Engine, Mention, Reason, Record

RECORD = Record("n", "0" * 64, None, Engine("test", "0" * 64), "none")
HEAT = Mention(0, 3, "modality", "heat", "RFA", "history", "historical")
LIVER = Mention(4, 9, "target", "liver", "liver", "history")


def suggested(*confidences: float) -> Record:
    codes = tuple(CodeSuggestion("47382", 1, one, "percutaneous", "heat", "Heat.") for one in confidences)
    return dataclasses.replace(RECORD, decision="suggest", codes=codes, mentions=(HEAT,))


RECORDS = {
    "at-the-line": (suggested(0.9), "suggest-sure"),
    "below-the-line": (suggested(0.8999), "suggest-unsure"),
    "two-codes-one-unsure": (suggested(0.95, 0.7), "suggest-unsure"),
    "review": (dataclasses.replace(RECORD, decision="review", reasons=(Reason("truncated", "Cut."),)), "review"),
    "energy-named": (dataclasses.replace(RECORD, mentions=(LIVER, HEAT)), "near-miss"),
    "no-energy-named": (dataclasses.replace(RECORD, mentions=(LIVER,)), "none"),
    "screened": (dataclasses.replace(RECORD, screened=True), "none"),
}


@pytest.mark.parametrize(("record", "stratum"), RECORDS.values(), ids=RECORDS)
def test_strata(record: Record, stratum: str) -> None:
    assert stratum_of(record) == stratum


ALLOCATIONS = {
    "equal": ((50, 50, 50, 50, 50), 20, (4, 4, 4, 4, 4)),
    "short-ones-leave-to-the-others": ((1, 100, 2, 100, 100), 30, (1, 9, 2, 9, 9)),
    "two-rounds-of-leaving": ((2, 5, 100, 100, 0), 30, (2, 5, 12, 11, 0)),
    "an-archive": ((12, 3, 40, 800, 900_000), 200, (12, 3, 40, 73, 72)),
    "one-each": ((9, 9, 9, 9, 9), 5, (1, 1, 1, 1, 1)),
    "fewer-than-strata": ((9, 9, 0, 9, 9), 3, (1, 1, 0, 1, 0)),
    "all": ((1, 2, 3, 4, 5), 15, (1, 2, 3, 4, 5)),
    "more-than-all": ((1, 2, 3, 4, 5), 99, (1, 2, 3, 4, 5)),
    "empty": ((0, 0, 0, 0, 0), 7, (0, 0, 0, 0, 0)),
    "nothing": ((3, 3, 3, 3, 3), 0, (0, 0, 0, 0, 0)),
}


@pytest.mark.parametrize(("population", "n", "drawn"), ALLOCATIONS.values(), ids=ALLOCATIONS)
def test_allocation(population: tuple[int, ...], n: int, drawn: tuple[int, ...]) -> None:
    assert tuple(allocate(dict(zip(STRATA, population, strict=True)), n).values()) == drawn


@given(st.lists(st.integers(0, 12), min_size=5, max_size=5), st.integers(0, 70))
def test_no_stratum_could_be_served_better(counts: list[int], n: int) -> None:
    drawn = list(allocate(dict(zip(STRATA, counts, strict=True)), n).values())
    assert sum(drawn) == min(n, sum(counts))
    assert all(0 <= taken <= there for taken, there in zip(drawn, counts, strict=True))
    unfilled = [taken for taken, there in zip(drawn, counts, strict=True) if taken < there]
    assert not unfilled or max(drawn) - min(unfilled) <= 1
    if n >= sum(map(bool, counts)):
        assert all(taken or not there for taken, there in zip(drawn, counts, strict=True))


FOLDER = {f"{place % 7}/é{place:03}.txt": STRATA[min(4, place % 23)] for place in range(300)}


def weights(sample: Sample) -> list[float]:
    by_name = {one.name: one.weight for one in sample.strata}
    return [by_name[name] or 0.0 for name in sample.notes.values()]


@pytest.mark.parametrize("n", [5, 40, 299, 1000])
def test_weights_sum_to_the_folder(n: int) -> None:
    sample = draw(FOLDER, n=n, seed=3)
    assert sum(weights(sample)) == pytest.approx(len(FOLDER))
    assert len(sample.notes) == min(n, len(FOLDER))
    assert sample.notes.items() <= FOLDER.items()
    for one in sample.strata:
        assert (one.population, one.drawn) == (
            list(FOLDER.values()).count(one.name),
            list(sample.notes.values()).count(one.name),
        )


def test_a_stratum_nobody_was_drawn_from_has_no_weight() -> None:
    sample = draw({"a": "suggest-sure", "b": "none"}, n=1, seed=1)
    assert {one.name: one.weight for one in sample.strata if one.population} == {"suggest-sure": 1.0, "none": None}


DRAWN = ["0/é091.txt", "0/é140.txt", "2/é184.txt", "3/é024.txt", "3/é164.txt", "5/é299.txt"]


def test_the_draw_is_this_one_on_every_machine() -> None:
    assert list(draw(FOLDER, n=6, seed=1).notes) == DRAWN
    assert list(draw(dict(reversed(FOLDER.items())), n=6, seed=1).notes) == DRAWN
    assert list(draw(FOLDER, n=6, seed=2).notes) != DRAWN


def test_a_larger_draw_holds_the_smaller_one() -> None:
    draws = [set(draw(FOLDER, n=n, seed=5).notes) for n in (1, 4, 30, 31, 120, 300)]
    assert all(small < large for small, large in itertools.pairwise(draws))
