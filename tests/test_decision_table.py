"""Which decision and codes follow from the facts of a note?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations, product
from typing import Any

import pytest

from ablacode.domain import CODES, Evidence, Fact, OpFacts
from ablacode.rulebook import load_rulebook
from ablacode.suggest import decide, doubt
from ablacode.suggest.table import Decision

TABLE = load_rulebook().codes
ONE_CODE = {
    ("open", "heat"): "47380",
    ("open", "cold"): "47381",
    ("laparoscopic", "heat"): "47370",
    ("laparoscopic", "cold"): "47371",
    ("percutaneous", "heat"): "47382",
    ("percutaneous", "cold"): "47383",
}
APPROACHES = ("open", "laparoscopic", "percutaneous")
ENERGIES = {"radiofrequency": "heat", "microwave": "heat", "heat": "heat", "cryo": "cold"}
TODAY = date(2024, 3, 5)
AXES = ("approach", "modality", "target", "performed")
WORDS = tuple(Evidence(at, at + 1, axis, "x", "body") for at, axis in enumerate(AXES))


def facts(approach: str | None, *energies: str, **changes: Any) -> OpFacts:
    families = tuple(sorted({ENERGIES[energy] for energy in energies}, reverse=True))
    fact = OpFacts(
        state="delivered",
        approach=Fact(approach, WORDS[:1] if approach else ()),
        modality=Fact("+".join(sorted(energies)) or None, WORDS[1:2] if energies else ()),
        families=families,
        target=WORDS[2:3],
        performed=WORDS[3:],
    )
    return replace(fact, **changes)


def codes(decision: Decision) -> list[str]:
    return [choice.code for choice in decision.choices]


# --- suggest -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("approach", "energy"), product(APPROACHES, ENERGIES))
def test_one_approach_and_one_energy_are_one_code(approach: str, energy: str) -> None:
    decision = decide(facts(approach, energy), TODAY, TABLE)
    assert (decision.decision, decision.reasons) == ("suggest", ())
    (choice,) = decision.choices
    assert choice.code == ONE_CODE[approach, ENERGIES[energy]]
    assert (choice.approach, choice.family, choice.modality) == (approach, ENERGIES[energy], energy)
    assert choice.evidence == WORDS


@pytest.mark.parametrize("approach", APPROACHES)
def test_heat_and_cryo_are_two_codes_heat_first(approach: str) -> None:
    decision = decide(facts(approach, "cryo", "microwave"), TODAY, TABLE)
    assert decision.decision == "suggest"
    assert codes(decision) == [ONE_CODE[approach, "heat"], ONE_CODE[approach, "cold"]]
    assert [choice.modality for choice in decision.choices] == ["microwave", "cryo"]


def test_two_energies_of_one_family_are_one_code() -> None:
    decision = decide(facts("open", "radiofrequency", "microwave"), TODAY, TABLE)
    assert [(choice.code, choice.modality) for choice in decision.choices] == [("47380", "microwave+radiofrequency")]


def test_the_table_holds_the_six_codes_once_each() -> None:
    assert sorted(entry["code"] for entry in TABLE["code"]) == sorted(CODES)
    assert {(entry["approach"], entry["family"]): entry["code"] for entry in TABLE["code"]} == ONE_CODE
    assert [entry["code"] for entry in TABLE["code"] if not entry["source"]] == []


# --- dates -------------------------------------------------------------------------------------------------------

VALID_FROM = {code: date(2015, 1, 1) if code == "47383" else date(2002, 1, 1) for code in CODES}


@pytest.mark.parametrize(("approach", "family"), ONE_CODE)
def test_a_code_begins_on_its_day_and_not_before(approach: str, family: str) -> None:
    first = VALID_FROM[ONE_CODE[approach, family]]
    energy = "cryo" if family == "cold" else "microwave"
    on_the_day = decide(facts(approach, energy), first, TABLE)
    assert on_the_day.decision == "suggest"
    before = decide(facts(approach, energy), first.replace(year=first.year - 1, month=12, day=31), TABLE)
    assert (before.decision, before.choices) == ("review", ())
    assert before.reasons == (("code-not-valid-on-date", ()),)


def test_without_a_date_the_code_is_suggested() -> None:
    assert codes(decide(facts("percutaneous", "cryo"), None, TABLE)) == ["47383"]


def test_one_of_two_codes_not_yet_valid_is_a_review() -> None:
    decision = decide(facts("percutaneous", "cryo", "microwave"), date(2010, 1, 1), TABLE)
    assert [name for name, _ in decision.reasons] == ["code-not-valid-on-date"]
    assert decision.decision == "review"


def test_a_problem_comes_before_the_date() -> None:
    decision = decide(facts("percutaneous", "cryo", problems=(("partial-treatment", ()),)), date(2010, 1, 1), TABLE)
    assert decision.reasons == (("partial-treatment", ()),)


# --- review ------------------------------------------------------------------------------------------------------

PROBLEM = (("approach-not-documented", WORDS[3:]),)
CANDIDATES = {
    "approach-open": (facts(None, "microwave", problems=PROBLEM), ["47380", "47370", "47382"]),
    "approach-open-cryo": (facts(None, "cryo", problems=PROBLEM), ["47381", "47371", "47383"]),
    "energy-open": (facts("laparoscopic", problems=(("energy-not-documented", ()),)), ["47370", "47371"]),
    "both-open": (facts(None, problems=PROBLEM), []),
    "both-known": (facts("open", "cryo", problems=(("partial-treatment", ()),)), ["47381"]),
    "both-known-two-families": (
        facts("open", "cryo", "microwave", problems=(("heat-and-cryo-same-tumor", ()),)),
        ["47380", "47381"],
    ),
    "approach-outside": (facts(None, "microwave", problems=(("approach-outside-family", ()),)), []),
    "energy-outside": (facts("percutaneous", problems=(("energy-outside-family", ()),)), []),
    "attempted-only": (facts("open", "cryo", state="attempted", problems=(("no-energy-delivered", ()),)), ["47381"]),
    "doubtful": (facts("open", "cryo", state="doubtful", problems=(("contradiction", ()),)), ["47381"]),
}


@pytest.mark.parametrize("name", CANDIDATES)
def test_candidates_are_the_codes_that_agree_with_what_is_known(name: str) -> None:
    given, expected = CANDIDATES[name]
    decision = decide(given, TODAY, TABLE)
    assert decision.decision == "review"
    assert decision.reasons == given.problems
    assert codes(decision) == expected


@pytest.mark.parametrize("approach", [None, *APPROACHES])
@pytest.mark.parametrize("energies", [(), ("cryo",), ("microwave",)], ids=["none", "cryo", "heat"])
def test_facts_with_a_hole_are_never_suggested(approach: str | None, energies: tuple[str, ...]) -> None:
    decision = decide(facts(approach, *energies), TODAY, TABLE)
    complete = approach is not None and energies != ()
    assert decision.decision == ("suggest" if complete else "review")
    assert bool(decision.reasons) != complete


def test_doubt_makes_candidates_of_the_codes() -> None:
    decision = decide(facts("open", "cryo", against={"heat": "historical"}), TODAY, TABLE)
    doubted = doubt(decision)
    assert (doubted.decision, doubted.reasons) == ("review", (("low-confidence", ()),))
    assert (doubted.choices, doubted.rejected) == (decision.choices, decision.rejected)


# --- none --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("approach", [None, *APPROACHES])
def test_nothing_begun_is_none_whatever_else_is_known(approach: str | None) -> None:
    decision = decide(facts(approach, "microwave", state="none", problems=PROBLEM), TODAY, TABLE)
    assert (decision.decision, decision.choices, decision.reasons) == ("none", (), ())


# --- why not -----------------------------------------------------------------------------------------------------

WHY_NOT: dict[str, tuple[OpFacts, dict[str, str]]] = {
    "the-two-other-approaches": (
        facts("percutaneous", "microwave"),
        {"47380": "by the percutaneous approach", "47370": "by the percutaneous approach"},
    ),
    "energy-of-the-history": (
        facts("percutaneous", "microwave", against={"cold": "historical"}),
        {"47380": "percutaneous", "47370": "percutaneous", "47383": "no cold was delivered: it is told of an earlier"},
    ),
    "energy-denied": (
        facts("open", "cryo", against={"heat": "negated"}),
        {"47380": "no heat was delivered: it was denied", "47371": "open", "47383": "open"},
    ),
    "energy-both-given-and-told-of-before": (
        facts("open", "cryo", against={"cold": "historical"}),
        {"47371": "open", "47383": "open"},
    ),
    "nothing-against": (facts(None, "microwave", problems=PROBLEM), {}),
    "none-with-a-plan": (
        facts(None, state="none", against={"heat": "planned"}),
        dict.fromkeys(("47380", "47370", "47382"), "no ablation of a liver tumour was begun"),
    ),
    "none-with-nothing": (facts(None, state="none"), {}),
    "two-families-one-approach": (
        facts("laparoscopic", "cryo", "microwave"),
        dict.fromkeys(("47380", "47381", "47382", "47383"), "laparoscopic"),
    ),
}


@pytest.mark.parametrize("name", WHY_NOT)
def test_why_not(name: str) -> None:
    given, expected = WHY_NOT[name]
    rejected = {code: why for code, why, _ in decide(given, TODAY, TABLE).rejected}
    assert list(rejected) == [code for code in CODES if code in expected]
    assert [code for code, why in rejected.items() if expected[code] not in why] == []


def _all_facts() -> list[OpFacts]:
    energies = [group for size in range(3) for group in combinations(("cryo", "microwave", "radiofrequency"), size)]
    states = ("delivered", "attempted", "doubtful", "none")
    against = ({}, {"heat": "planned"}, {"cold": "other-organ", "heat": "boilerplate"})
    return [
        facts(approach, *group, state=state, problems=problems, against=told)
        for approach, group, state, problems, told in product(
            (None, *APPROACHES), energies, states, ((), PROBLEM), against
        )
    ]


def test_whatever_the_facts_the_answer_holds_together() -> None:
    for given in _all_facts():
        for day in (None, date(2001, 1, 1), date(2010, 1, 1), TODAY):
            decision = decide(given, day, TABLE)
            chosen, rejected = codes(decision), [code for code, _, _ in decision.rejected]
            assert bool(decision.reasons) == (decision.decision == "review")
            assert bool(chosen) or decision.decision != "suggest"
            assert not chosen or decision.decision != "none"
            assert set(chosen) & set(rejected) == set()
            assert chosen == [code for code in CODES if code in chosen]
            assert rejected == [code for code in CODES if code in rejected]
