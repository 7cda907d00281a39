"""A file as plain data that remembers where every part of it was written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from standoff.crisis.errors import shortened
from standoff.crisis.faults import Fault, Path, Problem, where_of

if TYPE_CHECKING:
    from standoff.crisis.record_table import Table


def lines_of(text: str) -> list[str]:
    """Return the lines of a text as YAML counts them."""
    return re.split(r"\r\n|\n|\r", text)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is written; lines and columns count from 1, columns in characters."""

    line: int
    column: int
    length: int
    style: str = ""
    last_line: int = 0


@dataclass
class Document:
    """The data of one file with the place of every key and value.

    Attributes
    ----------
    name
        The file, as messages call it.
    text
        What is in it.
    data
        The data; nothing in it is shared.
    keys, values
        The place of each key and of each value, by path.
    table
        The table that holds the entries of the record, if they are not in the file.
    """

    name: str
    text: str
    data: Any = None
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    table: Table | None = None

    def __post_init__(self) -> None:
        self.lines = lines_of(self.text)

    def fault(self, problem: Problem) -> Fault:
        """Return a problem as a fault, with its place looked up."""
        if self.table is not None and problem.path[:1] == ("record",) and len(problem.path) > 1:
            return self.table.fault(problem)
        place = self._place(problem)
        advice = problem.help
        if problem.declared and advice.startswith("did you mean") and advice.endswith("?"):
            declared = self._shown_place(problem.declared)
            advice = f"{advice[:-1]} (declared at {declared})?" if declared else advice
        return Fault(
            problem.code,
            "warning" if problem.code.startswith("SW") else "error",
            shortened(problem.message, 300),
            self.name,
            place.line,
            place.column,
            place.length,
            shortened(problem.label, 300),
            advice,
            self.source_line(place.line),
            where_of(problem.path),
        )

    def source_line(self, number: int) -> str:
        """Return a line of the file, counted from 1."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def _shown_place(self, path: Path) -> str:
        place = self.keys.get(path)
        return f"{self.name}:{place.line}:{place.column}" if place else ""

    def _place(self, problem: Problem) -> Place:
        path, exact = self.nearest_path(problem.path)
        value, key = self.values.get(path), self.keys.get(path)
        if problem.on_key or not exact or value is None:
            return key or self._opening(value)
        if value.style in ("block", "empty") and key is not None:
            return key
        if value.style in ("block", "flow"):
            return self._opening(value)
        return self._part(value, path, problem.column, problem.length) if problem.length else value

    def _opening(self, value: Place | None) -> Place:
        """Return where a mapping or a list begins: its first word, for want of a key."""
        if value is None:
            return Place(1, 1, 1)
        line = self.source_line(value.line)
        if value.style == "flow":
            end = len(line.split(" #")[0].rstrip())
            length = value.length if value.last_line == value.line else end - value.column + 1
            return Place(value.line, value.column, max(1, length))
        word = re.match(r"[^\s:,]+", line[value.column - 1 :])
        return Place(value.line, value.column, len(word[0]) if word else 1)

    def nearest_path(self, path: Path) -> tuple[Path, bool]:
        """Return the path as written, skipping what the short forms of the file leave out.

        An option written as a list of levels has no key `levels`, for example. The flag says
        whether the last step of the path is there.
        """
        found: Path = ()
        here = True
        for step in path:
            here = (*found, step) in self.values
            if here:
                found = (*found, step)
        return found, here or not path or _left_out(path[-1])

    def _part(self, value: Place, path: Path, column: int, length: int) -> Place:
        """Return the place of some characters of a value."""
        if value.style == "" and value.last_line == value.line:
            return Place(value.line, value.column + column, length)
        written = self.lines[value.line - 1 : value.last_line]
        if not written:
            return value
        text: Any = self.data
        for step in path:
            text = text[step]
        found = _aligned(written, value, sum(not sign.isspace() for sign in text[:column]))
        if found is None:
            return Place(value.line, value.column, value.length)
        line, start = found
        room = len(self.source_line(line)) - start
        return Place(line, start + 1, max(1, min(length, room)))


def _left_out(step: str | int) -> bool:
    """Return whether a step of a path may be missing because of a short form."""
    return step in ("levels", "every", "value", "question", "prefers", 0)


def _aligned(written: list[str], value: Place, before: int) -> tuple[int, int] | None:
    """Return line and column (from 0) of a character of a text in quotes or over several lines.

    It is found by the number of characters before it that are not blank, since folding changes
    the others. A text with escapes has no simple correspondence; then there is no answer.
    """
    if value.style == '"' and any("\\" in line for line in written):
        return None
    block = value.style in ("|", ">")
    start = 0 if block else value.column - 1 + (value.style in ("'", '"'))
    for row, line in enumerate(written):
        if block and row == 0:
            continue
        for column in range(start if row == 0 else 0, len(line)):
            if line[column].isspace():
                continue
            if before == 0:
                return value.line + row, column
            before -= 1
    return None
