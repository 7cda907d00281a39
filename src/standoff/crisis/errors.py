"""The errors that standoff raises, as one tree.

::

    StandoffError
    ├── CrisisError       (also a ValueError)   a crisis that cannot be; carries its faults
    │   └── StatementError                      a statement that cannot be read or resolved
    └── UnknownNameError  (also a LookupError)  a call that names something that is not there

Every message says where, what was given, what is known, and what is near.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from standoff.crisis.faults import Fault

MOST_LISTED = 12
"""How many known names a message lists; above this it gives only the nearest."""

_NEAREST = 5  # of more than that


class StandoffError(Exception):
    """Base of every error that standoff raises on purpose."""


class CrisisError(StandoffError, ValueError):
    """A crisis, or a change to one, that cannot be.

    Parameters
    ----------
    message
        What to tell the user; when faults are given, their rendering.
    faults
        Every fault found, in the order of the file. Empty when the error comes from a call
        rather than from a file.
    """

    def __init__(self, message: str, faults: Iterable[Fault] = ()) -> None:
        super().__init__(message)
        self.faults: tuple[Fault, ...] = tuple(faults)


class UnknownNameError(StandoffError, LookupError):
    """A call named an actor, option, level, question, situation ... that does not exist."""


@dataclass(eq=False)
class BadValue(ValueError):  # noqa: N818 (never reaches a user: a note from a field to its reader)
    """What is wrong with one value, before anyone knows where in a file it stands.

    Validators raise it; the reader of files turns it into a fault with a place, a view turns it
    into a `CrisisError`.
    """

    code: str
    message: str
    label: str = field(default="", kw_only=True)
    help: str = field(default="", kw_only=True)
    at: tuple[str | int, ...] = field(default=(), kw_only=True)
    on_key: bool = field(default=False, kw_only=True)

    def __str__(self) -> str:
        return self.message

    def sentence(self) -> str:
        """Return the message and its help as one line, for a call rather than a file."""
        return f"{self.message}; {self.help}" if self.help else self.message


def nearest(given: str, known: Iterable[str]) -> str | None:
    """Return the known name that the given one was probably meant to be.

    Examples
    --------
    >>> nearest("norlnd", ["norland", "southland"])
    'norland'
    >>> nearest("weather", ["norland", "southland"]) is None
    True
    """
    names = list(known)
    folded = {name.casefold(): name for name in reversed(names)}
    close = difflib.get_close_matches(given.casefold(), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def shortened(text: str, most: int) -> str:
    """Cut the middle out of a text that is longer than a reader wants.

    Examples
    --------
    >>> shortened("north.blockade == full and south.mines", 20)
    'north.bloc … outh.mines'
    """
    half = most // 2
    return text if len(text) <= most else f"{text[:half].rstrip()} … {text[-half:].lstrip()}"


def listed(names: Iterable[str]) -> str:
    """Return the names separated by commas if there are few enough to be worth reading."""
    known = list(names)
    return ", ".join(known) if 0 < len(known) <= MOST_LISTED else ""


def unknown(where: str, kind: str, given: object, known: Iterable[str]) -> UnknownNameError:
    """Return the error for a call that names something unknown.

    Examples
    --------
    >>> print(unknown("holding()", "level of a.stance", "figth", ["aside", "fight"]))
    holding(): no level of a.stance is called 'figth'; known: aside, fight. Did you mean 'fight'?
    """
    names = list(known)
    text = f"{where}: no {kind} is called {given!r}"
    if known_text := listed(names):
        text += f"; known: {known_text}"
    elif some := difflib.get_close_matches(str(given), names, n=_NEAREST, cutoff=0.0):
        text += f"; the nearest of {len(names)}: {', '.join(some)}"
    near = nearest(str(given), names)
    return UnknownNameError(f"{text}. Did you mean {near!r}?" if near else text)
