"""Check marked drafts of corpus notes and import them as brat files; take notes to an annotator's tool and back; list near-duplicates.

python scripts/corpus.py check FILES_OR_FOLDERS
python scripts/corpus.py import FILES_OR_FOLDERS --to corpora/train
python scripts/corpus.py export corpora/dev --tool label-studio -o tasks.json
python scripts/corpus.py alike corpora
python scripts/corpus.py fetch tasks.json --tool label-studio --to FOLDER [--texts corpora/dev]
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from pathlib import Path, PurePosixPath

from sklearn.feature_extraction.text import CountVectorizer

from ablacode import exchange
from ablacode.errors import AblacodeError, CorpusError
from ablacode.markup import Mark
from ablacode.read.corpus import Gold, iter_drafts, load_corpus, parse_draft, write_note
from ablacode.resolve.focus import ORGANS

TOOLS = {
    "label-studio": (exchange.write_labelstudio, exchange.read_labelstudio),
    "prodigy": (exchange.write_prodigy, exchange.read_prodigy),
    "doccano": (exchange.write_doccano, exchange.read_doccano),
}
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


def drafts(paths: list[Path], to: Path | None) -> int:
    """Check drafts; import those without problems below ``to``, their folder's name being the family."""
    bad = count = 0
    for path in iter_drafts(paths):
        count += 1
        try:
            text, marks, gold = parse_draft(path.read_text(encoding="utf-8"), str(path))
            wrong = problems(text, marks, gold)
        except (AblacodeError, ValueError, TypeError) as error:
            wrong = [str(error)]
        if wrong:
            bad += 1
            print(f"{path}:", *wrong, sep="\n  ")
        elif to:
            write_note(to / path.parent.name, path.stem, text, marks, gold)
    print(f"{count} drafts, {bad} with problems")
    return 1 if bad else 0


def fetch(file: Path, tool: str, to: Path, texts: Path | None) -> int:
    """Write the notes of a tool's file below ``to``; their text is that of the notes below ``texts``, where it is given."""
    kept = {note.note_id: note.text for note in load_corpus(texts)} if texts else None
    found = TOOLS[tool][1](file.read_bytes(), texts=kept)
    for note in found.notes:
        place = PurePosixPath(note.note_id)
        if place.is_absolute() or ".." in place.parts:
            raise CorpusError(f"{note.note_id} leads out of the folder")
        write_note(to / place.parent, place.name.removesuffix(".txt"), note.text, note.marks, note.gold)
    print(*found.repairs, f"{len(found.notes)} notes, {len(found.repairs)} lines to look at", sep="\n")
    return 1 if found.repairs else 0


def alike(folder: Path, most: int = 10) -> list[tuple[float, str, str]]:
    """The pairs of notes that share most: common runs of five words, of all runs of either (Jaccard); the most alike first."""
    notes = load_corpus(folder)
    counter = CountVectorizer(ngram_range=(5, 5), binary=True, token_pattern=r"[^\W_]+")
    runs = counter.fit_transform([note.text for note in notes]).astype(float)
    sizes = runs.sum(axis=1).A1
    shared = (runs @ runs.T).tocoo()
    pairs = [
        (both / (sizes[one] + sizes[other] - both), notes[one].note_id, notes[other].note_id)
        for one, other, both in zip(shared.row, shared.col, shared.data, strict=True)
        if one < other
    ]
    return sorted(pairs, key=lambda pair: (-pair[0], pair[1:]))[:most]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    actions = parser.add_subparsers(dest="action", required=True)
    for name in ("check", "import"):
        action = actions.add_parser(name)
        action.add_argument("paths", nargs="+", type=Path)
        if name == "import":
            action.add_argument("--to", type=Path, required=True, help="a part; the draft's folder gives the family")
    export = actions.add_parser("export")
    export.add_argument("folder", type=Path)
    export.add_argument("--tool", choices=TOOLS, required=True)
    export.add_argument("-o", "--output", type=Path, required=True)
    near = actions.add_parser("alike")
    near.add_argument("folder", type=Path)
    back = actions.add_parser("fetch")
    back.add_argument("file", type=Path)
    back.add_argument("--tool", choices=TOOLS, required=True)
    back.add_argument("--to", type=Path, required=True)
    back.add_argument("--texts", type=Path, help="the notes as they were exported, where the tool changed line ends")
    return parser


def main() -> int:
    """Command line: check, import, export, fetch, alike."""
    args = _parser().parse_args()
    try:
        if args.action in ("check", "import"):
            return drafts(args.paths, getattr(args, "to", None))
        if args.action == "alike":
            print(*(f"{share:.3f} {one} {other}" for share, one, other in alike(args.folder)), sep="\n")
            return 0
        if args.action == "fetch":
            return fetch(args.file, args.tool, args.to, args.texts)
        args.output.write_bytes(TOOLS[args.tool][0](load_corpus(args.folder)).encode("utf-8"))
        return 0
    except (AblacodeError, OSError) as error:
        print(f"corpus.py: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
