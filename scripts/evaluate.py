"""Measure the program on annotated notes.

python scripts/evaluate.py CORPUS_DIR [-o OUT] [--no-model] [--show-text]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ablacode.errors import AblacodeError
from ablacode.evaluate import run_evaluate
from ablacode.factory import build_suggester


def main() -> int:
    """Command line; the exit codes are those of ``ablacode``."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus_dir", type=Path, metavar="CORPUS_DIR", help="folder of annotated notes")
    parser.add_argument("-o", "--output", type=Path, metavar="OUT", help="folder for evaluation.json, or a .json file")
    parser.add_argument("--no-model", action="store_true", help="rules alone, without the trained classifier")
    parser.add_argument("--show-text", action="store_true", help="quote the notes in the list of errors")
    args = parser.parse_args()
    try:
        suggester = build_suggester(model=None, use_model=not args.no_model)
        return run_evaluate(args.corpus_dir, out=args.output, suggester=suggester, show_text=args.show_text)
    except AblacodeError as error:
        print(f"evaluate: {error}", file=sys.stderr)
        return error.exit_code


if __name__ == "__main__":
    sys.exit(main())
