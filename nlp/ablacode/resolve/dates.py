"""The date of service: the procedure's date before dictation, admission, birth and print dates; never the machine's clock.

Every date of the note gets a part from the nearest label before it. The procedure's own date comes first, then what the course of a
stay tells, then the document's date, and only where there is nothing else the day it was dictated or signed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta

from ..domain import Sentence
from ..patterns import quick
from .dateforms import MAY_BE, Written, partials, written
from .dateorder import order_of, pair_order, weekday_order

_YEARS = 3
"""A date so much older than the note's latest is a birth or a history, unless it is called the procedure's."""
_REACH = 70
"""Characters before a date in which its label stands; weaker words count only near it."""
_CLOSE = 34
_OF = r"(?:procedures?|operations?|op|surgery|service|exam(?:ination)?s?|study|intervention|treatment|event|ablation|incident|case)"
_LABELS = quick(
    r"(?P<not>\b(?:next|scheduled?|booked|booking|planned|proposed|requested|set for|due|appointment|will|return|follow|expir\w*|exp|lot|since|comparison|compared|prior|previous\w*|last|"
    r"dated|(?:ct|mri?|pet|us|uss|scan|imaging|x ?ray|ultrasound|mammogram|colonoscopy|bx|biops\w+|path(?:ology)?|histology)(?:\s(?:scan|liver|abdomen|abdo|chest|thorax|report|study|pelvis|with contrast))*\s(?:of|on|from|in)|"
    r"biops\w+|scan|imaging|ordered|query|response|listed?|consented|resected|diagnos\w+|transplant\w*|issue|claim|authori[sz]\w+|telephone|rev(?:ision|ised)?|ver(?:sion)?|form|page|addendum|amend\w*|corrected|updated?|"
    r"removed|removal|until|till|through|stop(?:ped)?|start(?:ed)?|restart\w*|resume\w*|mdt|mdm|board|conference)\b)"
    rf"|(?P<service>\bdates?(?:\s?(?:/|and|&)\s?times?)?\sof\s(?:the\s)?(?:admission\s?/\s?)?{_OF}\b|\b(?:procedure|operati(?:on|ve)|op|surgery|surgical|service|svc|exam|study|case|proc|treatment|intervention|or|theatre|session|visit\sand\sprocedure|event|ablation)\s(?:date|day)\b|"
    rf"\b(?:dos|dop|doe)\b|\bd\.o\.[sp]\b|\b(?:exam\s)?(?:performed|treated|operated)\son\b|\bdate\s(?:performed|done|completed|of\sop)\b|\b(?:ablation|procedure|operation|surgery)\s(?:was\s)?(?:performed\s|done\s)?on\b|"
    rf"\bday\sof\s{_OF}\b|\b(?:op(?:erations?)?|eingriffs?)\s?-?datum\b|\bfecha\sde\s(?:la\s)?(?:interv|cirug|oper|proced)\w+|\bdata\s(?:dell?\W?\s?|d[oa]\s)?(?:interv|oper|proced|cirurg)\w+|\bdate\sde\sl\W?\s?(?:interv|op)\w+)"
    r"|(?P<visit>\b(?:date\s)?seen(?:\son|\sin\sclinic)?\b|\bvisits?(?:\sdate)?\b|\bclinic(?:\sdate|\son)?\b|\breviewed\son\b|\bconsult(?:ation)?\b|\bencounter(?:\sdate)?\b|\bward\sround\b)"
    r"|(?P<admitted>\badmitted\b|\badmissions?\b|\badmit\b|\badm\b|\bin:|\bstay:?|\bhospitali[sz]ed\b|\binpatient\b|\bcame\s(?:in|to\sus)\son\b|\b(?:with|under)\sus\s(?:on\s\w+\s\w+\s)?from\b|\barrived\b)"
    r"|(?P<left>\bdischarged?\b|\bdisch\b|\bdis\b|\bout:|\bleft\b|\bwent\shome\b)"
    r"|(?P<noted>\b(?:pre-?)?dictat\w*|\be?-?signed\b|\bverified\b|\bauthenticated\b|\battest\w*|\bcosigned\b|\bprepared\b|\bwritten\b|\bentered\b|\bfinali[sz]ed\b|\bapproved\b|\bsignature\b|\bsign\b|\breported\b|\bfiled\b|\bd:|\bdd\b:?)"
    r"|(?P<sent>\btyped\b|\btranscri\w+|\bprint\w*|\bfax\w*|\breceived\b|\brcvd\b|\bscanned\b|\bsent\b|\bstamp\w*|\bexport\w*|\bgenerat(?:ed|ion)\b|\bcopied\b|\bdownload\w*|\bt:|\bd/t\b|(?-i:\bDT\b):?)"
    r"|(?P<birth>\bdob\b|\bd\.?\s?o\.?\s?b\b|\bborn\b|\bbirth\w*|\bn[ée]e?\s(?:le|en)\b|\bgeb(?:oren)?\b|\bnat[oa]\b|\bnacid[oa]\b|\*\s?$|\b[bn]\.\s?$)"
    r"|(?P<plain>\bdates?\b|\bdatum\b|\bfecha\b|\bdata\b|(?-i:\bDt\b))",
)
_ONLY_BESIDE = re.compile(
    r"\b(?:ct|mri?|pet|us|uss|scan|x ?ray)(?:\s(?:scan|liver|abdomen|abdo|chest|thorax|report|study|pelvis|brain|of|on|from))*\W{0,2}$|\b(?:in|since|until|by|after|before|from|for|to|on|was|had|were)\s$",
    re.I,
)
_TITLE_BESIDE = re.compile(
    r"\b(?:surgery|operation|procedure|proc|exam|study|operative\s(?:note|report)|op\s?note|intervention|performed|done)\W{0,4}$",
    re.I,
)
_DAY = r"(?:(?:on|the|mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur|urs)?(?:day)?\b\W*)*"
_TO = re.compile(r"\s?(?:-|to|until|till|bis|a|al|through|and)\s(?:the\s)?$|\s?-\s?$", re.I)
_MACHINE = re.compile(
    r"\bfax|\brcvd\b|\breceived\b|\bsent to\b|\bstamp\b|\bp(?:age|g)?\.? ?\d+ ?(?:of|/) ?\d|\b\d+ of \d+\b|\d/\d{1,2}\W*$|->",
    re.I,
)
_PROSE = re.compile(r"\b(?:had|was|were|has|have|underwent|showed|showing|shows|seen|presented|being|because)\b", re.I)
_SKIPPED = ("history", "comparison", "plan", "indication", "planned-procedure")
_DAMAGED = re.compile(r"\bdate\W{1,3}(?:\d?[\d_?]/){1,2}\d{0,4}", re.I)
ACT = quick(
    r"\b(?:ablat\w+|microwave\w*|radiofrequency|rfa|mwa|cryo\w*|frozen|froze|burn\w*|tace|laparo\w+|resect\w+|hepatectomy|operat\w+|surgery|theatre|angio(?:graphy)?|procedure|intervention|interventional|"
    r"underwent|went to|taken to|taken down|brought to|performed|treated|electrode|antenna|probe\w*|anesthe\w+|anaesthe\w+|went under|put to sleep|IRE)\b",
)
_HOT = quick(
    r"\b(?:ablat\w+|microwave\w*|radiofrequency|rfa|mwa|cryo\w*|frozen|froze|burn\w*|IRE|electroporation|histotripsy)\b",
)
_NO_ACT = re.compile(
    r"\b(?:ct|mri?|pet|bloods?|labs?|cxr|scan|culture\w*|drain\w*|temp\w*|fever|afebrile|discharge\w*|home|hb|hgb|creat\w*|ultrasound|us|restart\w*|held|pod|until|since|clinic|booked|rebook\w*|scheduled|follow)\b[^,;]{0,14}$",
    re.I,
)
_FIRST_DAY = re.compile(
    r"\b(?:on the|the same|same) day (?:of|as) (?:his |her |the )?admission\b|\bday of (?:his |her )?admission\b|\bday of arrival\b|\bsame day\b",
    re.I,
)
_NEXT_DAY = re.compile(
    r"\b(?:day after (?:his |her |the )?admission|hospital day (?:2|two)|(?:next|following) (?:day|morning) (?:he|she|they|the patient) (?:was|went|underwent|had))\b",
    re.I,
)
_TODAY = re.compile(r"\btoday\b|\bthis (?:morning|afternoon|evening)\b", re.I)
_STAY = 60
"""Days a stay may last; where its end is not told, half of that."""
_LEFT = {"left": 9}
_RANKS = {"service": 0, "course": 1, "plain": 2, "visit": 2, "head": 3, "noted": 4, "admitted": 5}


@dataclass(frozen=True, slots=True)
class ServiceDate:
    """The date, or None with the id of the gap that says why; ``not_after``: the latest day the note names, at its latest reading.

    ``since`` and ``until``: the stay's first and last day where the date falls into one; ``order``: of day and month, where it is settled.
    """

    value: date | None
    gap: str | None = None
    not_after: date | None = field(default=None, compare=False)
    since: date | None = field(default=None, compare=False)
    until: date | None = field(default=None, compare=False)
    order: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class _Dated:
    """A date of the note: its sentence's place among all, how it is written, and its part."""

    at: int
    entry: Written
    part: str


