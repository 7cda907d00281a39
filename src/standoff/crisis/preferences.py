"""An order of preference without weights: statements by importance, or states from best to worst.

Both say what an actor prefers and not how much. A pattern stands for the states that it matches,
and is written as levels or as a statement; here it is only read, since what its names mean is
known to the whole crisis alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    TypeAdapter,
    model_serializer,
    model_validator,
)
from pydantic_core import CoreSchema, core_schema

from standoff.crisis.errors import BadValue
from standoff.crisis.fields import AlsoWritten, Model, OneOrList, State, StatementText, Text
from standoff.crisis.frozen import Frozen

_STATE: TypeAdapter[Any] = TypeAdapter(State)


@dataclass(frozen=True, slots=True)
class Pattern:
    """What states have in common: levels, or a statement; it keeps the form it was written in.

    Attributes
    ----------
    levels
        Levels by option or condition, all of which a state must have; None for a statement.
    text
        The statement that must be true; empty for levels.

    Examples
    --------
    >>> str(Pattern.parse({"north.blockade": "full", "weather": "calm"}))
    '{north.blockade: full, weather: calm}'
    >>> Pattern.parse("north.blockade == full").text
    'north.blockade == full'
    """

    levels: Frozen[str, str] | None = None
    text: str = ""

    @classmethod
    def parse(cls, value: object) -> Pattern:
        """Read a pattern from a mapping of levels, from the text of a statement, or from itself.

        Raises
        ------
        BadValue
            It is something else, or names no level.
        pydantic.ValidationError
            What should be levels are not even names.
        """
        if isinstance(value, cls):
            return value
        if isinstance(value, bool):
            return cls(text=str(value).lower())
        if isinstance(value, str):
            return cls(text=value)
        if isinstance(value, Mapping):
            return cls(_levels_of(value))
        shown = "nothing" if value is None else f"`{value}`"
        raise BadValue(
            "SO032",
            f"expected a pattern, got {'a list' if isinstance(value, list | tuple) else shown}",
            label="this should be levels or a statement",
            help="for example `{north.blockade: full, weather: calm}` or `north.blockade == full`",
        )

    def written(self) -> str | dict[str, str]:
        """Return the pattern as it should stand in a file."""
        return self.text if self.levels is None else dict(self.levels)

    def __str__(self) -> str:
        if self.levels is None:
            return self.text
        return f"{{{', '.join(f'{name}: {level}' for name, level in self.levels.items())}}}"

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: Callable[[Any], CoreSchema]
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.parse,
            serialization=core_schema.plain_serializer_function_ser_schema(cls.written),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: Callable[[CoreSchema], dict[str, Any]]
    ) -> dict[str, Any]:
        levels = {"type": "object", "additionalProperties": {"type": "string"}}
        return {"anyOf": [{"type": ["string", "boolean"]}, levels]}


def _levels_of(value: Mapping[Any, Any]) -> Frozen[str, str]:
    if not value:
        raise BadValue(
            "SO043",
            "a pattern names at least one level",
            label="names none",
            help="write `true` for every state",
        )
    for name, level in value.items():
        if isinstance(level, list | tuple):
            raise BadValue(
                "SO032",
                "expected one level, got a list",
                label="one level only",
                help=f"write the pattern as a statement: `{name} in {{...}}`",
                at=(name,),
            )
    levels: Frozen[str, str] = _STATE.validate_python(value)
    return levels


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else (value,)


def _one_if_single(value: tuple[Pattern, ...]) -> Any:
    return value[0].written() if len(value) == 1 else [each.written() for each in value]


Patterns = Annotated[
    tuple[Pattern, ...], BeforeValidator(_as_list), PlainSerializer(_one_if_single), OneOrList()
]
"""One pattern, or a list of them."""


class Priority(Model):
    """A statement that an actor wants to be true before anything that is listed after it."""

    model_config = ConfigDict(json_schema_extra=AlsoWritten({"type": ["string", "boolean"]}))

    prefers: StatementText
    """The statement that it wants to be true."""
    because: Text | None = None
    """The claim in the analyst's own words."""
    source: Text | None = None
    """A source and a place in it, such as `brief p4`."""

    @model_validator(mode="before")
    @classmethod
    def _accept_bare_statement(cls, value: Any) -> Any:
        return value if isinstance(value, dict | Priority) else {"prefers": value}

    @model_serializer(mode="wrap")
    def _bare_if_unexplained(self, handler: SerializerFunctionWrapHandler) -> Any:
        explained = self.because is not None or self.source is not None
        return handler(self) if explained else self.prefers


def _listed(what: str, entry: str) -> BeforeValidator:
    def check(value: Any) -> Any:
        if value is None or value in ([], ()):
            raise BadValue(
                "SO043",
                f"`{what}` is empty",
                label="nothing is said here",
                help=f"list {entry}, or leave `{what}` out",
                on_key=True,
            )
        if not isinstance(value, list | tuple):
            given = "a mapping" if isinstance(value, Mapping) else f"`{value}`"
            raise BadValue(
                "SO032",
                f"expected a list, got {given}",
                label="this should be a list",
                help=f"list {entry}, each on a line of its own after `- `",
            )
        return value

    return BeforeValidator(check)


def _some(value: tuple[Pattern, ...]) -> tuple[Pattern, ...]:
    if not value:
        raise BadValue("SO043", "an entry of a ranking is empty", label="no pattern here")
    return value


Priorities = Annotated[
    tuple[Priority, ...],
    _listed("priorities", "statements, the most important first"),
]
"""Statements in order of importance; the first outweighs all later ones together."""

Ranking = Annotated[
    tuple[Annotated[Patterns, AfterValidator(_some)], ...],
    _listed("ranking", "patterns of states, the best first"),
]
"""Patterns from best to worst; those in one entry tie."""
