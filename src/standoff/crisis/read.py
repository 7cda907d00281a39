"""Reading crises: from a file, a folder, a shipped name or a text.

Whatever is given, the outcome is a crisis or a `CrisisError` with every fault in it.
"""

from __future__ import annotations

import datetime
import json
import os
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any

from standoff.crisis.check import check
from standoff.crisis.compose import compose
from standoff.crisis.document import Document, Place
from standoff.crisis.errors import CrisisError
from standoff.crisis.faults import Fault, Problem, in_order, render
from standoff.crisis.files import Missing, find_file, read_text
from standoff.crisis.lints import problems_of
from standoff.crisis.model import Crisis
from standoff.crisis.record_file import NoTable, table_named
from standoff.crisis.record_table import read_table
from standoff.crisis.shape import shape
from standoff.crisis.unreadable import Unreadable


def load(name_or_path: str | os.PathLike[str]) -> Crisis:
    """Return the crisis in a file, in a folder with a `crisis.yaml`, or shipped under a name.

    Parameters
    ----------
    name_or_path
        A path, tried first, or the name of a shipped crisis.

    Raises
    ------
    CrisisError
        There is no such crisis, or it has faults; all of them are in the error.

    Examples
    --------
    >>> import standoff
    >>> standoff.load("nowhere.yaml")
    Traceback (most recent call last):
        ...
    standoff.crisis.errors.CrisisError: error[SO001]: there is no file or folder `nowhere.yaml`...
    """
    crisis, faults = _load(name_or_path)
    return _whole(crisis, faults)


def loads(text: str, name: str = "<text>") -> Crisis:
    """Return the crisis that a text in YAML (or JSON) describes.

    Parameters
    ----------
    text
        What would be in the file.
    name
        What messages call it.

    Raises
    ------
    CrisisError
        It has faults; all of them are in the error.
    """
    crisis, faults, _ = _read(text, name)
    return _whole(crisis, faults)


def check_file(
    name_or_path: str | os.PathLike[str], today: datetime.date | None = None
) -> list[Fault]:
    """Return every fault and warning of a crisis, in the order of the file.

    Parameters
    ----------
    name_or_path
        As for `load`.
    today
        If given, questions that were to be decided before that day are among the warnings.
    """
    try:
        file = find_file(name_or_path)
        text = read_text(file)
    except Missing as err:
        return [err.fault]
    crisis, faults, document = _read(text, shown(file), file.parent)
    if crisis is not None and not faults:
        document = document or compose(text, shown(file))[0]
        faults = [document.fault(problem) for problem in problems_of(crisis, today)]
    return list(in_order(faults))


def shown(file: FilePath) -> str:
    """Return how messages name a file: relative to where the user is, if it is below."""
    try:
        return str(file.relative_to(FilePath.cwd()))
    except ValueError:
        return str(file)


def _load(name_or_path: str | os.PathLike[str]) -> tuple[Crisis | None, list[Fault]]:
    try:
        file = find_file(name_or_path)
        text = read_text(file)
    except Missing as err:
        return None, [err.fault]
    crisis, faults, _ = _read(text, shown(file), file.parent)
    return crisis, faults


def _whole(crisis: Crisis | None, faults: list[Fault]) -> Crisis:
    if crisis is None or faults:
        ordered = in_order(faults)
        raise CrisisError(render(ordered), ordered)
    return crisis


def _read(
    text: str, name: str, folder: FilePath | None = None
) -> tuple[Crisis | None, list[Fault], Document | None]:
    """Return a crisis if there is any, its faults, and where everything stands if that is known."""
    data = _json(text)
    if data is not None and not isinstance(data.get("record"), dict):
        shaped = shape(data)
        if shaped.crisis is not None and not shaped.problems and not check(shaped.crisis):
            return shaped.crisis, [], None
    try:
        document, problems = compose(text, name)
    except Unreadable as err:
        return None, [_fatal(err.problem, err.place, text, name)], None
    named, data = _apart(document.data)
    shaped = shape(data)
    problems += shaped.problems
    if shaped.crisis is not None:
        for problem in check(shaped.crisis):
            if not shaped.consequence(problem):
                problems.append(replace(problem, path=shaped.written(problem.path)))
    faults = [document.fault(problem) for problem in problems]
    if named is None or shaped.crisis is None or faults:
        return shaped.crisis, faults, document
    crisis, faults = _with_table(shaped.crisis, named, folder, document)
    return crisis, faults, document


def _apart(data: Any) -> tuple[dict[str, Any] | None, Any]:
    """Take a record that names a table out of the data of a file."""
    if not isinstance(data, dict) or not isinstance(data.get("record"), dict):
        return None, data
    return data["record"], {key: value for key, value in data.items() if key != "record"}


def _with_table(
    crisis: Crisis, named: dict[str, Any], folder: FilePath | None, document: Document
) -> tuple[Crisis, list[Fault]]:
    """Return a crisis with the record in a table, and what is wrong with that."""
    try:
        file = table_named(named, folder)
        table = read_table(file, shown(file), crisis)
    except NoTable as err:
        return crisis, [document.fault(err.problem)]
    if table.faults:
        return crisis, table.faults
    document.table = table
    crisis = crisis.model_copy(update={"record": table.entries})
    return crisis, [document.fault(problem) for problem in check(crisis)]


def _fatal(problem: Problem, place: Place, text: str, name: str) -> Fault:
    document = Document(name, text)
    return Fault(
        problem.code,
        "error",
        problem.message,
        name,
        place.line,
        place.column,
        place.length,
        problem.label,
        problem.help,
        document.source_line(place.line),
    )


def _json(text: str) -> Any:
    """Return the data if the text is plain JSON, which is YAML that can be read much faster."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        data = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
        if not text.isascii() or "\\ud" in text.casefold():
            # Half a character would be no text; only the slow way can say where it is.
            json.dumps(data, ensure_ascii=False).encode("utf-8")
        return data
    except (ValueError, RecursionError):
        return None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise ValueError("a key is there twice")
    return data


def _refuse(constant: str) -> Any:
    raise ValueError(constant)
