"""Which Couinaud segments does a sentence name?"""

from __future__ import annotations

import pytest

from ablacode.resolve.segments import segments_in

NAMED = {
    "word": ("Segment VI lesion.", {6}),
    "short": ("seg 8 and seg. 5", {5, 8}),
    "list": ("segments 5/6", {5, 6}),
    "list-of-words": ("segments II and III", {2, 3}),
    "letter": ("S4b tumour", {4}),
    "roman-after-preposition": ("a 29 mm tumour in IVa and one in III", {3, 4}),
    "digit-after-preposition": ("a deep one in 8 beside the vein", {8}),
    "alone-on-its-line": ("IVa.", {4}),
    "a-size-is-no-segment": ("Hepatoma of segment VI, 3.8 cm", {6}),
    "a-number-of-lesions": ("in 2 sessions", set()),
    "a-first-person": ("I saw the liver", set()),
    "nothing": ("The liver was normal.", set()),
}


@pytest.mark.parametrize("name", NAMED)
def test_segments(name: str) -> None:
    text, segments = NAMED[name]
    assert segments_in(text) == segments
