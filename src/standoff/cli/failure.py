"""How an error is told to the user: as text, as data, and whose fault it is."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import Any

from standoff.cli.refusal import Refusal

_OPTION_OF = {
    "holding": "--holding",
    "starting": "--starting",
    "without": "--without",
    "patched": "--with",
    "range_of": "--with",
    "under": "--under",
    "as_seen_by": "--seen-by",
    "in_situation": "--situation",
    "forecast": "--question",
}
"""The option of the command line for each call of Python that a message may name."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An error, ready to be told.

    Attributes
    ----------
    text
        For a reader.
    data
        For a program: a mapping with `error`, and `faults` if the crisis has any.
    unforeseen
        Whether standoff itself is at fault.
    """

    text: str
    data: dict[str, Any]
    unforeseen: bool = False


def failure_of(err: Exception) -> Failure:
    """Return what to tell the user about an error."""
    if isinstance(err, Refusal):
        return _refused(err.message, err.help)
    if "standoff.crisis.errors" in sys.modules:
        from standoff.crisis.errors import CrisisError, StandoffError

        if isinstance(err, CrisisError) and err.faults:
            faults = [fault.as_json() for fault in err.faults]
            count = f"{len(faults)} fault{'' if len(faults) == 1 else 's'}"
            data = {"error": f"the crisis has {count}", "faults": faults}
            return Failure(printable(str(err)), data)
        if isinstance(err, StandoffError):
            return _refused(_in_words_of_the_command_line(str(err)))
    if isinstance(err, MemoryError):
        return _refused(
            "there is not enough memory for this crisis",
            "drop or hold some options or conditions, or lower --depth",
        )
    if isinstance(err, OSError):
        where = f"{err.filename}: " if err.filename else ""
        return _refused(f"{where}{err.strerror or err}")
    message = f"standoff failed in a way that it should not: {type(err).__name__}: {err}"
    help = "please report this; with STANDOFF_TRACEBACK=1 set it says more"
    return Failure(_as_text(message, help), {"error": printable(message)}, unforeseen=True)


def printable(text: str) -> str:
    """Return text without control characters, so that no input can steer the terminal.

    Examples
    --------
    >>> printable("a\x1b[31mb")
    'a?[31mb'
    """
    return re.sub(r"[^\S\n ]|[\x00-\x09\x0b-\x1f\x7f-\x9f]", _shown, text)


def _shown(sign: re.Match[str]) -> str:
    return " " if sign[0].isspace() else "?"


def _refused(message: str, help: str = "") -> Failure:
    clean = printable(message)
    return Failure(_as_text(clean, help), {"error": f"{clean}; {help}" if help else clean})


def _as_text(message: str, help: str) -> str:
    return f"error: {printable(message)}" + (f"\nhelp: {help}" if help else "")


def _in_words_of_the_command_line(message: str) -> str:
    """Say `--holding:` where a message says `holding():`."""
    call = re.match(r"(\w+)\(\): ", message)
    if call is None:
        return message
    option = _OPTION_OF.get(call[1])
    return f"{option}: {message[call.end() :]}" if option else message[call.end() :]
