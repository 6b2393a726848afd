"""CodeSuggester: composes the four verbs find, resolve, suggest, weigh; the only file that knows them all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from . import __version__
from .domain import Alert, CodeSuggestion, Engine, Fact, Found, Gap, Note, OpFacts, Reason, Record, Rejected
from .intake import refusal
from .resolve.dates import ServiceDate, read_date
from .resolve.facts import resolve
from .resolve.model import Models, load_model
from .resolve.reader import NoteReader
from .resolve.scene import Scene, make_scene
from .rulebook import Rulebook, load_rulebook
from .suggest import decide, doubt
from .suggest.table import Choice, Decision
from .weigh import confidence, line


class CodeSuggester:
    """Reads notes and suggests codes. One instance may be shared by several threads.

    Args:
        model: folder of the trained model (default: the one of the package).
        use_model: False asks for rules alone.

    Raises:
        ModelError: the model is missing, damaged or of another kind.
        RulesError: the rulebook does not hold together.
    """

    def __init__(self, *, model: Path | None = None, use_model: bool = True) -> None:
        self._rulebook: Rulebook = load_rulebook()
        self._models: Models | None = load_model(model) if use_model else None
        self._reader = NoteReader(self._rulebook)
        self._engine = Engine(__version__, self._rulebook.sha256, self._models.sha256 if self._models else None)

    @property
    def engine(self) -> Engine:
        """Version and hashes that every record carries."""
        return self._engine

    def suggest(
        self,
        text: str,
        *,
        note_id: str | None = None,
        date_of_service: date | str | None = None,
        date_order: str | None = None,
        encounter_id: str | None = None,
        setting: str | None = None,
        source: Mapping[str, Any] | None = None,
    ) -> Record:
        """Answer for one note's text; offsets of the record count code points of ``text``."""
        day = date.fromisoformat(date_of_service) if isinstance(date_of_service, str) else date_of_service
        return self.suggest_note(Note(text, note_id, day, date_order, encounter_id, setting, source or {}))

    def suggest_many(self, items: Iterable[Note | str | tuple[str, str]], *, jobs: int = 1) -> Iterator[Record]:
        """Answers in the order of ``items`` (notes, texts, or pairs of id and text), lazily; ``jobs`` processes."""
        notes = (_note(item) for item in items)
        if jobs <= 1:
            yield from map(self.suggest_note, notes)
            return
        from .parallel import suggest_in_processes

        yield from suggest_in_processes(notes, jobs=jobs, use_model=self._models is not None)

    def suggest_note(self, note: Note) -> Record:
        """Answer for one note."""
        if reason := refusal(note.text):
            return self._refused(note, reason)
        found = self._reader.find(note.text)
        if self._reader.nothing_to_weigh(found):
            return self._screened(note, found)
        service = _service_date(note, found)
        reading = self._reader.read(note.text, found, service)
        scene = make_scene(reading, self._models)
        facts = resolve(scene, self._models)
        calibration = self._models.calibration if self._models else None
        sure = round(confidence(facts, calibration), 4)
        decision = decide(facts, service.value or service.not_after, self._rulebook.codes)
        if decision.decision == "suggest" and sure < line(calibration):
            decision = doubt(decision)
        return self._record(note, scene, service, facts, decision, sure)

    def _record(
        self, note: Note, scene: Scene, service: ServiceDate, facts: OpFacts, decision: Decision, sure: float
    ) -> Record:
        told = facts.state in ("delivered", "doubtful")
        suggestions = tuple(self._suggestion(choice, sure, facts) for choice in decision.choices)
        suggested = decision.decision == "suggest"
        return Record(
            note_id=note.note_id,
            note_sha256=note.sha256,
            date_of_service=service.value.isoformat() if service.value else None,
            engine=self._engine,
            decision=decision.decision,
            encounter_id=note.encounter_id,
            setting=note.setting,
            source=note.source,
            reasons=tuple(Reason(name, self._message("reasons", name), words) for name, words in decision.reasons),
            codes=suggestions if suggested else (),
            candidates=suggestions if decision.decision == "review" else (),
            rejected=tuple(Rejected(*entry) for entry in decision.rejected),
            approach=facts.approach if told else Fact(),
            modality=facts.modality if told else Fact(),
            tumor_count=facts.tumor_count if told else Fact(),
            guidance=facts.guidance if told else (),
            alerts=tuple(self._alert(name, words) for name, words in facts.alerts)
            if decision.decision != "none"
            else (),
            gaps=(*note.gaps, *self._gaps(facts, service, decision)),
            mentions=scene.mentions,
        )

    def _suggestion(self, choice: Choice, sure: float, facts: OpFacts) -> CodeSuggestion:
        energy = {
            "microwave": "Microwave energy",
            "radiofrequency": "Radiofrequency energy",
            "cryo": "Cryoablation",
        }.get(choice.modality, "Heat energy")
        way = {
            "percutaneous": "through the skin",
            "laparoscopic": "under the laparoscope",
            "open": "through an open incision",
        }[choice.approach]
        why = f"{energy} delivered {way} to a liver tumour."
        rules = ["R1"]
        if "microwave" in choice.modality:
            why += " Microwave is reported with the radiofrequency family."
            rules.append("R9")
        return CodeSuggestion(
            choice.code, 1, sure, choice.approach, choice.modality, why, tuple(rules), choice.evidence
        )

    def _message(self, table: str, name: str) -> str:
        entry = self._rulebook.messages[table][name]
        return str(entry if isinstance(entry, str) else entry["message"])

    def _alert(self, name: str, words: tuple[Any, ...]) -> Alert:
        entry = self._rulebook.messages["alerts"][name]
        return Alert(name, entry["severity"], entry["message"], tuple(entry["rules"]), words)

    def _gap(self, name: str) -> Gap:
        entry = self._rulebook.messages["gaps"][name]
        return Gap(name, entry["severity"], entry["message"], tuple(entry["rules"]))

    def _gaps(self, facts: OpFacts, service: ServiceDate, decision: Decision) -> Iterator[Gap]:
        if decision.decision == "none":
            return
        if service.gap:
            yield self._gap(service.gap)
        if facts.tumor_count.value is None:
            yield self._gap("tumor-count")
        if not facts.guidance:
            yield self._gap("guidance")

    def _screened(self, note: Note, found: Found) -> Record:
        """The answer for a note that names no energy: none, settled before anything is judged."""
        service = _service_date(note, found)
        return Record(
            note_id=note.note_id,
            note_sha256=note.sha256,
            date_of_service=service.value.isoformat() if service.value else None,
            engine=self._engine,
            decision="none",
            encounter_id=note.encounter_id,
            setting=note.setting,
            source=note.source,
            screened=True,
        )

    def _refused(self, note: Note, reason: str) -> Record:
        return Record(
            note_id=note.note_id,
            note_sha256=note.sha256,
            date_of_service=note.date_of_service.isoformat() if note.date_of_service else None,
            engine=self._engine,
            decision="review",
            encounter_id=note.encounter_id,
            setting=note.setting,
            source=note.source,
            reasons=(Reason(reason, self._message("reasons", reason)),),
            gaps=note.gaps,
        )


def _note(item: Note | str | tuple[str, str]) -> Note:
    if isinstance(item, Note):
        return item
    if isinstance(item, str):
        return Note(item)
    return Note(item[1], item[0])


def _service_date(note: Note, found: Found) -> ServiceDate:
    if note.date_of_service:
        return ServiceDate(note.date_of_service)
    return read_date(found.sentences, note.date_order)


__all__ = ["CodeSuggester"]
