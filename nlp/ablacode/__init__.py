"""ablacode: suggests CPT codes for liver-tumour ablation from operative notes, with the supporting words.

>>> from ablacode import CodeSuggester          # doctest: +SKIP
>>> record = CodeSuggester().suggest(text)      # doctest: +SKIP

Nothing heavy is imported before :class:`CodeSuggester` is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["CodeSuggester", "Note", "Record", "__version__"]

if TYPE_CHECKING:
    from .domain import Note, Record
    from .suggester import CodeSuggester


def __getattr__(name: str) -> Any:
    if name == "CodeSuggester":
        from .suggester import CodeSuggester

        return CodeSuggester
    if name in ("Note", "Record"):
        from . import domain

        return getattr(domain, name)
    raise AttributeError(f"module 'ablacode' has no attribute {name!r}")
