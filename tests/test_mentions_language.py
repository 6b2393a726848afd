"""What do the words of a note say of each mention: its value, its place, and was it performed here?

Each row is put into an ordinary procedure note, where its section would stand. Every mention of the row's labels must
be marked, with its value and whether it was performed; a row without marks must be silent.
"""

from __future__ import annotations

import re

import pytest

from ablacode import CodeSuggester
from ablacode.domain import Mention
from ablacode.markup import parse

HEAD = (
    "PROCEDURE NOTE\nDate of procedure: 2024-03-05\n"
    "INDICATION: 64-year-old man with cirrhosis and a tumor of the liver, treated with RFA in 2019.\n\n"
)
BEGIN = (
    "TECHNIQUE: Informed consent was obtained and a time out was held. The patient was placed supine and general "
    "anesthesia was induced. The abdomen was prepped and draped in sterile fashion. "
)
TREATED = "The liver tumor was then ablated at 65 W for 8 minutes."
END = (
    "\nThe patient tolerated the procedure well and was extubated.\n\n"
    "COMPLICATIONS: None.\nESTIMATED BLOOD LOSS: Minimal.\n"
)

PERFORMED = {
    "stated": "[Microwave ablation](modality=microwave) of the [segment VI lesion](target=liver-tumor) was performed.",
    "stated-cryo": "[Cryoablation](modality=cryo) of the liver tumor was then performed.",
    "abbrev-mwa": "[MWA](modality=microwave) of the hepatic metastasis was carried out for 10 minutes.",
    "verb-microwaved": "The segment IV tumor was [microwaved](modality=microwave) for 5 minutes.",
    "capitals": "THE LIVER TUMOR WAS ABLATED WITH A [MICROWAVE ANTENNA](modality=microwave) AT 65 W.",
    "typo": "[Micowave ablation](modality=microwave) of the liver tumor was done.",
    "broken": "[Micro-\nwave ablation](modality=microwave) of the liver tumor was done.",
    "ire": "[Irreversible electroporation](modality=ire) of the liver tumor was done.",
    "histotripsy": "[Histotripsy](modality=histotripsy) of the liver tumor was done.",
    "ethanol": "[Ethanol injection](modality=ethanol) of the liver tumor was done.",
    "plain-heated": "The liver tumor was [heated](modality=heat) to 100 degrees for 10 minutes.",
    "hifu": "[HIFU](modality=hifu) of the liver tumor was done.",
    "del": "The tumor [was ablated](delivery=statement) at [65 W](delivery=power) for [8 minutes](delivery=duration).",
    "del-cycles": "[Two freeze-thaw cycles](delivery=cycles) [were applied](delivery=statement) to the liver tumor.",
    "title": "PROCEDURE: [Microwave ablation](modality=microwave, status=mention) of a liver tumor.",
}
NAMED_OTHERWISE = {
    "brand-emprint": "The [Emprint antenna](modality=microwave) was advanced into the tumor.",
    "brand-leveen": "A [LeVeen electrode](modality=radiofrequency) was deployed in the tumor and it was ablated.",
    "brand-cooltip": "A [Cool-tip electrode](modality=radiofrequency) was advanced into the tumor and it was ablated.",
    "brand-iceforce": "Three [IceForce needles](modality=cryo) were placed into the tumor.",
    "brand-nanoknife": "The [NanoKnife](modality=ire) was used to treat the liver tumor.",
    "brand-amica": "An [Amica probe](modality=microwave) was advanced into the tumor and it was ablated for 8 minutes.",
    "physics-ice-ball": "The [ice ball](modality=cryo) covered the liver tumor with a 5 mm margin.",
    "physics-frequency": "The [2.45 GHz](modality=microwave) generator was activated for 6 minutes in the liver tumor.",
    "brand-starburst": "A [StarBurst](modality=radiofrequency) was deployed in the tumor and it was ablated.",
    "brand-certus": "A [Certus 140](modality=microwave) probe was advanced into the tumor and it was ablated.",
    "physics-915": "The [915 MHz](modality=microwave) generator was run for 6 minutes in the liver tumor.",
    "physics-argon": "[Argon](modality=cryo) was run for 10 minutes and the liver tumor was cold.",
}
DENIED = {
    "denied-no": "No [radiofrequency energy](modality=radiofrequency, status=negated) was delivered.",
    "denied-not": "[Microwave ablation](modality=microwave, status=negated) was not performed.",
    "denied-instead": (
        "Instead of [RFA](modality=radiofrequency, status=negated), [microwave ablation](modality=microwave) "
        "of the liver tumor was performed."
    ),
    "denied-aborted": "[Microwave ablation](modality=microwave, status=negated) was aborted before any energy.",
    "denied-declined": "HISTORY: The patient declined [RFA](modality=radiofrequency, status=negated).",
    "considered": "DISCUSSION: [RFA](modality=radiofrequency, status=conditional) was considered but not performed.",
    "alternatives": (
        "CONSENT: Alternatives including [RFA](modality=radiofrequency, status=conditional) were discussed."
    ),
    "option": (
        "IMPRESSION: [Microwave ablation](modality=microwave, status=conditional) would be an option if the "
        "lesion grows."
    ),
    "if-needed": "PLAN: Repeat [RFA](modality=radiofrequency, status=conditional) if needed.",
    "planned": "PLAN: [Microwave ablation](modality=microwave, status=planned) next month.",
    "planned-candidate": "IMPRESSION: He is a candidate for [RFA](modality=radiofrequency, status=planned).",
    "planned-scheduled": "PLAN: She is scheduled for [cryoablation](modality=cryo, status=planned) on Monday.",
    "planned-procedure": (
        "PLANNED PROCEDURE: [Microwave ablation](modality=microwave, status=planned) of a liver tumor."
    ),
    "indication": "INDICATION: Presents for [microwave ablation](modality=microwave, status=planned) of a liver tumor.",
    "denied-never": "[Microwave ablation](modality=microwave, status=negated) was never started.",
    "denied-contra": "[RFA](modality=radiofrequency, status=negated) was contraindicated because of ascites.",
    "denied-no-cryo": "No [cryoprobe](modality=cryo, status=negated) was used.",
    "denied-open": "[Laparotomy](approach=open, status=negated) was not required.",
    "planned-will": "PLAN: She will undergo [RFA](modality=radiofrequency, status=planned) of the second lesion.",
    "planned-referred": "PLAN: Referred for [cryoablation](modality=cryo, status=planned).",
}
EARLIER = {
    "earlier-year": "HISTORY: Prior [RFA](modality=radiofrequency, status=historical) in 2019.",
    "earlier-status-post": "HISTORY: HCC, status post [microwave ablation](modality=microwave, status=historical).",
    "earlier-slash": "HISTORY: HCC s/p [RFA](modality=radiofrequency, status=historical) of segment VI.",
    "earlier-ago": "HISTORY: She underwent [cryoablation](modality=cryo, status=historical) two years ago.",
    "earlier-in-body": "The zone of the previous [RFA](modality=radiofrequency, status=historical) was seen.",
    "earlier-last-year": "HISTORY: [RFA](modality=radiofrequency, status=historical) last year at another hospital.",
    "earlier-list": (
        "HISTORY:\n- [RFA](modality=radiofrequency, status=historical) 2018\n- [cryo](modality=cryo, "
        "status=historical) 2020"
    ),
    "earlier-previously": (
        "HISTORY: Previously treated with [microwave ablation](modality=microwave, status=historical)."
    ),
}
OTHER = {
    "other-kidney": (
        "[Cryoablation](modality=cryo, status=other-organ) of the [renal mass](target=kidney, "
        "status=other-organ) was done."
    ),
    "other-heart": "[RF ablation](modality=radiofrequency, status=other-organ) of the atrial flutter was performed.",
    "other-thyroid": (
        "[RFA](modality=radiofrequency, status=other-organ) of the [thyroid nodule](target=thyroid, "
        "status=other-organ) was done."
    ),
    "other-bone": "[Cryoablation](modality=cryo, status=other-organ) of the iliac bone metastasis was performed.",
    "other-prostate": "[Cryoablation](modality=cryo, status=other-organ) of the prostate was performed.",
    "other-barrett": "[RFA](modality=radiofrequency, status=other-organ) of Barrett's esophagus was performed.",
    "cyst": "[Ethanol sclerosis](modality=ethanol, status=not-tumor) of the hepatic cyst was performed.",
    "transection": "The transection plane was coagulated with the [Habib](modality=other, status=not-tumor) device.",
    "argon": "Hemostasis was achieved with the [argon beam coagulator](modality=other, status=not-tumor).",
    "education": (
        "PATIENT EDUCATION: [RF ablation](modality=radiofrequency, status=boilerplate) uses heat to destroy tumors."
    ),
}
APPROACH = {
    "no-conversion": (
        "No [conversion to open](approach=open, status=negated) was needed. The "
        "[laparoscopic](approach=laparoscopic) ablation was completed."
    ),
    "conversion-discussed": "We discussed [converting to open](approach=open, status=conditional) but went on as before.",
    "conversion-feared": (
        "He was aware of bleeding, bile leak and [conversion](approach=open, status=conditional) and agreed."
    ),
    "conversion-not-necessary": "[Conversion to an open](approach=open, status=negated) operation was not necessary.",
    "perc": "The antenna was advanced [percutaneously](approach=percutaneous) into the tumor.",
    "skin-nick": (
        "Under CT a [skin nick](approach=percutaneous) was made and the microwave antenna advanced into the tumor."
    ),
    "pneumo": "[Pneumoperitoneum](approach=laparoscopic) was established and the tumor was ablated.",
    "trocars": "Four [trocars](approach=laparoscopic) were placed and the tumor was ablated.",
    "laparotomy": "A [midline laparotomy](approach=open) was made and the tumor was ablated.",
    "subcostal": "A [right subcostal incision](approach=open) was made and the tumor was ablated.",
    "mini-lap": "Through a [mini-laparotomy](approach=open) the liver tumor was ablated with microwave.",
    "converted": (
        "The operation was [converted to open](approach=open) because of adhesions, and the tumor was ablated."
    ),
    "robot": (
        "The [da Vinci robot](approach=laparoscopic) was [docked](approach=laparoscopic) and the tumor was ablated."
    ),
    "hals": "The [hand-assisted](approach=laparoscopic) ablation of the liver tumor was done.",
    "vats": "The antenna was advanced [thoracoscopically](approach=other) into the tumor.",
    "epione": "The [Epione robot](approach=percutaneous) guided the antenna into the tumor.",
    "through-skin": "The antenna was passed [through the skin](approach=percutaneous) into the tumor.",
    "port-site": "An antenna was passed through a [12 mm port](approach=laparoscopic) into the tumor.",
}
IMAGING_COUNT_TARGET = {
    "ct": "Under [CT guidance](guidance=ct) the antenna was advanced into the tumor.",
    "us": "Under [ultrasound guidance](guidance=ultrasound) the antenna was advanced into the tumor.",
    "lus": "[Laparoscopic ultrasound](guidance=laparoscopic ultrasound) was used to place the antenna.",
    "ious": "With [intraoperative ultrasound](guidance=intraoperative ultrasound) the antenna was placed.",
    "cbct": "[Cone-beam CT](guidance=cone-beam ct) confirmed the antenna in the liver tumor.",
    "ct-fluoro": "Under [CT fluoroscopy](guidance=ct) the antenna was advanced into the tumor.",
    "fluoro": "[Fluoroscopic guidance](guidance=fluoroscopy) was used to place the antenna.",
    "ct-follow": "PLAN: [CT](guidance=ct, status=planned) in three months.",
    "mri-comparison": "COMPARISON: [MRI](guidance=mr, status=mention) of March 2024.",
    "count-three": "[Three lesions](tumor_count=3) of the liver were ablated.",
    "count-both": "[Both tumors](tumor_count=2) in the liver were ablated.",
    "count-solitary": "A [solitary metastasis](tumor_count=1) in the liver was ablated.",
    "count-digit": "[2 liver tumors](tumor_count=2) were ablated.",
    "count-probes": "Three probes were placed into the tumor.",
    "target-hcc": "The [hepatocellular carcinoma](target=liver-tumor) was ablated.",
    "target-segment": "The [segment VI lesion](target=liver-tumor) was ablated.",
    "target-met": "The [liver metastasis](target=liver-tumor) was ablated.",
    "target-organ-after": "The [tumor in the right lobe of the liver](target=liver-tumor) was ablated.",
}
SILENT = {
    "heart-rhythm": "The rhythm converted to sinus.",
    "inside-word-rfa": "The surface of the liver was smooth.",
    "inside-word-ire": "The entire liver was examined and required no treatment.",
    "inside-word-ice": "The device was voiced over the service line.",
    "inside-word-lap": "The duct collapsed and overlapped.",
    "inside-word-us": "The focus of the discussion thus far was the virus.",
    "inside-word-mr": "Mrs. Miller was seen with Mr. Smith.",
    "cryoprecipitate": "Cryoprecipitate was transfused.",
    "frozen-section": "Frozen section was negative.",
    "frozen-plasma": "Two units of fresh frozen plasma were given.",
    "ice-chips": "He may have ice chips.",
    "lap-sponges": "Lap sponges were counted and correct.",
    "port-a-cath": "A port-a-cath was in place.",
    "ambulation": "Ambulation was encouraged.",
    "electrolytes": "Electrolytes were normal.",
    "inside-word-open": "The opening of the duct reopened the discussion.",
    "inside-word-cat": "The catheter was flushed and the category noted.",
    "inside-word-robot": "The patient was robust.",
    "cryoglobulin": "Cryoglobulins were negative.",
    "alcohol": "He drinks alcohol.",
    "met-verb": "I met the patient on the ward.",
    "hasson": "FINDINGS: The duct was widely open.",
    "us-pronoun": "The radiologist told us that the scan was normal.",
}
KNOWN_FAILURES = {
    "thermal-only": "[Thermal ablation](modality=unknown) of the liver tumor was done.",
    "physics-freeze-thaw": "Two [freeze-thaw cycles](modality=cryo) were completed in the liver tumor.",
    "physics-roll-off": "[Roll-off](modality=radiofrequency) was reached after 11 minutes in the liver tumor.",
    "brand-visual-ice": "The [Visual-ICE](modality=cryo) system was used to [freeze](modality=cryo) the liver tumor.",
}
WHY = {
    "thermal-only": "the bare word ablation is taken as named only",
    "physics-freeze-thaw": "cycles without the energy's name are taken as named only",
    "physics-roll-off": "physics alone is taken as named only",
    "brand-visual-ice": "a verb after 'used to' is taken as named only",
}
TABLES = (PERFORMED, NAMED_OTHERWISE, DENIED, EARLIER, OTHER, APPROACH, IMAGING_COUNT_TARGET, SILENT)
ROWS = {name: row for table in TABLES for name, row in table.items()}


