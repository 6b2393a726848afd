"""Where in the liver a phrase puts a tumour: "segment V/VI", "IVb", "at the junction of V and VIII", "lesion 2"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_NEAR = 60
"""Characters before a phrase that can change what it means."""
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8}
_PART = (
    r"(?:VIII|VII|VI|IV|V|III|II|I|[1-8])[abAB]?"
    r"(?!\w|\.\d|\s?(?:cm|mm|min|sec|w\b|watt|hours?|cycles?|%|x\s?\d|to\s\d))"
)
_SEGMENT = re.compile(r"(?:VIII|VII|VI|IV|V|III|II|I|[1-8])(?=[ab]?\b|[abAB](?![a-z]))")
_SEGMENT_WORD = r"(?:segments?|segs?\.?|segm\.?|sgts?\.?|sg|sgm|s)"
_PLACE = re.compile(
    rf"\b{_SEGMENT_WORD}\s?#?\s?(?P<list>{_PART}(?:\s?(?:/|,|-|and|&|or|to|\+)\s?(?:{_SEGMENT_WORD}\s?)?{_PART})*)"
    r"|(?<![\w.])(?P<bare>(?-i:VIII|VII|VI|IV|III|II)(?:[abAB])?(?:\s?/\s?(?-i:VIII|VII|VI|IV|III|II|V))?|"
    r"[1-8][abAB]|(?<=\bof\s)(?-i:V)|(?:(?<=\bin\s)|(?<=\bto\s)|(?<=\bfor\s)|(?<=\bthe\s))(?:(?-i:V)|[1-8](?=\s?[.,;)]|\s\(|\s(?:and(?! (?:a )?half)|was|"
    r"were|i|we|with)\b|\s?$)))(?!\w|\.\d|\s?(?:cm|mm|min|w\b|x))"
    r"|\b(?P<caudate>caudate)\b"
    r"|\b(?:lesion|tumor|target|nodule|met|metastasis|deposit|site|hcc)\s?#?\s?(?P<label>[1-9]|(?-i:[A-E]))(?!\w|"
    r"\.\d|\s?(?:cm|mm|x\b|to\b|%|/))",
    re.I,
)
"""Where a tumour sits, or the name the note gave it: "segment V/VI", "IVb", "lesion 2"."""
_NO_PLACE = re.compile(
    r"(?:child\w*(?:-|\s)?(?:pugh)?|grade|stage|type|class|bclc|asa|factor|cn|table|part|ecog|clavien|world war|"
    r"phase|mallampati|pringle|pedicles?|step|level|optn|lr|li ?rads|unos|rai|okuda)\s?$",
    re.I,
)
_VEIN = re.compile(
    r"^\s?(?:contrast|fluids?|access|lines?|push|bolus\w*|drips?|dose|doses|infusion|hydration|sedat\w*|anti\w+|abx|cef\w+|ancef|zosyn|"
    r"cipro\w*|fent\w+|versed|midaz\w*|propofol|heparin|tylenol|acetam\w*|parac\w*|dexa\w*|zofran|ondans\w*|keto\w*|toradol|omni\w*|isovue|"
    r"vis[ti]\w*|gado\w*|eovist|saline|medications?|right|left|q\d|x\s?\d|in place|was placed|pain|[rl]\s|rac\b|lac\b|ac\b|hand|forearm|wrist|antecub\w*|\d\dg|opioid\w*|morph\w*|dilaudid|hydromor\w*)",
    re.I,
)
_BEFORE_ROMAN = re.compile(
    r"(?:(?:\b(?:in|into|of|for|to|at|the|and|III|V|on|from|then|target|lesion|tumor|both|sector)|[,/&:(\-+])\s?|^\s*)$",
    re.I,
)
"""What a bare "IV" must follow to be a segment and no vein."""
_SET_TO = re.compile(
    r"\b(?:reduced|lowered|decreased|increased|raised|set|dropped|turned (?:up|down)|up|down|back|close|closer|changed|titrated|pressure|power|"
    r"flow|score|pain|scale|from \d+(?:\.\d+)?)\s(?:\w+\s){0,2}to\s$",
    re.I,
)
"""A number that something was set to, no segment."""
_FOR_MINUTES = re.compile(
    r"\b(?:again|then|it|them|cooked|froze|frozen|burned|ran|run|freeze|burn|on|thaw\w*|heated)\s(?:\w+\s)?for\s$", re.I
)
"""What makes a bare number after "for" minutes: "frozen once for 12 minutes and again for 8"."""
_NONE_THERE = re.compile(
    r"\b(?:no|without|nor)\s(?:\w+\s){0,3}?(?:lesions?|tumors?|nodules?|mass(?:es)?|mets?|metastas[ie]s|foci|focus|disease)\s(?:\w+\s){0,2}$",
    re.I,
)
"""Places named as free of tumour: "no additional lesion in S1, S2"."""
_JOINED = re.compile(
    r"\b(?:junction|border|boundary|interface|confluence|watershed|straddl\w+|bridging|between)\s(?:of\s|between\s|the\s|both\s)*(?:segments?\s|segs?\s)?$",
    re.I,
)
"""Words that make of two segments the place of one tumour: "at the junction of V and VIII"."""
_OLD = re.compile(r"\b(?:old|prior|previous\w*|earlier|former)\s(?:\w+\s){0,2}$", re.I)
_VESSEL = re.compile(
    r"^\s?(?:portal\s|hepatic\s)?(?:veins?|pedicles?|branch\w*|arter\w*|ducts?|vessels?|stump|surface|ligament|"
    r"parenchyma)\b",
    re.I,
)


def named_places(text: str) -> Iterator[tuple[int, int, list[str]]]:
    """Yield (start, end, places): segments, several joined as one place, labels such as ``#2``."""
    first: tuple[int, int, list[str]] | None = None
    for start, end, places in _each_place(text):
        if first and re.fullmatch(r"\s?(?:and|&)\s?", text[first[1] : start], re.I):
            yield first[0], end, ["/".join(sorted({*first[2], *places}))]
            first = None
            continue
        if first:
            yield first
        first = None
        if _JOINED.search(text[max(0, start - _NEAR) : start]):
            if len(places) > 1:
                yield start, end, ["/".join(sorted(set(places)))]
            else:
                first = start, end, places
            continue
        yield start, end, places
    if first:
        yield first


