"""Which numbers show that energy was delivered? Times, watts and temperatures beside energy, and no others."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ablacode.find import Finder
from ablacode.rulebook import load_rulebook

FINDER = Finder(load_rulebook())
MEASURES = {"duration", "power", "temperature"}


def measures(text: str) -> list[tuple[str, str]]:
    found = FINDER.find(text).candidates
    assert all(text[c.start : c.end] == c.text for c in found)
    return [(c.value, c.text) for c in found if c.label == "delivery" and c.value in MEASURES]


FIRES: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "minutes-and-watts": ("Ablation for 8 minutes at 65 W", [("duration", "8 minutes"), ("power", "65 W")]),
    "no-blank-before-the-unit": ("Ablation: 65W x 8min", [("power", "65W"), ("duration", "8min")]),
    "no-break-space": ("Ablation at 65\u00a0W", [("power", "65\u00a0W")]),
    "watts-in-words": ("The antenna was run at 100 watts", [("power", "100 watts")]),
    "range": ("Power 60-80 W during ablation", [("power", "60-80 W")]),
    "decimal": ("Ablation for 4.5 minutes", [("duration", "4.5 minutes")]),
    "decimal-watts-below-one": ("Ablated at 0.5 W", [("power", "0.5 W")]),
    "number-in-words": ("Microwave energy was applied for six minutes", [("duration", "six minutes")]),
    "seconds": ("The burn took 90 seconds", [("duration", "90 seconds")]),
    "clock-with-unit": ("Ablated for 5:30 min", [("duration", "5:30 min")]),
    "clock-of-a-setting": ("65 W, 8:00 at each site of ablation", [("power", "65 W"), ("duration", "8:00")]),
    "prime": ("The ablation lasted 8'", [("duration", "8'")]),
    "each": ("Ablation 10 minutes each", [("duration", "10 minutes each")]),
    "several": (
        "Ablation 10 minutes at 45 W, 5 minutes at 65 W",
        [("duration", "10 minutes"), ("power", "45 W"), ("duration", "5 minutes"), ("power", "65 W")],
    ),
    "freeze-thaw-times": ("freeze 10 min thaw 8 min", [("duration", "10 min"), ("duration", "8 min")]),
    "temperature": ("The tip reached 100 degrees during ablation", [("temperature", "100 degrees")]),
    "temperature-named": ("target temp 105 C during RFA", [("temperature", "target temp 105 C")]),
    "energy-in-the-sentence-before": ("The antenna was placed. It ran for 8 minutes", [("duration", "8 minutes")]),
}
SILENT = {
    "zero-watts": "Ablation at 0 W.",
    "zero-watts-no-blank": "Ablation: 0W",
    "zero-watts-decimal": "Ablation at 0.0 W.",
    "zero-minutes": "Ablation for 0 minutes.",
    "no-energy-near": "He walked for 8 minutes.",
    "anaesthesia-time": "Anesthesia was induced in 10 minutes.",
    "time-of-day": "The ablation was done at 10:30 am.",
    "size": "The ablation zone was 65 mm wide.",
    "age": "Ablation; the patient is 65 years old.",
    "lens": "Ablation with a 30 degree laparoscope.",
    "rotation": "Ablation with 15 degrees left rotation.",
    "with-after-a-number": "weight 65 w/ ablation",
    "street": "Ablation at 65 Wells street",
    "part-of-a-longer-number": "Ablation serial 12345678 W",
    "code": "Ablation, CPT 47382",
    "date": "Ablation on 3/4/2024",
}


@pytest.mark.parametrize("name", FIRES)
def test_found(name: str) -> None:
    text, expected = FIRES[name]
    assert measures(text) == expected


@pytest.mark.parametrize("name", SILENT)
def test_not_found(name: str) -> None:
    assert measures(SILENT[name]) == []


KNOWN_FAILURES = {
    "stop-of-the-sentence": ("Microwave energy was applied for six minutes.", [("duration", "six minutes")]),
    "cold-temperature-once": ("The probe was at -140 °C", [("temperature", "-140 °C")]),
    "named-temperature-once": ("Ablation, temperature of 60 °C", [("temperature", "temperature of 60 °C")]),
}


@pytest.mark.xfail(strict=True, reason="the stop belongs to the sentence; two rules find one temperature")
@pytest.mark.parametrize("name", KNOWN_FAILURES)
def test_not_right_yet(name: str) -> None:
    text, expected = KNOWN_FAILURES[name]
    assert measures(text) == expected


@settings(deadline=None)
@given(st.integers(1, 200), st.sampled_from(["W", " W", " watts", "\u00a0W"]))
def test_any_power_above_nothing(number: int, unit: str) -> None:
    assert measures(f"Ablation at {number}{unit} today") == [("power", f"{number}{unit}")]


@settings(deadline=None)
@given(st.sampled_from(["0", "00", "0.0", "0.00"]), st.sampled_from(["W", " W", " watts", " minutes", " min"]))
def test_nothing_is_no_energy(zero: str, unit: str) -> None:
    assert measures(f"Ablation at {zero}{unit} today") == []


@settings(deadline=None)
@given(st.integers(1, 60), st.sampled_from([" min", "min", " minutes", "-minute", " mins"]))
def test_any_time_beside_energy_and_none_without(number: int, unit: str) -> None:
    assert [value for value, _ in measures(f"A {number}{unit} ablation was seen")] == ["duration"]
    assert measures(f"A {number}{unit} walk was taken") == []
