"""Positions as other programs count them, and where they lie in our text.

JavaScript counts UTF-16 code units (Label Studio's offsets), Python code points (Prodigy, doccano); a browser shows every
line end as one line feed and counts it once (HTML Standard, "normalize newlines"). Which of these an export counted is
seen from the words it quotes beside its offsets. What fits no way of counting is repaired where the quote stands once in
the text, and refused otherwise: an offset is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ..errors import CorpusError

_LINE_END = re.compile(r"\r\n?")
CODE_POINTS = "code points"
UTF16 = "UTF-16 units"


@dataclass(frozen=True, slots=True)
class Span:
    """A span as a tool gives it: ``start`` and ``end`` in the tool's own units, ``quote`` its words (None: not given)."""

    start: int
    end: int
    quote: str | None = None


def one_line_end(text: str) -> str:
    """The text as a browser has it: CRLF and lone CR are LF."""
    return _LINE_END.sub("\n", text)


def utf16(text: str, place: int) -> int:
    """UTF-16 code units before a code point's place."""
    return place + sum(char > "\uffff" for char in text[:place])


def place_spans(
    note_id: str, shown: str, spans: Sequence[Span], *, units: str
) -> tuple[list[tuple[int, int]], list[str]]:
    """Where spans lie in the text they were made on, in code points; ``units`` is what the tool is known to count in.

    Returns:
        Start and end of each span, and a line for each that was repaired (its offsets, no words).

    Raises:
        CorpusError: a span that fits nowhere, or at several places.
    """
    readings = sorted(_readings(shown), key=lambda reading: reading[0] != units)
    placed = [[_at(shown, place, span) for span in spans] for _, place in readings]
    for found in placed:
        if all(found):
            return [one for one in found if one], []
    best = max(placed, key=lambda found: sum(one is not None for one in found))
    repairs, places = [], []
    for span, one in zip(spans, best, strict=True):
        if one is None:
            one = _only(note_id, shown, span)
            repairs.append(f"{note_id}: the span at {span.start}-{span.end} moved to {one[0]}-{one[1]}")
        places.append(one)
    return places, repairs


def carry_over(note_id: str, shown: str, text: str, places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same places in the text as it is kept, of which a tool showed ``shown``: only line ends may differ.

    Raises:
        CorpusError: the texts differ in more than their line ends.
    """
    if shown == text:
        return list(places)
    if one_line_end(shown) != one_line_end(text):
        raise CorpusError(
            f"{note_id}: its text is not the one that was annotated; import it with the text it was exported with"
        )
    down, up = _to_browser(shown), _from_browser(text)
    return [(up[down[start]], up[down[end]]) for start, end in places]


def _readings(text: str) -> Iterator[tuple[str, Callable[[int], int | None]]]:
    """Each way of counting: its units, and a function from an offset to the place in ``text`` (None: inside a character)."""
    browser, back = one_line_end(text), _from_browser(text)
    yield CODE_POINTS, lambda at: at if at <= len(text) else None
    yield UTF16, _units_to_places(text).get
    if browser != text:
        yield CODE_POINTS, lambda at: back[at] if at < len(back) else None
        in_browser = _units_to_places(browser)
        yield UTF16, lambda at: None if (place := in_browser.get(at)) is None else back[place]


def _units_to_places(text: str) -> dict[int, int]:
    places, units = {0: 0}, 0
    for at, char in enumerate(text, 1):
        units += 2 if char > "\uffff" else 1
        places[units] = at
    return places


def _from_browser(text: str) -> list[int]:
    """For each place in the browser's text the place in ``text``."""
    return [at for at in range(len(text) + 1) if not (0 < at < len(text) and text[at - 1 : at + 1] == "\r\n")]


def _to_browser(text: str) -> list[int]:
    """For each place in ``text`` the place in the browser's text; inside a CRLF that before it."""
    found, place = [0], 0
    for at in range(1, len(text) + 1):
        place += text[at - 1 : at + 1] != "\r\n"
        found.append(place)
    return found


def _at(text: str, place: Callable[[int], int | None], span: Span) -> tuple[int, int] | None:
    start, end = place(span.start), place(span.end)
    if start is None or end is None or not start < end:
        return None
    same = span.quote is None or one_line_end(text[start:end]) == one_line_end(span.quote)
    return (start, end) if same else None


def _only(note_id: str, text: str, span: Span) -> tuple[int, int]:
    browser, quote = one_line_end(text), one_line_end(span.quote or "")
    first = browser.find(quote) if quote else -1
    where = f"{note_id}: the span at {span.start}-{span.end}"
    if first < 0:
        raise CorpusError(f"{where} does not fit the text, and its words are not in it")
    if browser.find(quote, first + 1) >= 0:
        raise CorpusError(f"{where} does not fit the text, and its words stand there more than once")
    back = _from_browser(text)
    return back[first], back[first + len(quote)]
