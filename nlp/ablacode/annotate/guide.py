"""The page for the annotator: what to mark, what to answer, how to measure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from ..contract import APPROACHES, GUIDANCE, MODALITIES
from ..domain import CODES, STATUSES
from ..read.corpus import BRAT_LABEL
from ..rulebook import load_rulebook
from .brat import label_values

_OF_THE_PROGRAM = {"too-complex", "low-confidence"}
"""Reasons that tell of the program, not of the note."""
_BARE = "NAME.ann is empty: mark without having seen what the program found."
_DRAFT = """\
NAME.ann holds what the program found, each mention flagged Prefilled. Check every one: correct it or delete it, and
add what is missing. The flag may stay. A draft pulls the annotator towards the program, so figures measured on
drafts flatter it; annotate some notes from a site without --prefill to know by how much."""

_PAGE = """\
ANNOTATE, THEN MEASURE

These files hold patients' notes. Keep them where such notes may lie, and delete them when the work is done.
Do not open sampling.json before the work is done: it tells what the program answered.

1. MARK THE WORDS

brat: put this folder among its data; annotation.conf configures it. Label Studio: labelstudio.xml is the labelling
interface, labelstudio.json the tasks to import; scripts/corpus.py fetch reads its JSON export. Do not change the .txt
files, every position counts their characters.

{start}

Mark every word or phrase that tells one of these, whatever its status, as short as carries the meaning (at most eight
words), without articles. Give each mark a Value and a Status (a _ in a value stands for a blank):

{values}

Status, of each mark:

  {statuses}

performed: done to the liver tumour in this session. other-organ, not-tumor: done, but to another organ, to a cyst or
a vessel. mention: named, none of the others (titles, findings, diagnoses).

2. ANSWER FOR THE NOTE

Copy gold.template.json to NAME.gold.json beside NAME.txt and fill it in. A note counts from then on, so do it last.

  decision         suggest: radiofrequency, microwave or cryo energy was delivered to a liver tumour in the session the
                   note reports, and the approach can be read; review: a coder would have to ask; none: no ablation of
                   a liver tumour was begun
  codes            with suggest, of {codes}; else empty
  approach         {approaches}; null with none
  modality         {modalities};
                   two joined with + in the order of the alphabet; null with none
  tumor_count      liver tumours ablated in this session, a number; null where the note does not tell, and with none
  guidance         of {guidance}
  date_of_service  YYYY-MM-DD, or null
  reasons          with review, one or more of the ids below; else empty
  traps, why       for your own notes, may stay empty

Reasons of a review:

{reasons}

3. MEASURE

  ablacode evaluate {site}

It takes the notes that have their NAME.gold.json and prints how often the program was right on them. The sample is
no picture of the folder, rare answers were drawn more often: in sampling.json the weight of a note says how many notes
of the folder it stands for. A rate for the folder is the sum of the weights of the notes that are right, divided by
the sum of the weights of all.
"""


def guide(site: str, *, prefill: bool) -> str:
    """Return the text of README.txt for the site at path ``site``.

    Raises:
        RulesError: the rulebook does not hold together.
    """
    reasons = load_rulebook().messages["reasons"]
    return _PAGE.format(
        start=_DRAFT if prefill else _BARE,
        values="\n".join(_entry(BRAT_LABEL[label], values) for label, values in _shown_values().items()),
        statuses=", ".join(sorted(STATUSES)),
        codes=", ".join(sorted(CODES)),
        approaches=", ".join(APPROACHES),
        modalities=", ".join(MODALITIES),
        guidance=", ".join(GUIDANCE),
        reasons="\n".join(
            _entry(name, [text], width=26) for name, text in reasons.items() if name not in _OF_THE_PROGRAM
        ),
        site=site,
    )


def _shown_values() -> dict[str, tuple[str, ...]]:
    return {**label_values(), "tumor_count": ("the number",)}


def _entry(name: str, values: Iterable[str], *, width: int = 14) -> str:
    first = f"  {name:<{width}}"
    return textwrap.fill(
        ", ".join(values), 118, initial_indent=first, subsequent_indent=" " * len(first), break_on_hyphens=False
    )