@pytest.fixture(scope="module")
def suggester() -> CodeSuggester:
    return CodeSuggester()


def mentions_of(suggester: CodeSuggester, row: str) -> list[Mention]:
    """The mentions that touch the row, in a note around it; offsets are those of the row."""
    if re.match(r"[A-Z ]+:\s", row):
        before, after = HEAD, f"\n\n{BEGIN}{TREATED}{END}"
    else:
        before, after = HEAD + BEGIN, END
    start, end = len(before), len(before) + len(row)
    record = suggester.suggest(before + row + after)
    assert not record.screened
    return [
        Mention(m.start - start, m.end - start, m.label, m.value, m.text, m.section, m.status)
        for m in record.mentions
        if m.start < end and start < m.end
    ]


def disagreements(suggester: CodeSuggester, marked: str) -> list[tuple[str, ...]]:
    """What differs between the marks of a row and the mentions found, in both directions."""
    row, marks = parse(marked)
    labels = {mark.label for mark in marks} or SILENT_LABELS
    left = [mention for mention in mentions_of(suggester, row) if mention.label in labels]
    found: list[tuple[str, ...]] = []
    for mark in marks:
        hits = [m for m in left if m.label == mark.label and m.start < mark.end and mark.start < m.end]
        if not hits:
            found.append(("missed", mark.text))
        for mention in hits:
            left.remove(mention)
            if mention.value != mark.value:
                found.append(("value", mark.text, mention.value))
            if (mention.status == "performed") != (mark.status == "performed"):
                found.append(("status", mark.text, mention.status))
    # A bare "ablated" beside the energy's name is a mention of no energy in particular; marking it is optional.
    return found + [("extra", m.text, m.value, m.status) for m in left if m.value != "unknown"]


