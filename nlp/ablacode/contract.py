"""The published form of a record: plain values, one line of JSON, back again, and the JSON Schema of it.

All four follow the dataclasses in :mod:`ablacode.domain`, so that a new field cannot be forgotten in one of them.
"""

from __future__ import annotations

import json
import math
import re
import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from .domain import (
    AXES,
    CODES,
    DECISIONS,
    LABELS,
    STATUSES,
    Alert,
    CodeSuggestion,
    Engine,
    Evidence,
    Gap,
    Mention,
    Record,
    Rejected,
)
from .errors import AblacodeError

APPROACHES = ("percutaneous", "laparoscopic", "open")
MODALITIES = (
    *("cryo", "ethanol", "heat", "hifu", "histotripsy"),
    *("ire", "laser", "microwave", "other", "radiofrequency"),
)
GUIDANCE = (
    *("ultrasound", "ct", "mr", "fluoroscopy", "cone-beam ct"),
    *("laparoscopic ultrasound", "intraoperative ultrasound"),
)
SETTINGS = ("professional", "outpatient-facility", "inpatient-facility")
ALERT_SEVERITIES = ("info", "warning", "critical")
GAP_SEVERITIES = ("note", "warning", "critical")

_ORDER: dict[type, tuple[str, ...]] = {
    Record: (
        *("schema_version", "note_id", "note_sha256", "date_of_service", "encounter_id", "setting", "source", "engine"),
        *("decision", "reasons", "screened", "codes", "candidates", "rejected"),
        *("approach", "modality", "tumor_count", "guidance", "alerts", "gaps", "mentions"),
    ),
    Evidence: ("axis", "start", "end", "text", "section"),
    Mention: ("label", "value", "start", "end", "text", "section", "status", "probability", "rule", "why"),
}
"""Published key order, where it differs from the order of the dataclass's fields."""

_OPTIONAL: dict[type, frozenset[str]] = {Mention: frozenset({"rule", "why"})}
"""Keys that are left out when empty."""

_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Raw in a JSON string these break a line for some readers (U+0085, U+2028, U+2029) or cannot be encoded at all."""


class RecordError(AblacodeError, ValueError):
    """Plain values that are no record: names the field and the kind of value, never its content."""


def record_to_dict(record: Record) -> dict[str, Any]:
    """Return ``record`` as plain JSON values, keys in the published order."""
    return _object(record)


def record_to_json(record: Record) -> str:
    """Return ``record`` as one line of JSON that encodes in UTF-8 and is the same for equal records."""
    line = json.dumps(record_to_dict(record), ensure_ascii=False, allow_nan=False)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", line)


def record_from_dict(values: Mapping[str, Any]) -> Record:
    """Return the record that :func:`record_to_dict` turned into ``values``; keys it does not know are passed over."""
    record = _build(Record, values, "record")
    assert isinstance(record, Record)
    return record


def record_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) every record satisfies. Fields may be added, closed lists stay closed."""
    definitions: dict[str, Any] = {}
    root = _object_schema(Record, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:ablacode:record:1",
        "title": "ablacode record of one note",
        **root,
        "allOf": _CONDITIONS,
        "$defs": dict(sorted(definitions.items())),
    }


# --- to plain values ---------------------------------------------------------------------------------------------


@cache
def _keys(cls: type) -> tuple[str, ...]:
    names = tuple(f.name for f in fields(cls) if f.metadata.get("published", True))
    order = _ORDER.get(cls, names)
    # A field added to a dataclass later still appears, after the published ones.
    return (*order, *(name for name in names if name not in order))


@cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)


def _object(value: Any) -> dict[str, Any]:
    cls: type = type(value)
    optional = _OPTIONAL.get(cls, frozenset())
    result = {}
    for key in _keys(cls):
        item = getattr(value, key)
        if item or key not in optional:
            result[key] = _free(item, key) if isinstance(item, Mapping) else _plain(item)
    return result


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return _object(value) if is_dataclass(value) else value


