"""How fast, beside stock medSpaCy and spaCy's bare tokenizer? One run, the same notes, one process each.

python scripts/benchmark.py [--notes DIR_OR_JSONL] [--rounds N] [--quick] [--no-model] [-o FILE.json]

The three take turns, round by round, so that whatever else the machine does meets all of them. In each round each reads
all notes, again and again until a second has passed; a first, unmeasured pass over a few notes warms up. Notes per
second with 95 % intervals over the rounds. Stock medSpaCy logs every token to standard error; that logging is switched
off here, in its favour.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ablacode.errors import AblacodeError, UsageError
from third_party import read_notes

ROOT = Path(__file__).resolve().parent.parent
STOCK, BARE, OURS = "stock medSpaCy", "bare tokenizer", "ablacode"
STOCK_PIPES = ("tokenizer", "pyrush", "target_matcher", "context", "sectionizer")
WARM_UP = 5
AT_LEAST = 1.0
QUICK_NOTES, QUICK_ROUNDS = 12, 3

Reader = Callable[[str], object]


def build_stock() -> Reader:
    """``medspacy.load()`` with its sectionizer, and the phrases of our rules in its target matcher."""
    from loguru import logger

    from ablacode.rulebook import load_rulebook

    # PyRuSH writes a line for every token; measured is what it computes, not how fast the terminal is.
    logger.remove()
    logger.disable("PyRuSH")
    logger.disable("medspacy")
    import medspacy
    from medspacy.target_matcher import TargetRule

    nlp = medspacy.load(medspacy_enable={f"medspacy_{name}" for name in STOCK_PIPES})
    rules = [TargetRule(phrase, rule.id) for rule in load_rulebook().rules for phrase in rule.phrases]
    nlp.get_pipe("medspacy_target_matcher").add(rules)
    return nlp


def build_bare() -> Reader:
    """spaCy's English tokenizer and nothing else."""
    import spacy

    return spacy.blank("en")


def build_ours(*, use_model: bool) -> Reader:
    """A note's record as plain values."""
    from ablacode.factory import build_suggester

    suggester: Any = build_suggester(model=None, use_model=use_model)
    return lambda text: suggester.suggest(text).to_dict()


def serve(name: str, *, use_model: bool) -> None:
    """Run as one of the three: read the notes, then answer each line on standard input with the seconds of a round."""
    pipe, sys.stdout = sys.stdout, sys.stderr
    texts: list[str] = json.loads(sys.stdin.readline())
    reader = {STOCK: build_stock, BARE: build_bare, OURS: lambda: build_ours(use_model=use_model)}[name]()
    for text in texts[:WARM_UP]:
        reader(text)
    print("ready", file=pipe, flush=True)
    for _ in sys.stdin:
        print(seconds_of_a_pass(reader, texts), file=pipe, flush=True)


def seconds_of_a_pass(reader: Reader, texts: list[str]) -> float:
    """Seconds for all notes, as the mean of whole passes: one alone is too short to time where the reader is fast."""
    passes, begin = 0, time.perf_counter()
    while passes == 0 or time.perf_counter() - begin < AT_LEAST:
        for text in texts:
            reader(text)
        passes += 1
    return (time.perf_counter() - begin) / passes


class Contender:
    """One of the three in a process of its own."""

    def __init__(self, name: str, texts: list[str], *, use_model: bool) -> None:
        command = [sys.executable, __file__, "--serve", name, *([] if use_model else ["--no-model"])]
        one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        self.name = name
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **one_thread}
        )
        self._ask(json.dumps(texts))

    def round(self) -> float:
        """Seconds for all notes, once."""
        return float(self._ask("go"))

    def close(self) -> None:
        """End its process."""
        self._process.communicate()

    def _ask(self, line: str) -> str:
        assert self._process.stdin and self._process.stdout
        try:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass
        if not (answer := self._process.stdout.readline()):
            raise AblacodeError(f"{self.name} ended before it answered; its message stands above")
        return answer


