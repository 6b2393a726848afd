"""An evaluation as tables for the terminal: every figure with its interval and what it was measured on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..domain import CODES, DECISIONS
from .evaluation import Evaluation, Metrics
from .faults import Fault
from .intervals import Metric
from .spans import KINDS

_THREE = ("precision", "recall", "f1")
_HEADLINE = {
    "answer.exact": "decision and code set exact",
    "decision.accuracy": "decision right",
    "codes.exact": "code set exact",
    "codes.micro.precision": "codes, precision",
    "codes.micro.recall": "codes, recall",
    "codes.micro.f1": "codes, F1",
    "codes.macro.precision": "codes, precision (macro)",
    "codes.macro.recall": "codes, recall (macro)",
    "codes.macro.f1": "codes, F1 (macro)",
    "codes.wrong": "wrong codes, of those suggested",
    "codes.missed": "missed codes, of those expected",
    "notes.wrong_code": "notes with a wrong code",
    "review.without_need": "reviewed without need, of notes not for review",
    "review.reason": "reviewed for a right reason, of notes rightly reviewed",
}
_FACTS = {
    "facts.approach": "approach",
    "facts.modality": "modality, exact",
    "facts.modality_family": "modality, heat or cryo",
    "facts.tumor_count": "tumour count, where it can be told",
    "facts.tumor_count_open": "tumour count left open, where it cannot",
    "facts.guidance": "guidance, whole set",
    "facts.date_of_service": "date of service (any decision)",
}
_GROUP = {
    "answer.exact": "exact",
    "codes.micro.precision": "precision",
    "codes.micro.recall": "recall",
    "review.without_need": "review without need",
}


def render(result: Evaluation) -> str:
    """The tables and the list of what went wrong."""
    families = ", ".join(result.by_family)
    parts = [
        f"{result.n} annotated notes, {len(result.by_family)} writing styles: {families}\n"
        "Each figure: value [95 % interval] n. Rates of notes and codes: Wilson; F1, macro, spans: resampled notes.",
        *(["This listing quotes the notes."] if result.shows_text else []),
        _list("Answers", result.metrics, _HEADLINE),
        _codes(result.metrics),
        _decisions(result),
        _list("Facts (notes whose gold is suggest)", result.metrics, _FACTS),
        *_spans(result.metrics),
        _groups("By writing style", result.by_family),
        _groups("By trap", result.by_trap),
        _faults(result.errors),
    ]
    return "\n\n".join(parts) + "\n"


def cell(metric: Metric) -> str:
    """A figure for a table: value, interval, n."""
    if metric.value is None or metric.low is None or metric.high is None:
        return "- n=0"
    return f"{metric.value:.3f} [{metric.low:.3f}, {metric.high:.3f}] n={metric.n}"


def table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Rows as left-aligned columns under a title."""
    lines = [*([list(head)] if any(head) else []), *(list(row) for row in rows)]
    widths = [max(len(line[index]) for line in lines) for index in range(len(head))]
    texts = ["  ".join(item.ljust(width) for item, width in zip(line, widths, strict=True)) for line in lines]
    return "\n".join([title, *(f"  {text}".rstrip() for text in texts)])


def _list(title: str, metrics: Metrics, names: Mapping[str, str]) -> str:
    return table(title, ("", ""), [(label, cell(metrics[name])) for name, label in names.items()])


def _codes(metrics: Metrics) -> str:
    rows = [(code, *(cell(metrics[f"code.{code}.{name}"]) for name in _THREE)) for code in CODES]
    return table("Codes", ("code", *_THREE), rows)


def _decisions(result: Evaluation) -> str:
    rows = []
    for gold in DECISIONS:
        counts = [result.decided(gold, got) for got in DECISIONS]
        accuracy = (cell(result.metrics[f"decision.{gold}.{name}"]) for name in ("precision", "recall"))
        rows.append((gold, *map(str, counts), str(sum(counts)), *accuracy))
    head = ("expected", *(f"-> {got}" for got in DECISIONS), "n", "precision", "recall")
    return table("Decisions (rows: expected, columns: answered)", head, rows)


def _spans(metrics: Metrics) -> list[str]:
    titles = {"performed": "Mentions of what was performed", "any": "All mentions, whatever their status"}
    tables = []
    for which, title in titles.items():
        for how in ("overlap", "exact"):
            names = {"all": f"span.{which}.{how}", **{kind: f"span.{which}.{how}.{kind}" for kind in KINDS}}
            rows = [(kind, *(cell(metrics[f"{name}.{part}"]) for part in _THREE)) for kind, name in names.items()]
            tables.append(table(f"{title}, {how} (paired one to one)", ("kind", *_THREE), rows))
    names = {"all": "span", **{kind: f"span.{kind}" for kind in KINDS}}
    rows = [(kind, cell(metrics[f"{name}.status"]), cell(metrics[f"{name}.value"])) for kind, name in names.items()]
    tables.append(table("Status and value of the mentions that overlap a mark", ("kind", "status", "value"), rows))
    rows = [("quotes equal to the note's slice", cell(metrics["evidence.quoted"]))]
    tables.append(table("Evidence", ("", ""), rows))
    return tables


def _groups(title: str, groups: Mapping[str, Metrics]) -> str:
    rows = [(name, *(cell(metrics[key]) for key in _GROUP)) for name, metrics in groups.items()]
    return table(title, ("", *_GROUP.values()), rows)


def _faults(faults: Sequence[Fault]) -> str:
    lines = [f"Notes that went wrong: {len(faults)}"]
    for fault in faults:
        lines.append(f"  {fault.note_id}: {', '.join(fault.kinds)}")
        keys = [key for key in fault.expected if fault.expected[key] != fault.got[key]]
        lines += [f"    {key}: expected {_words(fault.expected[key])}, got {_words(fault.got[key])}" for key in keys]
        lines += [f"    {line}" for line in _why(fault.details)]
    return "\n".join(lines)


def _why(details: Mapping[str, Any]) -> list[str]:
    lines = []
    if details["screened"]:
        lines.append("screened: the raw text alone settled it")
    for key in ("reasons", "candidates", "rejected", "alerts"):
        if details[key]:
            lines.append(f"{key}: {', '.join(details[key])}")
    for axis, places in details["evidence"].items():
        lines.append(f"{axis} rests on {', '.join(_place(place) for place in places)}")
    for mark in details["marks"]:
        by = f" ({mark['rule']}; {mark['why']})" if "rule" in mark else ""
        what = f"{mark['label']}={mark['value']}"
        lines.append(f"mark {_place(mark)} {what}: expected {mark['expected']}, got {mark['got']}{by}")
    if "misquotes" in details:
        lines.append("misquotes: " + ", ".join(f"{start}-{end}" for start, end in details["misquotes"]))
    if "why" in details:
        lines.append(f"the annotator: {details['why']}")
    return lines


def _place(place: Mapping[str, Any]) -> str:
    quote = f" {place['text']!r}" if "text" in place else ""
    return f"{place['start']}-{place['end']}{quote}"


def _words(value: Any) -> str:
    if isinstance(value, list):
        return "+".join(value) or "nothing"
    return "nothing" if value is None else str(value)
