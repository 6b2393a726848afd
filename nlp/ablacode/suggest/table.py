"""From facts to decision and codes: a lookup in ``rules/codes.toml``, never a chain of conditions per code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..domain import CODES, Evidence, OpFacts

_STATUS_WORDS = {
    "historical": "is told of an earlier session",
    "planned": "was only planned",
    "negated": "was denied",
    "conditional": "was only considered",
    "other-organ": "was used on another organ",
    "not-tumor": "was not used on a tumour",
    "boilerplate": "stands in standing text only",
    "mention": "is only named",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A code with the approach and modality it stands for and its words."""

    code: str
    approach: str
    family: str
    modality: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """``decision`` with its choices (codes of a suggest, candidates of a review), reasons and why-nots."""

    decision: str
    choices: tuple[Choice, ...]
    reasons: tuple[tuple[str, tuple[Evidence, ...]], ...]
    rejected: tuple[tuple[str, str, tuple[Evidence, ...]], ...]


def decide(facts: OpFacts, day: date | None, codes: Mapping[str, Any]) -> Decision:
    """Decide a note: ``none`` where nothing was begun, ``review`` where a problem stands, else the codes of the table."""
    if facts.state == "none":
        return Decision("none", (), (), tuple(_rejected(facts, (), codes)))
    choices = tuple(choice for choice in _choices(facts, codes))
    reasons = list(facts.problems)
    invalid = [
        choice for choice in choices if day and day < date.fromisoformat(_entry(choice.code, codes)["valid_from"])
    ]
    if invalid and not reasons:
        reasons.append(("code-not-valid-on-date", ()))
    if not reasons and not choices:
        reasons.append(("low-confidence", ()))
    if reasons:
        outside = {"energy-outside-family", "approach-outside-family", "code-not-valid-on-date"}
        candidates = () if {name for name, _ in reasons} & outside else choices or tuple(_possible(facts, codes))
        return Decision("review", candidates, tuple(reasons), tuple(_rejected(facts, candidates, codes)))
    return Decision("suggest", choices, (), tuple(_rejected(facts, choices, codes)))


def doubt(decision: Decision) -> Decision:
    """The same answer as a review: the evidence is too thin for a suggestion, its codes become candidates."""
    return Decision("review", decision.choices, (("low-confidence", ()),), decision.rejected)


def _entry(code: str, codes: Mapping[str, Any]) -> Mapping[str, Any]:
    return next(entry for entry in codes["code"] if entry["code"] == code)


def _choices(facts: OpFacts, codes: Mapping[str, Any]) -> list[Choice]:
    return sorted(
        (
            _choice(entry, facts, codes)
            for entry in codes["code"]
            if entry["approach"] == facts.approach.value and entry["family"] in facts.families
        ),
        key=lambda choice: CODES.index(choice.code),
    )


def _possible(facts: OpFacts, codes: Mapping[str, Any]) -> list[Choice]:
    """Codes that agree with what is known, where one axis is open."""
    found = [
        entry
        for entry in codes["code"]
        if (facts.approach.value in (None, entry["approach"]))
        and (not facts.families or entry["family"] in facts.families)
    ]
    open_axes = (facts.approach.value is None) + (not facts.families)
    return (
        sorted((_choice(entry, facts, codes) for entry in found), key=lambda choice: CODES.index(choice.code))
        if open_axes < 2
        else []
    )


def _choice(entry: Mapping[str, Any], facts: OpFacts, codes: Mapping[str, Any]) -> Choice:
    values = str(facts.modality.value or "").split("+")
    mine = [value for value in values if codes["families"].get(value) == entry["family"]]
    modality = "+".join(mine) or ("cryo" if entry["family"] == "cold" else "heat")
    words = tuple(sorted((*facts.approach.evidence, *facts.modality.evidence, *facts.target, *facts.performed)))
    return Choice(entry["code"], entry["approach"], entry["family"], modality, words)


def _rejected(
    facts: OpFacts, chosen: tuple[Choice, ...], codes: Mapping[str, Any]
) -> list[tuple[str, str, tuple[Evidence, ...]]]:
    taken = {choice.code for choice in chosen}
    found = []
    for entry in codes["code"]:
        if entry["code"] in taken:
            continue
        if why := _why_not(entry, facts):
            found.append((entry["code"], why, ()))
    return sorted(found, key=lambda item: CODES.index(item[0]))


def _why_not(entry: Mapping[str, Any], facts: OpFacts) -> str:
    family = "heat" if entry["family"] == "heat" else "cold"
    same_approach = facts.approach.value == entry["approach"]
    if facts.state != "none" and same_approach and family in facts.against and family not in facts.families:
        return f"no {family} was delivered: it {_STATUS_WORDS[facts.against[family]]}"
    if facts.state != "none" and family in facts.families and not same_approach and facts.approach.value:
        return f"the probe reached the liver by the {facts.approach.value} approach"
    if facts.state == "none" and family in facts.against:
        return (
            f"no ablation of a liver tumour was begun in this note: the energy {_STATUS_WORDS[facts.against[family]]}"
        )
    return ""
