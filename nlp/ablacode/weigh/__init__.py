"""Weigh: how sure a code is, and the line between ``suggest`` and ``review``."""

from .confidence import confidence, line, supports

__all__ = ["confidence", "line", "supports"]
