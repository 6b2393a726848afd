"""How many tumours a phrase speaks of: "both", "x3", "a second one"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

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
_NEAR = 60
"""Characters before a phrase that can change what it means."""
_WORD_NUMBER = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_PLURAL = (
    r"(?:tumors|lesions|metastases|mets|nodules|masses|foci|hccs|deposits|targets|hepatomas|neoplasms|tumours|"
    r"secondaries|malignancies|"
    r"observations|areas of (?:recurrence|disease|tumor)|recurrences|crlms|hepatocellular carcinomas|carcinomas|"
    r"sites of disease)"
)
_SINGULAR = (
    r"(?:tumor|lesion|metastasis|met|nodule|mass|focus|hcc|deposit|target|hepatoma|neoplasm|observation|"
    r"recurrence|crlm|hepatocellular carcinoma|"
    r"cholangiocarcinoma|carcinoma|metastatic (?:lesion|deposit|nodule|focus)|malignancy|"
    r"(?:remaining )?site of disease)"
)
_UNIT = (
    r"(?!\s?(?:cm|mm|x|%|ml|cc|min|w\b|watt|\.\d|,\d|/|:|-\d|gauge|g\b|°|hours?|days?|weeks?|months?|years?|th\b|"
    r"nd\b|rd\b|st\b))"
)
_SIZE = r"(?:\s\d{1,2}(?:\.\d{1,2})?\s?(?:cm|mm))?"
_BETWEEN = (
    r"(?:\s(?!(?:cm|mm|of the (?:pass|probe|antenna|needle)|was|were|and|with|in|to|for|by|from|at|or|minutes?|"
    r"cycles?|probes?|antennas?|needles?|burns?|passes|applications?|ablations?|electrodes?|cryoprobes?|times|"
    r"segments?|segment|the|which|that)\b)[\w.\-]+){0,5}?\s"
)
_MANY = re.compile(
    r"(?<![\w.\-/])(?:(?:segments?|seg|lobe|type|grade|stage|level|no|number|pads|rads|lr|page|day|phase|cm|"
    rf"mm)\s)?(?P<n>{_WORD_NUMBER}|both|\d{{1,2}}){_UNIT}"
    rf"(?:\s?\(\d{{1,2}}\))?(?:\sof(?:\sthe|\sthese|\shis|\sher)?(?:\s\w+)?)?{_BETWEEN}(?:{_PLURAL}|"
    r"(?<!\d\s)(?<=\w\s)hcc)\b",
    re.I,
)
_ONE = re.compile(
    r"(?<![\w.\-/])(?P<n>one|single|solitary|sole|lone|unifocal|isolated|"
    rf"1){_UNIT}(?:\s?\(1\))?{_SIZE}{_BETWEEN}{_SINGULAR}\b",
    re.I,
)
_ALONE = re.compile(r"(?<=[\d,;:.]\s)(?P<n>solitary|unifocal)(?=\s?[.,;]|\s?$)", re.I)
_NO_TUMORS = (
    r"(?!\s?(?:cm|mm|\.\d|x|-|/|min|sec|w\b|h\b|hours?|days?|cycles?|passes|times|burns?|probes?|needles?|"
    r"antennas?|electrodes?|freezes?|overlapping|\())"
)
_TIMES = re.compile(
    rf"\b(?:{_PLURAL}|{_SINGULAR})(?:\s(?:in|of)\s[\w ,/]{{1,30}})?\s?(?:\(\s?)?(?:x\s?|times\s|"
    rf"n\s?=\s?)(?P<n>\d{{1,2}})\b(?!\s?(?:cm|mm|\.\d|x))",
    re.I,
)
_TIMES_BEFORE = re.compile(
    rf"(?<![\w.])(?:(?P<n>\d{{1,2}})\s?x|x\s?(?P<m>\d{{1,2}}))\s(?:\w+\s){{0,2}}{_PLURAL}\b",
    re.I,
)
_ABLATION_TIMES = re.compile(
    r"\b(?:ablat(?:ion|ed)|abl|mwa|rfa|cryo|cryoablation|cryosurgery)(?:\s(?:of\s)?(?:the\s)?(?:liver|hepatic|"
    rf"lesions?|tumors?|mets))?\s?\(?x\s?(?P<n>\d{{1,2}})\b{_NO_TUMORS}",
    re.I,
)
"""An operation's name with "x 3": one a tumour, unless a cycle's or a probe's unit follows."""
_AFTER = re.compile(rf"\b{_PLURAL}\s?[,:(]\s?(?P<n>\d{{1,2}}|{_WORD_NUMBER})(?=\s?\)?\s?$)", re.I)
_FIELD = re.compile(
    rf"(?:number of|no\. of|#\s?of|no of|nr of|n of)\s(?:\w+\s){{0,2}}{_PLURAL}(?:\s(?:treated|"
    rf"ablated))?\*?\s?(?:[:=\-.]{{1,40}}|is|was|were)?\s?(?P<n>\d{{1,2}}|one|two|three|four|five|six|seven|eight|"
    r"nine|ten)\b"
    rf"|(?:{_PLURAL}|\bno\.?|\bnumber|\bcount)\s(?:treated|ablated)\*?\s?(?:\(n\)\s?)?[:=.|][\s:=.|"
    rf"]{{0,40}}(?P<m>\d{{1,2}}|one|two|three|four|five|six)\b",
    re.I,
)
_FIELD_NUMBER = re.compile(r"^\d{1,2}\s{1,3}[A-Z][a-z]")
"""The number of a form's line ("6  Disease found"), no total."""
_BOTH = re.compile(
    r"\bboth(?:\sof\s(?:them|these|which))?(?=\s(?:were|was|had|got|went|\w{2,}ed|frozen|done|sites|areas|"
    r"segment)|\s?[.;]|\s?$)|\bboth\s(?:liver\s|hepatic\s)?ablations\b",
    re.I,
)
_DONE = (
    r"(?:(?:were|was|have been|had been|being)\s)?(?:all\s|both\s|then\s|thus\s|so\s)?"
    r"(?:successfully\s|completely\s|fully\s)?(?:ablated|treated|frozen|heated|burned|microwaved|cryoablated|done|destroyed)"
)
_DONE_COUNT = re.compile(
    rf"(?<![\w.\-/])(?P<n>{_WORD_NUMBER}|one|\d{{1,2}})(?=\s(?:(?:sites?|spots?|areas?|places|of them|"
    rf"of these)\s)?{_DONE}\b)(?!\s(?:done|treated)\s(?:with|by|under|in)\b)",
    re.I,
)
_ELLIPTIC = re.compile(
    rf"\b(?:all|these|those|remaining|other|each of (?:the|these))\s(?P<n>{_WORD_NUMBER}|\d)"
    r"(?=\s(?:were|was|had|have|are|could|did|got|received|showed|the\s\w+\s(?:zone|area|ice|ball|margin))|"
    r"\s?[.,;:)]|\s?$)",
    re.I,
)
"""A number whose noun stayed behind in an earlier sentence: "all three were", "these four were", "the other two"."""
_PRECEDED = re.compile(
    r"^(?:segments?|seg|lobe|type|grade|stage|level|no|number|pads|rads|lr|page|day|phase|cm|mm)\s",
    re.I,
)
_NAMED_BEFORE = re.compile(
    r"\b(?:segments?|segs?\.?|s|cycle|cycles|lesion|tumor|target|no|number|step|probe|day|phase)\s?#?$",
    re.I,
)
"""A number that is a name, not a total: "seg 5 treated", "cycle 9 done"."""
_PLACES_BEFORE = re.compile(r"\b(?:segments?|segs?\.?|s)\s?(?:[1-8iv]+[ab]?\s?(?:,|and|&|/|or)\s?)+$", re.I)
"""The rest of a list of segments: the last number belongs to it ("segment 2 and 3 lesions")."""
_TOOLS = re.compile(
    r"^\s?(?:quadrants|ports|pads|probes|needles|antennas|electrodes|trocars|tines|thermocouples|sides|planes|"
    r"corners|tips)",
    re.I,
)
PATTERNS = (_MANY, _ONE, _ALONE, _TIMES, _TIMES_BEFORE, _ABLATION_TIMES, _AFTER, _FIELD, _BOTH, _DONE_COUNT, _ELLIPTIC)
_ORDINAL = re.compile(
    r"\b(?P<n>second|2nd|third|3rd|fourth|4th|fifth|5th|(?:the )?other|another|smaller|larger|"
    r"then the \w+),?\s(?!(?:freez|cycle|burn|probe|needle|antenna|pass|run|look|insert|applic|position|port|"
    r"stab)\w*)"
    r"(?:[\w.,\-]+\s){0,3}?(?:tumor|lesion|met|metastasis|nodule|one|deposit|hcc|focus|target|site|spot)\b"
    r"|\b(?:in|into|on|to|for|with) the (?P<m>second|third|fourth|other)(?=\s?[.,;]|\s?$|\s(?:was|and|with)\b)",
    re.I,
)
_ORDINALS = {"second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "5th": 5}


def find_counts(sentence: str, patterns: Iterable[re.Pattern[str]] = PATTERNS) -> Iterator[tuple[str, int, int, int]]:
    """Yield (rule id, number, start, end) of phrases that tell a number of tumours; ``patterns`` are those to try."""
    for pattern in patterns:
        for match in pattern.finditer(sentence):
            if pattern is _MANY and (
                _PRECEDED.match(match.group())
                or _PLACES_BEFORE.search(sentence[max(0, match.start() - _NEAR) : match.start()])
            ):
                continue
            if _FIELD_NUMBER.match(match.group()):
                continue
            if pattern is _DONE_COUNT and _NAMED_BEFORE.search(
                sentence[max(0, match.start() - _NEAR) : match.start()].rstrip()
            ):
                continue
            if pattern in (_ELLIPTIC, _BOTH) and _TOOLS.match(sentence[match.end() :]):
                continue
            groups = match.groupdict()
            word = (groups.get("n") or groups.get("m") or "both").lower()
            number = NUMBERS.get(word) or int(word)
            if 0 < number <= 20:
                yield "count-number", number, match.start(), match.end()


def find_ordinals(sentence: str) -> Iterator[tuple[int, int, int]]:
    """Yield (number, start, end) of words that tell of one more tumour: "the second lesion", "the other one"."""
    for match in _ORDINAL.finditer(sentence):
        yield _ORDINALS.get((match["n"] or match["m"]).lower(), 2), match.start(), match.end()