def _each_place(text: str) -> Iterator[tuple[int, int, list[str]]]:
    for match in _PLACE.finditer(text):
        before = text[max(0, match.start() - _NEAR) : match.start()]
        if (
            _NO_PLACE.search(before)
            or _OLD.search(before)
            or _VESSEL.match(text[match.end() :])
            or (match["bare"] and _no_segment(text, match))
            or (not match["label"] and _NONE_THERE.search(before))
        ):
            continue
        if match["label"]:
            yield match.start(), match.end(), ["#" + match["label"].upper()]
        elif match["caudate"]:
            yield match.start(), match.end(), ["1"]
        else:
            yield match.start(), match.end(), _split(match["list"] or match["bare"])


def _no_segment(text: str, match: re.Match[str]) -> bool:
    """Whether a bare number is a vein's "IV", or what a pressure or a power was set to."""
    before = text[max(0, match.start() - _NEAR) : match.start()]
    if match["bare"] == "IV":
        return bool(_VEIN.match(text[match.end() :])) or not _BEFORE_ROMAN.search(before)
    return match["bare"].isdigit() and bool(_SET_TO.search(before) or _FOR_MINUTES.search(before))


def _split(words: str) -> list[str]:
    """Places of a list of segments; those joined by a stroke are one place, unless each has its own "S"."""
    parts = [part.lower() for part in re.findall(r"(?:VIII|VII|VI|IV|V|III|II|I|[1-8])[ab]?(?![a-z])", words, re.I)]
    plain = [str(ROMAN.get(part.rstrip("ab"), part.rstrip("ab"))) + part[len(part.rstrip("ab")) :] for part in parts]
    joined = re.search(r"[/\-]|\bto\b", words) and not re.search(r"[/\-]\s?s", words, re.I)
    return ["/".join(sorted(plain))] if joined and len(plain) > 1 else plain


def segments_of(words: str) -> list[str]:
    """Couinaud segments named in a phrase as numbers in text: ``segments V/VI`` gives 5 and 6 joined as one place."""
    match = re.search(
        r"(?:segments?|segs?\.?|segm\.?|sgts?|sg|sgm|\bs)\s?#?\s?((?:VIII|VII|VI|IV|V|III|II|I|"
        r"[1-8])[abAB]?(?:\s?(?:/|,|-|and|&|or|to|\+)\s?S?(?:VIII|VII|VI|IV|V|III|II|I|[1-8])[abAB]?)*)",
        words,
        re.I,
    )
    if not match:
        return []
    parts = [
        str(ROMAN.get(part.lower(), part))
        for part in _SEGMENT.findall(match.group(1).upper().replace("A", "").replace("B", ""))
    ]
    joined = re.search(r"/|-|\bto\b", match.group(1))
    return ["/".join(sorted(parts))] if joined and len(parts) > 1 else parts


def distinct_places(places: Iterable[str]) -> list[str]:
    """Places that are no part of another (``4`` beside ``4b``, ``5`` beside ``5/8``); labels where they are more."""
    labels: list[str] = []
    segments: list[str] = []
    for place in places:
        if place.startswith("#"):
            labels.append(place)
        elif not any(_same(place, other) for other in segments):
            segments.append(place)
    return labels if len(labels) > len(segments) else segments


def _same(one: str, other: str) -> bool:
    return any(a == b or (a[0] == b[0] and 1 in (len(a), len(b))) for a in one.split("/") for b in other.split("/"))
