"""Where a cell stands in a CSV file: its line, its column, and the line itself."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a file; line and column count from 1, the length in characters."""

    line: int
    column: int
    length: int
    text: str


class Places:
    """The places of the cells of one file.

    Rows cannot be told from lines without reading, since a quoted cell may go over several. What
    is asked for in the order of the file is found in one pass.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.at = -1
        self.rows: Iterator[tuple[int, str, int]] = iter(())
        self.now = (1, "")

    def cell(self, row: int, column: str, columns: tuple[str, ...]) -> Cell:
        """Return where a cell is. Rows count from 0, and row -1 is the head."""
        line, text = self._row(row + 1)
        places = list(_cells(text))
        position = columns.index(column) if column in columns else len(places)
        start, length = places[position] if position < len(places) else (0, 1)
        return Cell(line, start + 1, max(1, length), text)

    def _row(self, number: int) -> tuple[int, str]:
        if number < self.at or self.at < 0:
            self.rows, self.at = _rows(self.file), -1
        while self.at < number:
            line, text, _ = next(self.rows, (0, "", 0))
            self.now = line, text
            self.at += 1
        return self.now


def _rows(
    file: Path, errors: str = "replace", separator: str = ","
) -> Iterator[tuple[int, str, int]]:
    """Yield for each row the number and the text of its first line, and how many cells it has."""
    held: list[str] = []

    def lines() -> Iterator[str]:
        with file.open(encoding="utf-8-sig", errors=errors, newline="") as stream:
            for text in stream:
                held.append(text)
                yield text

    reader = csv.reader(lines(), delimiter=separator)
    before = 0
    for cells in reader:
        yield before + 1, held[0].rstrip("\r\n"), len(cells)
        before = reader.line_num
        held.clear()


def _cells(line: str) -> Iterator[tuple[int, int]]:
    """Yield where each cell of a line begins and how long it is, without blanks and quotes."""
    start, quoted = 0, False
    for place, sign in enumerate(f"{line},"):
        if sign == '"':
            quoted = not quoted
        elif sign == "," and (not quoted or place == len(line)):
            cell = line[start:place]
            inner = cell.strip().strip('"')
            yield start + (cell.find(inner) if inner else 0), len(inner)
            start = place + 1


def uneven(file: Path, separator: str = ",") -> tuple[int, str, int, int] | None:
    """Return the first row with more cells than the head: line, text, its cells, those of the head.

    None if there is none, or if the file is no text in UTF-8.
    """
    wanted = 0
    try:
        for line, text, cells in _rows(file, "strict", separator):
            wanted = wanted or cells
            if cells > wanted:
                return line, text, cells, wanted
    except (UnicodeDecodeError, csv.Error):
        pass
    return None
