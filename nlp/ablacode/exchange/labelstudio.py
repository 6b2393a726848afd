"""Label Studio: its JSON of tasks, and the labelling interface they need.

Format: "Label Studio JSON" of its export, one task an object with ``data`` and ``annotations``, each a list of results; a result
belongs to a span by the region's ``id``. Offsets count UTF-16 code units of the text as the browser has it.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..contract import APPROACHES, GUIDANCE
from ..domain import CODES, DECISIONS, STATUSES
from ..errors import CorpusError
from ..markup import Mark
from ..read.corpus import BRAT_LABEL, AnnotatedNote, Gold, gold_to_dict
from .positions import UTF16, Span, utf16
from .rows import Imported, Row, Told, notes_of, parse_json, typed

_TEXT, _LABEL, _STATUS, _VALUE, _PREFILLED = "text", "label", "status", "value", "prefilled"
_ANSWERS: dict[str, tuple[str, ...]] = {
    "decision": DECISIONS,
    "codes": CODES,
    "approach": APPROACHES,
    "modality": (),
    "tumor_count": (),
    "guidance": GUIDANCE,
    "date_of_service": (),
    "reasons": (),
    "traps": (),
    "why": (),
}
"""The note's answers and what may be chosen; those without choices are typed."""
_LISTS = frozenset({"codes", "guidance", "reasons", "traps"})


def labelling_config() -> str:
    """Return the labelling interface (XML) that :func:`write_labelstudio` and :func:`read_labelstudio` agree with."""
    view = ET.Element("View")
    labels = ET.SubElement(view, "Labels", {"name": _LABEL, "toName": _TEXT})
    for name in sorted(BRAT_LABEL.values()):
        ET.SubElement(labels, "Label", {"value": name})
    ET.SubElement(view, "Text", {"name": _TEXT, "value": "$text"})
    region, needed, once = {"perRegion": "true"}, {"required": "true"}, {"maxSubmissions": "1"}
    _control(view, _STATUS, sorted(STATUSES), region | needed)
    _control(view, _VALUE, (), region | needed | once)
    _control(view, _PREFILLED, (_PREFILLED,), region)
    for name, options in _ANSWERS.items():
        ET.SubElement(view, "Header", {"value": name})
        if options:
            _control(
                view, name, options, {"choice": "multiple"} if name in _LISTS else needed if name == "decision" else {}
            )
        else:
            _control(view, name, (), {} if name in _LISTS else once)
    ET.indent(view)
    return ET.tostring(view, encoding="unicode") + "\n"


def _control(view: ET.Element, name: str, options: Iterable[str], attributes: Mapping[str, str]) -> None:
    """A menu of options, or a field to type in where there are none."""
    options = list(options)
    control = ET.SubElement(view, "Choices" if options else "TextArea", {"name": name, "toName": _TEXT, **attributes})
    for option in options:
        ET.SubElement(control, "Choice", {"value": option})


def write_labelstudio(notes: Iterable[AnnotatedNote]) -> str:
    """Return the notes as Label Studio's JSON of tasks, offsets in UTF-16 code units."""
    tasks = [
        {
            "data": {"text": note.text, "note_id": note.note_id, "family": note.family},
            "annotations": [
                {"was_cancelled": False, "result": [*_regions(note.text, note.marks), *_answers(note.gold)]}
            ],
        }
        for note in notes
    ]
    return json.dumps(tasks, ensure_ascii=False, indent=1) + "\n"


def write_tasks(notes: Iterable[tuple[str, str, Sequence[Mark]]]) -> str:
    """Return tasks for an annotator, each of note id, text and draft; a draft is a prediction, its spans marked as prefilled."""
    tasks = []
    for note_id, text, marks in notes:
        task: dict[str, Any] = {"data": {"text": text, "note_id": note_id}}
        if marks:
            task["predictions"] = [{"model_version": _PREFILLED, "result": list(_regions(text, marks, prefilled=True))}]
        tasks.append(task)
    return json.dumps(tasks, ensure_ascii=False, indent=1) + "\n"


def _regions(text: str, marks: Iterable[Mark], *, prefilled: bool = False) -> Iterable[dict[str, Any]]:
    for number, mark in enumerate(marks, 1):
        place = {"start": utf16(text, mark.start), "end": utf16(text, mark.end)}
        shared = {"id": f"m{number}", "to_name": _TEXT}
        yield from _region(mark, place, shared)
        if prefilled:
            yield {
                **shared,
                "from_name": _PREFILLED,
                "type": "choices",
                "value": {**place, "choices": [_PREFILLED]},
            }


