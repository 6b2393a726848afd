"""Errors: what happened, what was probably meant, what to type next. Never a word of a note."""

from __future__ import annotations


class AblacodeError(Exception):
    """Base of all errors of this package; ``exit_code`` is what the command line ends with."""

    exit_code = 3


class UsageError(AblacodeError):
    """Wrong use: a path that is not there, an option that does not fit."""

    exit_code = 2


class UnreadableNote(AblacodeError):
    """A file that is no note: empty, binary, PDF, image, too large. ``kind`` is a stable id."""

    exit_code = 1

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class RulesError(AblacodeError):
    """The rulebook does not hold together: which file, which rule."""


class ModelError(AblacodeError):
    """The model is missing, damaged or of another kind than this version reads."""


class MarkupError(AblacodeError, ValueError):
    """Marked text that does not parse: position in the bare text, never its words."""

    exit_code = 2


class CorpusError(AblacodeError, ValueError):
    """An annotated note that does not hold together: note id, offset and what is wrong."""

    exit_code = 2
