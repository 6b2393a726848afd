"""Train the models from annotated notes and write them with manifest and model card.

python scripts/train.py CORPUS_PART [CORPUS_PART ...] [-o models]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ablacode.errors import AblacodeError
from ablacode.read.corpus import load_corpus
from ablacode.train.save import save_models
from ablacode.train.setup import train_models

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Command line: train and save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", type=Path, default=[ROOT / "corpora" / "train", ROOT / "corpora" / "dev"])
    parser.add_argument("-o", "--out", type=Path, default=ROOT / "models")
    args = parser.parse_args()
    try:
        notes = [note for part in args.parts for note in load_corpus(part)]
        stored, card = train_models(notes)
        digest = save_models(stored, card, args.out)
    except AblacodeError as error:
        print(f"train: {error}", file=sys.stderr)
        return error.exit_code
    print(f"{len(notes)} notes, model {digest[:12]} written to {args.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
