"""Weigh: how sure a code is, and the line between ``suggest`` and ``review``."""

from .confidence import confidence

__all__ = ["confidence"]
