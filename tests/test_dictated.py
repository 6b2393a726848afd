"""Is dictated punctuation set, and are homophones of an energy heard, with offsets that lead back to the note?"""

from __future__ import annotations

import pytest

from ablacode.find.dictated import hear
from ablacode.find.shadow import make_shadow

HEARD = {
    "periods": (
        "supine period skin nick period antenna in period done",
        ["supine.", "skin nick.", "antenna in.", "done"],
    ),
    "paragraphs": (
        "indication period hcc comma one period next paragraph technique",
        ["indication.", "hcc, one.", "technique"],
    ),
    "two-are-too-few": ("one period of rest period then home", ["one period of rest period then home"]),
    "a-period-of-time": (
        "a period of apnea period needle in period a period of cooling period out",
        ["a period of apnea.", "needle in.", "a period of cooling.", "out"],
    ),
    "cry-oh-probe": ("two cry oh probes", ["two cryoprobes"]),
    "cry-oh-alone": ("the cry oh was started", ["the cryo was started"]),
    "a-blation": ("microwave a blation was done", ["microwave ablation was done"]),
    "letters-apart": ("under C T the R F A", ["under CT the RFA"]),
    "vitamins": ("vitamin C and thiamine", ["vitamin C and thiamine"]),
}


@pytest.mark.parametrize("name", HEARD)
def test_what_is_heard(name: str) -> None:
    text, lines = HEARD[name]
    assert [line.strip() for line in hear(make_shadow(text)).text.split("\n") if line.strip()] == lines


def test_a_homophone_leads_back_to_its_own_words() -> None:
    text = "two cry oh probes were placed"
    shadow = hear(make_shadow(text))
    at = shadow.text.index("cryoprobes")
    first, last = shadow.original(at, at + len("cryoprobes"))
    assert text[first:last] == "cry oh probes"
