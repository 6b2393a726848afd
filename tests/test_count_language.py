"""How many tumours were ablated? Short notes by way of the rules, and the phrases that tell a number or a place."""

from __future__ import annotations

import pytest

from ablacode import CodeSuggester
from ablacode.find.counts import find_counts, find_ordinals
from ablacode.find.places import distinct_places, named_places

HEAD = "PROCEDURE: Percutaneous microwave ablation of the liver.\nTECHNIQUE: Under CT guidance through a skin nick "
BURN = "a microwave antenna was advanced into the {0}. Ablation was performed at 65 W for 8 minutes. "

ABLATED: dict[str, tuple[str, int | None]] = {
    "singular-throughout": (BURN.format("segment VI tumor") + "The zone covered the tumor.", 1),
    "one-place-joined-segments": (BURN.format("segment V/VI tumor"), 1),
    "one-tumor-three-burns": (
        BURN.format("segment VI tumor") + "Three overlapping burns were made with two antennas.",
        1,
    ),
    "two-places-in-turn": (
        BURN.format("segment VI lesion")
        + "The antenna was then advanced into the segment VIII lesion and 65 W were given for 6 minutes.",
        2,
    ),
    "same-for-another-place": (BURN.format("segment VII lesion") + "Same thing in segment III, 65 W for 4 minutes.", 2),
    "all-three-were-treated": (BURN.format("first lesion") + "All three were ablated in this manner.", 3),
    "total-in-the-end": (BURN.format("largest lesion") + "In all, four lesions were ablated.", 4),
    "field-of-a-form": (BURN.format("lesion") + "\nNumber of lesions treated: 2", 2),
    "two-of-the-four": (
        BURN.format("lesion") + "Two of the four metastases were ablated. The remaining two were left for surgery.",
        2,
    ),
    "resected-one-is-out": (BURN.format("segment VIII lesion") + "The segment III lesion was resected.", 1),
    "deferred-one-is-out": (BURN.format("segment VIII lesion") + "The segment II lesion was not treated.", 1),
    "embolised-one-is-out": (BURN.format("segment VIII lesion") + "The segment V lesion was embolized only.", 1),
    "left-in-the-next-sentence": (
        BURN.format("segment VI lesion") + "The one in segment I sits on the cava. I left it for the radiotherapists.",
        1,
    ),
    "biopsied-but-not-this-one": (
        BURN.format("segment VI lesion") + "Cores were taken from the segment VIII nodule, but this was not treated.",
        1,
    ),
    "minutes-are-no-segment": (BURN.format("segment VI lesion") + "It was heated once and again for 8.", 1),
    "no-lesion-there": (BURN.format("segment VI lesion") + "No additional lesion in segments 1, 2 and 4.", 1),
    "one-place-at-a-border": (BURN.format("tumor at the junction of segments V and VIII"), 1),
    "old-zone-is-out": (BURN.format("segment VIII lesion") + "Old segment II ablation zone unchanged.", 1),
}


@pytest.fixture(scope="module")
def suggester() -> CodeSuggester:
    return CodeSuggester(use_model=False)


@pytest.mark.parametrize("name", ABLATED)
def test_number_ablated(suggester: CodeSuggester, name: str) -> None:
    body, number = ABLATED[name]
    text = HEAD + body
    fact = suggester.suggest(text).tumor_count
    assert fact.value == number
    assert all(text[item.start : item.end] == item.text and len(item.text.split()) <= 8 for item in fact.evidence)


COUNTED = {
    "digits": ("2 liver metastases", [(2, "2 liver metastases")]),
    "both-with-verb": ("Both were ablated.", [(2, "Both")]),
    "ellipsis-all-three": ("All three were fully treated.", [(3, "All three")]),
    "ellipsis-remaining": ("The remaining 3 were done with the electrode.", [(3, "remaining 3")]),
    "operation-times": ("Thermal ablation x 5", [(5, "ablation x 5")]),
    "comma-number-in-a-line": ("Cryoablation of liver metastases, 4", [(4, "metastases, 4")]),
    "size-between": ("A single 1.4 cm lesion in IVb.", [(1, "single 1.4 cm lesion")]),
    "dotted-field": ("no. treated ............ 4", [(4, "no. treated ............ 4")]),
    "performed-number": ("So three were treated in all", [(3, "three")]),
}
SILENT = {
    "probes": "Three microwave antennas were placed.",
    "passes": "Two passes were made.",
    "cycles": "Two freeze-thaw cycles of 10 minutes.",
    "size": "The lesion measured 2 cm.",
    "segment-is-a-name": "Tumor in seg 5 treated.",
    "list-of-segments": "Segment 2 and 3 lesions were visible.",
    "cycle-number": "Capecitabine, cycle 9 done.",
    "line-number-of-a-form": "10 Lesions treated a Y b Y",
    "both-quadrants": "Both upper quadrants were scanned.",
    "probes-after-the-name": "Cryo x3 probes",
    "burns-after-the-name": "RFA x 2 cycles",
}


@pytest.mark.parametrize("name", COUNTED)
def test_phrase_that_tells_a_number(name: str) -> None:
    sentence, expected = COUNTED[name]
    found = [(number, sentence[a:b]) for _, number, a, b in find_counts(sentence)]
    assert set(expected) <= set(found)
    assert {number for number, _ in found} == {number for number, _ in expected}


@pytest.mark.parametrize("name", SILENT)
def test_number_that_is_no_total(name: str) -> None:
    assert list(find_counts(SILENT[name])) == []


PLACES = {
    "bare-roman": ("Same thing in VIII, single insertion.", [["8"]]),
    "stroke-joins": ("the segment V/VI tumor", [["5/6"]]),
    "own-prefix-separates": ("lap MWA s6/s3", [["6", "3"]]),
    "and-separates": ("segments 8 and 5", [["8", "5"]]),
    "label": ("Lesion 2: 65 W", [["#2"]]),
    "not-a-size": ("a nodule 2 cm deep", []),
    "not-a-stage": ("Child-Pugh class II", []),
    "not-a-vessel": ("the segment 3 vein was clipped", []),
    "not-an-old-place": ("old segment VII zone", []),
    "minutes-are-no-segment": ("segment II and 8 minutes", [["2"]]),
}


@pytest.mark.parametrize("name", PLACES)
def test_places(name: str) -> None:
    sentence, expected = PLACES[name]
    assert [places for _, _, places in named_places(sentence)] == expected


def test_a_part_of_a_place_is_no_second_place() -> None:
    assert distinct_places(["4b", "4", "5/8", "5"]) == ["4b", "5/8"]
    assert distinct_places(["#1", "#2", "6"]) == ["#1", "#2"]


@pytest.mark.parametrize(
    ("sentence", "numbers"),
    [
        ("Next, the second lesion was ablated", [2]),
        ("and the same on the third.", [3]),
        ("the second freeze was longer", []),
        ("a second antenna", []),
    ],
    ids=["second-lesion", "ellipsis", "freeze-is-no-tumor", "antenna-is-no-tumor"],
)
def test_ordinals(sentence: str, numbers: list[int]) -> None:
    assert [number for number, _, _ in find_ordinals(sentence)] == numbers
