"""A folder's own notes for annotation: a sample over strata, and a site to annotate it in."""

from .run import AnnotateResult, run_annotate
from .sampling import Sample, Stratum, allocate, draw, stratum_of

__all__ = ["AnnotateResult", "Sample", "Stratum", "allocate", "draw", "run_annotate", "stratum_of"]
