"""Which table a crisis names as its record, if it is there and can be read."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any

from standoff.crisis.errors import listed, nearest
from standoff.crisis.faults import Path, Problem

SUFFIXES = (".csv", ".parquet")


class NoTable(Exception):  # noqa: N818 (a note to the reader of the crisis)
    """There is no table to read; carries the problem, at its place in the crisis file."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def polars(why: str) -> Any:
    """Return polars.

    Raises
    ------
    NoTable
        It is not installed.
    """
    try:
        return importlib.import_module("polars")
    except ModuleNotFoundError as err:
        if err.name != "polars":
            raise
        raise NoTable(
            Problem(
                "SO083",
                f"{why} needs polars, which is not installed",
                ("record", "file"),
                help="pip install 'standoff[tables]'",
            )
        ) from None


def table_named(record: Mapping[str, Any], folder: FilePath | None) -> FilePath:
    """Return the file that `record: {file: ...}` names.

    Raises
    ------
    NoTable
        It names none, or none that lies beside the crisis.
    """
    here: Path = ("record",)
    if set(record) != {"file"} or not isinstance(record["file"], str):
        raise NoTable(
            Problem(
                "SO083",
                "the record is a list of entries or names one file",
                here,
                on_key=True,
                label="neither",
                help="write entries as `- {date: ..., sets: {...}}`, or `{file: record.csv}`",
            )
        )
    given, here = record["file"], ("record", "file")
    path = FilePath(given)
    if path.suffix not in SUFFIXES:
        advice = "save it as a table with one row for each entry"
        raise NoTable(_no_file(f"`{given}` is neither CSV nor Parquet", "by its name", advice))
    if path.is_absolute() or ".." in path.parts:
        raise NoTable(
            _no_file(
                f"the record `{given}` does not lie beside the crisis",
                "leads out of its folder",
                "a crisis and its record travel together: put it into the folder of the crisis",
            )
        )
    if folder is None:
        raise NoTable(
            _no_file(
                f"there is no place to look for `{given}`",
                "beside which file?",
                "a crisis given as a text has no folder: load it from a file, or write the "
                "entries out",
            )
        )
    found = folder / path
    if not found.is_file():
        others = sorted(each.name for each in folder.iterdir() if each.suffix in SUFFIXES)
        near = nearest(given, others)
        raise NoTable(
            _no_file(
                f"there is no file `{given}` beside the crisis",
                f"tables there: {some}" if (some := listed(others)) else "",
                f"did you mean `{near}`?" if near else "",
            )
        )
    return found


def _no_file(message: str, label: str, advice: str) -> Problem:
    return Problem("SO083", message, ("record", "file"), label=label, help=advice)
