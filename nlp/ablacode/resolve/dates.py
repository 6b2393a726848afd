"""The date of service: the procedure's date before dictation, admission, birth and print dates; never the machine's clock."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from ..domain import Sentence

_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_MONTH = r"(?P<month_name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_PATTERNS = (
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)"),
    re.compile(rf"(?<!\w){_MONTH}\.?\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<y>(?:19|20)\d\d)(?!\d)", re.I),
    re.compile(
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s.-]?(?:of\s)?{_MONTH}\.?,?[\s-]?(?P<y>(?:19|20)\d\d|\d\d)(?!\d)",
        re.I,
    ),
    re.compile(r"(?<![\d/.])(?P<a>\d{1,2})(?P<sep>[-/.])(?P<b>\d{1,2})(?P=sep)(?P<y>(?:19|20)\d\d|\d\d)(?![\d/.]*\d)"),
)
_MAY_BE = re.compile(
    r"(?:19|20)\d\d|\d[-/.]\d|\d(?:st|nd|rd|th)?[\s.-]?(?:of\s)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
    re.I,
)
"""What every date holds: sentences without it need not be asked for each form."""
_YEARS = 3
"""A date so much older than the note's latest is a birth or a history, unless it is called the procedure's."""
_BEST = re.compile(
    r"\b(?:date of (?:procedure|operation|surgery|service|exam(?:ination)?|study|intervention|treatment|the (?:procedure|operation))|procedure date|operation date|surgery date|service date|exam date|study date|"
    r"dos|d\.o\.s|dop|date/time of (?:procedure|exam)|op date|date performed|performed on|treated on|operated on|(?:ablation|procedure|operation|surgery) (?:was )?(?:performed )?on|date of op|exam performed|date seen)\b",
    re.I,
)
_WORST = re.compile(
    r"\b(?:dob|d\.o\.b|born|birth|dictated|dictation|transcribed|signed|printed|print|scanned|admi(?:tted|ssion)|discharged?|d:|t:|dd:|dt:|electronically|faxed|received|comparison|compared|prior|previous|"
    r"since|dated|ct of|mri of|mri on|ct on|imaging|scan|biopsy|last|in|follow|return|next|will|scheduled|appointment|expir\w*|lot|exp|addendum|amended|revised|rev|typed|cosigned|d/t|attested|ordered|query|response)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class ServiceDate:
    """The date, or None with the id of the gap that says why; ``not_after``: the latest day the note names, at its latest reading."""

    value: date | None
    gap: str | None = None
    not_after: date | None = field(default=None, compare=False)


def read_date(sentences: Sequence[Sentence], date_order: str | None = None) -> ServiceDate:
    """The date of service; ``date_order`` is ``mdy`` or ``dmy`` where the caller knows."""
    found: list[tuple[int, int, date | None, str | None]] = []
    sentences = [sentence for sentence in sentences if _MAY_BE.search(sentence.text)]
    order = date_order or _order_of(sentences)
    for sentence in sentences:
        for pattern in _PATTERNS:
            for match in pattern.finditer(sentence.text):
                value, gap = _value(match, order)
                found.append((_rank(sentence, match), sentence.index, value, gap))
    latest = max((value.year for _, _, value, _ in found if value), default=0)
    bound = max((day for sentence in sentences for day in _latest(sentence.text)), default=None)
    usable = [
        entry
        for entry in found
        if entry[0] == 0 or (entry[0] < 3 and not (entry[2] and entry[2].year < latest - _YEARS))
    ]
    if not usable:
        return ServiceDate(None, "date-of-service", bound)
    _, _, value, gap = min(usable, key=lambda entry: (entry[0], entry[1]))
    return ServiceDate(value, gap, bound)


def _latest(text: str) -> Iterator[date]:
    """Every date of a text; of an ambiguous one the later reading."""
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            days = [value for value, _ in (_value(match, order) for order in ("mdy", "dmy")) if value]
            if days:
                yield max(days)


def _rank(sentence: Sentence, match: re.Match[str]) -> int:
    before = sentence.text[max(0, match.start() - 40) : match.start()]
    heading = sentence.heading if sentence.after_heading or sentence.kind == "staff" else ""
    if _BEST.search(before) or (_BEST.search(heading) and sentence.after_heading):
        return 0
    last_words = " ".join(before.split()[-4:])
    if _WORST.search(last_words) or sentence.kind in (
        "history",
        "comparison",
        "plan",
        "indication",
        "planned-procedure",
    ):
        return 3
    if re.search(r"\bdate\W{0,3}$", before, re.I) or re.search(r"\bdate\b", heading, re.I):
        return 1
    if sentence.index <= 8 and len(sentence.text) < 120:
        return 1
    return 2 if sentence.index <= 3 else 3


def _value(match: re.Match[str], order: str | None) -> tuple[date | None, str | None]:
    groups = match.groupdict()
    year = int(groups["y"])
    year += (2000 if year < 60 else 1900) if year < 100 else 0
    if "a" in groups:
        a, b = int(groups["a"]), int(groups["b"])
        if a > 12 and b <= 12:
            month, day = b, a
        elif (b > 12 and a <= 12) or a == b:
            month, day = a, b
        elif order == "dmy":
            month, day = b, a
        elif order == "mdy":
            month, day = a, b
        elif a <= 12 and b <= 12:
            return None, "date-ambiguous"
        else:
            return None, "date-impossible"
    else:
        month = int(groups["m"]) if groups.get("m") else _MONTHS[groups["month_name"][:3].lower()]
        day = int(groups["d"])
    try:
        return date(year, month, day), None
    except ValueError:
        return None, "date-impossible"


def _order_of(sentences: Sequence[Sentence]) -> str | None:
    """The order that other dates of the note prove, or that its spelling and units suggest."""
    votes = {"mdy": 0, "dmy": 0}
    for sentence in sentences:
        for match in _PATTERNS[3].finditer(sentence.text):
            a, b = int(match.group("a")), int(match.group("b"))
            if a > 12 >= b:
                votes["dmy"] += 1
            elif b > 12 >= a:
                votes["mdy"] += 1
    if votes["mdy"] != votes["dmy"]:
        return max(votes, key=lambda order: votes[order])
    return None
