"""How do other hands write the date of service: spoken, in other languages, misread by a scanner, told in the course of a stay?"""

from __future__ import annotations

from datetime import date

import pytest

from ablacode.find import Finder
from ablacode.resolve.dates import ServiceDate, read_date
from ablacode.rulebook import load_rulebook

FINDER = Finder(load_rulebook())


def read(text: str) -> ServiceDate:
    return read_date(FINDER.find(text).sentences)


FORMS = {
    "spoken-day": ("Date of procedure: March the twelfth two thousand nineteen", "2019-03-12"),
    "spoken-numbers": ("Date of procedure: twelve thirty twenty two", "2022-12-30"),
    "spanish": ("Fecha de la intervencion: 5 de marzo de 2024", "2024-03-05"),
    "german": ("OP-Datum: 5. Oktober 2024", "2024-10-05"),
    "french": ("Date de l'intervention: 5 juillet 2024", "2024-07-05"),
    "scanned-letter-o": ("DATE 0F PR0CEDURE: 25/O3/2O24", "2024-03-25"),
    "scanned-letter-l": ("Date of Procedure: l5/03/2024", "2024-03-15"),
    "label-after-the-page-mark": ("Page 1 of 2\nOP DATE 25/03/2024", "2024-03-25"),
}


@pytest.mark.parametrize("name", FORMS)
def test_how_another_hand_writes_it(name: str) -> None:
    text, day = FORMS[name]
    assert read(text) == ServiceDate(date.fromisoformat(day))


STAY = "Admitted: 3 March 2024\nDischarged: 11 March 2024\n\nCourse: {}\n"
COURSE = {
    "day-in-the-sentence": ("On 5 March 2024 she underwent microwave ablation of a segment 6 HCC.", "2024-03-05"),
    "day-without-its-year": ("She underwent microwave ablation of a segment 6 HCC on 5 March.", "2024-03-05"),
    "day-of-admission": ("On the day of admission the HCC was ablated with microwaves under CT.", "2024-03-03"),
    "day-after-admission": ("The day after admission the HCC was ablated with microwaves under CT.", "2024-03-04"),
    "not-the-day-of-the-scan": ("He had microwave ablation on 5 March. The CT on 7 March was good.", "2024-03-05"),
    "not-an-earlier-ablation": (
        "A microwave ablation of 2 May 2021 was noted. The lesion was ablated again on 6 March.",
        "2024-03-06",
    ),
}


@pytest.mark.parametrize("name", COURSE)
def test_the_course_of_a_stay_tells_it(name: str) -> None:
    told, day = COURSE[name]
    assert read(STAY.format(told)) == ServiceDate(date.fromisoformat(day))


ENGLISH = {
    "british": (
        "Date of operation: 03/04/2024\nAnaesthetist: Dr Oyelaran. Diathermy plate on. Theatre 4.",
        "2024-04-03",
    ),
    "american": ("Date of procedure: 03/04/2024\nAttending: R. Oyelaran, MD. EBL 50. To PACU.", "2024-03-04"),
    "weekday": ("Date of procedure: Mon 03/04/2024\nMicrowave ablation.", "2024-03-04"),
}


@pytest.mark.parametrize("name", ENGLISH)
def test_the_note_tells_the_order_of_day_and_month(name: str) -> None:
    text, day = ENGLISH[name]
    assert read(text) == ServiceDate(date.fromisoformat(day))
