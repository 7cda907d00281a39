"""What a file says about an actor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
    model_validator,
)
from pydantic_core import InitErrorDetails

from standoff.crisis.errors import BadValue
from standoff.crisis.fields import (
    AlsoWritten,
    Levels,
    Model,
    Name,
    PositiveRange,
    StatementText,
    Table,
    Text,
    WrittenAs,
    errors_of,
)
from standoff.crisis.frozen import Frozen
from standoff.crisis.patches import ORDERS, Patch
from standoff.crisis.preferences import Priorities, Ranking
from standoff.crisis.quantities import CERTAIN, Likelihood, Range, Weight
from standoff.crisis.tempo import Decides
from standoff.crisis.times import Span


def _direction(value: Any) -> Any:
    if value is True or value in ("up", "down", "fixed", None):
        return "fixed" if value is True else value
    if value is False:
        return None
    raise BadValue(
        "SO059",
        "`irreversible` is one of up, down, true",
        label="not one of them",
        help="up: levels only rise; down: levels only fall; true: once off the default, fixed",
    )


class Option(Model):
    """Something one actor controls, with ordered levels; the first is the default."""

    model_config = ConfigDict(
        json_schema_extra=AlsoWritten(
            {"type": "array", "items": {"type": "string"}}, {"type": "null"}
        )
    )

    levels: Levels = ("no", "yes")
    """Its levels in rising order."""
    irreversible: Annotated[
        Literal["up", "down", "fixed"] | None,
        BeforeValidator(_direction),
        WrittenAs({"enum": ["up", "down", True, False, None]}),
    ] = None
    """`up`: levels can only rise; `down`: only fall; `true`: once off the default, fixed."""
    requires: StatementText | None = None
    """What must be true before any move that raises its level."""

    @model_validator(mode="before")
    @classmethod
    def _accept_bare_levels(cls, value: Any) -> Any:
        if value is None:
            return {}
        return {"levels": value} if isinstance(value, list | tuple) else value

    @model_serializer(mode="wrap")
    def _bare_levels(self, handler: SerializerFunctionWrapHandler) -> Any:
        data = handler(self)
        if self.irreversible is None and self.requires is None:
            return list(self.levels)
        data = {"levels": list(self.levels), **data}
        if self.irreversible == "fixed":
            data["irreversible"] = True
        return data


class Interest(Model):
    """A statement that an actor wants to be true, or wants to be false, and how much."""

    seeks: StatementText | None = None
    """The statement whose truth adds the weight to its payoff."""
    avoids: StatementText | None = None
    """The statement whose truth subtracts the weight from its payoff."""
    weight: Weight
    """How much: a number, a range or a word of the scale."""
    holds: Likelihood = CERTAIN
    """How likely it is that the actor has this interest at all."""
    because: Text | None = None
    """The claim in the analyst's own words."""
    source: Text | None = None
    """A source and a place in it, such as `brief p4`."""

    @model_validator(mode="after")
    def _one_direction(self) -> Interest:
        if self.seeks is not None and self.avoids is not None:
            raise BadValue(
                "SO036",
                "an interest either seeks or avoids a statement, not both",
                label="has both",
                help="write two interests",
                on_key=True,
            )
        if self.seeks is None and self.avoids is None:
            raise BadValue(
                "SO036",
                "an interest needs `seeks` or `avoids`",
                label="has neither",
                on_key=True,
            )
        return self

    @property
    def statement(self) -> str:
        """The text of the statement, sought or avoided."""
        return self.seeks if self.seeks is not None else self.avoids or "false"

    @property
    def sign(self) -> int:
        """1 if the actor seeks the statement, -1 if it avoids it."""
        return 1 if self.seeks is not None else -1


class RedLine(Model):
    """What an actor loses if something happens and it does not respond."""

    if_: StatementText = Field(alias="if")
    """What crosses the line."""
    then: StatementText = "false"
    """The response that saves it the loss; without one, crossing the line always costs."""
    weight: Weight
    """How much it loses."""
    holds: Likelihood = CERTAIN
    """How likely it is that the actor has this red line at all."""
    because: Text | None = None
    """The claim in the analyst's own words."""
    source: Text | None = None
    """A source and a place in it, such as `brief p6`."""


_NEEDED = ("decides", "looks_ahead")


def _needs_a_pace_or_an_order(schema: dict[str, Any]) -> None:
    """Say in the JSON Schema that what is needed depends on how preferences are stated."""
    ways = (_NEEDED, *((order,) for order in ORDERS))
    schema["anyOf"] = [{"type": "object", "required": list(keys)} for keys in ways]


class Actor(Model):
    """A party that decides."""

    model_config = ConfigDict(json_schema_extra=_needs_a_pace_or_an_order)

    name: Text | None = None
    """How it is called in the output; its key if not given."""
    decides: Decides = ()
    """The mean time between its decisions: `every 6 days`, or a list of `{every, when}`."""
    looks_ahead: Annotated[
        Span | None, BeforeValidator(Span.parse), WrittenAs(dict(Span.schema))
    ] = None
    """Its horizon: how far ahead it cares."""
    precision: PositiveRange = Range(2.0, 2.0, "2")
    """How sharply it picks the better option."""
    options: Table[Name, Option] = Frozen()
    """What it controls."""
    interests: Table[Name, Interest] = Frozen()
    """What it seeks and avoids."""
    red_lines: Table[Name, RedLine] = Frozen()
    """What it must answer or lose by."""
    priorities: Priorities = ()
    """What it wants to be true, the most important first."""
    ranking: Ranking = ()
    """The states, from the best for it to the worst."""
    because: Text | None = None
    """Why it prefers what it prefers, in the analyst's own words."""
    source: Text | None = None
    """A source of its preferences as a whole, and a place in it."""
    believes: Patch = Frozen()
    """Where its version of the crisis differs: a patch."""

    @model_validator(mode="wrap")
    @classmethod
    def _has_a_pace(cls, value: Any, handler: ModelWrapValidatorHandler[Actor]) -> Actor:
        """Ask how often and how far ahead of all but those that only put states in an order."""
        errors: list[InitErrorDetails] = []
        if isinstance(value, Mapping) and value.keys().isdisjoint(ORDERS):
            errors = [
                InitErrorDetails(type="missing", loc=(key,), input=value)
                for key in _NEEDED
                if key not in value
            ]
        try:
            actor = handler(value)
        except ValidationError as err:
            errors += errors_of(err)
        if errors:
            raise ValidationError.from_exception_data("Actor", errors)
        return actor

    @model_validator(mode="after")
    def _prefers_in_one_way(self) -> Actor:
        weighs = [key for key in ("interests", "red_lines") if getattr(self, key)][:1]
        given = weighs + [key for key in ORDERS if getattr(self, key)]
        if len(given) > 1:
            raise BadValue(
                "SO042",
                f"an actor states its preferences by `{given[0]}` or by `{given[1]}`, not by both",
                label=f"it has `{given[0]}` already",
                help="give claims weights (`interests`, `red_lines`), or put statements in order "
                "of importance (`priorities`), or states from best to worst (`ranking`)",
                at=(given[1],),
                on_key=True,
            )
        return self

    @property
    def ordinal(self) -> bool:
        """Whether it is known what it prefers but not how much."""
        return bool(self.priorities or self.ranking)
