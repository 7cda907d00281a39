"""What every model of the file is made of: the base class, and the kinds of field.

A field that cannot be read raises `BadValue`, which pydantic collects with its place, so that all
faults of a file are found in one pass and all are worded here rather than by pydantic.
"""

from __future__ import annotations

import datetime
import keyword
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from standoff.crisis.errors import BadValue
from standoff.crisis.frozen import Frozen
from standoff.crisis.quantities import Range

RESERVED = frozenset({"true", "false", "null"})
_NAME_HELP = "a name is letters, digits and _, does not start with a digit, and has no spaces"


class Model(BaseModel):
    """Base of everything a file may say: frozen, and with no room for keys nobody knows."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        serialize_by_alias=True,
        use_attribute_docstrings=True,
        arbitrary_types_allowed=False,
    )


class AlsoWritten:
    """Marks a field that has short forms, so that the JSON Schema allows them as well."""

    def __init__(self, *forms: dict[str, Any]) -> None:
        self.forms = forms

    def __get_pydantic_json_schema__(
        self, schema: Any, handler: Callable[[Any], dict[str, Any]]
    ) -> dict[str, Any]:
        return {"anyOf": [*self.forms, handler(schema)]}

    def __call__(self, schema: dict[str, Any]) -> None:
        """Allow the short forms in the schema of a whole model, in place."""
        full = dict(schema)
        schema.clear()
        schema["anyOf"] = [*self.forms, full]


class WrittenAs:
    """Marks a field whose JSON Schema does not follow from its type."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self.schema = schema

    def __get_pydantic_json_schema__(
        self, schema: Any, handler: Callable[[Any], dict[str, Any]]
    ) -> dict[str, Any]:
        return dict(self.schema)


class OneOrList:
    """Marks a list that may be written as its only item."""

    def __get_pydantic_json_schema__(
        self, schema: Any, handler: Callable[[Any], dict[str, Any]]
    ) -> dict[str, Any]:
        full = handler(schema)
        return {"anyOf": [full["items"], full]}


def errors_of(err: ValidationError, *holder: str) -> list[InitErrorDetails]:
    """Return the errors of a validation, to be raised again by the validator of what holds it."""
    errors: list[InitErrorDetails] = []
    for each in err.errors(include_url=False):
        kind: Any = each["type"]
        if kind != "value_error" and "ctx" not in each:
            kind = PydanticCustomError(kind, "{it}", {"it": each["msg"]})
        details = InitErrorDetails(type=kind, loc=(*holder, *each["loc"]), input=each["input"])
        if "ctx" in each:
            details["ctx"] = each["ctx"]
        errors.append(details)
    return errors


def name_of(value: object) -> str:
    """Check that a name can be used in statements and paths."""
    if not isinstance(value, str):
        shown = str(value).lower() if isinstance(value, bool) else str(value)
        if isinstance(value, dict | list | tuple) or value is None:
            raise BadValue("SO032", "expected a name", label="this should be a name")
        reason = " (it is reserved)" if isinstance(value, bool) else ""
        raise BadValue(
            "SO033", f"`{shown}` cannot be a name{reason}", label="not a name", help=_NAME_HELP
        )
    if keyword.iskeyword(value) or value in RESERVED:
        raise BadValue(
            "SO033",
            f"`{value}` cannot be a name: the word is reserved",
            label="reserved word",
            help=f"for example `{value}_` or a synonym",
        )
    if not value.isidentifier():
        tidy = re.sub(r"\W+", "_", value).strip("_")
        near = tidy if tidy.isidentifier() else ""
        raise BadValue(
            "SO033",
            f"`{value}` cannot be a name",
            label="not a name",
            help=f"write `{near}`: {_NAME_HELP}" if near else _NAME_HELP,
        )
    plain = unicodedata.normalize("NFKC", value)
    if plain != value:
        raise BadValue(
            "SO033",
            f"`{value}` is written with unusual characters",
            label="not a plain name",
            help=f"write `{plain}`",
        )
    return value


def label_of(value: object) -> str:
    """Check a name that no statement uses: it may also have hyphens, as in `july-2020`."""
    if isinstance(value, str) and re.fullmatch(r"[^\W\d][\w-]*", value):
        name_of(f"{value}_".replace("-", "_"))  # the trailing _ keeps reserved words allowed
        return value
    return name_of(value)