def _free(value: Any, path: str) -> Any:
    """Plain form of what a caller gave in ``source``: sorted, so that equal records give equal lines."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {key: _free(value[key], f"{path}.{key}") for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [_free(item, path) for item in value]
    raise RecordError(f"{path}: a value of type {type(value).__name__} has no JSON form; give text, numbers or lists")


# --- from plain values -------------------------------------------------------------------------------------------


def _build(cls: type, values: Any, path: str) -> Any:
    if not isinstance(values, Mapping):
        raise RecordError(f"{path}: an object was expected, this is {_kind(values)}")
    given = {}
    for item in fields(cls):
        if item.name in values:
            given[item.name] = _read(_hints(cls)[item.name], values[item.name], f"{path}.{item.name}")
        elif not _has_default(item):
            raise RecordError(f"{path}.{item.name} is missing")
    return cls(**given)


def _read(hint: Any, value: Any, path: str) -> Any:
    if is_dataclass(hint):
        assert isinstance(hint, type)
        return _build(hint, value, path)
    if get_origin(hint) is tuple:
        if not isinstance(value, list | tuple):
            raise RecordError(f"{path}: a list was expected, this is {_kind(value)}")
        return tuple(_read(get_args(hint)[0], item, f"{path}[{index}]") for index, item in enumerate(value))
    if get_origin(hint) is not None and issubclass(_origin_class(hint), Mapping):
        if not isinstance(value, Mapping):
            raise RecordError(f"{path}: an object was expected, this is {_kind(value)}")
        return dict(value)
    if not any(_fits(value, kind) for kind in _alternatives(hint)):
        raise RecordError(f"{path}: {_kind(value)} does not belong here")
    return float(value) if hint is float else value


def _fits(value: Any, kind: type) -> bool:
    if isinstance(value, bool):  # bool is an int for isinstance, but not in JSON
        return kind is bool
    return isinstance(value, (int, float) if kind is float else kind)


def _alternatives(hint: Any) -> tuple[type, ...]:
    return get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)


def _origin_class(hint: Any) -> type:
    origin = get_origin(hint)
    return origin if isinstance(origin, type) else object


def _has_default(item: Field[Any]) -> bool:
    return item.default is not MISSING or item.default_factory is not MISSING


def _kind(value: Any) -> str:
    return "null" if value is None else f"a {type(value).__name__}"


# --- schema ------------------------------------------------------------------------------------------------------

_SHA256 = {"pattern": "^[0-9a-f]{64}$"}
_PROBABILITY = {"minimum": 0, "maximum": 1}
_OFFSET = {"minimum": 0}
_MODALITY = {"pattern": "^({0})(\\+({0}))*$".format("|".join(MODALITIES))}
_EMPTY = {"maxItems": 0}
_FILLED = {"minItems": 1}

_LIMITS: dict[tuple[type, str], dict[str, Any]] = {
    (Record, "schema_version"): {"pattern": "^1\\.[0-9]+$"},
    (Record, "note_sha256"): _SHA256,
    (Record, "date_of_service"): {"pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    (Record, "setting"): {"enum": [*SETTINGS, None]},
    (Record, "decision"): {"enum": list(DECISIONS)},
    (Record, "approach"): {"properties": {"value": {"enum": [*APPROACHES, None]}}},
    (Record, "modality"): {"properties": {"value": {"type": ["string", "null"], **_MODALITY}}},
    (Record, "tumor_count"): {"properties": {"value": {"type": ["integer", "null"], "minimum": 1}}},
    (Engine, "rules_sha256"): _SHA256,
    (Engine, "model_sha256"): _SHA256,
    (Engine, "policy_sha256"): _SHA256,
    (CodeSuggestion, "code"): {"enum": list(CODES)},
    (CodeSuggestion, "units"): {"minimum": 1},
    (CodeSuggestion, "confidence"): _PROBABILITY,
    (CodeSuggestion, "approach"): {"enum": list(APPROACHES)},
    (CodeSuggestion, "modality"): _MODALITY,
    (Rejected, "code"): {"enum": list(CODES)},
    (Alert, "severity"): {"enum": list(ALERT_SEVERITIES)},
    (Gap, "severity"): {"enum": list(GAP_SEVERITIES)},
    (Evidence, "axis"): {"enum": sorted(AXES)},
    (Evidence, "start"): _OFFSET,
    (Evidence, "end"): _OFFSET,
    (Mention, "label"): {"enum": sorted(LABELS)},
    (Mention, "status"): {"enum": sorted(STATUSES)},
    (Mention, "start"): _OFFSET,
    (Mention, "end"): _OFFSET,
    (Mention, "probability"): _PROBABILITY,
}

_GUIDANCE_ITEM = {"properties": {"value": {"enum": list(GUIDANCE)}}}
_NULL_FACT = {"properties": {"value": {"type": "null"}}}


def _when(key: str, value: Any, then: dict[str, Any], otherwise: dict[str, Any] | None = None) -> dict[str, Any]:
    condition = {"if": {"properties": {key: {"const": value}}}, "then": {"properties": then}}
    return condition if otherwise is None else {**condition, "else": {"properties": otherwise}}


_CONDITIONS = [
    {"properties": {"guidance": {"items": _GUIDANCE_ITEM}}},
    _when("decision", "suggest", {"codes": _FILLED}, {"codes": _EMPTY}),
    _when("decision", "review", {"reasons": _FILLED}, {"candidates": _EMPTY}),
    _when(
        "decision", "none", {**dict.fromkeys(("approach", "modality", "tumor_count"), _NULL_FACT), "guidance": _EMPTY}
    ),
    _when(
        *("screened", True),
        {"decision": {"const": "none"}, **dict.fromkeys(("mentions", "rejected", "alerts", "gaps"), _EMPTY)},
    ),
]

_JSON_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}


def _object_schema(cls: type, definitions: dict[str, Any]) -> dict[str, Any]:
    hints = _hints(cls)
    properties = {key: {**_schema(hints[key], definitions), **_LIMITS.get((cls, key), {})} for key in _keys(cls)}
    return {
        "description": re.sub(r"; :meth:.*|:data:|`", "", cls.__doc__ or "").strip(),
        "type": "object",
        "properties": properties,
        "required": [key for key in properties if key not in _OPTIONAL.get(cls, frozenset())],
        "additionalProperties": True,
    }


def _schema(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if is_dataclass(hint):
        assert isinstance(hint, type)
        if hint.__name__ not in definitions:
            definitions[hint.__name__] = _object_schema(hint, definitions)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _schema(get_args(hint)[0], definitions)}
    if get_origin(hint) is not None and issubclass(_origin_class(hint), Mapping):
        return {"type": "object"}
    kinds = [_JSON_TYPES[kind] for kind in _alternatives(hint)]
    return {"type": kinds if len(kinds) > 1 else kinds[0]}
