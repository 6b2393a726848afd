"""How a date is written: digits with signs (letters misread for digits among them), month names, spoken words, and dates without a year.

Where the writing leaves the order of day and month open, a date has two readings; which one holds is settled in ``dates.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ..patterns import quick

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("jan ene gen", "feb fev fév", "mar mär mrz maa", "apr avr abr", "may mai maj mag mei"),
            *(
                "jun jui1 giu",
                "jul jui2 lug",
                "aug aoû aou ago",
                "sep set",
                "oct okt ott out",
                "nov",
                "dec déc dez dic",
            ),
        ),
        1,
    )
    for name in names.split()
}
_MONTH = (
    r"(?P<month>[jl]an(?:uar[yi]?|uary|vier|eiro)?|enero|gennaio|f[eé]b(?:r?uar[yi]?|ruary)?|f[eé]vr?(?:ier|ereiro)?|febrero|febbraio|"
    r"mar(?:ch|s|z|zo|ço)?|märz|mrz|maart|apri?[l1I]?e?|avril|abril|may|mai|maj|mei|mayo|maio|maggio|jun[ei]?|juin|junio|junho|giugno|"
    r"ju[l1I][yi]?|jui[l1]let|julio|julho|luglio|aug(?:ust|ustus)?|ao[uû]t|agosto|(?:s|5)ept?(?:e(?:m|rn)ber)?|septembre|septiembre|"
    r"settembre|setembro|[o0]ct(?:[o0]ber)?|[o0]kt(?:[o0]ber)?|octobre|octubre|ottobre|outubro|n[o0]v(?:e(?:m|rn)ber)?|novembre|"
    r"noviembre|novembro|dec(?:e(?:m|rn)ber)?|décembre|decembre|dez(?:ember|embro)?|dicembre|diciembre)"
)
_X = r"[\dOoIl|]"
"""A digit, or a letter that scanning and typing put in its place."""
_TO_DIGITS = str.maketrans("OoIl|", "00111")
_DAY = rf"(?P<d>\d{_X}?|[OoIl|]\d)(?:st|nd|rd|th)?"
_YEAR = rf"(?P<y>(?:2[0Oo]|[1Il|]9){_X}{{2}})(?![\w/])"
_SHORT_YEAR = rf"(?P<y2>\d{_X})(?![\w/]|[:.,]\d)(?!\s?(?:am|pm|w|watts?|mm|cm|ml|mg|g|min\w*|%|h|hrs?|hours?|x|days?|yo|years?|in|to)\b)"
_ISO = re.compile(
    r"(?<![\w/.-])(?P<y>(?:19|20)\d\d)(?P<s>\s?[-/.]\s?)(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?![\d/-]|\.\d)"
)
_DAY_FIRST = re.compile(
    rf"(?<![\w/])(?<!\d[.,]){_DAY}[\s.,/-]{{0,3}}(?:of\s|de\s|di\s)?{_MONTH}\b[\s.,/-]{{0,3}}(?:of\s|de\s)?'?(?:{_YEAR}|{_SHORT_YEAR})",
    re.I,
)
_MONTH_FIRST = re.compile(
    rf"(?<!\w){_MONTH}\b[\s.-]{{1,2}}(?:the\s)?{_DAY}(?:\s?,\s?|[\s.-]{{1,2}})(?:{_YEAR}|(?:(?<=[,-])|(?<=,\s))'?{_SHORT_YEAR})",
    re.I,
)
_NUMERIC = re.compile(
    rf"(?<![\w/])(?<!\d\.)(?P<a>{_X}{{1,2}})(?P<s>\s?[-/.]\s?|\s)(?P<b>{_X}{{1,2}})(?P<t>\s?[-/.]\s?|\s)'?(?P<y>{_X}{{4}}|{_X}{{2}})(?![\w/]|\.\d)"
)
_UNITS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_NUMBERS = {word: n for n, word in enumerate([*_UNITS, *_TEENS], 1)} | {w: n * 10 for n, w in enumerate(_TENS, 2)}
_ORDINALS = {
    word: number
    for number, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth",
            "twentieth",
        ],
        1,
    )
} | {"thirtieth": 30}
_WORD = rf"(?:{'|'.join([*_NUMBERS, 'oh', 'zero', 'thousand', 'and'])})"
_SPOKEN_DAY = rf"(?P<d>(?:(?:twenty|thirty)[\s-])?(?:{'|'.join([*_ORDINALS, *_NUMBERS])}))"
_SPOKEN_YEAR = rf"(?:{_YEAR}|(?P<spoken>(?:two\sthousand|twenty|nineteen)(?:[\s-]{_WORD}){{0,3}}))"
_SPOKEN = (
    re.compile(rf"\b{_MONTH}\s(?:the\s)?{_SPOKEN_DAY},?\s{_SPOKEN_YEAR}\b", re.I),
    re.compile(rf"\b{_SPOKEN_DAY}\s(?:of\s)?{_MONTH},?\s{_SPOKEN_YEAR}\b", re.I),
)
_SPOKEN_NUMBERS = re.compile(rf"\b{_WORD}(?:[\s-]{_WORD}){{2,5}}\b", re.I)
_DAY_MONTH = re.compile(rf"(?<![\w/])(?<!\d[.,]){_DAY}[\s.-]{{0,3}}(?:of\s|de\s)?{_MONTH}(?!\w)", re.I)
_MONTH_DAY = re.compile(rf"(?<!\w){_MONTH}\.?\s(?:the\s)?{_DAY}(?![\w/]|[.,:]\d)", re.I)
_PAIR = re.compile(
    r"(?<![\w/])(?<!\d[.,-])(?P<a>\d{1,2})(?:(?P<s>/)(?P<b>\d{1,2})(?![\w/%]|[.,:-]\d)|\.(?P<b2>\d{1,2})\.(?!\w))"
)
_DAY_ONLY = re.compile(
    r"\b(?:the|day)\s(?P<d>\d{1,2})(?:st|nd|rd|th)\b(?!\s[a-z]*\s?(?:rib|space|inter|segment))", re.I
)
MAY_BE = quick(
    r"\d\s?[-/.]\s?[\dOoIl|]|[OoIl|]\s?/\s?\d|\d[OoIl|]?(?:st|nd|rd|th)?[\s.,/-]{0,3}(?:(?:of|d[ei])\s)?(?:[jl]a|en|ge|f[eé]|m[aäer]|a[pvbgo]|ju|gi|lu|s[e]|[o0][cktu]|n[o0]|d[eéi])|"
    r"(?:19|2[0O])[\dOoIl|]{2}|twenty|thousand|nineteen|\d \d+ \d",
)
"""What every full date holds: sentences without it need not be asked for each form."""


@dataclass(frozen=True, slots=True)
class Written:
    """A date as it stands in a sentence: what it says month first and day first (None where that is no date).

    ``form``: ``clear`` where the writing settles the order, else the sign (``/``, ``.``, ``-``, `` `` for spoken or set apart);
    ``bare``: numbers that may as well be something else (cycles 10-5-10, a version), a date only beside a label.
    """

    start: int
    end: int
    mdy: date | None
    dmy: date | None
    form: str = "clear"
    bare: bool = False
    short: bool = False

    @property
    def open(self) -> bool:
        """Whether both orders give a date, and not the same."""
        return self.mdy is not None and self.dmy is not None and self.mdy != self.dmy

    def read(self, order: str | None) -> date | None:
        """The date, where it is settled or the order is known."""
        if self.open:
            return self.mdy if order == "mdy" else self.dmy if order == "dmy" else None
        return self.mdy or self.dmy


@dataclass(frozen=True, slots=True)
class Partial:
    """A day without its year (``mdy`` and ``dmy`` as month and day), or a day alone (month 0)."""

    start: int
    end: int
    mdy: tuple[int, int] | None
    dmy: tuple[int, int] | None


def written(text: str) -> list[Written]:
    """The full dates of a sentence, in order, none inside another."""
    found: list[Written] = []
    for reader, may in _READERS:
        if may and not may.search(text):
            continue
        for entry in reader(text):
            if all(entry.end <= other.start or entry.start >= other.end for other in found):
                found.append(entry)
    return sorted(found, key=lambda entry: entry.start)


def partials(text: str) -> Iterator[Partial]:
    """Days of a sentence that may lack their year; those of full dates are among them."""
    for pattern in (_DAY_MONTH, _MONTH_DAY):
        for match in pattern.finditer(text):
            day, month = int(_digits(match["d"])), _month(match["month"])
            if 1 <= day <= 31:
                yield Partial(match.start(), match.end(), (month, day), (month, day))
    for match in _PAIR.finditer(text):
        a, b = int(match["a"]), int(match["b"] or match["b2"])
        mdy = (a, b) if 1 <= a <= 12 and 1 <= b <= 31 and match["s"] else None
        dmy = (b, a) if 1 <= b <= 12 and 1 <= a <= 31 else None
        if mdy or dmy:
            yield Partial(match.start(), match.end(), mdy, dmy)
    for match in _DAY_ONLY.finditer(text):
        yield Partial(match.start(), match.end(), (0, int(match["d"])), (0, int(match["d"])))


def _digits(text: str) -> str:
    return text.translate(_TO_DIGITS)


def _month(name: str) -> int:
    plain = name.lower().replace("0", "o").replace("1", "l").replace("5", "s")
    if plain.startswith("jui"):
        return 6 if plain == "juin" else 7
    return _MONTHS.get(plain[:3], 1)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year(text: str) -> int:
    year = int(_digits(text))
    return year + (2000 if year < 60 else 1900) if year < 100 else year


def _clear(match: re.Match[str], year: int, month: int, day: int, *, short: bool = False) -> Written:
    value = _day(year, month, day)
    return Written(match.start(), match.end(), value, value, short=short)


def _isos(text: str) -> Iterator[Written]:
    for match in _ISO.finditer(text):
        yield _clear(match, int(match["y"]), int(match["m"]), int(match["d"]))


def _named(text: str) -> Iterator[Written]:
    for pattern in (_DAY_FIRST, _MONTH_FIRST):
        for match in pattern.finditer(text):
            year = _year(match["y"] or match["y2"])
            yield _clear(match, year, _month(match["month"]), int(_digits(match["d"])), short=not match["y"])


def _numeric(text: str) -> Iterator[Written]:
    for match in _NUMERIC.finditer(text):
        one, other, year = match["s"].strip(), match["t"].strip(), match["y"]
        misread = not (match["a"] + match["b"] + year).isdigit()
        whole = _digits(year)
        if one != other and not (misread and {one, other} <= {"", "-"}):
            continue
        if not any(sign.isdigit() for sign in match.group()) or (len(whole) == 4 and whole[:2] not in ("19", "20")):
            continue
        if one == "-" and text[match.start() - 1 : match.start()] == "-":
            continue
        a, b = int(_digits(match["a"])), int(_digits(match["b"]))
        bare = (len(whole) == 2 and one != "/") or (not one and not (misread and len(whole) == 4))
        mdy, dmy = _day(_year(year), a, b), _day(_year(year), b, a)
        yield Written(match.start(), match.end(), mdy, dmy, one or " ", bare, len(whole) == 2)


def _spoken(text: str) -> Iterator[Written]:
    for pattern in _SPOKEN:
        for match in pattern.finditer(text):
            year = _year(match["y"]) if match["y"] else _spoken_year(match["spoken"].lower())
            day = sum(_ORDINALS.get(word) or _NUMBERS[word] for word in re.split(r"[\s-]", match["d"].lower()))
            if year:
                yield _clear(match, year, _month(match["month"]), day)


def _spoken_year(text: str) -> int | None:
    words = [word for word in re.split(r"[\s-]", text) if word != "and"]
    century, rest = (2000, words[2:]) if words[:2] == ["two", "thousand"] else (_NUMBERS[words[0]] * 100, words[1:])
    if not rest:
        return century if words[0] == "two" else None
    years = {value for value, left in _below_hundred(rest) if not left}
    return century + min(years) if years else None


def _below_hundred(words: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Numbers below a hundred that these words may begin with, and the words left."""
    first, second = words[0], words[1] if len(words) > 1 else ""
    if first in ("oh", "zero"):
        if second in _UNITS:
            yield _NUMBERS[second], words[2:]
        return
    if first not in _NUMBERS:
        return
    yield _NUMBERS[first], words[1:]
    if first in _TENS and second in _UNITS:
        yield _NUMBERS[first] + _NUMBERS[second], words[2:]