def interval(values: list[float]) -> dict[str, float]:
    """Geometric mean over the rounds with Student's 95 % interval (rates and ratios vary by factors)."""
    from scipy.stats import t

    logs = [math.log(value) for value in values]
    mean = sum(logs) / len(logs)
    spread = math.sqrt(sum((log - mean) ** 2 for log in logs) / (len(logs) - 1))
    half = float(t.ppf(0.975, len(logs) - 1)) * spread / math.sqrt(len(logs))
    return {"value": math.exp(mean), "n": len(values), "low": math.exp(mean - half), "high": math.exp(mean + half)}


def measure(texts: list[str], rounds: int, *, use_model: bool) -> dict[str, list[float]]:
    """Seconds of each contender in each round."""
    seconds: dict[str, list[float]] = {}
    contenders: list[Contender] = []
    try:
        for name in (STOCK, BARE, OURS):
            contenders.append(Contender(name, texts, use_model=use_model))
        for number in range(rounds):
            for contender in contenders:
                seconds.setdefault(contender.name, []).append(contender.round())
            print(f"round {number + 1} of {rounds} done", file=sys.stderr)
    finally:
        for contender in contenders:
            contender.close()
    return seconds


def report(seconds: dict[str, list[float]], texts: list[str], *, use_model: bool) -> dict[str, Any]:
    """Rates, and ratios paired by round."""
    ours = seconds[OURS]
    ratios = {f"{OURS} / {name}": [a / b for a, b in zip(seconds[name], ours, strict=True)] for name in (STOCK, BARE)}
    return {
        "notes": len(texts),
        "characters": sum(map(len, texts)),
        "rounds": len(ours),
        "use_model": use_model,
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("spacy", "medspacy", "numpy")},
        "notes_per_second": {name: interval([len(texts) / s for s in taken]) for name, taken in seconds.items()},
        "ratios": {name: interval(values) for name, values in ratios.items()},
    }


def show(result: dict[str, Any]) -> None:
    """Print the table."""
    mean = result["characters"] / result["notes"]
    print(f"{result['notes']} notes of {mean:,.0f} characters on average, {result['rounds']} rounds, one process each")
    print("stock medSpaCy's logging of every token is switched off")
    for title, unit in (("notes_per_second", "notes/s"), ("ratios", "times")):
        for name, figure in result[title].items():
            low, high = f"{figure['low']:,.2f}", f"{figure['high']:,.2f}"
            print(f"  {name:26} {figure['value']:10,.2f} {unit:8} [{low}, {high}] n={figure['n']} rounds")


def read_texts(place: Path, most: int | None) -> list[str]:
    """The notes below a folder or of a JSONL file; at most ``most``, taken evenly from all of them.

    Raises:
        UsageError: there is no note.
    """
    if place.is_file():
        texts = [note.text for note in read_notes(place)]
    else:
        texts = [path.read_bytes().decode("utf-8") for path in sorted(place.rglob("*.txt"))]
    if not texts:
        raise UsageError(f"there is no note in {place}; type --notes with a folder of .txt files or a JSONL file")
    step = max(1, len(texts) // most) if most else 1
    return texts[::step][:most]


def main() -> int:
    """Command line: the parent that times, or (``--serve``) one of the three."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notes", type=Path, default=ROOT / "corpora/train", help="folder of .txt files, or JSONL")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="at least 2; default: 5")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_NOTES} notes, {QUICK_ROUNDS} rounds")
    parser.add_argument("--no-model", action="store_true", help="ablacode by rules alone")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write the figures as JSON")
    parser.add_argument("--serve", choices=(STOCK, BARE, OURS), help=argparse.SUPPRESS)
    args = parser.parse_args()
    use_model = not args.no_model
    try:
        if args.serve:
            serve(args.serve, use_model=use_model)
            return 0
        if args.rounds < 2:
            raise UsageError("an interval needs at least --rounds 2")
        texts = read_texts(args.notes, QUICK_NOTES if args.quick else None)
        seconds = measure(texts, QUICK_ROUNDS if args.quick else args.rounds, use_model=use_model)
        result = report(seconds, texts, use_model=use_model)
        show(result)
        if args.output:
            args.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    except AblacodeError as error:
        print(f"benchmark: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
