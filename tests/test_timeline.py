"""Does a sentence tell of this session, of a time before it or after it, by the dates it names?"""

from __future__ import annotations

from datetime import date

import pytest

from ablacode.find import Finder
from ablacode.resolve.dates import ServiceDate, read_date
from ablacode.resolve.timeline import times
from ablacode.rulebook import load_rulebook

FINDER = Finder(load_rulebook())
HEAD = "Date of procedure: 14 November 2022\n\n"


def when(text: str) -> str:
    """The time of the last sentence of a note with a date of procedure."""
    sentences = FINDER.find(HEAD + text).sentences
    return times(sentences, read_date(sentences))[-1]


TIMES = {
    "same-day": ("The lesion was ablated on 14 November 2022.", "then"),
    "same-day-without-its-year": ("The lesion was ablated on 14 November.", "then"),
    "a-month-before": ("He had microwave ablation on 11 October.", "before"),
    "the-year-before": ("He had RFA on 20 December 2021.", "before"),
    "only-a-year": ("He had RFA in 2019.", "before"),
    "only-a-month": ("He had RFA in March 2022.", "before"),
    "this-year-says-nothing-sure": ("HCC found in 2022.", "then"),
    "after": ("CT on 20 January 2023.", "after"),
    "told-after-an-earlier-treatment": ("He had RFA on 11 October. A single probe, 65 W for 10 min.", "since-before"),
    "until-the-present": ("He had RFA on 11 October. Today the probe was placed, 65 W for 10 min.", ""),
    "not-after-a-scan": ("CT on 11 October. A single probe, 65 W for 10 min.", ""),
    "no-date": ("The lesion was ablated.", ""),
    "since-a-year": ("Abstinent since 2014.", ""),
}


@pytest.mark.parametrize("name", TIMES)
def test_time_of_a_sentence(name: str) -> None:
    text, expected = TIMES[name]
    assert when(text) == expected


def test_days_of_the_stay_are_of_this_session() -> None:
    text = "Admitted: 3 March 2024\nDischarged: 11 March 2024\n\nOn 5 March she was ablated. On 10 March she ate."
    sentences = FINDER.find(text).sentences
    assert times(sentences, read_date(sentences))[-2:] == ["then", "then"]


def test_without_a_date_of_service_no_time_is_told() -> None:
    sentences = FINDER.find("He had RFA in 2019.").sentences
    assert times(sentences, ServiceDate(None, "date-of-service")) == [""]
    assert times(sentences, ServiceDate(date(2022, 1, 1))) == ["before"]
