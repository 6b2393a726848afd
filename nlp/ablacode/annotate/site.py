"""The folder that is annotated: note files and what the tools need, private, and there as a whole or not at all."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..domain import Mention
from ..errors import AblacodeError, UsageError
from ..markup import Mark
from ..read.corpus import Gold, gold_to_dict
from .brat import annotation_conf, draft
from .guide import guide
from .sampling import Sample

README = "README.txt"
SAMPLING = "sampling.json"
TEMPLATE = "gold.template.json"
SCHEMA_VERSION = "1.0"


@dataclass(frozen=True, slots=True)
class Site:
    """A site that is being written: ``path`` is what it will be called, ``folder`` where its files lie until then."""

    path: Path
    folder: Path

    def add_note(self, file: str, text: str, mentions: Iterable[Mention]) -> None:
        """Write a note as ``file`` (see :func:`site_files`), and beside it the mentions as a draft.

        Raises:
            AblacodeError: it cannot be written.
        """
        self._write(file, text)
        self._write(f"{file.removesuffix('.txt')}.ann", draft(mentions))

    def add_frame(
        self, sampling: Mapping[str, Any], tasks: Iterable[tuple[str, str, Sequence[Mark]]], *, prefill: bool
    ) -> None:
        """Write what stands beside the notes: how they were drawn, the tools' configuration, Label Studio's tasks (file, text and
        draft of each note), template and guide.

        Raises:
            RulesError: the rulebook does not hold together.
            AblacodeError: it cannot be written.
        """
        from ..exchange import labelling_config, write_tasks

        self._write(SAMPLING, _json(sampling))
        self._write(TEMPLATE, _json(gold_to_dict(Gold(decision=""))))
        self._write("annotation.conf", annotation_conf())
        self._write("labelstudio.xml", labelling_config())
        self._write("labelstudio.json", write_tasks(tasks))
        self._write(README, guide(str(self.path), prefill=prefill))

    def _write(self, name: str, content: str) -> None:
        path = self.folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Exclusive: two names that a file system takes for one must not cost a note.
            with path.open("xb") as stream:
                stream.write(content.encode("utf-8"))
        except OSError as error:
            raise _cannot_write(self.path, error) from None


def check_site(site: Path, notes_dir: Path) -> None:
    """Refuse a site among the notes, where the next run would take it for notes, and one that holds something.

    Raises:
        UsageError: see above.
        AblacodeError: it is a file, or cannot be listed.
    """
    place, source = os.path.realpath(site), os.path.realpath(notes_dir)
    if place == source or place.startswith(source + os.sep):
        raise UsageError(f"the site would lie among the notes; type another folder: -o {source}-site")
    try:
        with os.scandir(place) as entries:
            if next(entries, None) is not None:
                raise UsageError(f"{site} is not empty; type another folder, or remove it first")
    except FileNotFoundError:
        pass
    except OSError as error:
        raise _cannot_write(site, error) from None


@contextlib.contextmanager
def new_site(site: Path) -> Iterator[Site]:
    """Give a site to write; it takes its name when the block ends well, else nothing of it stays.

    Raises:
        AblacodeError: the folder cannot be made, or not be given its name.
    """
    place = Path(os.path.realpath(site))
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{place.name}.", suffix=".part", dir=place.parent))
    except OSError as error:
        raise _cannot_write(site, error) from None
    try:
        yield Site(site, folder)
        try:
            folder.replace(place)
        except OSError as error:
            raise _cannot_write(site, error) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def site_files(note_ids: Iterable[str]) -> dict[str, str]:
    """Return where each note lies below the site: at its id, ending in ``.txt``.

    Notes whose names a file system may take for one, or for README.txt, get a number.

    Raises:
        UsageError: an id that leads out of the site.
    """
    files: dict[str, str] = {}
    taken = {README.casefold()}
    for note_id in sorted(note_ids):
        if {"", ".", ".."} & set(note_id.split("/")):
            raise UsageError(f"the note id {note_id} is no path below a folder; rename the note")
        stem = note_id[:-4] if note_id.lower().endswith(".txt") else note_id
        file, number = f"{stem}.txt", 1
        while file.casefold() in taken:
            number += 1
            file = f"{stem}~{number}.txt"
        taken.add(file.casefold())
        files[note_id] = file
    return files


def sampling_dict(
    sample: Sample, files: Mapping[str, str], engine: Mapping[str, Any], failed: Mapping[str, str], *, prefill: bool
) -> dict[str, Any]:
    """Return the content of ``sampling.json``; ``failed`` gives the kind of failure of each note that was left out."""
    strata = {
        one.name: {"population": one.population, "drawn": one.drawn, "weight": one.weight} for one in sample.strata
    }
    return {
        "schema_version": SCHEMA_VERSION,
        "seed": sample.seed,
        "n": sample.n,
        "engine": dict(engine),
        "strata": strata,
        "notes": {
            note_id: {
                "file": files[note_id],
                "stratum": stratum,
                "weight": strata[stratum]["weight"],
                "prefilled": prefill,
            }
            for note_id, stratum in sample.notes.items()
        },
        "failed": dict(sorted(failed.items())),
    }


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=True, indent=1) + "\n"


def _cannot_write(site: Path, error: OSError) -> AblacodeError:
    reason = os.strerror(error.errno) if error.errno else type(error).__name__
    return AblacodeError(f"cannot write to {site} ({reason}); free space or type another folder: -o SITE")
