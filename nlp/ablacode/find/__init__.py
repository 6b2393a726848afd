"""Find: from a note's text to sentences and candidate mentions. The only place that knows spaCy and medSpaCy."""

from .finder import Finder

__all__ = ["Finder"]