def read_date(sentences: Sequence[Sentence], date_order: str | None = None) -> ServiceDate:
    """The date of service; ``date_order`` is ``mdy`` or ``dmy`` where the caller knows."""
    dated = list(_dated(sentences))
    bound = max(
        (day for one in dated if one.part != "birth" for day in (one.entry.mdy, one.entry.dmy) if day), default=None
    )
    order = date_order or _order(sentences, dated)
    dated = [one for one in dated if one.part != "birth"]
    value, gap = _choose(sentences, dated, order)
    return ServiceDate(value, gap, bound, *_stay(dated, value, order), order)


def _stay(dated: Sequence[_Dated], value: date | None, order: str | None) -> tuple[date | None, date | None]:
    """First and last day of the stay around a date."""
    if value is None:
        return None, None
    near = timedelta(days=_STAY)
    came = [
        day for one in dated if one.part == "admitted" and (day := _value(one, order)) and value - near <= day <= value
    ]
    left = [day for one in dated if one.part == "left" and (day := _value(one, order)) and value <= day <= value + near]
    return min(came, default=None), max(left, default=None)


def _choose(
    sentences: Sequence[Sentence], dated: Sequence[_Dated], order: str | None
) -> tuple[date | None, str | None]:
    latest = max((day.year for one in dated if (day := _value(one, order)) and one.part != "not"), default=0)
    usable = [
        one
        for one in dated
        if one.part == "service"
        or (one.part in _RANKS and not ((day := _value(one, order)) and day.year < latest - _YEARS))
    ]
    usable = _without_booked(usable, order)
    if not any(one.part == "service" for one in usable) and (day := _course(sentences, usable, order)):
        return day, None
    if not usable:
        return None, "date-of-service"
    best = min(usable, key=lambda one: (_RANKS[one.part], one.at))
    value = _value(best, order)
    if value:
        return value, None
    return None, "date-ambiguous" if best.entry.open else "date-impossible"


