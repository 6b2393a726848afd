"""Annotated notes to and from the tools of annotators: Label Studio, Prodigy, doccano."""

from .jsonl import read_doccano, read_prodigy, write_doccano, write_prodigy
from .labelstudio import labelling_config, read_labelstudio, write_labelstudio, write_tasks
from .rows import Imported

__all__ = [
    "Imported",
    "labelling_config",
    "read_doccano",
    "read_labelstudio",
    "read_prodigy",
    "write_doccano",
    "write_labelstudio",
    "write_prodigy",
    "write_tasks",
]
