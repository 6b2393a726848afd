"""What brat needs: its configuration, and the program's mentions as a first draft.

brat knows no value with a blank and no span over a line end: blanks become ``_``, such spans are written in pieces.
:func:`ablacode.read.corpus.read_brat` reads both back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..contract import APPROACHES, GUIDANCE, MODALITIES
from ..domain import STATUSES, Mention
from ..read.corpus import BRAT_LABEL
from ..rulebook import load_rulebook

_MOST_TUMORS = 30
_PIECE = re.compile(r"\S+(?:[ \t]+\S+)*")


def label_values() -> dict[str, tuple[str, ...]]:
    """Return the values of each label, as the contract and the rules have them.

    Raises:
        RulesError: the rulebook does not hold together.
    """
    found: dict[str, set[str]] = {"delivery": {"duration"}}
    for rule in load_rulebook().rules:
        found.setdefault(rule.label, set()).add(rule.value)
    # The value none marks words that only look like a mention; no mention has it.
    rules = {label: tuple(sorted(values - {"none"})) for label, values in found.items()}
    return {
        "approach": _merged(APPROACHES, rules["approach"]),
        "modality": _merged(MODALITIES, rules["modality"]),
        "tumor_count": tuple(str(number) for number in range(_MOST_TUMORS + 1)),
        "guidance": _merged(GUIDANCE, rules["guidance"]),
        "target": rules["target"],
        "delivery": rules["delivery"],
    }


def annotation_conf() -> str:
    """Return brat's ``annotation.conf``: the labels, their statuses and values, and the flag of a draft."""
    values = label_values()
    union = _merged(*values.values())
    lines = [
        "[entities]",
        *(BRAT_LABEL[label] for label in values),
        "",
        "[relations]",
        "",
        "[events]",
        "",
        "[attributes]",
        f"Status\tArg:<ENTITY>, Value:{'|'.join(sorted(STATUSES))}",
        f"Value\tArg:<ENTITY>, Value:{'|'.join(map(_unspaced, union))}",
        "Prefilled\tArg:<ENTITY>",
    ]
    return "\n".join(lines) + "\n"


def draft(mentions: Iterable[Mention]) -> str:
    """Return the mentions as brat standoff, each flagged ``Prefilled``."""
    lines = []
    for number, mention in enumerate(sorted(mentions), 1):
        pieces = list(_PIECE.finditer(mention.text))
        spans = ";".join(f"{mention.start + piece.start()} {mention.start + piece.end()}" for piece in pieces)
        lines += [
            f"T{number}\t{BRAT_LABEL[mention.label]} {spans}\t{' '.join(piece[0] for piece in pieces)}",
            f"A{3 * number - 2}\tStatus T{number} {mention.status}",
            f"A{3 * number - 1}\tValue T{number} {_unspaced(mention.value)}",
            f"A{3 * number}\tPrefilled T{number}",
        ]
    return "".join(f"{line}\n" for line in lines)


def _merged(*parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for part in parts for value in part))


def _unspaced(value: str) -> str:
    return value.replace(" ", "_")
