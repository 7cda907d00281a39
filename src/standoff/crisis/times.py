"""The times an analyst writes: how long, and how often.

The central rate is computed from the midpoints of the numbers in it.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Self

from standoff.crisis.errors import BadValue, listed, nearest
from standoff.crisis.quantities import RANGE, Likelihood, Quantity, Range, read_range

DAYS_IN: dict[str, float] = {"day": 1.0, "week": 7.0, "month": 30.44, "year": 365.25}
"""The units of time, in days."""


def _unit(name: str, text: str, advice: str) -> float:
    singular = name[:-1] if name.endswith("s") else name
    if singular not in DAYS_IN:
        near = nearest(singular, DAYS_IN)
        raise BadValue(
            "SO055",
            f"`{name}` is not a unit of time",
            label=f"units: {listed(unit + 's' for unit in DAYS_IN)}",
            help=f"did you mean `{text.replace(name, near + 's')}`?" if near else advice,
        )
    return DAYS_IN[singular]


def _amount(number: str, text: str) -> Range:
    """Read the number in a time; it must be more than zero."""
    low, high, percent = read_range(number)
    if percent:
        raise BadValue(
            "SO055", f"`{text}` is not a time", label="not a time", help=f"write {Span.forms}"
        )
    if low <= 0:
        raise BadValue(
            "SO054",
            f"the time `{text}` is not more than zero",
            label="a time must be more than zero",
        )
    return Range(low, high)


@dataclass(frozen=True, slots=True)
class Span(Quantity):
    """A length of time such as `30 days` or `2..3 weeks`; `low` and `high` are in days.

    Examples
    --------
    >>> Span.parse("2..4 weeks").central
    21.0
    >>> Span.parse("every day").central
    1.0
    """

    low: float
    high: float
    text: str = field(default="", compare=False)
    number: int | None = field(default=None, compare=False)

    wanted: ClassVar[str] = "a time"
    forms: ClassVar[str] = "a time as `30 days`, `2..3 weeks`, `6 months` or `1 year`"
    schema: ClassVar[dict[str, Any]] = {"type": "string"}

    @property
    def central(self) -> float:
        """The midpoint, in days."""
        return (self.low + self.high) / 2

    @property
    def exact(self) -> bool:
        """Whether it is a single time."""
        return self.low == self.high

    def __str__(self) -> str:
        return self.text or f"{Range(self.low, self.high)} days"

    @classmethod
    def _read(cls, text: str) -> Self:
        bare = text.removeprefix("every ")
        unit = re.search(r"[^\W\d_]*$", bare)
        assert unit is not None  # it may be empty
        number = bare[: unit.start()].strip()
        if not unit[0] or not (number or bare != text or bare in DAYS_IN):
            unitless = re.fullmatch(RANGE, bare)
            raise BadValue(
                "SO055",
                f"`{text}` is not a time",
                label="in days, weeks, months or years?" if unitless else "not a time",
                help=f"write `{text} days`" if unitless else f"write {cls.forms}",
            )
        amount = _amount(number, text) if number else Range(1.0, 1.0)
        days = _unit(unit[0], bare, f"write {cls.forms}")
        return cls(amount.low * days, amount.high * days, bare)


@dataclass(frozen=True, slots=True)
class Rate(Quantity):
    """How often something happens: `every 30 days`, `0.05 per day` or `70% within 5 days`.

    `numbers` are the ranges in it, in the order written, and `per_day` turns one value for each of
    them into a rate per day.

    Examples
    --------
    >>> Rate.parse("every 4 days").central
    0.25
    >>> round(Rate.parse("70% within 5 days").central, 4)
    0.2408
    """

    form: Literal["every", "per", "within"]
    numbers: tuple[Range, ...]
    days: float
    text: str = field(default="", compare=False)

    wanted: ClassVar[str] = "a rate"
    forms: ClassVar[str] = "a rate as `every 30 days`, `0.05 per day` or `70% within 5 days`"
    schema: ClassVar[dict[str, Any]] = {"type": "string"}

    @property
    def central(self) -> float:
        """The rate per day at the midpoints of its numbers."""
        return self.per_day(*(number.central for number in self.numbers))

    def per_day(self, *values: float) -> float:
        """Return the rate per day, given one value for each of `numbers`."""
        if self.form == "every":
            return 1 / (values[0] * self.days)
        if self.form == "per":
            return values[0] / self.days
        return -math.log1p(-values[0]) / (values[1] * self.days)

    def __str__(self) -> str:
        return self.text

    @classmethod
    def _read(cls, text: str) -> Self:
        if text.startswith("every "):
            span = Span._read(text)
            return cls("every", (Range(span.low, span.high),), 1.0, text)
        if match := re.fullmatch(r"(.+?) per (\S+)", text):
            return cls._per(match[1], match[2], text)
        if match := re.fullmatch(r"(.+?) within (.+)", text):
            return cls._within(match[1], match[2], text)
        raise BadValue(
            "SO055", f"`{text}` is not a rate", label="not a rate", help=f"write {cls.forms}"
        )

    @classmethod
    def _per(cls, number: str, unit: str, text: str) -> Self:
        low, high, percent = read_range(number)
        days = _unit(unit, text, f"write {cls.forms}")
        if percent:
            raise BadValue(
                "SO055",
                f"`{text}` is not a rate",
                label="a percentage needs a time within which it happens",
                help=f"write `{number} within 1 {unit}`",
            )
        if low <= 0:
            raise BadValue(
                "SO054",
                f"the rate `{text}` is {'zero' if low == 0 else 'negative'}",
                label="a rate must be more than zero",
                help="leave the change out if it never happens" if low == 0 else "",
            )
        return cls("per", (Range(low, high),), days, text)

    @classmethod
    def _within(cls, chance: str, time: str, text: str) -> Self:
        likelihood = Likelihood._read(chance)
        span = Span._read(time)
        if likelihood.low <= 0:
            raise BadValue(
                "SO054",
                f"the rate `{text}` is zero",
                label="a rate must be more than zero",
                help="leave the change out if it never happens",
            )
        if likelihood.high >= 1:
            raise BadValue(
                "SO054",
                f"the rate `{text}` is infinite",
                label="nothing that happens at random is certain by a given time",
                help="write a chance below 100%, such as `99% within ...`",
            )
        numbers = (Range(likelihood.low, likelihood.high), Range(span.low, span.high))
        return cls("within", numbers, 1.0, text)
