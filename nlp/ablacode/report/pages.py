"""The HTML: one page per note, an index over them, and the folder that holds both.

A page is one file: no network, no script from elsewhere, nothing that the note contains can run.
"""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

import jinja2
from markupsafe import Markup, escape

from ..domain import CODES, DECISIONS, Record
from ..errors import AblacodeError, UsageError
from ..notice import CPT_NOTICE
from . import view, words

Mode = Literal["all", "decided", "none"]

_MARKER = '<meta name="generator" content="ablacode'
_UNSHOWABLE = re.compile("[\x00\ud800-\udfff]")


def note_page(
    record: Record,
    text: str | None,
    *,
    index_href: str | None = None,
    previous_href: str | None = None,
    next_href: str | None = None,
) -> str:
    """Return the page of one note: its text with the words marked, beside the answer and what speaks for it.

    When ``text`` is None or no longer the one the record was made from, the page says so and marks nothing.
    """
    fits = text is not None and _sha256(text) == record.note_sha256
    shown = text if fits else None
    quotes = view.Quotes(record, shown)
    return _render(
        "note.html",
        record=record,
        note_name=view.shown_id(record),
        lines=view.pieces_of(record, text) if text is not None and fits else [],
        facts=view.facts_of(record, quotes),
        quotes=quotes,
        problem=None if fits else ("missing" if text is None else "changed"),
        index_href=index_href,
        previous_href=previous_href,
        next_href=next_href,
    )


def index_page(rows: Sequence[view.IndexRow], *, title: str = "Notes", version: str = "") -> str:
    """Return the page that lists ``rows``; it sorts and filters in the browser and is complete without."""
    decisions = Counter(row.decision for row in rows)
    codes = Counter(code.code for row in rows for code in row.codes)
    return _render(
        "index.html",
        rows=rows,
        title=title,
        version=version,
        decisions=[(name, decisions[name]) for name in DECISIONS],
        code_counts=[(code, codes[code]) for code in CODES if codes[code]],
        facts=list(words.FACT_WORDS.values()),
        script=_asset("index.js"),
    )


def write_report(
    out_dir: Path,
    records: Iterable[Record],
    text_of: Callable[[str], str],
    mode: Mode = "decided",
    *,
    title: str = "Notes",
) -> Path | None:
    """Write ``out_dir/report`` and return its index, or None with mode ``none``, which writes nothing.

    ``all`` gives every note a page, ``decided`` every ``suggest`` and ``review``; the index lists all of them. Records
    and texts are taken one at a time. The folder appears whole and replaces the report of an earlier run, nothing else.
    """
    if mode == "none":
        return None
    target = out_dir / "report"
    if target.exists() and not _is_report(target):
        raise UsageError(f"{target} is there and is no report of this program; choose another output folder")
    unfinished = out_dir / ".report.part"
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        (unfinished / "notes").mkdir(parents=True)
        rows = list(_write_notes(unfinished, records, text_of, mode))
        _write(unfinished / "index.html", index_page(rows, title=title))
        if target.exists():
            shutil.rmtree(target)
        unfinished.rename(target)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return target / "index.html"


def page_name(record: Record) -> str:
    """Return the file name of a record's page: readable, the same in every run, and never a path."""
    name = view.shown_id(record)
    readable = re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")[-60:].strip("-") or "note"
    return f"{readable}-{_sha256(name)[:12]}.html"


# --- the folder --------------------------------------------------------------------------------------------------


def _write_notes(
    folder: Path, records: Iterable[Record], text_of: Callable[[str], str], mode: Mode
) -> Iterator[view.IndexRow]:
    """Write the pages and yield the rows; a page waits for the next one's name, to which it links."""
    waiting: Record | None = None
    before: str | None = None
    for record in records:
        if mode == "decided" and record.decision == "none":
            yield view.index_row(record)
            continue
        name = page_name(record)
        yield view.index_row(record, href=f"notes/{name}")
        if waiting is not None:
            _write_note(folder, waiting, text_of, before, name)
            before = page_name(waiting)
        waiting = record
    if waiting is not None:
        _write_note(folder, waiting, text_of, before, None)


def _write_note(
    folder: Path, record: Record, text_of: Callable[[str], str], before: str | None, after: str | None
) -> None:
    try:
        text = text_of(record.note_id or "")
    except (OSError, KeyError, UnicodeError, AblacodeError):
        text = None  # The page then says that the text could not be read; the other pages are still worth having.
    page = note_page(record, text, index_href="../index.html", previous_href=before, next_href=after)
    _write(folder / "notes" / page_name(record), page)


def _write(path: Path, page: str) -> None:
    # Bytes, so that no platform turns line ends: the page's policy names the hash of its style.
    path.write_bytes(page.encode("utf-8"))


def _is_report(folder: Path) -> bool:
    index = folder / "index.html"
    if not index.is_file():
        return False
    with index.open(encoding="utf-8", errors="replace") as file:
        return _MARKER in file.read(4096)


# --- templates ---------------------------------------------------------------------------------------------------


def _render(template: str, **values: Any) -> str:
    return _environment().get_template(template).render(style=_asset("style.css"), **values)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("ablacode.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.filters |= {"note_text": _note_text, "percent": words.percent}
    environment.globals |= {
        "csp": _policy,
        "cpt_notice": CPT_NOTICE,
        "words": words,
        "anchor": view.anchor,
    }
    return environment


@cache
def _asset(name: str) -> Markup:
    loader = _environment().loader
    assert loader is not None
    source = loader.get_source(_environment(), name)[0]
    # From the package, never from a note: safe to stand unescaped.
    return Markup(source.replace("\r\n", "\n"))


def _policy(style: str, script: str = "") -> str:
    """Return the page's Content-Security-Policy: its own style, its own script, nothing else."""
    allowed = ["default-src 'none'", f"style-src '{_hash_source(style)}'"]
    if script:
        allowed.append(f"script-src '{_hash_source(script)}'")
    return "; ".join([*allowed, "base-uri 'none'", "form-action 'none'"])


def _hash_source(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode("utf-8")).digest()).decode("ascii")


def _finalize(value: Any) -> Any:
    """Replace what HTML cannot hold, one character for one, in everything a template puts out."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return _UNSHOWABLE.sub("\ufffd", value)
    return value


def _note_text(text: str) -> Markup:
    """Escape note text so that a browser reads the same characters: a raw CR would become LF."""
    return Markup(str(escape(_UNSHOWABLE.sub("\ufffd", text))).replace("\r", "&#13;"))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
