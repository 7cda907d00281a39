"""Patches: what is different in a situation, in an explanation, or in somebody's mind.

A patch maps dotted paths to new values. The path alone says what kind of value it takes, so that
values are read, and refused, where they are written:

=====================================  ==========================
path                                   value
=====================================  ==========================
`actor.interests.x.weight`             a weight (red lines too)
`actor.interests.x.holds`              a likelihood (red lines too)
`actor.decides`                        a time or a list of them
`actor.looks_ahead`                    a time
`actor.precision`                      a number
`condition.from.to`                    the rate of that change
`actor.believes.PATH`                  whatever PATH takes
=====================================  ==========================
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from standoff.crisis.errors import BadValue
from standoff.crisis.fields import Model, PositiveRange, Text, WrittenAs
from standoff.crisis.frozen import Frozen
from standoff.crisis.quantities import Likelihood, Range, Weight
from standoff.crisis.tempo import Decides
from standoff.crisis.times import Rate, Span


class Believed(Model):
    """One entry of a patch: the new value, and why."""

    value: Any
    """What is put in place of the crisis's own value."""
    because: Text | None = None
    """The claim in the analyst's own words."""
    source: Text | None = None
    """A source and a place in it, such as `brief p4`."""

    @model_serializer(mode="wrap")
    def _bare_if_unexplained(self, handler: SerializerFunctionWrapHandler) -> Any:
        data = handler(self)
        return data if self.because is not None or self.source is not None else data["value"]


class BelievedWeight(Believed):
    """A patch of how much an interest or a red line counts."""

    value: Weight


class BelievedLikelihood(Believed):
    """A patch of how likely an actor is to have an interest or a red line."""

    value: Likelihood


class BelievedTempo(Believed):
    """A patch of how often an actor decides."""

    value: Decides


class BelievedSpan(Believed):
    """A patch of how far ahead an actor looks."""

    value: Span


class BelievedPrecision(Believed):
    """A patch of how sharply an actor picks the better option."""

    value: PositiveRange


class BelievedRate(Believed):
    """A patch of how fast a condition changes."""

    value: Rate


_KINDS: dict[str, type[Believed]] = {
    "weight": BelievedWeight,
    "holds": BelievedLikelihood,
    "decides": BelievedTempo,
    "looks_ahead": BelievedSpan,
    "precision": BelievedPrecision,
    "rate": BelievedRate,
}
_OF_ACTORS = ("decides", "looks_ahead", "precision")
_OF_CLAIMS = ("weight", "holds")
CLAIMS = ("interests", "red_lines")
"""The sections of an actor that hold its weighted claims."""


def is_belief(path: str) -> bool:
    """Return whether a path leads to what an actor believes.

    Examples
    --------
    >>> is_belief("north.believes.south.precision"), is_belief("weather.calm.storm")
    (True, False)
    """
    parts = path.split(".", 3)
    return len(parts) > 3 and parts[1] == "believes"


def kind_of(path: str) -> str | None:
    """Return what kind of value a path takes, judging by its form alone, or None.

    Examples
    --------
    >>> kind_of("patron.interests.treaty.weight"), kind_of("weather.calm.storm")
    ('weight', 'rate')
    >>> kind_of("north.believes.patron.decides")
    'decides'
    >>> kind_of("north.annex") is None
    True
    """
    parts = path.split(".")
    while len(parts) > 3 and parts[1] == "believes":
        parts = parts[2:]
    if len(parts) == 2 and parts[1] in _OF_ACTORS:
        return parts[1]
    if len(parts) == 4 and parts[1] in CLAIMS and parts[3] in _OF_CLAIMS:
        return parts[3]
    return "rate" if len(parts) == 3 and parts[1] not in CLAIMS else None


def believed(path: str, entry: Any) -> Believed:
    """Read one entry of a patch: a value, or a mapping with a value and its reasons.

    Raises
    ------
    pydantic.ValidationError
        The value is not of the kind the path takes.
    """
    if isinstance(entry, Believed):
        entry = {"value": entry.value, "because": entry.because, "source": entry.source}
    explained = isinstance(entry, Mapping) and "every" not in entry
    kind = kind_of(path)
    model = _KINDS[kind] if kind else Believed
    return model.model_validate(entry if explained else {"value": entry})


def _read(entries: Any) -> Any:
    if entries is None:
        return {}
    if not isinstance(entries, Mapping):
        raise BadValue(
            "SO032",
            "expected a mapping from paths to values",
            label="this should be a mapping",
            help="for example `{north.interests.cost.weight: minor}`",
        )
    read: dict[str, Believed] = {}
    errors: list[InitErrorDetails] = []
    for path, entry in entries.items():
        try:
            read[path] = believed(path, entry)
        except ValidationError as err:
            for each in err.errors(include_url=False):
                kind: Any = each["type"]
                if kind != "value_error" and "ctx" not in each:
                    kind = PydanticCustomError(kind, "{it}", {"it": each["msg"]})
                details = InitErrorDetails(type=kind, loc=(path, *each["loc"]), input=each["input"])
                if "ctx" in each:
                    details["ctx"] = each["ctx"]
                errors.append(details)
    if errors:
        raise ValidationError.from_exception_data("Patch", errors)
    return read


def _frozen(entries: dict[str, Believed]) -> Frozen[str, Believed]:
    return Frozen(entries)


Patch = Annotated[
    Mapping[str, Any],
    BeforeValidator(_read),
    AfterValidator(_frozen),
    WrittenAs(
        {
            "type": ["object", "null"],
            "additionalProperties": {
                "anyOf": [
                    {"type": ["number", "string", "array"]},
                    {
                        "type": "object",
                        "properties": {
                            "value": {"type": ["number", "string", "array", "object"]},
                            "because": {"type": "string"},
                            "source": {"type": "string"},
                        },
                    },
                ]
            },
        }
    ),
]
"""A mapping from dotted paths to new values, read-only."""

Patched = Range | Likelihood | Weight | Span | Rate | tuple[Any, ...]
"""Whatever a patch may set."""
