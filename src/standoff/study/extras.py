"""Libraries that not everybody needs: imported where they are used, with a word where they miss."""

from __future__ import annotations

import importlib
from typing import Any

from standoff.crisis.errors import CrisisError


def need(module: str, *, extra: str, why: str) -> Any:
    """Import a library that an extra installs.

    Parameters
    ----------
    module
        What to import.
    extra
        The extra of this package that installs it.
    why
        What needs it, to begin a sentence with, such as `find_indices()`.

    Raises
    ------
    CrisisError
        If it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as err:
        if err.name != module.partition(".")[0]:
            raise
        name = module.partition(".")[0]
        raise CrisisError(f"{why} needs {name}: pip install 'standoff[{extra}]'") from err
