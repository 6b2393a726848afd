"""``python -m ablacode`` is the command ``ablacode``."""

from __future__ import annotations

import sys

from .cli import main

# Worker processes import this module again under another name and must not start a batch of their own.
if __name__ == "__main__":
    sys.exit(main())
