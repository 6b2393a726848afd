"""Check marked drafts of corpus notes, and import them as brat files.

python scripts/corpus.py check FILES_OR_FOLDERS
python scripts/corpus.py import FILES_OR_FOLDERS --to corpora/train
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from pathlib import Path

from ablacode.errors import AblacodeError
from ablacode.markup import Mark
from ablacode.read.corpus import Gold, iter_drafts, parse_draft, write_note
from ablacode.resolve.focus import ORGANS

ROOT = Path(__file__).resolve().parent.parent
APPROACH = {"percutaneous", "laparoscopic", "open", "other"}
MODALITY = {
    "radiofrequency",
    "microwave",
    "heat",
    "cryo",
    "ire",
    "histotripsy",
    "hifu",
    "ethanol",
    "laser",
    "other",
    "unknown",
}
GUIDANCE = {"ultrasound", "ct", "mr", "fluoroscopy", "cone-beam ct"} | {
    "laparoscopic ultrasound",
    "intraoperative ultrasound",
}
TARGET = ORGANS | {"colon", "gallbladder", "liver", "liver-tumor", "margin", "transection-plane", "tumor", "vascular"}
DELIVERY = {"statement", "duration", "power", "temperature", "cycles", "endpoint"}
VALUES = {"approach": APPROACH, "modality": MODALITY, "guidance": GUIDANCE, "target": TARGET, "delivery": DELIVERY}
HEAT = {"radiofrequency", "microwave", "heat"}


def problems(text: str, marks: tuple[Mark, ...], gold: Gold) -> list[str]:
    """What a careful second reader would send back."""
    found = []
    for mark in marks:
        allowed = VALUES.get(mark.label)
        if allowed and mark.value not in allowed:
            found.append(f"offset {mark.start}: {mark.label}={mark.value}; known: {', '.join(sorted(allowed))}")
        if mark.label == "tumor_count" and not mark.value.isdigit():
            found.append(f"offset {mark.start}: tumor_count needs a number, not {mark.value}")
        if len(mark.text.split()) > 8:
            found.append(f"offset {mark.start}: the mark has more than eight words")
    known = tomllib.loads((ROOT / "corpora/traps.toml").read_text())["traps"]
    found += [f"unknown trap {trap}" for trap in gold.traps if trap not in known]
    done = {mark.label for mark in marks if mark.status == "performed"}
    if gold.decision == "suggest":
        found += [f"no performed {label} mark" for label in ("modality", "target", "delivery") if label not in done]
        families = {"cold" if part == "cryo" else "heat" for part in (gold.modality or "").split("+") if part}
        if not set((gold.modality or "").split("+")) <= HEAT | {"cryo"}:
            found.append("a suggested note needs a heat or cryo modality")
        expected = {
            {"open": "47380", "laparoscopic": "47370", "percutaneous": "47382"}[gold.approach][:-1]
            + str(int({"open": "0", "laparoscopic": "0", "percutaneous": "2"}[gold.approach]) + (family == "cold"))
            for family in families
            if gold.approach in ("open", "laparoscopic", "percutaneous")
        }
        if expected != set(gold.codes):
            found.append(f"codes {gold.codes} do not follow from approach and modality")
    if not 40 <= len(text.split()) <= 1300:
        found.append(f"{len(text.split())} words; 60 to 1,200 are wanted")
    return found


def main() -> int:
    """Command line: check or import."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=["check", "import"])
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--to", type=Path, help="a part of the corpus; the draft's folder gives the family")
    args = parser.parse_args()
    if args.action == "import" and not args.to:
        parser.error("import needs --to DIR")
    bad = count = 0
    for path in iter_drafts(args.paths):
        count += 1
        try:
            text, marks, gold = parse_draft(path.read_text(encoding="utf-8"), str(path))
            wrong = problems(text, marks, gold)
        except (AblacodeError, ValueError, TypeError) as error:
            wrong = [str(error)]
        if wrong:
            bad += 1
            print(f"{path}:", *wrong, sep="\n  ")
        elif args.action == "import":
            write_note(args.to / path.parent.name, path.stem, text, marks, gold)
    print(f"{count} drafts, {bad} with problems")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