SILENT_LABELS = {"modality", "approach", "guidance"}


@pytest.mark.parametrize("name", ROWS)
def test_mentions_say_what_is_marked(suggester: CodeSuggester, name: str) -> None:
    assert disagreements(suggester, ROWS[name]) == []


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.xfail(strict=True, raises=AssertionError, reason=WHY[name]))
        for name in KNOWN_FAILURES
    ],
)
def test_mentions_do_not_say_yet_what_is_marked(suggester: CodeSuggester, name: str) -> None:
    assert disagreements(suggester, KNOWN_FAILURES[name]) == []


def test_no_row_stands_in_two_tables() -> None:
    assert len(ROWS) == sum(map(len, TABLES))
    assert set(ROWS) & set(KNOWN_FAILURES) == set()


FAULTS = {
    "not-marked": ("Microwave ablation of the liver tumor at 65 W [was performed](delivery=statement).", "extra"),
    "wrong-value": ("[Microwave ablation](modality=cryo) of the liver tumor was performed.", "value"),
    "wrong-status": ("HISTORY: Prior [RFA](modality=radiofrequency) in 2019.", "status"),
    "nothing-there": ("The [liver](modality=cryo) was seen.", "missed"),
    "not-silent": ("A microwave antenna was placed.", "extra"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_the_comparison_sees_every_kind_of_fault(suggester: CodeSuggester, name: str) -> None:
    marked, kind = FAULTS[name]
    assert kind in {fault[0] for fault in disagreements(suggester, marked)}
