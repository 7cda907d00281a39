"""`python -m standoff.cli` is the same as `standoff`."""

from __future__ import annotations

import sys

from standoff.cli.app import main

if __name__ == "__main__":
    sys.exit(main())
