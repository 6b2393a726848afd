"""How many tumours a phrase speaks of: digits, words, "both", "x3", "solitary", "#2"."""

from __future__ import annotations

import re
from collections.abc import Iterator

NUMBERS = {
    word: number
    for number, words in {
        1: "one single solitary sole lone unifocal an-isolated isolated 1",
        2: "two both pair couple twin 2",
        3: "three triple 3",
        4: "four quadruple 4",
        5: "five 5",
        6: "six 6",
        7: "seven 7",
        8: "eight 8",
        9: "nine 9",
        10: "ten 10",
        11: "eleven 11",
        12: "twelve 12",
    }.items()
    for word in words.split()
}
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8}
_PLURAL = (
    r"(?:tumors|lesions|metastases|mets|nodules|masses|foci|hccs|deposits|targets|hepatomas|neoplasms|tumours|secondaries|malignancies|"
    r"observations|areas of (?:recurrence|disease|tumor)|recurrences|crlms|hepatocellular carcinomas|carcinomas|sites of disease)"
)
_SINGULAR = (
    r"(?:tumor|lesion|metastasis|met|nodule|mass|focus|hcc|deposit|target|hepatoma|neoplasm|observation|recurrence|crlm|hepatocellular carcinoma|"
    r"cholangiocarcinoma|carcinoma|metastatic (?:lesion|deposit|nodule|focus)|malignancy)"
)
_UNIT = r"(?!\s?(?:cm|mm|x|%|ml|cc|min|w\b|watt|\.\d|,\d|/|:|-\d|gauge|g\b|°|hours?|days?|weeks?|months?|years?|th\b|nd\b|rd\b|st\b))"
_BETWEEN = r"(?:\s(?!(?:cm|mm|of the (?:pass|probe|antenna|needle)|was|were|and|with|in|to|for|by|from|at|or|minutes?|cycles?|probes?|antennas?|needles?|burns?|passes|applications?|ablations?|electrodes?|cryoprobes?|times|segments?|segment|the|which|that)\b)[\w.\-]+){0,5}?\s"
_MANY = re.compile(
    rf"(?<![\w.\-/])(?:(?:segments?|seg|lobe|type|grade|stage|level|no|number|pads|rads|lr|page|day|phase|cm|mm)\s)?(?P<n>two|both|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{{1,2}}){_UNIT}"
    rf"(?:\s?\(\d{{1,2}}\))?(?:\sof\s(?:the\s|these\s|his\s|her\s)?(?:\w+\s)?)?{_BETWEEN}{_PLURAL}\b",
    re.I,
)
_ONE = re.compile(
    rf"(?<![\w.\-/])(?P<n>one|single|solitary|sole|lone|unifocal|isolated|1){_UNIT}(?:\s?\(1\))?{_BETWEEN}{_SINGULAR}\b", re.I
)
_TIMES = re.compile(rf"\b(?:{_PLURAL}|{_SINGULAR})(?:\s(?:in|of)\s[\w ,/]{{1,30}})?\s?(?:\(\s?)?(?:x\s?|times\s|n\s?=\s?)(?P<n>\d{{1,2}})\b(?!\s?(?:cm|mm|\.\d|x))", re.I)
_BEFORE_TIMES = re.compile(rf"(?<![\w.])(?P<n>\d{{1,2}})\s?x\s(?:\w+\s){{0,2}}{_PLURAL}\b", re.I)
_FIELD = re.compile(
    rf"(?:number of|no\. of|#\s?of|no of|nr of|n of)\s(?:\w+\s){{0,2}}{_PLURAL}(?:\s(?:treated|ablated))?\s?(?:[:=\-]|is|was|were)?\s?(?P<n>\d{{1,2}}|one|two|three|four|five|six|seven|eight|nine|ten)\b"
    rf"|{_PLURAL}\s(?:treated|ablated)\s?[:=]\s?(?P<m>\d{{1,2}}|one|two|three|four|five|six)\b",
    re.I,
)
_BOTH = re.compile(r"\bboth(?:\sof\s(?:them|these|which))?(?=\s(?:were|was|had|ablated|treated|sites|areas|segment))", re.I)
_PRECEDED = re.compile(r"^(?:segments?|seg|lobe|type|grade|stage|level|no|number|pads|rads|lr|page|day|phase|cm|mm)\s", re.I)


def find_counts(sentence: str) -> Iterator[tuple[str, int, int, int]]:
    """Yield (rule id, number, start, end) of phrases that tell a number of tumours."""
    for pattern in (_MANY, _ONE, _TIMES, _BEFORE_TIMES, _FIELD, _BOTH):
        for match in pattern.finditer(sentence):
            if pattern is _MANY and _PRECEDED.match(match.group()):
                continue
            groups = match.groupdict()
            word = (groups.get("n") or groups.get("m") or "both").lower()
            number = NUMBERS.get(word) or int(word)
            if 0 < number <= 20:
                yield "count-number", number, match.start(), match.end()
