"""``ablacode annotate NOTES_DIR -o SITE``: notes of one's own, drawn and written out for annotation."""

from __future__ import annotations

import argparse
import sys

from ..annotate import AnnotateResult, run_annotate
from ..annotate.site import README, SAMPLING
from .batch import progress_bar


def run(args: argparse.Namespace) -> int:
    """Draw the notes, write the site and print the strata; return 1 where notes failed, else 0.

    Raises:
        AblacodeError: see :func:`ablacode.annotate.run_annotate`.
    """
    with progress_bar() as progress:
        result = run_annotate(
            args.notes_dir,
            args.output,
            n=args.n,
            seed=args.seed,
            prefill=args.prefill,
            jobs=args.jobs,
            model=args.model,
            use_model=not args.no_model,
            progress=progress,
        )
    sys.stdout.write(summary(result))
    return result.exit_code


def summary(result: AnnotateResult) -> str:
    """Return the lines for the end of a run: population, drawn and weight of each stratum, what failed, and the site."""
    lines = [f"{'stratum':<15}{'population':>10}{'drawn':>8}{'weight':>10}"]
    for one in result.sample.strata:
        weight = "-" if one.weight is None else f"{one.weight:,.2f}"
        lines.append(f"{one.name:<15}{one.population:>10,}{one.drawn:>8,}{weight:>10}")
    if result.failed:
        lines.append(f"failed, left out: {len(result.failed):,} notes, named in {result.site / SAMPLING}")
    lines.append(f"site: {result.site}, how to go on: {result.site / README}")
    return "\n".join(lines) + "\n"
