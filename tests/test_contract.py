"""Is the published form of a record what the contract says, and the same record again when read back?"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ablacode import contract
from ablacode.contract import RecordError, record_from_dict, record_schema, record_to_dict, record_to_json
from ablacode.domain import (
    AXES,
    CODES,
    LABELS,
    STATUSES,
    Alert,
    CodeSuggestion,
    Engine,
    Evidence,
    Fact,
    Gap,
    Mention,
    Reason,
    Record,
    Rejected,
)

ENGINE = Engine("0.1.0", "a" * 64, "b" * 64)
WORDS = Evidence(311, 325, "approach", "percutaneously", "procedure")
SUGGEST = Record(
    note_id="2025/ir/note-0042.txt",
    note_sha256="c" * 64,
    date_of_service="2025-03-04",
    engine=ENGINE,
    decision="suggest",
    codes=(CodeSuggestion("47382", 1, 0.98, "percutaneous", "microwave", "Through the skin.", ("R1", "R9"), (WORDS,)),),
    rejected=(Rejected("47383", "the cryoablation is from 2021"),),
    approach=Fact("percutaneous", (WORDS,)),
    modality=Fact("microwave"),
    tumor_count=Fact(2),
    guidance=(Fact("ct"), Fact("ultrasound")),
    alerts=(Alert("microwave-as-rf", "info", "Counts as radiofrequency.", ("R9",)),),
    gaps=(Gap("images-archived", "note", "No archived images.", ("R30",)),),
    mentions=(Mention(120, 129, "modality", "microwave", "microwave", "history", "historical", 0.99),),
)
RECORDS = {
    "suggest": SUGGEST,
    "review": Record(
        None,
        "c" * 64,
        None,
        Engine("0.1.0", "a" * 64),
        "review",
        encounter_id="E1",
        setting="professional",
        source={"system": "epic", "ids": [1, None, {"a": 0.123456}]},
        reasons=(Reason("approach-not-documented", "Which way?", (WORDS,)),),
        candidates=(CodeSuggestion("47380", 1, 0.4, "open", "cryo+radiofrequency", "If open."),),
        modality=Fact("cryo+radiofrequency"),
    ),
    "ire": replace(SUGGEST, decision="review", codes=(), reasons=(Reason("ire", "Outside."),), modality=Fact("ire")),
    "none": replace(
        SUGGEST, decision="none", codes=(), approach=Fact(), modality=Fact(), tumor_count=Fact(), guidance=()
    ),
    "screened": Record("a.txt", "c" * 64, None, ENGINE, "none", screened=True),
}
EXAMPLE_KEYS = {
    "": "schema_version note_id note_sha256 date_of_service encounter_id setting source engine decision reasons "
    "screened codes candidates rejected approach modality tumor_count guidance alerts gaps mentions",
    "engine": "version rules_sha256 model_sha256 policy_sha256",
    "codes": "code units confidence approach modality rationale rules evidence",
    "rejected": "code why evidence",
    "approach": "value evidence",
    "guidance": "value evidence",
    "alerts": "id severity message rules evidence",
    "gaps": "id severity message rules",
    "mentions": "label value start end text section status probability",
}
CODE_DICT = record_to_dict(SUGGEST)["codes"][0]
MENTION_DICT = record_to_dict(SUGGEST)["mentions"][0]
WORDS_DICT = CODE_DICT["evidence"][0]
BROKEN: dict[str, dict[str, Any]] = {
    "decision-unknown": {"decision": "maybe"},
    "suggest-without-code": {"codes": []},
    "code-outside-the-six": {"codes": [{**CODE_DICT, "code": "47384"}]},
    "candidates-with-suggest": {"candidates": record_to_dict(SUGGEST)["codes"]},
    "review-without-reason": {"decision": "review", "codes": []},
    "none-with-facts": {"decision": "none", "codes": []},
    "screened-with-mentions": {**record_to_dict(RECORDS["none"]), "screened": True},
    "zero-tumours": {"tumor_count": {"value": 0, "evidence": []}},
    "count-as-text": {"tumor_count": {"value": "2", "evidence": []}},
    "approach-unknown": {"approach": {"value": "endoscopic", "evidence": []}},
    "modality-unknown": {"modality": {"value": "microwave+steam", "evidence": []}},
    "guidance-null": {"guidance": [{"value": None, "evidence": []}]},
    "guidance-unknown": {"guidance": [{"value": "eyes", "evidence": []}]},
    "confidence-above-one": {"codes": [{**CODE_DICT, "confidence": 1.2}]},
    "hash-short": {"note_sha256": "abc"},
    "date-in-words": {"date_of_service": "March 4"},
    "setting-unknown": {"setting": "home"},
    "alert-severity-of-gaps": {"alerts": [{**record_to_dict(SUGGEST)["alerts"][0], "severity": "note"}]},
    "gap-severity-of-alerts": {"gaps": [{**record_to_dict(SUGGEST)["gaps"][0], "severity": "info"}]},
    "status-unknown": {"mentions": [{**MENTION_DICT, "status": "done"}]},
    "label-is-an-axis": {"mentions": [{**MENTION_DICT, "label": "performed"}]},
    "axis-is-a-label": {"approach": {"value": "open", "evidence": [{**WORDS_DICT, "axis": "delivery"}]}},
    "evidence-without-text": {"approach": {"value": "open", "evidence": [{"axis": "approach", "start": 0, "end": 1}]}},
}


@pytest.mark.parametrize("name", RECORDS)
def test_records_satisfy_the_schema(name: str) -> None:
    jsonschema.Draft202012Validator(record_schema()).validate(record_to_dict(RECORDS[name]))


@pytest.mark.parametrize("name", BROKEN)
def test_broken_records_do_not(name: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**record_to_dict(SUGGEST), **BROKEN[name]}, record_schema())


@pytest.mark.parametrize("key", record_to_dict(SUGGEST))
def test_no_published_key_may_be_missing(key: str) -> None:
    values = record_to_dict(SUGGEST)
    del values[key]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(values, record_schema())


def test_fields_may_be_added() -> None:
    values = {**record_to_dict(SUGGEST), "later": 1, "engine": {**record_to_dict(SUGGEST)["engine"], "later": 1}}
    jsonschema.validate(values, record_schema())
    assert record_from_dict(values) == SUGGEST


def test_schema_is_a_schema_and_plain_json() -> None:
    schema = record_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize("path", EXAMPLE_KEYS)
def test_keys_and_their_order_are_those_of_the_contract(path: str) -> None:
    values = record_to_dict(SUGGEST)
    part = values[path] if path else values
    part = part[0] if isinstance(part, list) else part
    assert list(part) == EXAMPLE_KEYS[path].split()


def test_evidence_keys_are_those_of_the_contract() -> None:
    assert list(record_to_dict(SUGGEST)["approach"]["evidence"][0]) == ["axis", "start", "end", "text", "section"]


def test_rule_and_why_appear_when_known() -> None:
    mention = replace(SUGGEST.mentions[0], rule="mod-1", why="in 2021", probability=0.123456)
    values = record_to_dict(replace(SUGGEST, mentions=(mention,)))["mentions"][0]
    assert (values["rule"], values["why"], values["probability"]) == ("mod-1", "in 2021", 0.1235)


def test_to_dict_of_the_record_is_the_same() -> None:
    assert SUGGEST.to_dict() == record_to_dict(SUGGEST)


def test_equal_records_give_equal_lines() -> None:
    first, second = (replace(SUGGEST, source=source) for source in ({"b": 1, "a": 2}, {"a": 2, "b": 1}))
    assert first == second
    assert record_to_json(first) == record_to_json(second)


@pytest.mark.parametrize(
    ("given_value", "published"),
    [(float("nan"), None), (float("inf"), None), (date(2025, 3, 4), "2025-03-04"), ((1, 2), [1, 2])],
    ids=["nan", "infinite", "date", "tuple"],
)
def test_source_becomes_json(given_value: Any, published: Any) -> None:
    assert record_to_dict(replace(SUGGEST, source={"x": given_value}))["source"] == {"x": published}


def test_source_without_a_json_form_is_named_but_not_shown() -> None:
    with pytest.raises(RecordError, match=r"source\.x.*bytes") as caught:
        record_to_dict(replace(SUGGEST, source={"x": b"secret"}))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"engine": None}, "record.engine"),
        ({"codes": {}}, "record.codes"),
        ({"codes": ["secret"]}, r"record\.codes\[0\]"),
        ({"screened": 1}, "record.screened"),
        ({"tumor_count": {"value": True, "evidence": []}}, "record.tumor_count.value"),
        ({"source": "secret"}, "record.source"),
        ({"note_sha256": 5}, "record.note_sha256"),
    ],
)
def test_what_is_no_record_is_refused_by_place(change: dict[str, Any], place: str) -> None:
    with pytest.raises(RecordError, match=place) as caught:
        record_from_dict({**record_to_dict(SUGGEST), **change})
    assert "secret" not in str(caught.value)


def test_a_missing_field_is_named() -> None:
    values = record_to_dict(SUGGEST)
    del values["decision"]
    with pytest.raises(RecordError, match=r"record\.decision is missing"):
        record_from_dict(values)


# --- properties --------------------------------------------------------------------------------------------------

TEXT = st.text(st.characters() | st.sampled_from("\r\n\x00\x85\u2028\u2029\ud800"), max_size=12)
NUMBER = st.integers(0, 10**6)
SHARE = st.floats(0, 1).map(lambda value: round(value, 4))
RULES = st.lists(TEXT, max_size=2).map(tuple)


def many(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=2).map(tuple)


EVIDENCE = st.builds(Evidence, NUMBER, NUMBER, st.sampled_from(sorted(AXES)), TEXT, TEXT)
MENTION = st.builds(
    *(Mention, NUMBER, NUMBER, st.sampled_from(sorted(LABELS)), TEXT, TEXT, TEXT),
    *(st.sampled_from(sorted(STATUSES)), SHARE, TEXT, TEXT),
)
CODE = st.builds(
    *(CodeSuggestion, st.sampled_from(CODES), st.just(1), SHARE, st.sampled_from(contract.APPROACHES)),
    *(st.sampled_from(contract.MODALITIES), TEXT, RULES, many(EVIDENCE)),
)
FACT = st.builds(Fact, st.none() | TEXT | NUMBER, many(EVIDENCE))
RECORD = st.builds(
    Record,
    note_id=st.none() | TEXT,
    note_sha256=TEXT,
    date_of_service=st.none() | TEXT,
    engine=st.builds(Engine, TEXT, TEXT, st.none() | TEXT, st.none() | TEXT),
    decision=st.sampled_from(["suggest", "review", "none"]),
    source=st.dictionaries(TEXT, st.none() | st.booleans() | NUMBER | TEXT | st.lists(TEXT, max_size=2), max_size=2),
    reasons=many(st.builds(Reason, TEXT, TEXT, many(EVIDENCE))),
    screened=st.booleans(),
    codes=many(CODE),
    candidates=many(CODE),
    rejected=many(st.builds(Rejected, st.sampled_from(CODES), TEXT, many(EVIDENCE))),
    approach=FACT,
    modality=FACT,
    tumor_count=FACT,
    guidance=many(FACT),
    alerts=many(st.builds(Alert, TEXT, st.sampled_from(contract.ALERT_SEVERITIES), TEXT, RULES, many(EVIDENCE))),
    gaps=many(st.builds(Gap, TEXT, st.sampled_from(contract.GAP_SEVERITIES), TEXT, RULES)),
    mentions=many(MENTION),
)


@given(RECORD)
def test_reading_back_gives_the_record_again(record: Record) -> None:
    assert record_from_dict(record_to_dict(record)) == record


@given(RECORD)
def test_json_is_one_line_that_encodes_and_reads_back(record: Record) -> None:
    line = record_to_json(record)
    line.encode("utf-8")
    assert line.splitlines() == [line]
    assert json.loads(line) == record_to_dict(record)
