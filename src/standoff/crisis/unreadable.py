"""Why a text is not YAML, in words for people who do not know what a token is."""

from __future__ import annotations

from typing import Any

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from standoff.crisis.document import Place, lines_of
from standoff.crisis.faults import Problem


class Unreadable(Exception):  # noqa: N818 (a note to the reader of the file)
    """The text is no document; carries one problem and its place."""

    def __init__(self, problem: Problem, place: Place) -> None:
        super().__init__(problem.message)
        self.problem = problem
        self.place = place


def not_yaml(err: YAMLError, text: str) -> Unreadable:
    """Say in our own words where YAML ended, and why if it is one of the usual reasons."""
    if isinstance(err, ReaderError):
        return _bad_character(err, text)
    mark = context = None
    if isinstance(err, MarkedYAMLError):
        mark, context = err.problem_mark or err.context_mark, err.context_mark
    if mark is None:
        return Unreadable(Problem("SO007", "the file is not YAML"), Place(1, 1, 1))
    lines = lines_of(text)
    line = lines[mark.line] if mark.line < len(lines) else ""
    place = Place(mark.line + 1, mark.column + 1, 1)
    tab = line.find("\t")
    if 0 <= tab <= mark.column and not line[:tab].strip(" -"):
        return Unreadable(
            Problem("SO006", "a tab is used for indentation", label="a tab", help="use spaces"),
            Place(mark.line + 1, tab + 1, 1),
        )
    label, advice = _reason(str(getattr(err, "problem", "") or ""), line, mark, context)
    if not any(lines[mark.line :]) and context is not None:
        place = Place(context.line + 1, context.column + 1, 1)
    return Unreadable(Problem("SO007", "the file is not YAML", label=label, help=advice), place)


def _reason(problem: str, line: str, mark: Any, context: Any) -> tuple[str, str]:
    """Return what to say at the mark and what to do about it."""
    opened = context is not None and context.line != mark.line
    since = f"opened in line {context.line + 1}" if opened else ""
    if "mapping values are not allowed" in problem:
        return "a second colon in one entry", "put text that contains `: ` in quotation marks"
    if "could not find expected ':'" in problem:
        return "no colon after this key", "write `key: value`"
    if "expected ',' or" in problem:
        bracket = "}" if "}" in problem else "]"
        if line[mark.column : mark.column + 1] == "{":
            return "a brace within braces", "put a statement with braces in quotation marks"
        return f"`,` or `{bracket}` expected here", f"the bracket was {since}" if since else ""
    if "expected <block end>" in problem:
        return "does not line up with what is above", "entries of one mapping begin in one column"
    if "quoted scalar" in problem or "end of stream" in problem:
        return "opened here and never closed", "close the quotation mark or the bracket"
    if "cannot start any token" in problem:
        sign = line[mark.column : mark.column + 1]
        return f"a value cannot begin with `{sign}`", "put it in quotation marks"
    return "cannot be read from here", "look for a bracket, a quotation mark or a colon too many"


def _bad_character(err: ReaderError, text: str) -> Unreadable:
    position = err.position if isinstance(err.position, int) else 0
    before = text[:position]
    line = before.count("\n") + 1
    column = position - (before.rfind("\n") + 1) + 1
    code = err.character if isinstance(err.character, int) else ord(str(err.character)[:1] or "?")
    return Unreadable(
        Problem(
            "SO007",
            f"there is a character that text does not have (U+{code:04X})",
            label="not text",
            help="is this really a crisis file?",
        ),
        Place(line, column, 1),
    )
