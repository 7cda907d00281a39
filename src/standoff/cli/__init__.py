"""The command line: parse, call, present.

Nothing is imported before it is needed: the first screen of help imports neither the model of a
crisis nor any arrays, and each command is a module that only its own name loads.
"""

from __future__ import annotations

from standoff.cli.app import main

__all__ = ["main"]
