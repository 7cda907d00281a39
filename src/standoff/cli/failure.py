"""How an error is told to the user: as text, as data, and whose fault it is."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from textwrap import fill
from typing import Any

from standoff.cli.refusal import Refusal
from standoff.present.words import printable

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
    "find_scenarios": "--question",
    "explain_state": "--explain",
    "limited_move": "--limited",
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
        return _refused(err.message, err.advice)
    if "standoff.crisis.errors" in sys.modules:
        from standoff.crisis.errors import CrisisError, StandoffError

        if isinstance(err, CrisisError) and err.faults:
            faults = [fault.as_json() for fault in err.faults]
            first = printable(err.faults[0].short)
            more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
            data = {"error": f"{first}{more}", "faults": faults}
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
    advice = "please report this; with STANDOFF_TRACEBACK=1 set it says more"
    return Failure(_as_text(message, advice), {"error": printable(message)}, unforeseen=True)


def _refused(message: str, advice: str = "") -> Failure:
    clean = printable(message)
    return Failure(_as_text(clean, advice), {"error": f"{clean}; {advice}" if advice else clean})


def _as_text(message: str, advice: str) -> str:
    lines = [f"error: {printable(message)}", *([f"help: {advice}"] if advice else [])]
    return "\n".join(
        fill(line, 80, break_long_words=False, break_on_hyphens=False) for line in lines
    )


def _in_words_of_the_command_line(message: str) -> str:
    """Say `--holding:` where a message says `holding():`."""
    call = re.match(r"([\w-]+)\(\): |explain-error: ", message)
    if call is None:
        return message
    option = _OPTION_OF.get(call[1] or "")
    return f"{option}: {message[call.end() :]}" if option else message[call.end() :]
