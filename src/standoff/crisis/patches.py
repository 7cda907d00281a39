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
`actor.priorities`                     the whole list
`actor.ranking`                        the whole list
`condition.from.to`                    the rate of that change
`actor.believes.PATH`                  whatever PATH takes
=====================================  ==========================
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
)
from pydantic_core import InitErrorDetails

from standoff.crisis.errors import BadValue, shortened
from standoff.crisis.fields import Model, PositiveRange, Text, WrittenAs, errors_of
from standoff.crisis.frozen import Frozen
from standoff.crisis.preferences import Pattern, Priorities, Priority, Ranking
from standoff.crisis.quantities import Likelihood, Range, Weight
from standoff.crisis.tempo import Decides, Tempo
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


class BelievedPriorities(Believed):
    """A patch of what an actor puts first, as a whole."""

    value: Priorities


class BelievedRanking(Believed):
    """A patch of how an actor ranks the states, as a whole."""

    value: Ranking


class BelievedRate(Believed):
    """A patch of how fast a condition changes."""

    value: Rate


_KINDS: dict[str, type[Believed]] = {
    "weight": BelievedWeight,
    "holds": BelievedLikelihood,
    "decides": BelievedTempo,
    "looks_ahead": BelievedSpan,
    "precision": BelievedPrecision,
    "priorities": BelievedPriorities,
    "ranking": BelievedRanking,
    "rate": BelievedRate,
}
PACE = ("decides", "looks_ahead", "precision")
"""The fields of an actor that say how fast and how far-sighted it is."""
ORDERS = ("priorities", "ranking")
"""The fields of an actor that put states in an order; it has at most one of them."""
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
    if len(parts) == 2 and parts[1] in (*PACE, *ORDERS):
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


def patterns_in(entry: Believed) -> Iterator[tuple[tuple[str | int, ...], Pattern]]:
    """Yield what the value of a patch says about states: its place in the value, and itself."""
    if not isinstance(entry.value, tuple):
        return
    for position, each in enumerate(entry.value):
        if isinstance(each, Priority):
            yield (position, "prefers"), Pattern(text=each.prefers)
        elif isinstance(each, Tempo):
            if each.when is not None:
                yield (position, "when"), Pattern(text=each.when)
        else:
            yield from (((position, at), pattern) for at, pattern in enumerate(each))


def in_short(value: Any) -> str:
    """Return what a patch sets in a few words, as for one line of lineage.

    Examples
    --------
    >>> in_short(believed("north.priorities", ["not south.mines", "annex", "appeal"]).value)
    'not south.mines, then annex, then 1 more'
    """
    if not isinstance(value, tuple):
        return str(value)
    if isinstance(value[0], Tempo):
        return "; ".join(
            f"every {tempo.every}" + (f" when {tempo.when}" if tempo.when else "")
            for tempo in value
        )
    texts = [
        each.prefers if isinstance(each, Priority) else " or ".join(str(it) for it in each)
        for each in value
    ]
    first = [shortened(" ".join(text.split()), 40) for text in texts[:2]]
    return ", then ".join([*first, f"{len(texts) - 2} more"] if len(texts) > 2 else first)


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
            errors += errors_of(err, path)
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
