"""From event data to levels: what a mapping file says.

::

    date: event_date                    # a column, or {column: Date, format: "%Y%m%d"}
    source: plover {event_id}           # braces stand for what is in a column
    because: "{actor} {event_type} {recipient}"
    rules:                              # the first whose conditions all hold applies
      - when: {actor: AZE, event_type: [ASSAULT, COERCE], intensity: {at_least: 7}}
        sets: {azerbaijan.war: offensive}
      - when: {event_type: AGREE, event_mode: ceasefire}
        sets: {azerbaijan.war: peace}
        disputed: true

A condition is a value, a list of values, or any of `{not: ..., contains: ..., at_least: ...,
at_most: ...}`. Other keys: `reported` and `disputed` name columns, `types` the column by which
rows that no rule applies to are counted (`event_type` if there is one).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError

from standoff.crisis.compose import compose
from standoff.crisis.document import Document
from standoff.crisis.errors import BadValue, CrisisError, listed, nearest
from standoff.crisis.faults import Fault, Problem, in_order, render
from standoff.crisis.fields import List, Model, State, Text
from standoff.crisis.files import Missing, read_text
from standoff.crisis.model import Crisis
from standoff.crisis.read import shown
from standoff.crisis.unreadable import Unreadable

COLUMN = re.compile(r"\{([^{}]+)\}")
"""A column in a template."""


def _tested(value: Any) -> Any:
    return value if isinstance(value, Mapping) else {"among": _texts(value)}


def _texts(value: Any) -> list[str]:
    """Read a value or a list of values, every one as it would stand in a table."""
    values = value if isinstance(value, list | tuple) else [value]
    if any(isinstance(each, dict | list) or each is None for each in values):
        raise BadValue("SO032", "expected a value or a list of values", label="not a value")
    return [_plain(each) for each in values]


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


class Test(Model):
    """What a column must be like."""

    __test__ = False  # not for pytest
    among: tuple[str, ...] | None = None
    not_: Annotated[tuple[str, ...] | None, BeforeValidator(_texts)] = Field(
        default=None, alias="not"
    )
    contains: Text | None = None
    at_least: float | None = None
    at_most: float | None = None


class Column(Model):
    """A column with dates, and how they are written there."""

    column: Text
    format: Text | None = None


def _column(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


def _some(value: tuple[Any, ...]) -> tuple[Any, ...]:
    if not value:
        raise BadValue("SO043", "there are no rules", label="empty")
    return value


class Rule(Model):
    """Which rows set which levels."""

    when: Mapping[str, Annotated[Test, BeforeValidator(_tested)]]
    """Columns and what they must be like; all must hold."""
    sets: State
    """The levels that such a row brings."""
    disputed: bool = False
    """Whether what they bring is disputed."""
    source: Text | None = None
    """As for the whole, for these rows."""
    because: Text | None = None
    """As for the whole, for these rows."""


class EventMapping(Model):
    """What a mapping file says."""

    date: Annotated[Column, BeforeValidator(_column)]
    """The column with the day of the event."""
    reported: Annotated[Column | None, BeforeValidator(_column)] = None
    """The column with the day on which it became known."""
    disputed: Text | None = None
    """A column that says `true` where the sources disagree."""
    source: Text | None = None
    """The source of an entry."""
    because: Text | None = None
    """What happened."""
    types: Text | None = None
    """The column by which rows that no rule applies to are counted."""
    rules: Annotated[List[Rule], AfterValidator(_some)]
    """In order of importance: the first that applies to a row counts."""


class ReadMapping:
    """A mapping, and where each part of it stands."""

    def __init__(self, mapping: EventMapping, document: Document) -> None:
        self.mapping = mapping
        self.document = document

    def columns(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Yield every column that is mentioned, with where."""
        said = self.mapping
        yield ("date",), said.date.column
        if said.reported is not None:
            yield ("reported",), said.reported.column
        for key in ("disputed", "types"):
            if getattr(said, key) is not None:
                yield (key,), getattr(said, key)
        for key in ("source", "because"):
            yield from (((key,), name) for name in named_in(getattr(said, key)))
        for position, rule in enumerate(said.rules):
            here = ("rules", position)
            yield from (((*here, "when", name), name) for name in rule.when)
            for key in ("source", "because"):
                yield from (((*here, key), name) for name in named_in(getattr(rule, key)))

    def check(self, crisis: Crisis, columns: list[str], table: str) -> None:
        """Refuse levels that the crisis does not have and columns that the table does not have."""
        mentioned = {name: path for path, name in reversed(list(self.columns()))}
        problems = [
            Problem(
                "SO084",
                f"`{table}` has no column `{name}`",
                path,
                on_key=path[-2:-1] == ("when",),
                label=f"columns: {some}" if (some := listed(columns)) else "",
                help=f"did you mean `{near}`?" if (near := nearest(name, columns)) else "",
            )
            for name, path in mentioned.items()
            if name not in columns
        ]
        for position, rule in enumerate(self.mapping.rules):
            for variable, level in rule.sets.items():
                path = ("rules", position, "sets", variable)
                problems += _level(crisis, variable, level, path)
        if problems:
            raise _refused([self.document.fault(problem) for problem in problems])


