"""Which imaging guided this ablation: placed the applicator, watched the energy, or checked the result (R29-R34).

Each imaging word is judged in its clause: words of follow-up, diagnosis, planning, another step or an exposure record
speak against it, words of a needle's way or of watching for it. In an operation the ultrasound on the liver finds the
tumour for the probe; in a scanner room the scanner does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .energy import delivery_signs
from .reading import BODY
from .scene import Item, Scene

_ULTRASOUND = frozenset({"ultrasound", "laparoscopic ultrasound", "intraoperative ultrasound"})
_OPERATION = frozenset({"laparoscopic", "open"})
_NEVER = frozenset(
    {
        "planned-procedure",
        "billing",
        "plan",
        "consent",
        "comparison",
        "history",
        "diagnosis",
        "indication",
        "devices",
        "staff",
    }
)
_AGAINST = frozenset({"historical", "planned", "negated", "conditional", "other-organ", "boilerplate"})
_LATER = re.compile(
    r"\b(?:follow\s?up|surveillance|re\s?imag\w*|clinic|tomorrow|next (?:day|week|month)|before (?:he|she|"
    r"they) goes? home|at discharge|"
    r"(?:in|at|after|within|every)?\s?(?:\d{1,2}|one|two|three|four|six|eight|twelve)(?:\s?(?:-|"
    r"to)\s?\d{1,2})?\s?(?:weeks?|wks?|months?|mos?|days?|d\b)|\d/(?:52|12)\b|day \d|pod\s?\d|yearly|monthly|"
    r"outpatient)",
    re.I,
)
_EARLIER = re.compile(
    r"\b(?:pre\s?op\w*|pre\s?procedur\w*|prior|previous\w*|earlier|last (?:week|month|year)|staging|diagnostic|"
    r"surveillance|reported on|known from|as (?:on|imaged on) the|compared? (?:to|with)|"
    r"(?:on|by|from|of) (?:the|her|his) (?:\w+\s){0,2}(?:ct|mri?|cat)\b|data\s?set|in (?:january|february|march|"
    r"april|june|july|august|september|october|november|december)|"
    r"(?:(?:ct|mri?|scan) (?:of|from|dated) \d))",
    re.I,
)
_SHOWED = re.compile(r"^[^.;]{0,25}\b(?:show\w*|demonstrat\w*|reveal\w*|suggest\w*|found|picked up|read as)\b", re.I)
_OTHER_STEP = re.compile(
    r"\b(?:femoral|radial|arterial|celiac|coeliac|sma\b|microcatheter|catheteri\w*|emboli\w*|tace|angiogra\w*|"
    r"beads?|venous access|sheath|jugular|line placement|block\b|picc|nerve block|"
    r"biops\w*|core\b|cores\b|ascites|hydrodissect\w*|pocket|pneumoperitoneum|paracentesis|fluoro(?:scopy)? time|"
    r"mgy|dlp|dap|kerma|air kerma|dose)\b",
    re.I,
)
_GUIDES = re.compile(
    r"\b(?:guid\w*|under|advanc\w*|plac\w*|insert\w*|introduc\w*|position\w*|direct\w*|steer\w*|target\w*|tips?|"
    r"needles?|probes?|cryoprobes?|antennas?|electrodes?|applicators?|tines|watch\w*|monitor\w*|"
    r"follow\w*|track\w*|real\s?time|live|continuous\w*|intermittent\w*|confirm\w*|verif\w*|control|ice|ball|zone|"
    r"margin|coverage|cover\w*|completion|post\s?(?:ablation|treatment)|final|on the table|"
    r"table|suite|room|gantry|scanner|bore|entry|in plane|every|q\s?\d|seen|located|locali\w*)\b",
    re.I,
)
_RESULT = re.compile(
    r"\b(?:zones?|non\s?enhanc\w*|no (?:residual )?enhancement|necrosis|hypo\w+|cover\w*|margins?|completion|"
    r"final|immediate\w*|residual|cavity|post\s?(?:ablation|treatment|procedur\w*)|end of)\b",
    re.I,
)
"""What a check of the result tells."""
_RECORD = re.compile(r"^\s?(?:time|dose|dlp|dap|ctdi\w*|[:=]?\s?\d+(?:\.\d+)?\s?(?:min|mgy|s\b|sec))", re.I)
"""An exposure record after the imaging word."""
_FUSED = re.compile(r"\b(?:fus(?:ed|ion)|loaded|co\s?register\w*|registered|merged|overla\w+|data\s?set)\b", re.I)
_LIVE = re.compile(r"\b(?:live|real\s?time|intra\s?procedur\w*|today|under|just acquired|on the table)\b", re.I)
_BREAK = re.compile(r"[.;]\s|\s(?:but|while|whereas|although)\s")
_WINDOW = 400
_DONE = 0.35
_SURE = 0.7
_FLOOR = 0.2
_FAINT = 0.12
_DOUBTED = 0.25
"""Below this a mention whose status speaks against it is not looked at."""
_FOR, _AGAINST_IT = 0.15, 0.35


@dataclass(frozen=True, slots=True)
class Guidance:
    """Values in the contract's words, each with the items that speak for it."""

    values: dict[str, tuple[Item, ...]]


