"""Which date of a note is the date of service, and when is there none to be told?"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ablacode import CodeSuggester
from ablacode.find import Finder
from ablacode.resolve.dates import ServiceDate, read_date
from ablacode.rulebook import load_rulebook

FINDER = Finder(load_rulebook())


def read(text: str, order: str | None = None) -> ServiceDate:
    return read_date(FINDER.find(text).sentences, order)


# --- which of several dates --------------------------------------------------------------------------------------

WHICH = {
    "only-one": ("DATE OF PROCEDURE: 2024-03-05", "2024-03-05"),
    "before-dictation": ("DICTATED: 2024-03-09\nDATE OF PROCEDURE: 2024-03-05", "2024-03-05"),
    "before-admission": ("Date of admission: 2024-03-01\nDate of operation: 2024-03-05", "2024-03-05"),
    "before-discharge": ("Date of discharge: 2024-03-11\nDate of surgery: 2024-03-05", "2024-03-05"),
    "before-birth": ("DOB: 1950-07-08\nDate of service: 2024-03-05", "2024-03-05"),
    "before-export": ("EXPORT GENERATED 2024-04-01\nProcedure date: 2024-03-05", "2024-03-05"),
    "generated-stamp-at-the-top": ("GENERATED 2024-04-01\nDATE: 2024-03-05", "2024-03-05"),
    "before-print": ("Printed 2024-04-01\nProcedure date: 2024-03-05", "2024-03-05"),
    "before-signature": ("Exam date: 2024-03-05\nElectronically signed 2024-03-06", "2024-03-05"),
    "before-comparison": ("Study date: 2024-03-05\nCOMPARISON: CT of 2024-02-01", "2024-03-05"),
    "before-follow-up": ("Procedure date: 2024-03-05\nPLAN: CT on 2024-06-05", "2024-03-05"),
    "before-addendum": ("Procedure date: 2024-03-05\nADDENDUM 2024-03-20: typo", "2024-03-05"),
    "in-any-order": ("Date of surgery: 2024-03-05\nDOB: 1950-07-08\nDictated: 2024-03-09", "2024-03-05"),
    "plain-date-line": ("DATE: 2024-03-05\nDOB: 1950-07-08", "2024-03-05"),
    "in-a-sentence": ("The patient was operated on 5 March 2024 at our hospital.", "2024-03-05"),
    "heading-on-its-own-line": ("DATE OF PROCEDURE:\n2024-03-05", "2024-03-05"),
    "short-dos": ("DOS: 2024-03-05", "2024-03-05"),
    "only-birth": ("DOB: 1950-07-08\nMicrowave ablation was performed.", None),
    "only-dictation": ("Dictated: 2024-03-09\nMicrowave ablation was performed.", "2024-03-09"),
    "only-transcription": ("Typed: 2024-03-09\nMicrowave ablation was performed.", None),
    "only-history": ("HISTORY: RFA on 2019-05-06.\nMicrowave ablation was performed.", None),
    "none": ("Microwave ablation was performed.", None),
    "no-date-but-numbers": ("Room 12, 65 W, 8:00, 3/4 of the zone", None),
}


@pytest.mark.parametrize("name", WHICH)
def test_which_date(name: str) -> None:
    text, day = WHICH[name]
    expected = ServiceDate(date.fromisoformat(day)) if day else ServiceDate(None, "date-of-service")
    assert read(text) == expected


# --- how a date is written ---------------------------------------------------------------------------------------

WRITTEN = {
    "iso": ("2024-03-05", "2024-03-05"),
    "iso-slashes": ("2024/03/05", "2024-03-05"),
    "iso-dots": ("2024.03.05", "2024-03-05"),
    "us-day-above-twelve": ("03/25/2024", "2024-03-25"),
    "us-short-year": ("3/25/24", "2024-03-25"),
    "us-dashes": ("03-25-2024", "2024-03-25"),
    "european-day-above-twelve": ("25/03/2024", "2024-03-25"),
    "european-dots": ("25.03.2024", "2024-03-25"),
    "same-day-and-month": ("04/04/2024", "2024-04-04"),
    "month-day-year": ("March 5, 2024", "2024-03-05"),
    "month-day-year-ordinal": ("March 5th, 2024", "2024-03-05"),
    "month-short": ("Mar. 5, 2024", "2024-03-05"),
    "sept": ("Sept 5 2024", "2024-09-05"),
    "day-month-year": ("5 March 2024", "2024-03-05"),
    "day-of-month-year": ("5th of March 2024", "2024-03-05"),
    "military": ("05-MAR-2024", "2024-03-05"),
    "military-short-year": ("05 MAR 24", "2024-03-05"),
    "month-in-small-letters": ("5 march 2024", "2024-03-05"),
    "leap-day": ("2024-02-29", "2024-02-29"),
    "last-century": ("3/25/98", "1998-03-25"),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_how_a_date_is_written(name: str) -> None:
    words, day = WRITTEN[name]
    assert read(f"Date of procedure: {words}") == ServiceDate(date.fromisoformat(day))


NO_DATE = {
    "ambiguous": ("03/04/2024", "date-ambiguous"),
    "ambiguous-dots": ("03.04.2024", "date-ambiguous"),
    "ambiguous-short-year": ("3/4/24", "date-ambiguous"),
    "month-thirteen": ("2024-13-05", "date-impossible"),
    "day-thirty-two": ("2024-01-32", "date-impossible"),
    "no-leap-day": ("2023-02-29", "date-impossible"),
    "thirtieth-of-february": ("February 30, 2024", "date-impossible"),
    "both-above-twelve": ("25/25/2024", "date-impossible"),
    "day-zero": ("2024-03-00", "date-impossible"),
}


@pytest.mark.parametrize("name", NO_DATE)
def test_a_date_that_cannot_be_told_is_a_gap(name: str) -> None:
    words, gap = NO_DATE[name]
    assert read(f"Date of procedure: {words}") == ServiceDate(None, gap)


ORDER = {
    "given-mdy": ("Date of procedure: 03/04/2024", "mdy", "2024-03-04"),
    "given-dmy": ("Date of procedure: 03/04/2024", "dmy", "2024-04-03"),
    "given-but-only-one-reading": ("Date of procedure: 25/03/2024", "mdy", "2024-03-25"),
    "given-but-iso": ("Date of procedure: 2024-03-04", "dmy", "2024-03-04"),
    "another-date-proves-mdy": ("Date of procedure: 03/04/2024\nDOB: 12/25/1950", None, "2024-03-04"),
    "another-date-proves-dmy": ("Date of procedure: 03/04/2024\nDOB: 25/12/1950", None, "2024-04-03"),
    "given-before-proved": ("Date of procedure: 03/04/2024\nDOB: 25/12/1950", "mdy", "2024-03-04"),
    "other-dates-disagree": ("Date of procedure: 03/04/2024\nDOB: 25/12/1950\nPrinted 12/25/2024", None, None),
}


@pytest.mark.parametrize("name", ORDER)
def test_the_order_of_day_and_month(name: str) -> None:
    text, order, day = ORDER[name]
    expected = ServiceDate(date.fromisoformat(day)) if day else ServiceDate(None, "date-ambiguous")
    assert read(text, order) == expected


# --- properties --------------------------------------------------------------------------------------------------

DAYS = st.dates(date(1960, 1, 1), date(2059, 12, 31))
FORMS = st.sampled_from(["{:%Y-%m-%d}", "{:%d %B %Y}", "{:%B %d, %Y}", "{:%d-%b-%Y}", "{:%Y/%m/%d}"])


@settings(deadline=None)
@given(DAYS, FORMS)
def test_any_day_in_any_clear_form(day: date, form: str) -> None:
    assert read(f"Date of procedure: {form.format(day)}") == ServiceDate(day)


@settings(deadline=None)
@given(DAYS, st.sampled_from(["mdy", "dmy"]), st.sampled_from(["/", "-", "."]), st.booleans())
def test_any_day_when_the_order_is_known(day: date, order: str, sign: str, long_year: bool) -> None:
    parts = {"m": f"{day:%m}", "d": f"{day:%d}", "y": f"{day.year:04}" if long_year else f"{day.year % 100:02}"}
    assert read(f"Date of procedure: {sign.join(parts[key] for key in order)}", order) == ServiceDate(day)


@settings(deadline=None)
@given(DAYS, DAYS, st.sampled_from(["DOB", "Dictated", "Date of admission", "Printed", "Date of discharge"]))
def test_the_procedure_comes_before_every_other_date(day: date, other: date, label: str) -> None:
    lines = [f"Date of procedure: {day}", f"{label}: {other}"]
    assert read("\n".join(lines)) == read("\n".join(reversed(lines))) == ServiceDate(day)


# --- in a record -------------------------------------------------------------------------------------------------

NOTE = "Date of procedure: {}\nPercutaneous microwave ablation of a segment VI liver tumor was performed at 65 W."


@pytest.fixture(scope="module")
def suggester() -> CodeSuggester:
    return CodeSuggester(use_model=False)


def test_an_ambiguous_date_is_null_with_its_gap(suggester: CodeSuggester) -> None:
    record = suggester.suggest(NOTE.format("03/04/2024"))
    assert record.decision == "suggest"
    assert record.date_of_service is None
    assert "date-ambiguous" in [gap.id for gap in record.gaps]


@pytest.mark.parametrize("given_day", ["2023-01-02", date(2023, 1, 2)], ids=["as-text", "as-a-date"])
def test_the_callers_date_comes_before_the_notes(suggester: CodeSuggester, given_day: date | str) -> None:
    for words in ("2024-03-05", "03/04/2024", "2024-13-05"):
        record = suggester.suggest(NOTE.format(words), date_of_service=given_day)
        assert record.date_of_service == "2023-01-02"
        assert [gap.id for gap in record.gaps if gap.id.startswith("date")] == []


def test_the_callers_order_settles_an_ambiguous_date(suggester: CodeSuggester) -> None:
    found = {order: suggester.suggest(NOTE.format("03/04/2024"), date_order=order) for order in ("mdy", "dmy")}
    assert {order: record.date_of_service for order, record in found.items()} == {
        "mdy": "2024-03-04",
        "dmy": "2024-04-03",
    }


def test_a_text_that_is_no_date_is_refused(suggester: CodeSuggester) -> None:
    with pytest.raises(ValueError, match="isoformat"):
        suggester.suggest("A note.", date_of_service="March 4")
