"""Numbers that show energy was delivered: time, power, temperature; and whatever rules say by regular expression."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..rulebook import Rule
from .folding import Folded
from .guards import Guards

_NUMBER = (
    r"(?:(?!0+(?:\.0+)?(?![\d.]))\d{1,3}(?:[.,]\d+)?(?:\s?(?:-|to|and|/)\s?\d{1,3}(?:\.\d+)?)?|one|"
    r"two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|sixteen|eighteen|twenty|"
    r"ninety|sixty|thirty|four and a half|three and a half|half a)"
)
_MEASURES = (
    (
        "del-duration",
        "duration",
        re.compile(
            rf"(?<![\w.]){_NUMBER}(?:\s?(?:-|full|more|further|additional)?\s?)(?:min(?:ute)?s?\b\.?|['′](?!s)|"
            r"secs?\b|seconds?\b)(?:\s?(?:each|apiece|per (?:lesion|probe|site|burn|position)))?",
            re.I,
        ),
    ),
    ("del-duration", "duration", re.compile(r"(?<![\w.:])\d{1,2}:[0-5]\d\s?(?:min(?:ute)?s?)\b", re.I)),
    (
        "del-duration",
        "duration",
        re.compile(
            r"(?<![\w.:/])\d{1,2}:[0-5]\d(?=\s?(?:at|@|x|$|,|;|\)|/|per|each)\s?(?:\d|$|[a-z])?)(?!\s?(?:am|"
            r"pm|hrs?|h\b))",
            re.I,
        ),
    ),
    ("del-power", "power", re.compile(rf"(?<![\w.]){_NUMBER}\s?(?:w|watts?)\b", re.I)),
    (
        "del-temperature",
        "temperature",
        re.compile(
            r"(?<![\w.])-?\s?(?:minus\s)?\d{2,3}\s?(?:-|to)?\s?\d{0,3}\s?(?:°\s?c?\b|degrees?(?:\s(?:c\b|"
            r"celsius|centigrade))?|deg\.?\s?c\b)",
            re.I,
        ),
    ),
)
_ANATOMIC_DEGREES = re.compile(
    r"\d+\s?degrees?\s(?:laparoscope|scope|camera|lens|angle|oblique|left|right|head|reverse|rotation|"
    r"angled|wedge)",
    re.I,
)
_ENERGY_NEAR = re.compile(
    r"\b(?:ablat|cryo|freez|froze|thaw|microwave|mwa|rfa|rf\b|mw\b|radiofreq|energy|watt|"
    r"\d{1,3}\s?w\b|burn|antenna|probe|electrode|power|"
    r"generator|applicator|cycle|impedance|roll|ice\s?ball|treat|heat|coagul)",
    re.I,
)


class MeasureFinder:
    """Finds times, powers and temperatures."""

    def __init__(self, guards: Guards) -> None:
        self._patterns = [
            (guards.add(pattern.pattern), rule, value, Folded(pattern.pattern)) for rule, value, pattern in _MEASURES
        ]
        self._any = sum(guard for guard, *_ in self._patterns)
        self._near = guards.add(_ENERGY_NEAR.pattern)
        self._energy_near = Folded(_ENERGY_NEAR.pattern)

    def find(self, sentence: str, opened: int, *, energy_before: bool) -> Iterator[tuple[str, str, int, int]]:
        """Yield (rule id, value, start, end) in a sentence that speaks of energy, or follows one.

        ``opened`` are the guards the sentence opens.
        """
        if not opened & self._any:
            return
        lower = sentence.lower()
        if not (energy_before or (opened & self._near and self._energy_near.search(sentence, lower))):
            return
        for guard, rule, value, pattern in self._patterns:
            if not opened & guard:
                continue
            for match in pattern.finditer(sentence, lower):
                if value == "temperature" and _ANATOMIC_DEGREES.match(sentence, match.start()):
                    continue
                yield rule, value, match.start(), match.end()


class PatternFinder:
    """The rules' regular expressions, compiled once."""

    def __init__(self, rules: Sequence[Rule], guards: Guards) -> None:
        self._rules = [
            (
                guards.add(*(rf"(?<!\w)(?:{pattern})(?!\w)" for pattern in rule.patterns)),
                rule,
                Folded(rf"(?<!\w)(?:{'|'.join(rule.patterns)})(?!\w)"),
            )
            for rule in rules
            if rule.patterns
        ]
        self._any = sum(guard for guard, *_ in self._rules)
        modalities = [(guard, rule.value) for guard, rule, _ in self._rules if rule.label == "modality"]
        self.energies = sum(guard for guard, value in modalities if value != "other")
        self.tools = sum(guard for guard, value in modalities if value == "other")

    def find(self, sentence: str, opened: int, *, names_ablation: bool) -> Iterator[tuple[Rule, int, int]]:
        """Yield (rule, start, end); rules that need an energy or ablation are silent where none is named.

        ``opened`` are the guards the sentence opens.
        """
        if not opened & self._any:
            return
        lower = sentence.lower()
        for guard, rule, pattern in self._rules:
            if not opened & guard or (rule.needs == "ablation" and not names_ablation):
                continue
            for match in pattern.finditer(sentence, lower):
                yield rule, match.start(), match.end()