def _value(one: _Dated, order: str | None) -> date | None:
    return one.entry.read(order)


def _without_booked(usable: Sequence[_Dated], order: str | None) -> list[_Dated]:
    """A procedure's date that lies after the visit or the signature is one it was booked for."""
    told = [day for one in usable if one.part in ("visit", "noted") and (day := _value(one, order))]
    if not told:
        return list(usable)
    return [
        one
        for one in usable
        if not (one.part == "service" and (day := _value(one, order)) and 0 < (day - min(told)).days < 200)
    ]


# --- the part of a date ------------------------------------------------------------------------------------------


def _dated(sentences: Sequence[Sentence]) -> Iterator[_Dated]:
    for at, sentence in enumerate(sentences):
        if not MAY_BE.search(sentence.text):
            continue
        past, last = 0, ""
        for entry in written(sentence.text):
            before = _before(sentences, at, past, entry.start)
            if last and _TO.fullmatch(sentence.text[past : entry.start]):
                part = {"admitted": "left", "visit": "left", "head": "head"}.get(last, last)
            else:
                part = _part(sentence, at, before, entry)
            past, last = entry.end, part
            if part and not (
                entry.bare
                and part not in ("service", "plain", "birth", "noted", "admitted", "left")
                and not _alone(sentence, entry)
            ):
                yield _Dated(at, entry, part)


def _before(sentences: Sequence[Sentence], at: int, past: int, start: int) -> str:
    """What stands before a date back to the date before it; at a line's beginning also the end of the sentence before."""
    sentence = sentences[at]
    before = sentence.text[max(past, start - _REACH) : start]
    if past == 0 and len(before.strip(" -([")) < 3 and at:
        other = sentences[at - 1]
        whole = other.text.endswith(".") and "not" in [match.lastgroup for match in _LABELS.finditer(other.text)]
        if (other.line == sentence.line and not whole) or (other.text.endswith(":") and len(other.text) < 40):
            before = f"{other.text[-_REACH:]} {before}"
    return _letters(before)


def _letters(text: str) -> str:
    """Digits that stand for letters in scanned words made letters again."""
    if not re.search(r"[A-Za-z][01]|[01][A-Za-z]", text):
        return text
    text = re.sub(r"(?<=[A-Za-z])0|0(?=[A-Za-z])", "o", text)
    return re.sub(r"(?<=[A-Za-z])1|1(?=[A-Za-z])", "l", text)


