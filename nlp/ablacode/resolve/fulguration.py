"""Tumour deposits on the liver's surface burnt off with argon or cautery: no tumour ablation, but a coder must ask (R16)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..domain import Sentence
from .reading import BODY

_BURNT = re.compile(
    r"\b(?:fulgurat\w*|cauteri[sz]\w*|vapori[sz]\w*|evaporat\w*|desiccat\w*)|"
    r"\b(?:burn\w*|destroy\w*|ablat\w*|treat\w*|taken off|dealt with|touched|coagulat\w*|spray\w*|paint\w*)\b.{0,50}\b(?:argon|cautery|bovie|diathermy|plasma|beam|abc)\b|"
    r"\b(?:argon|bovie|diathermy|plasma\w*|electrocautery|abc)\b.{0,50}\b(?:ablat\w*|destroy\w*|treat\w*|burn\w*)",
    re.I,
)
_DEPOSITS = re.compile(
    r"\b(?:implants?|deposits?|plaques?|nodules?|studding|spots?|flecks?|lesions?|seedlings?|specks?|metastas\w+|surface (?:disease|tumou?r)|mucin\w*|tumou?r)\b",
    re.I,
)
_LIVER = re.compile(r"\b(?:liver|hepatic|glisson\w*|segments?|segs?|capsule|capsular)\b", re.I)
_OTHER = re.compile(
    r"\b(?:no|not|never|without|bleed\w*|ooz\w*|h(?:a)?emosta\w*|raw|cut (?:surface|edge)|(?:gallbladder|liver|resection|tumou?r) bed|tracts?|tracks?|punctures?|lining|cysts?|weep\w*|hemidiaphragm|mesenter\w*|pelvi\w*|transect\w*|staple|hilum|biops\w*)\b",
    re.I,
)
_CLEAR = re.compile(r"\b(?:no|without|clear|free|not|nothing|smooth|spared)\b", re.I)
_BACK = 2


def fulgurated(sentences: Sequence[Sentence]) -> list[int]:
    """Sentences of the body in which deposits are burnt off and, there or just before, the liver's surface is where they lie."""
    found = []
    for sentence in sentences:
        if sentence.kind not in BODY | {"title"} or not _BURNT.search(sentence.text) or _OTHER.search(sentence.text):
            continue
        window = [earlier.text for earlier in sentences[max(0, sentence.index - _BACK) : sentence.index + 1][::-1]]
        if not any(_DEPOSITS.search(text) for text in window):
            continue
        place = next((text for text in window if _LIVER.search(text)), "")
        if place and not _CLEAR.search(_around(place)):
            found.append(sentence.index)
    return found


def _around(text: str) -> str:
    """The words just before the liver's."""
    match = _LIVER.search(text)
    return text[max(0, match.start() - 20) : match.start()] + text[match.end() : match.end() + 20] if match else ""