def read_guidance(scene: Scene, approach: str | None) -> Guidance:
    """Imaging of this session that its words let stand; the faint ones, then the title's, where the body has none.

    A bare "ultrasound" takes its kind from the approach.
    """
    judged = list(_judged(scene, approach))
    found = _group(judged, approach, _DONE)
    if approach in _OPERATION and not _ULTRASOUND & found.keys():
        found |= _group(
            [(item, score) for item, score in judged if item.candidate.value in _ULTRASOUND], approach, _FAINT
        )
    if not found:
        found = _group(judged, approach, _FAINT)
    if not found:
        titled = [
            (item, 1.0)
            for item in scene.of("guidance", done=False, body=False, liver=False)
            if scene.kind(item) == "title" and item.mention.status in ("mention", "performed")
        ]
        found = _group(titled, approach, _DONE)
    return Guidance({value: tuple(items) for value, items in sorted(found.items())})


def _group(judged: list[tuple[Item, float]], approach: str | None, least: float) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for item, score in sorted(judged, key=lambda pair: -pair[1]):
        if score >= least:
            found.setdefault(_by_approach(item.candidate.value, approach), []).append(item)
    return found


def _judged(scene: Scene, approach: str | None) -> Iterator[tuple[Item, float]]:
    """Imaging words of the session with how far they can be believed to be guidance."""
    acts = {item.sentence for item in delivery_signs(scene)}
    first = min(acts, default=0)
    for item in scene.of("guidance", done=False, body=False, liver=False):
        kind = scene.kind(item)
        if item.mention.status == "other-organ" or (item.mention.status in _AGAINST and item.here < _DOUBTED):
            continue
        if (kind in _NEVER and item.here < _SURE) or (kind not in BODY and item.here < _SURE and item.sentence < first):
            continue
        yield item, _score(scene, item, approach, first)


def _score(scene: Scene, item: Item, approach: str | None, first: int) -> float:
    text, value = scene.text(item.sentence), item.candidate.value
    clause = _clause(text, item.candidate.at, item.candidate.to)
    score = max(item.here, _floor(scene, item, clause, approach, first))
    if _GUIDES.search(clause):
        score += _FOR
    after = text[item.candidate.to :]
    diagnostic = value not in _ULTRASOUND and item.sentence < first and _SHOWED.search(after)
    if _LATER.search(clause) or _EARLIER.search(clause) or diagnostic:
        score -= _AGAINST_IT
    if _OTHER_STEP.search(clause) and not _tool(clause):
        score -= _AGAINST_IT
    if approach in _OPERATION and value not in _ULTRASOUND:
        score -= _AGAINST_IT
    if _RECORD.match(after) or (value in ("mr", "ct") and _FUSED.search(clause) and not _LIVE.search(clause)):
        score -= 1.0
    return score


def _floor(scene: Scene, item: Item, clause: str, approach: str | None, first: int) -> float:
    """What a plain mention in the body is worth: the operation's ultrasound places the probe, a later image checks."""
    if item.mention.status not in ("mention", "performed") or scene.kind(item) not in BODY:
        return 0.0
    if item.sentence > first and item.candidate.value != "fluoroscopy" and _RESULT.search(clause):
        return max(item.here + _FOR, _FLOOR)
    return _FLOOR if approach in _OPERATION and item.candidate.value in _ULTRASOUND else 0.0


def _tool(clause: str) -> bool:
    """Whether the clause speaks of the ablation's own applicator."""
    return bool(
        re.search(r"\b(?:probes?|cryoprobes?|antennas?|electrodes?|applicators?|ablat\w*|ice|tips?)\b", clause, re.I)
    )


def _clause(text: str, start: int, end: int) -> str:
    before = [match.end() for match in _BREAK.finditer(text, max(0, start - _WINDOW), max(start, 0))]
    after = _BREAK.search(text, end, end + _WINDOW)
    return text[before[-1] if before else max(0, start - _WINDOW) : after.start() if after else end + _WINDOW]


def _by_approach(value: str, approach: str | None) -> str:
    if value in _ULTRASOUND:
        if approach == "laparoscopic":
            return "laparoscopic ultrasound"
        if approach == "open":
            return "intraoperative ultrasound"
        if approach == "percutaneous":
            return "ultrasound"
    return value
