"""Named, ordered rules for the status of one mention: the first that speaks wins. The classifier sees their answer as a feature;
with ``--no-model`` they decide alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ..domain import Candidate
from .conversion import unconverted
from .focus import is_target
from .grammar import clause
from .plainly import plainly_done
from .reading import BODY, ENERGIES, Reading

_TICK = re.compile(r"\[\s?(?:[xXyY✓✔√+*1]|yes)\s?\]|☒|☑|✓|✔|√|●|◉|\((?:x|X|\+)\)|<x>", re.I)
_UNTICK = re.compile(r"\[\s{0,3}\]|\[(?:[nN0\-]|no)\]|☐|□|\(\s{0,3}\)|<\s>")
_EMPTY = re.compile(r"[○◯]")
"""A ring is an empty button only beside a filled one; else it is a bullet."""
_CUE_STATUS = {"NEGATED": "negated", "HISTORICAL": "historical", "PLANNED": "planned", "CONDITIONAL": "conditional"}
_LONGEST_REACH = 90
_FAR = 30
"""Characters between an option and the box behind it, at most, when words stand between."""


def status(candidate: Candidate, reading: Reading) -> tuple[str, str]:
    """The status of a candidate by rules, and the name of the rule (with the cue's words where a cue decided)."""
    for name, rule in RULES:
        if found := rule(candidate, reading):
            return found, name
    return "mention", "nothing-known"


def nearest_cue(candidate: Candidate, reading: Reading) -> tuple[str, str, int]:
    """Category, words and distance of the nearest cue of the mention's own clause (empty, empty, large when none)."""
    text = reading.sentence(candidate).text
    start, end = clause(text, candidate.at)
    best = ("", "", 999)
    for cue in candidate.cues:
        if cue.category not in _CUE_STATUS:
            continue
        position = candidate.at - cue.distance if cue.side == "before" else candidate.to + cue.distance
        inside = start <= position <= end
        distance = cue.distance + (0 if inside else 45)
        if distance < best[2]:
            best = (cue.category, cue.words, distance)
    return best


def tick(candidate: Candidate, reading: Reading) -> str:
    """``ticked``, ``unticked`` or nothing, by the box that stands before (or, where all boxes follow, after) the words."""
    text = reading.sentence(candidate).text
    boxes = [(match.start(), match.end(), "ticked") for match in _TICK.finditer(text)]
    boxes += [(match.start(), match.end(), "unticked") for match in _UNTICK.finditer(text)]
    if "●" in text or "◉" in text:
        boxes += [(match.start(), match.end(), "unticked") for match in _EMPTY.finditer(text)]
    if not boxes:
        return ""
    boxes.sort()
    if _boxes_behind(text, boxes):
        marks: list[str] = []
        last = candidate.to
        for start, end, state in boxes:
            if start < candidate.to:
                continue
            words_between = re.search(r"[A-Za-z]{2}", text[last:start])
            if words_between and (marks or start - candidate.to > _FAR):
                break
            marks.append(state)
            last = end
        return "ticked" if "ticked" in marks else "unticked" if marks else ""
    before = [box for box in boxes if box[1] <= candidate.at]
    return before[-1][2] if before else ""


def _boxes_behind(text: str, boxes: list[tuple[int, int, str]]) -> bool:
    """Whether options come before their boxes: words before the first box and none after the last."""
    return (
        bool(re.search(r"[A-Za-z]{2}", text[: boxes[0][0]]))
        and not re.search(r"[A-Za-z]{2}", text[boxes[-1][1] :])
        and ":" not in text[: boxes[0][0]]
    )


def _menu(candidate: Candidate, reading: Reading) -> str:
    return "boilerplate" if tick(candidate, reading) == "unticked" else ""


def _no_conversion(candidate: Candidate, reading: Reading) -> str:
    if candidate.strength != "conversion":
        return ""
    return unconverted(reading.sentence(candidate).text, candidate.at, candidate.to)


def _forward_section(candidate: Candidate, reading: Reading) -> str:
    kind = reading.sentence(candidate).kind
    seen = reading.traits[candidate.sentence]
    if kind == "planned-procedure":
        return "planned"
    if kind == "consent" and not (seen & {"past-active"} and candidate.label != "modality"):
        return "conditional"
    if kind in ("devices", "billing"):
        return "boilerplate"
    if kind == "plan":
        return "historical" if "ago" in seen else "planned"
    return ""


def _other_document(candidate: Candidate, reading: Reading) -> str:
    if candidate.label in ("target", "tumor_count"):
        return ""
    kind = reading.document
    if kind == "consent":
        return "conditional"
    if kind == "board":
        return "historical" if reading.traits[candidate.sentence] & {"ago", "past-perfect"} else "planned"
    if kind in ("visit", "imaging") and reading.sentence(candidate).kind not in ("plan",):
        return "historical"
    return ""


def _cue(candidate: Candidate, reading: Reading) -> str:
    category, _, distance = nearest_cue(candidate, reading)
    return _CUE_STATUS[category] if category and distance <= _LONGEST_REACH else ""


def _history_section(candidate: Candidate, reading: Reading) -> str:
    kind = reading.sentence(candidate).kind
    if kind == "history":
        return "historical" if candidate.label in ("modality", "approach", "delivery", "guidance") else "mention"
    if kind == "comparison":
        return "mention"
    if kind == "indication":
        return "planned" if candidate.label in ("modality", "approach", "delivery") else "mention"
    return ""


def _title(candidate: Candidate, reading: Reading) -> str:
    sentence = reading.sentence(candidate)
    if sentence.kind not in ("title", "diagnosis", "staff"):
        return ""
    if sentence.kind == "title" and not reading.narrative:
        return _organ(candidate, reading) or ("performed" if candidate.label != "tumor_count" else "mention")
    return "mention"


def _organ(candidate: Candidate, reading: Reading) -> str:
    focus = reading.focus[candidate.sentence]
    if candidate.label == "target" and candidate.value not in ("liver", "liver-tumor", "tumor"):
        if not is_target(candidate, reading.sentence(candidate).text):
            return "mention"
        if candidate.value in ("cyst", "abscess", "vascular", "transection-plane", "margin"):
            return "not-tumor"
        return "other-organ"
    if focus.organ and focus.organ != "liver" and "liver" not in focus.own:
        return "other-organ"
    if focus.nontumor and not focus.named_tumor:
        return "not-tumor"
    return ""


def _organ_body(candidate: Candidate, reading: Reading) -> str:
    if reading.sentence(candidate).kind not in BODY:
        return ""
    if candidate.label == "target" and not _active(candidate, reading):
        return ""
    return _organ(candidate, reading)


def _active(candidate: Candidate, reading: Reading) -> bool:
    """Whether the sentence does something: a probe, an energy or a sign of delivery stands in it."""
    beside = reading.beside(candidate)
    return any(c.label == "delivery" or (c.label == "modality" and c.value in ENERGIES | {"unknown"}) for c in beside)


def _cautery(candidate: Candidate, reading: Reading) -> str:
    return (
        "not-tumor"
        if candidate.label == "modality" and candidate.value == "other" and reading.sentence(candidate).kind in BODY
        else ""
    )


def _body(candidate: Candidate, reading: Reading) -> str:
    sentence = reading.sentence(candidate)
    if sentence.kind not in BODY:
        return ""
    seen = reading.traits[candidate.sentence]
    if (
        candidate.label in ("target", "guidance", "tumor_count")
        and not _active(candidate, reading)
        and not seen & {"past-passive", "past-active"}
    ):
        return "mention"
    if candidate.label in ("target", "tumor_count") and not _active(candidate, reading):
        return "mention"
    if "future" in seen and not seen & {"past-passive", "past-active"}:
        return "planned"
    if "conditional-if" in seen and not seen & {"past-passive", "past-active"}:
        return "conditional"
    return "performed"


RULES: tuple[tuple[str, Callable[[Candidate, Reading], str]], ...] = (
    ("box-not-ticked", _menu),
    ("not-converted", _no_conversion),
    ("section-looks-forward", _forward_section),
    ("other-kind-of-document", _other_document),
    ("cue-in-the-clause", _cue),
    ("section-looks-back", _history_section),
    ("title-or-diagnosis", _title),
    ("cautery-or-embolisation", _cautery),
    ("another-organ-or-no-tumour", _organ_body),
    ("plainly-done", plainly_done),
    ("told-in-the-body", _body),
)
