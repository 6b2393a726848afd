"""Does every rule fire on its own example and keep silent on the other, and does a broken rulebook raise?"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ablacode.domain import Candidate
from ablacode.errors import RulesError
from ablacode.find import Finder
from ablacode.resolve.reader import NoteReader
from ablacode.rulebook import RULES_DIR, CueRule, Rule, expand, load_rulebook

BOOK = load_rulebook()
SILENCERS = {rule.id: rule for rule in BOOK.rules if rule.strength == "pseudo"} | {
    cue.id: cue for cue in BOOK.cues if cue.category in ("TERMINATE", "PSEUDO")
}
"""Rules that only take away: they fire when the answer without them is another one."""
RULES = {rule.id: rule for rule in BOOK.rules if rule.id not in SILENCERS}
CUES = {cue.id: cue for cue in BOOK.cues if cue.id not in SILENCERS}
OUTCOMES = {entry["id"]: entry for entry in BOOK.outcomes["outcome"]}
KNOWN_FAILURES = {
    "tgt-tumor-silent": "a bare 'met' is a tumour, also of two people",
    "hist-backward-fires": "hist-forward holds the same words and is asked first, so 'years ago' never looks back",
}


ENERGY = "\n\nMicrowave ablation."
"""A note without a word for an energy is not looked into; this one stands behind each example, by itself."""


def rows(table: dict[str, Rule | CueRule]) -> list[object]:
    """One row per example; known failures are marked and must keep failing until their entry goes."""
    found = []
    for name in table:
        for example in ("fires", "silent"):
            why = KNOWN_FAILURES.get(f"{name}-{example}")
            marks = [pytest.mark.xfail(strict=True, reason=why)] if why else []
            found.append(pytest.param(name, example, id=f"{name}-{example}", marks=marks))
    return found


@pytest.fixture(scope="module")
def finder() -> Finder:
    return Finder(BOOK)


@pytest.fixture(scope="module")
def reader() -> NoteReader:
    return NoteReader(BOOK)


def candidates(finder: Finder, example: str) -> list[Candidate]:
    """What is found in the example itself."""
    return [found for found in finder.find(example + ENERGY).candidates if found.start < len(example)]


# --- examples ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "example"), rows(RULES))
def test_a_rule_finds_its_example_and_not_the_other(finder: Finder, name: str, example: str) -> None:
    found = candidates(finder, getattr(RULES[name], example))
    assert (name in {candidate.rule for candidate in found}) == (example == "fires")


@pytest.mark.parametrize("name", RULES)
def test_what_a_rule_finds_has_its_label_and_value(finder: Finder, name: str) -> None:
    rule = RULES[name]
    found = [candidate for candidate in candidates(finder, rule.fires) if candidate.rule == name]
    assert {candidate.label for candidate in found} == {rule.label}
    # An organ's word beside a tumour's makes one mention of both.
    allowed = {rule.value, "liver-tumor"} if rule.value in ("liver", "tumor") else {rule.value}
    assert {candidate.value for candidate in found} <= allowed


@pytest.mark.parametrize(("name", "example"), rows(CUES))
def test_a_cue_reaches_a_mention_in_its_example_and_not_in_the_other(finder: Finder, name: str, example: str) -> None:
    found = candidates(finder, getattr(CUES[name], example))
    assert (name in {cue.rule for candidate in found for cue in candidate.cues}) == (example == "fires")


@pytest.fixture(scope="module")
def without() -> Callable[[str], Finder]:
    """A finder that lacks one rule; each is built once."""
    built: dict[str, Finder] = {}

    def build(name: str) -> Finder:
        if name not in built:
            rules = tuple(rule for rule in BOOK.rules if rule.id != name)
            cues = tuple(cue for cue in BOOK.cues if cue.id != name)
            built[name] = Finder(replace(BOOK, rules=rules, cues=cues))
        return built[name]

    return build


def _seen(found: list[Candidate]) -> list[tuple[object, ...]]:
    """What is found and which cues reach it; at what distance is another question."""
    return [(c.start, c.end, c.rule, c.value, {cue.rule for cue in c.cues}) for c in found]


@pytest.mark.parametrize(("name", "example"), rows(SILENCERS))
def test_a_silencer_changes_its_example_and_not_the_other(
    finder: Finder, without: Callable[[str], Finder], name: str, example: str
) -> None:
    text = getattr(SILENCERS[name], example)
    changes = _seen(candidates(finder, text)) != _seen(candidates(without(name), text))
    assert changes == (example == "fires")


@pytest.mark.parametrize("example", ["fires", "silent"])
@pytest.mark.parametrize("name", OUTCOMES)
def test_an_outcome_is_read_in_its_example_and_not_in_the_other(reader: NoteReader, name: str, example: str) -> None:
    marks = reader.read(OUTCOMES[name][example]).marks
    assert any(f"o:{name}" in names for names in marks) == (example == "fires")


def test_an_example_is_one_sentence_so_that_no_other_can_help(finder: Finder) -> None:
    examples = [(entry.id, text) for entry in (*BOOK.rules, *BOOK.cues) for text in (entry.fires, entry.silent)]
    examples += [(name, entry[kind]) for name, entry in OUTCOMES.items() for kind in ("fires", "silent")]
    assert [name for name, text in examples if len(finder.find(text).sentences) != 1] == []


# --- the book as a whole -----------------------------------------------------------------------------------------


def test_ids_are_unique() -> None:
    ids = [entry.id for entry in (*BOOK.rules, *BOOK.cues)] + list(OUTCOMES)
    assert [name for name, count in Counter(ids).items() if count > 1] == []
    assert len(BOOK.outcomes["outcome"]) == len(OUTCOMES)


def test_coding_rules_stand_behind_every_rule_that_is_no_silencer() -> None:
    assert [rule.id for rule in RULES.values() if not rule.source] == []
    assert [name for name, entry in OUTCOMES.items() if not entry.get("source")] == []


def test_known_failures_name_rows_that_exist() -> None:
    ids = {f"{name}-{example}" for name in (*RULES, *CUES, *SILENCERS) for example in ("fires", "silent")}
    assert set(KNOWN_FAILURES) - ids == set()


# --- broken books ------------------------------------------------------------------------------------------------

RULE = '[[rule]]\nid = "x"\nvalue = "cryo"\nphrases = ["x"]\nfires = "x"\nsilent = "y"\n'
CUE = (
    '[[cue]]\nid = "c"\ncategory = "NEGATED"\ndirection = "FORWARD"\nscope = 1\nphrases = ["x"]\n'
    'fires = "x"\nsilent = "y"\n'
)
BROKEN = {
    "rule-with-unknown-key": ("modality", RULE + 'weight = "2"\n', r"rule x: unknown keys \['weight'\]"),
    "rule-with-misspelt-key": ("modality", RULE.replace("phrases", "phrase"), r"unknown keys \['phrase'\]"),
    "rule-without-id": ("modality", RULE.replace('id = "x"\n', ""), "rule \\?: id, value"),
    "rule-without-value": ("modality", RULE.replace('value = "cryo"\n', ""), "rule x: id, value"),
    "rule-without-example": ("modality", RULE.replace('fires = "x"\n', ""), "rule x: id, value"),
    "rule-without-counter-example": ("modality", RULE.replace('silent = "y"\n', ""), "rule x: id, value"),
    "rule-without-words": ("modality", RULE.replace('phrases = ["x"]\n', ""), "phrases or patterns"),
    "rule-id-twice": ("modality", RULE + RULE, "used twice: x"),
    "rule-id-of-a-cue": ("modality", RULE.replace('"x"', '"terminate"', 1), "used twice: terminate"),
    "rule-brackets": ("modality", RULE.replace('["x"]', '["(x"]'), "unbalanced"),
    "cue-with-unknown-key": ("context", CUE + "weight = 2\n", "cue c: keys must be"),
    "cue-without-scope": ("context", CUE.replace("scope = 1\n", ""), "cue c: keys must be"),
    "cue-brackets": ("context", CUE.replace('["x"]', '["[x"]'), "unbalanced"),
    "no-toml": ("modality", "[[rule\n", "modality.toml"),
    "not-utf8": ("modality", b"# caf\xe9\n", "modality.toml"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(RULES_DIR, tmp_path / "rules"))


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_book_is_refused_by_name(folder: Path, name: str) -> None:
    stem, content, message = BROKEN[name]
    data = content if isinstance(content, bytes) else content.encode()
    (folder / f"{stem}.toml").write_bytes(data)
    with pytest.raises(RulesError, match=message):
        load_rulebook(folder)


@pytest.mark.parametrize("stem", sorted(path.stem for path in RULES_DIR.glob("*.toml")))
def test_a_missing_file_is_named(folder: Path, stem: str) -> None:
    (folder / f"{stem}.toml").unlink()
    with pytest.raises(RulesError, match=stem):
        load_rulebook(folder)


# --- the digest --------------------------------------------------------------------------------------------------


def test_the_digest_is_that_of_the_content_and_not_of_the_place(folder: Path) -> None:
    assert load_rulebook(folder).sha256 == BOOK.sha256


@pytest.mark.parametrize("stem", sorted(path.stem for path in RULES_DIR.glob("*.toml")))
def test_any_change_changes_the_digest(folder: Path, stem: str) -> None:
    path = folder / f"{stem}.toml"
    path.write_bytes(path.read_bytes() + b"# one more line\n")
    assert load_rulebook(folder).sha256 != BOOK.sha256


# --- compact phrases ---------------------------------------------------------------------------------------------

EXPANDED = {
    "plain": ("ice ball", ["ice ball"]),
    "either": ("(a|b) c", ["a c", "b c"]),
    "or-nothing": ("[a|b] c", ["a c", "b c", "c"]),
    "nothing-at-the-end": ("a [b]", ["a b", "a"]),
    "inside-a-word": ("probe[s]", ["probes", "probe"]),
    "nested": ("(a|b [c]) d", ["a d", "b c d", "b d"]),
    "two-groups": ("(a|b)(c|d)", ["ac", "ad", "bc", "bd"]),
    "bar-outside-is-a-character": ("a|b", ["a|b"]),
    "spaces-squeezed": ("  a   [b]   c ", ["a b c", "a c"]),
    "all-optional-never-empty": ("[a]", ["a"]),
    "empty": ("", []),
}


@pytest.mark.parametrize("name", EXPANDED)
def test_expand(name: str) -> None:
    phrase, expected = EXPANDED[name]
    assert expand(phrase) == expected


CLOSED_TOO_OFTEN = pytest.mark.xfail(strict=True, reason="a bracket that closes nothing is taken as a letter")


@pytest.mark.parametrize(
    "phrase",
    [
        *("(a", "[a", "(a]", "[a)", "((a)", "a (b|c"),
        *(pytest.param(phrase, marks=CLOSED_TOO_OFTEN) for phrase in ("a)", "a]", "(a))")),
    ],
)
def test_unbalanced_brackets_raise(phrase: str) -> None:
    with pytest.raises(RulesError, match="unbalanced"):
        expand(phrase)
