"""Count false suggestions on notes that hold no ablation of a liver tumour: real transcriptions of every specialty.

python scripts/third_party.py --notes FILE [--no-model]

FILE is JSONL (or JSONL.gz) with ``id`` and ``text``, one note a line. Prints ids and reasons, never text.
Exit code 1 when anything is suggested, more than five notes go to review, or a note fails.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ablacode.domain import DECISIONS, Note
from ablacode.errors import AblacodeError, UsageError
from ablacode.evaluate.intervals import rate
from ablacode.factory import Suggester, build_suggester

MOST_REVIEWS = 5


def read_notes(path: Path) -> Iterator[Note]:
    """The notes of a JSONL file.

    Raises:
        UsageError: no such file, or a line that is no object with id and text.
    """
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8") as stream:
            for number, line in enumerate(stream, 1):
                row = json.loads(line) if line.strip() else {"id": number, "text": None}
                if not isinstance(row, dict) or not isinstance(row.get("text"), str):
                    raise UsageError(f"{path}, line {number}: an object with id and text is needed")
                yield Note(row["text"], str(row.get("id", number)))
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{path} cannot be read as JSONL ({type(error).__name__}); type --notes FILE.jsonl.gz"
        ) from None


def run(notes: list[Note], suggester: Suggester) -> int:
    """Answer for each note, print what came of it and return the exit code."""
    counts, listed = Counter[str](), []
    begin = time.perf_counter()
    for note in notes:
        try:
            record = suggester.suggest_note(note)
        except Exception as error:
            # Its message may quote the note.
            counts["error"] += 1
            listed.append(f"error    {note.note_id}: {type(error).__name__}")
            continue
        counts[record.decision] += 1
        if record.decision != "none":
            found = [suggestion.code for suggestion in record.codes] or [reason.id for reason in record.reasons]
            listed.append(f"{record.decision:8} {note.note_id}: {', '.join(found)}")
    seconds = time.perf_counter() - begin
    print(*sorted(listed), sep="\n", end="\n" if listed else "")
    for name in (*DECISIONS, "error"):
        share = rate(counts[name], len(notes))
        print(f"{name:8} {counts[name]:6,} of {len(notes):,} [{share.low:.4f}, {share.high:.4f}]")
    print(f"{len(notes) / seconds:.0f} notes/s")
    return 1 if counts["suggest"] or counts["review"] > MOST_REVIEWS or counts["error"] else 0


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notes", type=Path, metavar="FILE", required=True, help="JSONL or JSONL.gz with id and text")
    parser.add_argument("--no-model", action="store_true", help="rules alone, without the trained classifier")
    args = parser.parse_args()
    try:
        notes = list(read_notes(args.notes))
        if not notes:
            raise UsageError(f"there is no note in {args.notes}")
        return run(notes, build_suggester(model=None, use_model=not args.no_model))
    except AblacodeError as error:
        print(f"third_party: {error}", file=sys.stderr)
        return error.exit_code


if __name__ == "__main__":
    sys.exit(main())
