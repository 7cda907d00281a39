"""What a file says about everything that is not an actor: sources, conditions, situations."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from standoff.crisis.edtf import EventDate
from standoff.crisis.errors import BadValue
from standoff.crisis.fields import (
    AlsoWritten,
    Day,
    Levels,
    List,
    Model,
    Name,
    NotNegativeRange,
    State,
    StatementText,
    Text,
    UncertainDay,
)
from standoff.crisis.frozen import Frozen
from standoff.crisis.patches import Patch
from standoff.crisis.times import Rate


def _one_of(what: str, *values: str | int) -> BeforeValidator:
    def check(value: Any) -> Any:
        if value is None or (value in values and not isinstance(value, bool)):
            return value
        raise BadValue(
            "SO059",
            f"`{value}` is not a {what}",
            label=f"one of {', '.join(str(each) for each in values)}",
        )

    return BeforeValidator(check)


class Source(Model):
    """Where claims come from, graded with the two independent axes of the Admiralty code."""

    title: Text
    """What it is called."""
    author: Text | None = None
    """Who wrote it."""
    publisher: Text | None = None
    """Who published it."""
    published: UncertainDay | None = None
    """When: `2026-01-10`, `2026-01`, `2026`, with ~ or ? if uncertain."""
    reliability: Annotated[
        Literal["A", "B", "C", "D", "E", "F"] | None,
        _one_of("reliability", "A", "B", "C", "D", "E", "F"),
    ] = None
    """Of the source: A completely reliable ... E unreliable, F cannot be judged."""
    credibility: Annotated[
        Literal[1, 2, 3, 4, 5, 6] | None, _one_of("credibility", 1, 2, 3, 4, 5, 6)
    ] = None
    """Of what it says: 1 confirmed ... 5 improbable, 6 cannot be judged."""
    mark: Annotated[
        Literal["disputed", "retracted"] | None, _one_of("mark", "disputed", "retracted")
    ] = None
    """A warning that goes with every answer it touches."""
    url: Text | None = None
    """Where it can be found."""
    file: Text | None = None
    """A local copy, relative to the crisis file."""
    sha256: Text | None = None
    """The hash of that copy's text, so that a citation can be verified."""
    note: Text | None = None
    """Anything else a reader should know."""


class Factor(Model):
    """A factor on the rate of a change, and when it applies."""

    factor: NotNegativeRange
    """What the rate is multiplied by."""
    when: StatementText
    """Where it applies; all that apply multiply."""


class Change(Model):
    """One way in which a condition changes."""

    from_: Name = Field(alias="from")
    """The level it changes from."""
    to: Name
    """The level it changes to."""
    rate: Rate
    """How often: `every 30 days`, `0.05 per day` or `70% within 5 days`."""
    when: StatementText | None = None
    """Where it is possible at all."""
    times: List[Factor] = ()
    """What makes it faster or slower."""
    because: Text | None = None
    """The claim in the analyst's own words."""
    source: Text | None = None
    """A source and a place in it."""


class Condition(Model):
    """Something no actor controls."""

    model_config = ConfigDict(
        json_schema_extra=AlsoWritten(
            {"type": "array", "items": {"type": "string"}}, {"type": "null"}
        )
    )

    levels: Levels = ("no", "yes")
    """Its levels in rising order; the first is the default."""
    changes: List[Change] = ()
    """How it changes of itself."""
    because: Text | None = None
    """The claim in the analyst's own words."""
    source: Text | None = None
    """A source and a place in it."""

    @model_validator(mode="before")
    @classmethod
    def _accept_bare_levels(cls, value: Any) -> Any:
        if value is None:
            return {}
        return {"levels": value} if isinstance(value, list | tuple) else value

    @model_validator(mode="after")
    def _one_change_per_pair(self) -> Condition:
        seen: dict[tuple[str, str], int] = {}
        for position, change in enumerate(self.changes):
            pair = (change.from_, change.to)
            if change.from_ == change.to:
                raise BadValue(
                    "SO040",
                    f"a change from `{change.to}` to itself is no change",
                    label="goes nowhere",
                    at=("changes", position, "to"),
                )
            if pair in seen:
                raise BadValue(
                    "SO040",
                    f"there are two changes from `{pair[0]}` to `{pair[1]}`",
                    label="the same pair of levels as before",
                    help="write one change and use `times` for what makes it faster or slower",
                    at=("changes", position),
                )
            seen[pair] = position
        return self


class Situation(Model):
    """A date, the state at that time, and what is different then."""

    as_of: Day
    """The date at which it stands: day 0 of every forecast in it."""
    summary: Text | None = None
    """What it is about."""
    state: State = Frozen()
    """The levels at that time; what is not named is at its default."""
    with_: Patch = Field(default=Frozen(), alias="with")
    """What is different at that time: a patch."""
    because: Text | None = None
    """The claim in the analyst's own words."""
    source: Text | None = None
    """A source and a place in it."""


class Observation(Model):
    """One dated entry of the record: an observed change of state."""

    date: EventDate
    """When it happened: `2020-10-04`, `2020-10`, `2020-10-04/2020-10-06`, with ~ if about then."""
    sets: State
    """The levels that it brought."""
    reported: Day | None = None
    """When it became known, if that is another day than its last: before, it informs nothing."""
    disputed: bool = False
    """Whether the sources disagree about it."""
    because: Text | None = None
    """What happened, in the analyst's own words."""
    source: Text | None = None
    """A source and a place in it."""

    @property
    def known(self) -> datetime.date:
        """The day on which it became known: as reported, otherwise the last day of its date."""
        return self.reported or self.date.last

    @model_validator(mode="after")
    def _reported_after_it_happened(self) -> Observation:
        if self.reported is not None and self.reported < self.date.first:
            raise BadValue(
                "SO080",
                f"it is reported on {self.reported.isoformat()}, before it happened",
                label=f"its date is {self.date}",
                help="`reported` is when it became known",
                at=("reported",),
            )
        return self
