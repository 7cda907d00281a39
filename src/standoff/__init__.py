"""standoff: write an assessment of a crisis down as claims, compute what follows from them.

A question is a function from a crisis to a crisis; an answer is a function from a game to a
result. `load` gives a `Crisis`; its methods are the views; the functions below give the answers.

Nothing heavy is imported until it is used, so that ``import standoff`` costs next to nothing.

Examples
--------
>>> import standoff
>>> "load" in dir(standoff)
True
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from standoff.crisis import (
        Crisis,
        CrisisError,
        StandoffError,
        UnknownNameError,
        check_file,
        dumps,
        library_names,
        load,
        loads,
    )

_HOMES = {
    "Crisis": "standoff.crisis",
    "CrisisError": "standoff.crisis",
    "StandoffError": "standoff.crisis",
    "UnknownNameError": "standoff.crisis",
    "check_file": "standoff.crisis",
    "dumps": "standoff.crisis",
    "library_names": "standoff.crisis",
    "load": "standoff.crisis",
    "loads": "standoff.crisis",
}
"""Where each public name lives; a test keeps this in step with `__all__`."""

_FOLDERS = ("crisis", "game", "solve", "study", "present")

__all__ = [
    "Crisis",
    "CrisisError",
    "StandoffError",
    "UnknownNameError",
    "check_file",
    "dumps",
    "library_names",
    "load",
    "loads",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    if name in _FOLDERS:
        return importlib.import_module(f"standoff.{name}")
    raise AttributeError(f"module 'standoff' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__, *_FOLDERS])