def text_of(value: object) -> str:
    """Take prose as it is written; numbers in it are text too."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    kind = "a mapping" if isinstance(value, dict) else "a list"
    kind = "nothing" if value is None else kind
    raise BadValue("SO032", f"expected text, got {kind}", label="this should be text")


def statement_text_of(value: object) -> str:
    """Take the text of a statement; its names are looked up once the whole crisis is known."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return value
    shown = "nothing" if value is None else "a mapping" if isinstance(value, dict) else ""
    shown = shown or ("a list" if isinstance(value, list | tuple) else f"`{value}`")
    raise BadValue(
        "SO032",
        f"expected a statement, got {shown}",
        label="this should be a statement",
        help="for example `north.blockade == full and not south.mines`",
    )


def day_of(value: object) -> datetime.date:
    """Read a calendar day."""
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    text = value if isinstance(value, str) else str(value)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            raise BadValue(
                "SO058", f"there is no day `{text}`", label="not in the calendar"
            ) from None
    raise BadValue(
        "SO058",
        f"`{text}` is not a date" if isinstance(value, str | int | float) else "expected a date",
        label="not a date",
        help="write a date as year-month-day, such as `2026-01-31`",
    )


def uncertain_day_of(value: object) -> str:
    """Check a date that may be incomplete or uncertain, in EDTF (`2026`, `2026-08~`)."""
    text = str(value)
    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?[~?%]?", text):
        raise BadValue(
            "SO058",
            f"`{text}` is not a date",
            label="not a date",
            help="write a date as `2026-01-31`, `2026-01` or `2026`; add ~ if it is approximate",
        )
    return text


def positive(value: Range) -> Range:
    """Check that a number is more than zero."""
    if value.low <= 0:
        raise BadValue(
            "SO052",
            f"the precision `{value}` is not more than zero",
            label="must be more than zero",
        )
    return value


def not_negative(value: Range) -> Range:
    """Check that a number is not below zero."""
    if value.low < 0:
        raise BadValue(
            "SO052",
            f"the factor `{value}` is negative",
            label="must not be negative",
            help="a factor below 1 makes the change slower, 0 keeps it from happening",
        )
    return value


def no_booleans(value: Any) -> Any:
    """Refuse `[false, true]` as levels in one sentence rather than two."""
    if isinstance(value, list) and any(isinstance(level, bool) for level in value):
        raise BadValue(
            "SO033",
            "`true` and `false` cannot be levels: they have a meaning in statements",
            label="reserved words",
            help="write `[no, yes]`",
        )
    return value


def levels_of(value: tuple[str, ...]) -> tuple[str, ...]:
    """Check that levels are at least two and all different."""
    for position, level in enumerate(value):
        if level in value[:position]:
            raise BadValue(
                "SO034",
                f"the level `{level}` is listed twice",
                label="listed before",
                at=(position,),
            )
    if len(value) < 2:
        raise BadValue(
            "SO035",
            "an option or a condition needs at least two levels",
            label="with fewer there is nothing to choose",
        )
    return value


def empty_if_none(value: Any) -> Any:
    """Let a section that is written without entries stand for an empty one."""
    return {} if value is None else value


def nothing_if_none(value: Any) -> Any:
    """Let a list that is written without entries stand for an empty one."""
    return () if value is None else value


def one_or_more(value: Any) -> Any:
    """Let a single text stand for a list of one."""
    return (value,) if isinstance(value, str) else value


Key = TypeVar("Key")
Value = TypeVar("Value")

Name = Annotated[str, BeforeValidator(name_of)]
Label = Annotated[str, BeforeValidator(label_of)]
Text = Annotated[str, BeforeValidator(text_of), WrittenAs({"type": ["string", "number"]})]
StatementText = Annotated[
    str, BeforeValidator(statement_text_of), WrittenAs({"type": ["string", "boolean"]})
]
Day = Annotated[
    datetime.date, BeforeValidator(day_of), WrittenAs({"type": "string", "format": "date"})
]
UncertainDay = Annotated[str, BeforeValidator(uncertain_day_of)]
PositiveRange = Annotated[Range, AfterValidator(positive)]
NotNegativeRange = Annotated[Range, AfterValidator(not_negative)]
Levels = Annotated[tuple[Name, ...], BeforeValidator(no_booleans), AfterValidator(levels_of)]
Table = Annotated[
    Mapping[Key, Value],
    BeforeValidator(empty_if_none),
    AfterValidator(Frozen),
    AlsoWritten({"type": "null"}),
]
"""A section: names and what they stand for, in the order of the file, read-only."""

List = Annotated[tuple[Value, ...], BeforeValidator(nothing_if_none), AlsoWritten({"type": "null"})]
"""A list that may be left empty."""

Several = Annotated[tuple[Text, ...], BeforeValidator(one_or_more), AlsoWritten({"type": "string"})]
"""A text, or a list of texts."""

State = Table[Text, Name]
"""Levels by option or condition: `{north.blockade: partial, weather: storm}`."""
