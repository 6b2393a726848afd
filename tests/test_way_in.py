"""By which way did the probe reach the liver at the moment of energy (R18 to R22)?"""

from __future__ import annotations

import pytest

from ablacode import CodeSuggester

HEAD = "OPERATIVE NOTE\nDate of procedure: 2024-03-05\nIndication: hepatocellular carcinoma of segment VI.\nProcedure in detail: "
ENERGY = "The lesion was ablated with the microwave antenna at 100 W for 5 minutes. A good ablation zone was seen.\n"
ROWS = {
    "scope-out-then-ct": (
        "Staging laparoscopy through two 5 mm ports showed no peritoneal disease. The ports were removed and the gas released. "
        "The patient was taken to the CT scanner. Under CT guidance the antenna was advanced percutaneously into the lesion. ",
        "percutaneous",
    ),
    "converted": (
        "Pneumoperitoneum was established and four trocars were placed. Dense adhesions were met and we converted to an open operation "
        "through a right subcostal incision. ",
        "open",
    ),
    "no-conversion-in-a-form": (
        "Pneumoperitoneum was established and four trocars were placed. Conversion: no. The antenna was passed through a port under "
        "laparoscopic ultrasound. ",
        "laparoscopic",
    ),
    "needle-robot": (
        "With the patient on the CT table the robot arm was locked and the trajectory planned. Under CT guidance the antenna was "
        "pushed through the robot guide into the lesion. ",
        "percutaneous",
    ),
    "beside-an-old-incision": (
        "Veress at Palmer's point and three 5 mm ports. Omentum was stuck to her old midline and was freed. The antenna was "
        "passed in under the camera. ",
        "laparoscopic",
    ),
    "in-a-magnet": (
        "In the open magnet the needle entered the skin between ribs 8 and 9 and was advanced into the lesion on MR. ",
        "percutaneous",
    ),
    "surgical-robot": (
        "Pneumoperitoneum was established, robotic ports were placed and the da Vinci robot was docked. The antenna was guided by "
        "laparoscopic ultrasound. ",
        "laparoscopic",
    ),
}


@pytest.fixture(scope="module")
def suggester() -> CodeSuggester:
    return CodeSuggester()


@pytest.mark.parametrize("name", ROWS)
def test_the_way_in(suggester: CodeSuggester, name: str) -> None:
    told, approach = ROWS[name]
    assert suggester.suggest(HEAD + told + ENERGY).approach.value == approach
