"""The command line. Only the standard library is imported here: ``ablacode --help`` answers at once, without spaCy.

Exit codes: 0 done; 1 done, but some notes failed; 2 wrong use; 3 cannot run or go on; 130 stopped by the user.
An error is one line on standard error: what happened, and what to type.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from .errors import AblacodeError, UnreadableNote

INTERRUPTED = 130

_DESCRIPTION = "Read operative notes and suggest CPT codes of liver tumour ablation, with the supporting words."
_EPILOG = """\
commands to begin with:
  ablacode suggest note.txt
  ablacode batch notes/ -o out/ --jobs 2

exit codes: 0 done; 1 done, but some notes failed; 2 wrong use; 3 cannot run or go on; 130 stopped
Suggestions are for a coder's review."""


class _Parser(argparse.ArgumentParser):
    """An argument parser whose complaint is one line that says what to type."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"ablacode: {message}; type: {self.prog} --help\n")


class _Version(argparse.Action):
    """``--version``; only then is the package asked for it."""

    def __call__(self, parser: argparse.ArgumentParser, *_rest: object) -> None:
        from . import __version__

        sys.stdout.write(f"ablacode {__version__}\n")
        parser.exit()


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command in ``argv`` (those of the process if None) and return the exit code.

    ``--help``, ``--version`` and options that do not parse end by SystemExit, as argparse does.
    """
    _write_utf8()
    try:
        args = _parser().parse_args(argv)
        code = _run(args)
        sys.stdout.flush()
        return code
    except UnreadableNote as error:
        return _fail(f"{error}; type the path of a text file", error.exit_code)
    except AblacodeError as error:
        return _fail(str(error), error.exit_code)
    except KeyboardInterrupt:
        return _fail("stopped; type the same command again to go on", INTERRUPTED)
    except BrokenPipeError:
        # Whoever read the output has enough (``| head``); the flush at exit must not complain either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        return _fail(f"the program failed ({_place(error)}); please report this place", AblacodeError.exit_code)


def _run(args: argparse.Namespace) -> int:
    """Import the command and run it."""
    if args.command == "suggest":
        from .commands import suggest

        return suggest.run(args)
    if args.command == "batch":
        from .commands import batch

        return batch.run(args)
    if args.command == "annotate":
        from .commands import annotate

        return annotate.run(args)
    if args.command == "evaluate":
        from .evaluate import run_evaluate

        return run_evaluate(args.corpus_dir, out=args.output)
    import json

    from .contract import record_schema

    sys.stdout.write(json.dumps(record_schema(), indent=2, ensure_ascii=False) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = _Parser(prog="ablacode", description=_DESCRIPTION, epilog=_EPILOG, formatter_class=raw)
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_suggest(commands)
    _add_batch(commands)
    _add_annotate(commands)

    evaluate = commands.add_parser("evaluate", help="measure against annotated notes")
    evaluate.add_argument("corpus_dir", type=Path, metavar="CORPUS_DIR", help="folder of annotated notes")
    evaluate.add_argument("-o", "--output", type=Path, metavar="OUT", help="where the report goes")

    commands.add_parser("schema", help="print the JSON Schema of a record")
    return parser


def _add_suggest(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = commands.add_parser("suggest", help="answer for one note")
    parser.add_argument("note", metavar="NOTE", help="a text file, or - for standard input")
    parser.add_argument("--format", choices=("text", "json", "html"), default="text", help="default: text")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write there instead of standard output")
    parser.add_argument("--date-of-service", metavar="YYYY-MM-DD", help="where the note does not say it")
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="default: auto")
    _add_model(parser)


def _add_batch(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = commands.add_parser(
        "batch",
        help="answer for a folder of notes",
        description="Answer for every .txt file below a folder. Stopped, the same command goes on where it was.",
    )
    parser.add_argument("notes_dir", type=Path, metavar="NOTES_DIR", help="folder of .txt files, searched to any depth")
    parser.add_argument("-o", "--output", type=Path, metavar="OUT_DIR", required=True, help="folder for the results")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="worker processes; default: 1")
    parser.add_argument(
        "--report",
        choices=("all", "decided", "none"),
        default="decided",
        help="which notes get a page: all, those suggested or to be reviewed (default), or no report",
    )
    parser.add_argument("--fresh", action="store_true", help="forget what an earlier run did and start over")
    _add_model(parser)


def _add_annotate(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = commands.add_parser(
        "annotate",
        help="draw notes of a folder and write them out for annotation",
        description="Draw notes over strata of what the program answers, and write a folder for brat or Label Studio.",
    )
    parser.add_argument("notes_dir", type=Path, metavar="NOTES_DIR", help="folder of .txt files, searched to any depth")
    parser.add_argument("-o", "--output", type=Path, metavar="SITE", required=True, help="new folder for the notes")
    parser.add_argument("--n", type=int, default=200, metavar="N", help="how many notes to draw; default: 200")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="another seed draws others; default: 1")
    parser.add_argument("--prefill", action="store_true", help="put what the program found beside each note")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="worker processes; default: 1")
    _add_model(parser)


def _add_model(parser: argparse.ArgumentParser) -> None:
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--no-model", action="store_true", help="rules alone, without the trained classifier")
    group.add_argument("--model", type=Path, metavar="PATH", help="another trained classifier than the packaged one")


def _write_utf8() -> None:
    """Make the output UTF-8 whatever the locale: a record is, and an error about encoding would quote the note."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _fail(message: str, code: int) -> int:
    one_line = " ".join(message.split())
    sys.stderr.write(f"ablacode: {one_line}\n")
    return code


def _place(error: Exception) -> str:
    """Name the error and the line it comes from; its message may quote a note and is not shown."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f", {Path(frames[-1].filename).name} line {frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"
