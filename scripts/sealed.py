"""Open the sealed families: measure once, print the headline figures, append them to corpora/SEALED.log.

python scripts/sealed.py --issue N

At most three openings an issue. The list of what went wrong is not shown: who looks at a sealed note moves it to dev.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from ablacode.errors import AblacodeError, UsageError
from ablacode.evaluate import Evaluation, evaluate
from ablacode.evaluate.run import answer_all
from ablacode.factory import build_suggester
from ablacode.read.corpus import load_corpus

CORPORA = Path(__file__).resolve().parent.parent / "corpora"
SEALED, LOG, HASH = CORPORA / "sealed", CORPORA / "SEALED.log", CORPORA / "SEALED.sha256"
MOST = 3
FIGURES = (
    "answer.exact",
    "codes.micro.precision",
    "codes.micro.recall",
    "notes.wrong_code",
    "review.without_need",
    "facts.approach",
    "facts.modality_family",
    "facts.tumor_count",
    "facts.guidance",
)


def digest(folder: Path) -> str:
    """SHA-256 over path and content of every file below a folder, in order of the paths."""
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            whole.update(f"{path.relative_to(folder).as_posix()}\0".encode())
            whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def openings(log: str, issue: int) -> int:
    """How often the log says the families were opened for an issue."""
    return sum(line.split("\t")[2] == str(issue) for line in log.splitlines()[1:])


def line_of(result: Evaluation, *, day: str, commit: str, issue: int) -> str:
    """The log's line: each figure with its interval and n."""
    figures = [result.metrics[name] for name in FIGURES]
    told = [f"{one.value:.3f} [{one.low:.3f}, {one.high:.3f}] n={one.n}" if one.n else "-" for one in figures]
    model = (result.engine.model_sha256 or "none")[:12] if result.engine else "none"
    return "\t".join([day, commit, str(issue), model, str(result.n), *told]) + "\n"


def open_sealed(issue: int) -> str:
    """Measure the sealed families and append the line; returns it.

    Raises:
        UsageError: the third opening for this issue is over, the work is not committed, or the families are not those sealed.
    """
    log = LOG.read_text("utf-8")
    if openings(log, issue) >= MOST:
        raise UsageError(f"the sealed families were opened {MOST} times for issue {issue}; write new ones")
    if digest(SEALED) != HASH.read_text("utf-8").strip():
        raise UsageError("the sealed families are not those whose hash stands in corpora/SEALED.sha256")
    if _git("status", "--porcelain", "--untracked-files=no"):
        raise UsageError("commit first: the log names the commit that was measured")
    notes = load_corpus(SEALED)
    result = evaluate(notes, answer_all(build_suggester(model=None, use_model=True), notes))
    line = line_of(
        result, day=datetime.now(UTC).date().isoformat(), commit=_git("rev-parse", "--short", "HEAD"), issue=issue
    )
    with LOG.open("a", encoding="utf-8") as stream:
        stream.write(line)
    return line


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=CORPORA, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def main() -> int:
    """Command line; the exit codes are those of ``ablacode``."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--issue", type=int, required=True, help="the issue the figures are for")
    args = parser.parse_args()
    try:
        line = open_sealed(args.issue)
    except AblacodeError as error:
        print(f"sealed: {error}", file=sys.stderr)
        return error.exit_code
    for name, figure in zip(
        LOG.read_text("utf-8").splitlines()[0].split("\t"), line.rstrip("\n").split("\t"), strict=True
    ):
        print(f"{name:18} {figure}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