def _spoken_numbers(text: str) -> Iterator[Written]:
    """``twelve one twenty two``: three numbers said one after the other, where they can be parted in one way only."""
    for match in _SPOKEN_NUMBERS.finditer(text):
        words = re.split(r"[\s-]", match.group().lower())
        triples = {
            (a, b, year)
            for a, rest in _below_hundred(words)
            if rest
            for b, left in _below_hundred(rest)
            if left
            for year in _said_years(left)
        }
        days = {(_day(year, a, b), _day(year, b, a)) for a, b, year in triples} - {(None, None)}
        if len(days) == 1:
            mdy, dmy = days.pop()
            yield Written(match.start(), match.end(), mdy, dmy, " ", True)


def _said_years(words: list[str]) -> Iterator[int]:
    whole = _spoken_year(" ".join(words)) if words[0] in ("two", "twenty", "nineteen") and len(words) > 1 else None
    if whole and (words[:2] == ["two", "thousand"] or _NUMBERS.get(words[1], 0) >= 10 or words[1] == "oh"):
        yield whole
        return
    for value, left in _below_hundred(words):
        if not left:
            yield value + (2000 if value < 60 else 1900)


_NAMES_MONTH = quick(
    r"[jl]an|ene|gen|f[eé]b|f[eé]vr|m[aäer][aijrzy]|mrz|a[pvb]r|ju|lug|giu|a[ugo][gouû]|(?:s|5)et|(?:s|5)ep|[o0u][ckut]t|n[o0]v|d[eéi][cz]",
)
_SAYS_YEAR = re.compile(r"thousand|twenty|nineteen|\b(?:oh|zero)\b|teen|ty\b", re.I)
_READERS = (
    (_isos, None),
    (_named, _NAMES_MONTH),
    (_spoken, _NAMES_MONTH),
    (_numeric, None),
    (_spoken_numbers, _SAYS_YEAR),
)
"""How dates are written, with what each way needs at least; trying that first is quicker."""
