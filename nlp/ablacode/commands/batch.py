"""``ablacode batch NOTES_DIR -o OUT_DIR``: a folder of notes, with a bar while it runs and a summary at its end."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections import Counter
from collections.abc import Iterator

from ..batch import BatchResult, Progress, run_batch
from ..output import ERRORS, REPORT, SUGGESTIONS


def run(args: argparse.Namespace) -> int:
    """Run the batch and print what came of it; return 1 where notes failed, else 0.

    Raises:
        AblacodeError: see :func:`ablacode.batch.run_batch`.
    """
    with progress_bar() as progress:
        result = run_batch(
            args.notes_dir,
            args.output,
            jobs=args.jobs,
            report=args.report,
            fresh=args.fresh,
            model=args.model,
            use_model=not args.no_model,
            progress=progress,
        )
    sys.stdout.write(summary(result))
    return result.exit_code


def summary(result: BatchResult) -> str:
    """Return the lines for the end of a run: counts by decision, what failed, and the page to open."""
    total = sum(result.counts.values()) + result.errors
    counts = ", ".join(f"{decision} {count:,}" for decision, count in result.counts.items())
    lines = [f"{total:,} notes: {counts}, failed {result.errors:,}"]
    if result.reused:
        lines.append(f"unchanged since the last run, not done again: {result.reused:,}")
    if result.vanished:
        lines.append(f"no longer in the folder, dropped: {result.vanished:,}")
    lines.append(f"records: {result.paths[SUGGESTIONS]}")
    if result.errors:
        lines.append(f"failed notes: {result.paths[ERRORS]}")
    if REPORT in result.paths:
        lines.append(f"open: {result.paths[REPORT]}")
    return "\n".join(lines) + "\n"


@contextlib.contextmanager
def progress_bar() -> Iterator[Progress | None]:
    """Give a callback that draws a bar on standard error, or None where that is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    counts: Counter[str] = Counter()
    with tqdm(unit="note", dynamic_ncols=True) as bar:

        def show(done: int, total: int, decision: str) -> None:
            bar.total = total
            if decision:
                counts[decision] += 1
                bar.set_postfix(counts, refresh=False)
            bar.update(done - bar.n)

        yield show
