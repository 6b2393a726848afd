"""Rules are data: this module reads the TOML files under ``rules/`` into frozen values and refuses what does not hold together."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from .errors import RulesError

RULES_DIR = Path(__file__).parent / "rules"
_RULE_FILES = ("modality", "approach", "guidance", "target", "delivery")
_RULE_KEYS = {"id", "value", "strength", "source", "phrases", "patterns", "needs", "fires", "silent"}
_CUE_KEYS = {"id", "category", "direction", "scope", "phrases", "fires", "silent"}


@dataclass(frozen=True, slots=True)
class Rule:
    """Words for one value of one label. ``fires`` and ``silent`` are its examples, ``source`` the coding rules behind it."""

    id: str
    label: str
    value: str
    strength: str
    source: str
    phrases: tuple[str, ...]
    patterns: tuple[str, ...]
    needs: str
    fires: str
    silent: str


@dataclass(frozen=True, slots=True)
class CueRule:
    """A ConText cue; ``scope`` counts tokens, 0 is the whole sentence."""

    id: str
    category: str
    direction: str
    scope: int
    phrases: tuple[str, ...]
    fires: str
    silent: str


@dataclass(frozen=True, slots=True)
class HeadingRule:
    """Headings of one kind of section: whole titles, and a pattern for headings nobody listed."""

    kind: str
    titles: tuple[str, ...]
    words: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules, with the digest that every record carries."""

    rules: tuple[Rule, ...]
    cues: tuple[CueRule, ...]
    headings: tuple[HeadingRule, ...]
    spelling: Mapping[str, Any]
    codes: Mapping[str, Any]
    documents: Mapping[str, Any]
    messages: Mapping[str, Any]
    outcomes: Mapping[str, Any]
    corrections: Mapping[str, Any]
    anatomy: Mapping[str, Any]
    sha256: str

    def rule(self, rule_id: str) -> Rule:
        """The rule of this id."""
        return next(rule for rule in self.rules if rule.id == rule_id)


@lru_cache(maxsize=4)
def load_rulebook(folder: Path = RULES_DIR) -> Rulebook:
    """Read and check the rules of ``folder``.

    Raises:
        RulesError: a file is missing or is no TOML, an unknown key, an id used twice, a rule without examples.
    """
    tables = {path.stem: _read(path) for path in sorted(folder.glob("*.toml"))}
    missing = {
        *_RULE_FILES,
        "context",
        "sections",
        "spelling",
        "codes",
        "documents",
        "messages",
        "outcomes",
        "corrections",
        "anatomy",
    } - set(tables)
    if missing:
        raise RulesError(f"rule files missing in {folder}: {', '.join(sorted(missing))}")
    rules = tuple(_rule(entry, label) for label in _RULE_FILES for entry in tables[label].get("rule", ()))
    cues = tuple(_cue(entry) for entry in tables["context"].get("cue", ()))
    ids = [rule.id for rule in rules] + [cue.id for cue in cues]
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        raise RulesError(f"rule ids used twice: {', '.join(twice)}")
    headings = tuple(
        HeadingRule(entry["kind"], tuple(entry["titles"]), re.compile(entry["words"], re.I))
        for entry in tables["sections"]["section"]
    )
    return Rulebook(
        rules,
        cues,
        headings,
        tables["spelling"],
        tables["codes"],
        tables["documents"],
        tables["messages"],
        tables["outcomes"],
        tables["corrections"],
        tables["anatomy"],
        _digest(folder),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RulesError(f"rules file {path.name}: {error}") from error


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.toml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _rule(entry: dict[str, Any], label: str) -> Rule:
    name = entry.get("id", "?")
    if unknown := set(entry) - _RULE_KEYS:
        raise RulesError(f"{label}.toml, rule {name}: unknown keys {sorted(unknown)}")
    if not {"id", "value", "fires", "silent"} <= set(entry) or not (entry.get("phrases") or entry.get("patterns")):
        raise RulesError(f"{label}.toml, rule {name}: id, value, fires, silent and phrases or patterns are needed")
    phrases = tuple(dict.fromkeys(text for phrase in entry.get("phrases", ()) for text in expand(phrase)))
    if entry.get("strength") == "device":
        phrases = tuple(
            dict.fromkeys(
                (*phrases, *(phrase + "s" for phrase in phrases if phrase[-1:].isalpha() and not phrase.endswith("s")))
            )
        )
    return Rule(
        name,
        label if label != "delivery" else "delivery",
        entry["value"],
        entry.get("strength", "name"),
        entry.get("source", ""),
        phrases,
        tuple(entry.get("patterns", ())),
        entry.get("needs", "none"),
        entry["fires"],
        entry["silent"],
    )


def _cue(entry: dict[str, Any]) -> CueRule:
    if set(entry) != _CUE_KEYS:
        raise RulesError(f"context.toml, cue {entry.get('id', '?')}: keys must be {sorted(_CUE_KEYS)}")
    phrases = tuple(dict.fromkeys(text for phrase in entry["phrases"] for text in expand(phrase)))
    return CueRule(**{**entry, "phrases": phrases})


def expand(phrase: str) -> list[str]:
    """All phrases of a compact one: ``(a|b)`` either, ``[a|b]`` either or nothing, nested as needed, spaces squeezed.

    >>> expand("[hot|cold] (needle|probe)")
    ['hot needle', 'hot probe', 'cold needle', 'cold probe', 'needle', 'probe']
    """
    found, rest = _alternatives(phrase, 0, "")
    if rest != len(phrase):
        raise RulesError(f"unbalanced brackets in the phrase {phrase!r}")
    return [" ".join(text.split()) for text in found if text.strip()]


def _alternatives(phrase: str, at: int, closing: str) -> tuple[list[str], int]:
    done: list[str] = []
    current = [""]
    while at < len(phrase):
        char = phrase[at]
        if char in "([":
            inner, at = _alternatives(phrase, at + 1, ")" if char == "(" else "]")
            if at >= len(phrase):
                raise RulesError(f"unbalanced brackets in the phrase {phrase!r}")
            options = [*inner, ""] if char == "[" else inner
            current = [left + option for left in current for option in options]
        elif char == "|" and closing:
            done, current = done + current, [""]
        elif closing and char == closing:
            return done + current, at
        else:
            current = [left + char for left in current]
        at += 1
    return done + current, at
