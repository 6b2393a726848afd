"""How right are the answers? Measured on annotated notes, every figure with n and interval."""

from .evaluation import Evaluation, evaluate
from .intervals import Metric, wilson
from .render import render
from .run import run_evaluate

__all__ = ["Evaluation", "Metric", "evaluate", "render", "run_evaluate", "wilson"]
