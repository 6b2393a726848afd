"""Which words are brought to the rules' spelling, and which real words are left alone?"""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ablacode.find.shadow import make_shadow
from ablacode.find.spelling import Speller, respell
from ablacode.rulebook import load_rulebook

TABLE = load_rulebook().spelling
SPELLER = Speller(TABLE["words"], TABLE["fuzzy"], TABLE["keep"])

CORRECTED = {
    "british": ("tumour", "tumor"),
    "british-plural": ("tumours", "tumors"),
    "british-diphthong": ("haemostasis", "hemostasis"),
    "listed-misspelling": ("lapascopic", "laparoscopic"),
    "listed-foreign": ("ecography", "ultrasound"),
    "letters-swapped": ("microwvae", "microwave"),
    "letters-swapped-early": ("mircowave", "microwave"),
    "letter-missing": ("laparoscpic", "laparoscopic"),
    "letter-doubled": ("perrcutaneous", "percutaneous"),
    "letter-wrong": ("abiation", "ablation"),
    "last-letter-missing": ("ablatio", "ablation"),
    "ocr-rn-for-m": ("rnicrowave", "microwave"),
    "ocr-rn-for-m-inside": ("perforrned", "performed"),
    "ocr-one-for-l": ("ab1ation", "ablation"),
    "ocr-zero-for-o": ("lesi0n", "lesion"),
    "ocr-one-at-the-start": ("1esion", "lesion"),
    "ocr-c-for-e": ("convcrted", "converted"),
    "ocr-digit-in-a-long-word": ("cryoab1ation", "cryoablation"),
}
LEFT = {
    "right-already": "ablation",
    "real-word-one-letter-away": "oblation",
    "real-word-lessons": "lessons",
    "real-word-session": "session",
    "real-word-respected": "respected",
    "real-word-inverted": "inverted",
    "short-word": "RFA",
    "too-short-to-guess": "segmet",
    "two-edits-away": "mcrwave",
    "first-letter-wrong": "kicrowave",
    "number": "1234567",
    "code-number": "47382",
    "number-with-unit": "10min",
    "unknown-word-with-a-digit": "w0rd",
    "very-long": "ablation" * 40,
}


@pytest.mark.parametrize("name", CORRECTED)
def test_corrected(name: str) -> None:
    wrong, right = CORRECTED[name]
    assert SPELLER.correct(wrong) == right


@pytest.mark.parametrize("name", LEFT)
def test_left_alone(name: str) -> None:
    assert SPELLER.correct(LEFT[name].lower()) is None


@pytest.mark.xfail(strict=True, reason="'planed' is kept and replaced by 'planned'")
def test_no_word_that_is_kept_is_also_replaced() -> None:
    assert set(TABLE["keep"]) & set(TABLE["words"]) == set()


@pytest.mark.parametrize("word", sorted({*TABLE["fuzzy"], *TABLE["keep"]} - set(TABLE["words"])))
def test_words_of_the_rules_and_words_to_keep_stay(word: str) -> None:
    assert SPELLER.correct(word) is None


def one_edit_away(word: str) -> st.SearchStrategy[str]:
    """A letter behind the first left out, doubled, or swapped with the next."""
    at = st.integers(1, len(word) - 2)
    return st.one_of(
        at.map(lambda i: word[:i] + word[i + 1 :]),
        at.map(lambda i: word[:i] + word[i] + word[i:]),
        at.map(lambda i: word[:i] + word[i + 1] + word[i] + word[i + 2 :]),
    )


# Words with no neighbour among the rules' words, so that only one answer is right.
CLEAR = ("microwave", "radiofrequency", "laparoscopically", "pneumoperitoneum", "histotripsy", "hepatocellular")


@settings(deadline=None)
@given(st.sampled_from(CLEAR).flatmap(lambda word: st.tuples(st.just(word), one_edit_away(word))))
def test_one_typo_is_undone(pair: tuple[str, str]) -> None:
    word, typo = pair
    assert SPELLER.correct(typo) in ((None,) if typo == word else (word,))


@settings(deadline=None)
@given(st.text(st.characters(codec="ascii", categories=("Ll", "Nd")), min_size=4, max_size=14))
def test_a_correction_is_settled_after_one_round_and_never_depends_on_what_was_seen(word: str) -> None:
    fixed = SPELLER.correct(word)
    assert Speller(TABLE["words"], TABLE["fuzzy"], TABLE["keep"]).correct(word) == fixed
    assert fixed is None or SPELLER.correct(fixed) in (None, fixed)


IN_TEXT = {
    "capitals-stay-capitals": ("LARGE TUMOUR SEEN", "LARGE TUMOR SEEN"),
    "small-letters": ("large tumour seen", "large tumor seen"),
    "several": ("tumour and haemostasis", "tumor and hemostasis"),
    "whole-words-only": ("tumourlike", "tumourlike"),
    "nothing-to-do": ("the liver was seen", "the liver was seen"),
}


@pytest.mark.parametrize("name", IN_TEXT)
def test_in_a_text(name: str) -> None:
    text, shown = IN_TEXT[name]
    assert respell(make_shadow(text), SPELLER).text == shown


def test_corrected_words_lead_to_the_words_of_the_note() -> None:
    text = "A tum\u00adour by ab1a-\ntion, then RFA."
    shadow = respell(make_shadow(text), SPELLER)
    found = {match.group(): text[slice(*shadow.original(*match.span()))] for match in re.finditer(r"\w+", shadow.text)}
    assert found == {
        "A": "A",
        "tumor": "tum\u00adour",
        "by": "by",
        "ablation": "ab1a-\ntion",
        "then": "then",
        "RFA": "RFA",
    }