def _part(sentence: Sentence, at: int, before: str, entry: Written) -> str:
    lone = _alone(sentence, entry)
    found = ""
    for match in _LABELS.finditer(before):
        kind = match.lastgroup or ""
        if kind not in ("not", "left", "visit") or len(before) - match.end() <= _CLOSE:
            found = kind
    if found or (found := _from_heading(sentence, entry, lone)):
        return found
    if _TITLE_BESIDE.search(before):
        return "service"
    if sentence.kind in _SKIPPED and not (lone and sentence.line <= 4):
        return "not"
    if _ONLY_BESIDE.search(before) and at > 2:
        return "not"
    if lone or (at <= 9 and len(sentence.text) < 170 and not _PROSE.search(before)):
        return "" if _MACHINE.search(sentence.text) and not lone else "head"
    return "not"


def _from_heading(sentence: Sentence, entry: Written, lone: bool) -> str:
    """What the heading says of a date right after it, or of a date that stands alone below it."""
    match = None
    if sentence.after_heading:
        match = _LABELS.search(sentence.heading) if entry.start < _REACH else None
    elif lone:
        match = _LABELS.fullmatch(sentence.heading.strip(" :."))
    return (match.lastgroup or "") if match else ""


def _alone(sentence: Sentence, entry: Written) -> bool:
    """Whether the sentence is this date, with a weekday or a time of day at most."""
    return len(sentence.text) - (entry.end - entry.start) <= 3 or bool(
        re.fullmatch(rf"\W*{_DAY}\W*", sentence.text[: entry.start], re.I)
        and re.fullmatch(
            r"[\s,;.()-]*(?:at\s)?(?:\d{1,2}[:.h]?\d\d(?::\d\d)?\s?(?:am|pm|hrs|h)?)?\W*(?:mon|tue|wed|thu|fri|sat|sun)?\w*\W*",
            sentence.text[entry.end :],
            re.I,
        )
    )


# --- the order of day and month ----------------------------------------------------------------------------------


def _order(sentences: Sequence[Sentence], dated: Sequence[_Dated]) -> str | None:
    opened = [one for one in dated if one.entry.open and one.part != "not"]
    if not opened:
        return None
    days = [
        (at, pair)
        for at, sentence in enumerate(sentences)
        if MAY_BE.search(sentence.text)
        for pair in partials(sentence.text)
    ]
    votes = {order for one in opened if (order := weekday_order(sentences[one.at].text, one.entry))}
    clear = {pair.mdy for _, pair in days if pair.mdy and pair.mdy == pair.dmy and pair.mdy[0]}
    clear |= {(day.month, day.day) for one in dated if not one.entry.open and (day := one.entry.read(None))}
    for one in opened:
        held = [order for order in ("mdy", "dmy") if (day := one.entry.read(order)) and (day.month, day.day) in clear]
        votes |= set(held) if len(held) == 1 else set()
    if len(votes) == 1:
        return votes.pop()
    pairs = [order for at, pair in days if (order := pair_order(sentences[at].text, pair))]
    return order_of([(one.part, one.entry) for one in dated], pairs, [sentence.text for sentence in sentences])


# --- the course of a stay ----------------------------------------------------------------------------------------


def _course(sentences: Sequence[Sentence], usable: Sequence[_Dated], order: str | None) -> date | None:
    """The day a stay or letter names for the ablation: one day in a sentence that tells it, or ``the day of admission``."""
    told = {
        part: [day for one in usable if one.part == part and (day := _value(one, order))] for part in _RANKS | _LEFT
    }
    if not told["admitted"]:
        return None
    first, last = min(told["admitted"]), max(told["left"] + told["noted"] + told["plain"], default=None)
    if last is None or not 0 <= (last - first).days <= _STAY:
        last = first + timedelta(days=_STAY // 2)
    for words in (_HOT, ACT):
        for sentence in sentences:
            if sentence.kind in _SKIPPED or not words.search(sentence.text):
                continue
            days = sorted({day for day in _days(sentence.text, order, first.year) if first <= day <= last})
            if len(days) == 1:
                return days[0]
            if not days and _FIRST_DAY.search(sentence.text):
                return first
            if not days and _NEXT_DAY.search(sentence.text):
                return first + timedelta(days=1)
    return None


def _days(text: str, order: str | None, year: int) -> Iterator[date]:
    """Days named in a sentence, those without a year read in ``year``; not those of scans, drains and clinics."""
    for entry in written(text):
        if (day := entry.read(order)) and not _NO_ACT.search(text[: entry.start]):
            yield day
    for pair in partials(text):
        month_day = pair.dmy if order == "dmy" else pair.mdy or pair.dmy
        if pair.mdy and pair.dmy and pair.mdy != pair.dmy and not order:
            continue
        if month_day and month_day[0] and not _NO_ACT.search(text[: pair.start]):
            with suppress(ValueError):
                yield date(year, *month_day)