def _region(mark: Mark, place: dict[str, int], shared: dict[str, str]) -> Iterable[dict[str, Any]]:
    labels = {**place, "text": mark.text, "labels": [BRAT_LABEL[mark.label]]}
    yield {**shared, "from_name": _LABEL, "type": "labels", "value": labels}
    yield {**shared, "from_name": _STATUS, "type": "choices", "value": {**place, "choices": [mark.status]}}
    yield {**shared, "from_name": _VALUE, "type": "textarea", "value": {**place, "text": [mark.value]}}


def _answers(gold: Gold) -> Iterable[dict[str, Any]]:
    for name, value in gold_to_dict(gold).items():
        given = value if isinstance(value, list) else [] if value in (None, "") else [str(value)]
        if given:
            key, kind = ("choices", "choices") if _ANSWERS[name] else ("text", "textarea")
            yield {"id": f"g-{name}", "from_name": name, "to_name": _TEXT, "type": kind, "value": {key: given}}


def read_labelstudio(data: str | bytes, *, texts: Mapping[str, str] | None = None) -> Imported:
    """Read Label Studio's JSON back: of each task the last annotation that was not cancelled, never a prediction.

    Args:
        data: the export's content.
        texts: the kept text of each note id, where the export's has other line ends.

    Raises:
        CorpusError: broken JSON, spans that do not fit, unknown labels, statuses or answers; without words of a note.
    """
    rows, skipped = [], []
    for number, task in enumerate(typed(parse_json(data, "the export"), list, "the export"), 1):
        shown = typed(typed(task, dict, f"task {number}").get("data"), dict, f"task {number}: data")
        note_id = typed(shown.get("note_id"), str, f"task {number}: data.note_id")
        result = _result(typed(task.get("annotations", []), list, f"{note_id}: annotations"), note_id)
        if result is None:
            skipped.append(f"{note_id}: left out, nobody annotated it")
            continue
        text = typed(shown.get("text"), str, f"{note_id}: data.text")
        rows.append(Row(note_id, str(shown.get("family") or ""), text, _told(result, note_id), _gold(result, note_id)))
    return notes_of(rows, skipped, texts=texts, units=UTF16)


def _result(annotations: Sequence[Any], note_id: str) -> list[dict[str, Any]] | None:
    """The results of the annotation that counts: the one changed last, of those given."""
    given = [
        one
        for one in annotations
        if not typed(one, dict, f"{note_id}: an annotation").get("was_cancelled") and not one.get("was_skipped")
    ]
    if not given:
        return None
    # Label Studio lists annotations newest first in some exports: its time stamps decide, else the order.
    last = max(enumerate(given), key=lambda pair: (str(pair[1].get("updated_at") or ""), pair[0]))[1]
    return [
        typed(one, dict, f"{note_id}: a result") for one in typed(last.get("result", []), list, f"{note_id}: result")
    ]


def _told(result: Sequence[dict[str, Any]], note_id: str) -> list[Told]:
    regions: dict[str, dict[str, Any]] = {}
    for one in result:
        value = typed(one.get("value", {}), dict, f"{note_id}: the value of a result")
        region = regions.setdefault(str(one.get("id")), {})
        if one.get("from_name") == _LABEL:
            region["span"] = value
        elif one.get("from_name") in (_STATUS, _VALUE):
            region[str(one["from_name"])] = value.get("choices") or value.get("text")
    return [_told_of(region, note_id) for region in regions.values() if "span" in region]


def _told_of(region: dict[str, Any], note_id: str) -> Told:
    span = region["span"]
    start, end = (typed(span.get(key), int, f"{note_id}: the {key} of a span") for key in ("start", "end"))
    names = typed(span.get("labels"), list, f"{note_id}: the labels of a span")
    if len(names) != 1:
        raise CorpusError(f"{note_id}: the span at {start}-{end} needs one label")
    quote = span.get("text")
    status, value = (_single(region.get(key)) for key in (_STATUS, _VALUE))
    return Told(Span(start, end, quote if isinstance(quote, str) else None), str(names[0]), status, value)


def _gold(result: Sequence[dict[str, Any]], note_id: str) -> dict[str, Any]:
    gold: dict[str, Any] = {}
    for one in result:
        name = one.get("from_name")
        if name not in _ANSWERS:
            continue
        value = typed(one.get("value", {}), dict, f"{note_id}: {name}")
        given = value.get("choices") or value.get("text") or []
        given = [str(part) for part in (given if isinstance(given, list) else [given])]
        gold[name] = given if name in _LISTS else _single(given) or None
    if gold.get("tumor_count"):
        if not gold["tumor_count"].isdecimal():
            raise CorpusError(f"{note_id}: tumor_count must be a number or empty")
        gold["tumor_count"] = int(gold["tumor_count"])
    return {"why": "", **{name: value for name, value in gold.items() if value is not None}}


def _single(given: Any) -> str:
    return str(given[0]) if isinstance(given, list) and given else given if isinstance(given, str) else ""
