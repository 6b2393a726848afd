"""Suggest: the deterministic decision table, approach x energy family -> code, dated, as data."""

from .table import decide, doubt

__all__ = ["decide", "doubt"]
