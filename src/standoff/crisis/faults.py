"""Faults: what is wrong with a file, where, and how it is shown.

::

    error[SO014]: no actor is called `norlnd`
      --> strait.yaml:9:13
       |
     9 |   - holder: norlnd
       |             ^^^^^^ actors: norland, southland
       |
    help: did you mean `norland` (declared at strait.yaml:3:9)?
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""Where something is in the data of a file: the keys and positions that lead to it."""

MOST_SHOWN = 20
_WIDEST = 100


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a path, before its line in the file is looked up.

    Attributes
    ----------
    code, message, label, help
        As in `Fault`.
    path
        Where it is.
    on_key
        Whether the key is at fault rather than the value.
    column, length
        Which part of the value, in characters; the whole value if the length is 0.
    given
        The unknown name, if that is the problem; empty otherwise.
    declared
        Where the nearest known name is declared, for the help.
    """

    code: str
    message: str
    path: Path = ()
    on_key: bool = False
    column: int = 0
    length: int = 0
    label: str = ""
    help: str = ""
    given: str = ""
    declared: Path | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a crisis, and where.

    Attributes
    ----------
    code
        `SO...` for an error, `SW...` for a warning; `standoff explain-error CODE` describes it.
    severity
        `error` or `warning`.
    message
        What is wrong, in one line.
    file, line, column
        Where; lines and columns count from 1, columns in characters. The line is 0 when the
        fault is not at a place in a file.
    length
        How many characters to mark.
    label
        What to say at the mark.
    help
        What to do about it.
    source_line
        The user's own line.
    where
        The dotted path of what is at fault, for a crisis that has no file.
    """

    code: str
    severity: Literal["error", "warning"]
    message: str
    file: str = ""
    line: int = 0
    column: int = 0
    length: int = 1
    label: str = ""
    help: str = ""
    source_line: str = ""
    where: str = ""

    @property
    def place(self) -> str:
        """The place as editors and terminals understand it: `file:line:column`."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    @property
    def short(self) -> str:
        """The fault in one line."""
        place = f"{self.place}: " if self.file else ""
        return f"{place}{self.severity}[{self.code}]: {self.message}"

    def as_json(self) -> dict[str, Any]:
        """Return the fault as plain data for `--json`."""
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "file": self.file,
            "line": self.line or None,
            "column": self.column or None,
            "help": self.help or self.label,
        }

    def __str__(self) -> str:
        lines = [f"{self.severity}[{self.code}]: {self.message}"]
        if self.line:
            lines += self._excerpt()
        elif self.file or self.where:
            lines.append(f"  --> {self.file or self.where}")
            if self.label:
                lines.append(f"   = {self.label}")
        if self.help:
            lines.append(f"help: {self.help}")
        return "\n".join(lines)

    def _excerpt(self) -> list[str]:
        number = str(self.line)
        width = max(2, len(number))
        gutter = " " * width + " |"
        source, start = _window(self.source_line, self.column - 1, self.length)
        before = "".join(_blank(sign) for sign in source[:start])
        marked = source[start : start + self.length]
        mark = "^" * max(1, sum(len(_blank(sign)) for sign in marked))
        lines = [
            f"{' ' * width}--> {self.place}",
            gutter,
            f"{number:>{width}} | {source}",
            f"{gutter} {before}{mark} {self.label}".rstrip(),
        ]
        return [*lines, gutter] if self.help else lines


def _window(line: str, start: int, length: int) -> tuple[str, int]:
    """Return the part of a line worth showing, and where the mark starts in it."""
    clean = "".join(sign if sign.isprintable() else " " for sign in line.replace("\ufeff", " "))
    if len(clean) <= _WIDEST:
        return clean.rstrip(), start
    first = max(0, min(start - _WIDEST // 3, len(clean) - _WIDEST))
    shown = clean[first : first + _WIDEST]
    if first:
        shown = "…" + shown[1:]
    if first + _WIDEST < len(clean):
        shown = shown[:-1] + "…"
    return shown.rstrip(), start - first


def _blank(sign: str) -> str:
    """Return blanks as wide as a sign is in a terminal."""
    if unicodedata.combining(sign):
        return ""
    return "  " if unicodedata.east_asian_width(sign) in "WF" else " "


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return faults by their place in the file, each once.

    What an alias repeats is written in one place only, so it is one fault.
    """
    once = {(fault.short, "" if fault.line else fault.where): fault for fault in faults}
    return tuple(sorted(once.values(), key=lambda fault: (fault.line, fault.column)))


def render(faults: Iterable[Fault], most: int = MOST_SHOWN) -> str:
    """Return faults as text to read, the first few in full."""
    known = list(faults)
    shown = "\n\n".join(str(fault) for fault in known[:most])
    return shown + (f"\n\nand {len(known) - most} more" if len(known) > most else "")


def where_of(path: Iterable[str | int]) -> str:
    """Return a path as dotted text."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
