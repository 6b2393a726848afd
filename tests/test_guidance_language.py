"""Which imaging guided this ablation? Short notes by way of the rules; every row says why it exists."""

from __future__ import annotations

import pytest

from ablacode import CodeSuggester

PERC = "PROCEDURE: Percutaneous microwave ablation of a liver tumor.\nTECHNIQUE: A skin nick was made. "
LAP = (
    "PROCEDURE: Laparoscopic microwave ablation of a liver tumor.\n"
    "TECHNIQUE: Trocars were placed and pneumoperitoneum established. "
)
OPEN = "PROCEDURE: Open microwave ablation of a liver tumor.\nTECHNIQUE: A midline laparotomy was made. "
BURN = "Ablation of the segment VI tumor was performed at 65 W for 8 minutes. "

GUIDED: dict[str, tuple[str, list[str]]] = {
    "placed-under-ct": (PERC + "Under CT guidance the antenna was advanced into the segment VI tumor. " + BURN, ["ct"]),
    "ct-fluoroscopy-is-ct": (PERC + "Using CT fluoroscopy the antenna was advanced into the tumor. " + BURN, ["ct"]),
    "bare-ultrasound-through-the-skin": (
        PERC + "With ultrasound guidance the antenna was advanced into the tumor. " + BURN,
        ["ultrasound"],
    ),
    "bare-ultrasound-laparoscopic": (
        LAP + "The antenna was advanced into the tumor under ultrasound guidance. " + BURN,
        ["laparoscopic ultrasound"],
    ),
    "bare-ultrasound-open": (
        OPEN + "The antenna was advanced into the tumor under ultrasound guidance. " + BURN,
        ["intraoperative ultrasound"],
    ),
    "localised-in-an-operation": (
        OPEN + "Intraoperative ultrasound showed the tumor. The antenna was inserted. " + BURN,
        ["intraoperative ultrasound"],
    ),
    "completion-ct-same-session": (
        PERC
        + "Under ultrasound guidance the antenna was advanced into the tumor. "
        + BURN
        + "Completion CT on the table showed the zone covering the tumor.",
        ["ct", "ultrasound"],
    ),
    "mr-guided": (PERC + "Under MR guidance the antenna was advanced into the tumor. " + BURN, ["mr"]),
    "cone-beam-check": (PERC + "Cone-beam CT confirmed the antenna tip in the tumor. " + BURN, ["cone-beam ct"]),
}
NOT_GUIDING = {
    "follow-up-another-day": ("Follow-up CT in 4 weeks.", "ct"),
    "diagnosis-before": ("\nINDICATION: MRI in March showed a new lesion.", "mr"),
    "comparison": ("\nCOMPARISON: CT of 2 May.", "ct"),
    "clinic-scan": ("\nPLAN: MRI at one month in clinic.", "mr"),
    "dose-line": ("Fluoroscopy time 4 minutes.", "fluoroscopy"),
    "fused-old-mr": ("The MR of 2 October was loaded for fusion.", "mr"),
    "not-used": ("CT was not used.", "ct"),
    "later-day": ("CT 6 weeks with me.", "ct"),
    "mister": ("Mr Venables tolerated it well.", "mr"),
    "mister-with-a-stop": ("Mr. Venables tolerated it well.", "mr"),
    "mister-in-capitals": ("MR VENABLES WAS EXTUBATED.", "mr"),
}


@pytest.fixture(scope="module")
def suggester() -> CodeSuggester:
    return CodeSuggester(use_model=False)


def _guidance(suggester: CodeSuggester, text: str) -> list[str]:
    facts = suggester.suggest(text).guidance
    assert all(text[item.start : item.end] == item.text for fact in facts for item in fact.evidence)
    return sorted(str(fact.value) for fact in facts)


@pytest.mark.parametrize("name", GUIDED)
def test_guidance_of_this_ablation(suggester: CodeSuggester, name: str) -> None:
    text, expected = GUIDED[name]
    assert _guidance(suggester, text) == expected


@pytest.mark.parametrize("name", NOT_GUIDING)
def test_imaging_that_did_not_guide(suggester: CodeSuggester, name: str) -> None:
    sentence, value = NOT_GUIDING[name]
    text = PERC + "With ultrasound guidance the antenna was advanced into the tumor. " + BURN + sentence
    assert value not in _guidance(suggester, text)
    assert "ultrasound" in _guidance(suggester, text)


def test_imaging_of_an_operation_before_it_is_no_guidance(suggester: CodeSuggester) -> None:
    text = (
        LAP + "CT had shown a tumor in segment VI. Laparoscopic ultrasound found it. The antenna was inserted. " + BURN
    )
    assert _guidance(suggester, text) == ["laparoscopic ultrasound"]


def test_title_only_where_the_body_is_silent(suggester: CodeSuggester) -> None:
    text = (
        "EXAM: CT-guided percutaneous microwave ablation of a liver tumor.\n"
        "TECHNIQUE: Through a skin nick the antenna was advanced into the tumor. "
    )
    assert _guidance(suggester, text + BURN) == ["ct"]
    assert _guidance(suggester, text + "Ultrasound guidance was used for the antenna. " + BURN) == ["ultrasound"]
