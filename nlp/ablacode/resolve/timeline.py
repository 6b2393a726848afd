"""When a sentence's events were: before this session or stay, in it, or after it, by the dates it names against the date of service.

A discharge summary tells the ablation of another month in the same words as one of this stay; only its date parts them. The
sentences that follow a dated one keep its time until another date, another section or a word for the present.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from ..domain import Sentence
from .dateforms import partials, written
from .dates import ACT, ServiceDate

_CARRIED = 3
"""Sentences to which a treatment's earlier date still applies."""
_SLACK = timedelta(days=2)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_HAS_DAY = re.compile(r"\d", re.I)
_MONTH_YEAR = re.compile(
    rf"\b(?P<m>{'|'.join(_MONTHS)})[a-z]*\.?,?\s(?:of\s)?(?P<y>(?:19|20)\d\d)\b|(?<![\d/])(?P<n>1[0-2]|0?[1-9])/(?P<y2>(?:19|20)\d\d)\b",
    re.I,
)
_YEAR = re.compile(r"(?<![\d/.-])(?:19[89]\d|20[0-4]\d)(?![\d/-])")
_NOW = re.compile(
    r"\b(?:today|now|this (?:time|morning|afternoon|evening|session|admission|stay|visit|procedure|operation)|currently|present(?:s|ed)?|returns?|returned|readmitted)\b",
    re.I,
)
_YEARLY = re.compile(r"\b(?:since|from|guideline|edition|version|criteria|rev)\b", re.I)


def times(sentences: Sequence[Sentence], service: ServiceDate) -> list[str]:
    """For each sentence ``before``, ``then`` or ``after`` where it names a time, ``since-before`` (or the others) where a sentence
    before it in the section does, or an empty string. Without a date of service all are empty."""
    if service.value is None:
        return [""] * len(sentences)
    first, last = (service.since or service.value) - _SLACK, (service.until or service.value) + _SLACK
    found: list[str] = []
    left, section = 0, ("", "")
    for sentence in sentences:
        here = (sentence.kind, sentence.heading)
        if here != section or _NOW.search(sentence.text):
            left, section = 0, here
        own = _own(sentence.text, service, first, last)
        found.append(own or ("since-before" if left else ""))
        left = _CARRIED if own == "before" and ACT.search(sentence.text) else 0 if own else max(0, left - 1)
    return found


def _own(text: str, service: ServiceDate, first: date, last: date) -> str:
    """The time a sentence names: in the session as soon as one of its dates is, else before it, else after it."""
    if not _HAS_DAY.search(text):
        return ""
    assert service.value is not None
    spans = [(day, day) for entry in written(text) if (day := entry.read(service.order))]
    if not spans:
        spans = [(day, day) for day in _without_year(text, service)] or _months(text) or _years(text)
    if not spans:
        return ""
    if any(begin <= last and end >= first for begin, end in spans):
        return "then"
    return "before" if any(end < first for _, end in spans) else "after"


def _without_year(text: str, service: ServiceDate) -> list[date]:
    """Days without a year, in the year that puts them nearest the service."""
    days = []
    anchor = service.value
    assert anchor is not None
    for pair in partials(text):
        if pair.mdy and pair.dmy and pair.mdy != pair.dmy and not service.order:
            continue
        month_day = pair.dmy if service.order == "dmy" else pair.mdy or pair.dmy
        if not month_day or not month_day[0]:
            continue
        near = [day for year in (anchor.year - 1, anchor.year, anchor.year + 1) if (day := _day(year, *month_day))]
        if near:
            days.append(min(near, key=lambda day: abs((day - anchor).days)))
    return days


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _months(text: str) -> list[tuple[date, date]]:
    spans = []
    for match in _MONTH_YEAR.finditer(text):
        year = int(match["y"] or match["y2"])
        month = _MONTHS.index(match["m"][:3].lower()) + 1 if match["m"] else int(match["n"])
        begin = date(year, month, 1)
        spans.append((begin, begin + timedelta(days=30)))
    return spans


def _years(text: str) -> list[tuple[date, date]]:
    if _YEARLY.search(text):
        return []
    return [(date(int(year), 1, 1), date(int(year), 12, 31)) for year in _YEAR.findall(text)]
