"""Own sentence splitter: newlines, ends of sentences and list marks of the shadow text, in place of PyRuSH."""

from __future__ import annotations

import re

_ABBREVIATIONS = (
    "dr|mr|mrs|ms|prof|st|no|nos|seg|segs|segm|sgm|sgt|sgts|approx|ca|vs|fig|inc|pt|pts|dx|hx|rx|tx|e\\.g|i\\.e|etc|al|cf|max|min|mins|sec|secs|hr|hrs|temp|"
    "lap|perc|abd|lat|med|ant|post|sup|inf|resp|incl|excl|vol|wt|ht|dept|diam|a\\.m|p\\.m|m\\.d|r\\.n|jr|sr|ext|int|rt|lt|jan|feb|mar|apr|"
    "jun|jul|aug|sep|sept|oct|nov|dec"
)
_END = re.compile(
    r"\n+|(?<=[a-z0-9)\]%\"'A-Z°])[.!?]+[\"')\]]*(?:\s+(?=[A-Z0-9(\[\"'*\-•#<>])|\s*(?=[A-Z][a-z]+\s)|"
    r"\s*$)|;\s+(?=[A-Za-z0-9])"
)
_MARK = re.compile(r"[\n.!?;]")
"""What an end begins with: looking for it alone is much quicker than trying :data:`_END` at every letter."""
_ABBREVIATION = re.compile(rf"(?:^|[\s(/])(?:{_ABBREVIATIONS}|[A-Z]|\d+)$", re.I)
_MONTH_NEXT = re.compile(
    r"(?:jan|ene|feb|fev|mar|mär|apr|avr|abr|ma[iy]\b|jun|jui|jul|aug|ago|sep|okt|oct|nov|dez|dec|dic)", re.I
)
"""``5. Oktober``: the point of an ordinal, no end."""


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Offsets (start, end) of the sentences of shadow text, white space trimmed, none empty, in order."""
    spans: list[tuple[int, int]] = []
    start = past = 0
    for mark in _MARK.finditer(text):
        match = _END.match(text, mark.start()) if mark.start() >= past else None
        if match is None:
            continue
        past = match.end()
        found = match.group()
        if "\n" not in found and not found.startswith(";") and _not_an_end(text, start, match):
            continue
        _append(text, start, match.end(), spans)
        start = match.end()
    _append(text, start, len(text), spans)
    return spans


def _not_an_end(text: str, start: int, match: re.Match[str]) -> bool:
    before = text[max(start, match.start() - 12) : match.start()]
    if not match.group().startswith("."):
        return False
    if text[match.end() : match.end() + 1].isdigit() and re.search(r"\d$", before) and match.group() == ".":
        return True
    if re.search(r"\b\d{1,2}$", before) and _MONTH_NEXT.match(text, match.end()):
        return True
    if re.search(r"\d$", before):
        whole = text[start : match.start()]
        return bool(re.fullmatch(r"\s*\(?\d{1,2}", whole))
    word = _ABBREVIATION.search(before)
    if not word:
        return False
    token = word.group().strip(" (/").lower()
    if token in {"min", "mins", "sec", "secs", "hr", "hrs", "etc", "al", "pt", "pts", "post", "lap", "med", "no"}:
        following = text[match.end() : match.end() + 1]
        return (token in {"no", "post", "lap", "med", "pt"} and not following.isupper()) or following.isdigit()
    return True


def _append(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    if right > left:
        spans.append((start + left, start + right))
