"""A folder of notes in, a site for annotation out."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..batch import ERROR, Progress
from ..contract import record_from_dict
from ..domain import Mention, Note, Record
from ..errors import AblacodeError, UnreadableNote, UsageError
from ..factory import SuggesterFactory, build_suggester
from ..markup import Mark
from ..output import private_files
from ..read.folder import FoundNotes, find_notes
from ..read.text import read_note
from ..workers import Task, WorkerPool
from .sampling import Sample, draw, stratum_of
from .site import check_site, new_site, sampling_dict, site_files


@dataclass(frozen=True, slots=True)
class AnnotateResult:
    """What was drawn, the kind of failure of each note that was left out, and where the site is."""

    sample: Sample
    failed: Mapping[str, str]
    site: Path

    @property
    def exit_code(self) -> int:
        """0, or 1 where notes failed."""
        return 1 if self.failed else 0


def run_annotate(
    notes_dir: Path,
    site: Path,
    *,
    n: int = 200,
    seed: int = 1,
    prefill: bool = False,
    jobs: int = 1,
    model: Path | None = None,
    use_model: bool = True,
    progress: Progress | None = None,
    suggester_factory: SuggesterFactory | None = None,
) -> AnnotateResult:
    """Answer every note below ``notes_dir``, draw ``n`` over the strata of the answers, and write them to ``site``.

    ``prefill`` puts the program's mentions beside each note. ``suggester_factory`` (picklable, called once in each
    process) stands in for the suggester that ``model`` and ``use_model`` describe. Folders are made 0700, files 0600.

    Raises:
        UsageError: folders or numbers that do not fit.
        ModelError: the model is missing or not the one its manifest names.
        AblacodeError: not one note could be read, a drawn note changed meanwhile, or the site cannot be written.
    """
    if n < 1:
        raise UsageError(f"the number of notes to draw must be 1 or more, not {n}; type for instance --n 200")
    if jobs < 1:
        raise UsageError(f"the number of processes must be 1 or more, not {jobs}; type for instance --jobs 2")
    check_site(site, notes_dir)
    notes = find_notes(notes_dir)
    factory = suggester_factory or functools.partial(build_suggester, model=model, use_model=use_model)
    with private_files(), new_site(site) as unfinished, WorkerPool(factory, jobs=jobs) as pool:
        pool.start(at_once=min(jobs, len(notes)))
        strata, failed = _survey(notes, pool, progress)
        sample = draw(strata, n=n, seed=seed)
        files = site_files(sample.notes)
        # Answers come in the order in which the processes end; the site's files have one order.
        tasks = []
        for note, record in _drawn(notes, sample, pool):
            file, mentions = files[str(note.note_id)], record.mentions if prefill else ()
            unfinished.add_note(file, note.text, mentions)
            tasks.append((file, note.text, [_as_mark(mention) for mention in mentions]))
        sampling = sampling_dict(sample, files, pool.engine, failed, prefill=prefill)
        unfinished.add_frame(sampling, sorted(tasks, key=lambda task: task[0]), prefill=prefill)
    return AnnotateResult(sample, failed, site)


def _as_mark(mention: Mention) -> Mark:
    return Mark(mention.start, mention.end, mention.label, mention.value, mention.status, mention.text)


def _survey(notes: FoundNotes, pool: WorkerPool, progress: Progress | None) -> tuple[dict[str, str], dict[str, str]]:
    """Have every note answered; return the stratum of each, and what kind of failure the others were."""
    strata: dict[str, str] = {}
    failed: dict[str, str] = {}
    tasks = (Task(place, note_id, str(path)) for place, (note_id, path) in enumerate(notes))
    for done, outcome in enumerate(pool.run(tasks), 1):
        note_id = notes.ids[outcome.place]
        if outcome.record is None:
            failed[note_id] = outcome.kind
        else:
            strata[note_id] = stratum_of(record_from_dict(json.loads(outcome.record)))
        if progress is not None:
            progress(done, len(notes), outcome.decision or ERROR)
    if not strata:
        raise AblacodeError(
            f"not one of the {len(notes):,} notes in {notes.folder} could be read; to see why, type:"
            f" ablacode batch {notes.folder} -o OUT_DIR"
        )
    return strata, failed


def _drawn(notes: FoundNotes, sample: Sample, pool: WorkerPool) -> Iterator[tuple[Note, Record]]:
    """Yield each drawn note with its record, asked for again: of a large folder only the strata fit into memory."""
    tasks = (Task(place, note_id, str(notes.path(note_id))) for place, note_id in enumerate(sample.notes))
    ids = list(sample.notes)
    for outcome in pool.run(tasks):
        note_id = ids[outcome.place]
        record = record_from_dict(json.loads(outcome.record)) if outcome.record else None
        note = _read(notes.path(note_id), note_id)
        if (
            note is None
            or record is None
            or record.note_sha256 != note.sha256
            or stratum_of(record) != sample.notes[note_id]
        ):
            raise AblacodeError(f"the note {note_id} changed or could not be read again; run the same command again")
        yield note, record


def _read(path: Path, note_id: str) -> Note | None:
    try:
        return read_note(path, note_id=note_id)[0]
    except (OSError, UnreadableNote):
        return None