def _level(
    crisis: Crisis, variable: str, level: str, path: tuple[str | int, ...]
) -> Iterator[Problem]:
    known = crisis.variables
    if variable not in known:
        near = nearest(variable, known)
        yield Problem(
            "SO024",
            f"no option or condition is called `{variable}`",
            path,
            on_key=True,
            label=f"known: {some}" if (some := listed(known)) else "",
            help=f"did you mean `{near}`?" if near else "",
        )
    elif level not in known[variable]:
        near = nearest(level, known[variable])
        yield Problem(
            "SO016",
            f"`{variable}` has no level `{level}`",
            path,
            label=f"levels: {listed(known[variable])}",
            help=f"did you mean `{near}`?" if near else "",
        )


def named_in(template: str | None) -> list[str]:
    """Return the columns that a template names.

    Examples
    --------
    >>> named_in("plover {event_id}, {date}")
    ['event_id', 'date']
    """
    return COLUMN.findall(template or "")


def read_mapping(file: Path) -> ReadMapping:
    """Read a mapping file.

    Raises
    ------
    CrisisError
        It cannot be read, or has faults; all of them are in the error.
    """
    name = shown(file)
    try:
        text = read_text(file)
        document, problems = compose(text, name)
    except Missing as err:
        raise _refused([err.fault]) from None
    except Unreadable as err:
        bad = err.problem
        line = Document(name, text).source_line(err.place.line)
        raise _refused(
            [Fault(bad.code, "error", bad.message, name, err.place.line, err.place.column,
                   err.place.length, bad.label, bad.help, line)]
        ) from None  # fmt: skip
    try:
        mapping = EventMapping.model_validate(document.data)
    except ValidationError as err:
        problems += [_problem(each) for each in err.errors(include_url=False)]
    if problems:
        raise _refused([document.fault(problem) for problem in problems])
    return ReadMapping(mapping, document)


_KNOWN = {
    (): tuple(EventMapping.model_fields),
    ("rules",): tuple(Rule.model_fields),
    ("when",): ("not", "contains", "at_least", "at_most"),
}


def _problem(details: Any) -> Problem:
    path = tuple(details["loc"])
    cause = details.get("ctx", {}).get("error")
    if isinstance(cause, BadValue):
        return Problem(cause.code, cause.message, path, label=cause.label, help=cause.help)
    last = path[-1] if path else ""
    if details["type"] == "missing":
        needs = f"a mapping needs the key `{last}`" if len(path) < 2 else f"`{last}` is missing"
        return Problem("SO031", needs, path[:-1], on_key=True, label="missing here")
    if details["type"] == "extra_forbidden":
        kind = ("when",) if "when" in path else ("rules",) if "rules" in path else ()
        near = nearest(str(last), _KNOWN[kind])
        return Problem(
            "SO030",
            f"there is no key `{last}` here",
            path,
            on_key=True,
            label=f"known: {listed(_KNOWN[kind])}",
            help=f"did you mean `{near}`?" if near else "",
        )
    wanted = {"float_parsing": "a number", "bool_parsing": "true or false"}.get(details["type"])
    wanted = wanted or ("a list" if "tuple" in details["type"] else "a mapping")
    return Problem("SO032", f"expected {wanted}", path, label=f"this should be {wanted}")


def _refused(faults: list[Fault]) -> CrisisError:
    ordered = in_order(faults)
    return CrisisError(render(ordered), ordered)
