"""The numbers an analyst writes: ranges, weights and likelihoods (times are in `times`).

Each keeps the text it was written as, so that a crisis that is read and written again still says
``1..2`` and ``likely``. Equality looks at the numbers only. The central value of a range is its
midpoint.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Self

from pydantic_core import CoreSchema, core_schema

from standoff.crisis.errors import BadValue, nearest
from standoff.crisis.likelihood import MAIN_WORDS
from standoff.crisis.likelihood import WORDS as LIKELIHOOD_WORDS

LONGEST = 100
"""The most characters a quantity may have."""

NUMBER = r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
RANGE = re.compile(rf"({NUMBER})\s*(%?)(?:\s*\.\.\s*({NUMBER})\s*(%?))?")
_LOOKS_LIKE_ARANGE = re.compile(rf"({NUMBER})\s*(?:-|–|—|to|\.\.\.)\s*({NUMBER})")


def _number_text(value: float) -> str:
    return repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def read_range(text: str) -> tuple[float, float, bool]:
    """Read `1`, `1..2`, `30%` or `20..40%`; the flag says that it was written in per cent."""
    match = RANGE.fullmatch(text.strip())
    if match is None:
        if meant := _LOOKS_LIKE_ARANGE.search(text):
            raise BadValue(
                "SO050",
                f"`{text}` is not a number or a range",
                label="not a number or a range",
                help=f"write a range as `{meant[1]}..{meant[2]}`",
            )
        raise BadValue(
            "SO050",
            f"`{text}` is not a number or a range",
            label="not a number or a range",
            help="write a number such as `1.5` or a range such as `1..2`",
        )
    low = float(match[1])
    high = low if match[3] is None else float(match[3])
    if not (math.isfinite(low) and math.isfinite(high)):
        raise BadValue("SO050", f"`{text}` is too large to be a number", label="too large")
    if low > high:
        raise BadValue(
            "SO051",
            f"the range `{text}` is upside down",
            label="the first number is larger than the second",
            help=f"write `{match[3]}{match[4]}..{match[1]}{match[4] or match[2]}`",
        )
    percent = bool(match[2] or match[4])
    return (low / 100, high / 100, True) if percent else (low, high, False)


def _given(value: object) -> str:
    """Name what was written, for a message about its type."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    return f"`{value}`"


class Quantity:
    """What the numbers of a crisis have in common: parsing, and writing back as written."""

    __slots__ = ()
    wanted: ClassVar[str] = "a number"
    forms: ClassVar[str] = "a number such as `1.5` or a range such as `1..2`"
    schema: ClassVar[dict[str, Any]] = {"type": ["number", "string"]}

    @classmethod
    def parse(cls, value: object) -> Self:
        """Read one quantity from text, from a number, or from itself.

        Raises
        ------
        BadValue
            The text is not one of the accepted forms, or its numbers are out of bounds.
        """
        if isinstance(value, cls):
            return value
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise BadValue(
                "SO032",
                f"expected {cls.wanted}, got {_given(value)}",
                label=f"this should be {cls.wanted}",
                help=f"write {cls.forms}",
            )
        text = _number_text(value) if isinstance(value, int | float) else value
        if len(text) > LONGEST:
            raise BadValue(
                "SO032",
                f"expected {cls.wanted}, got a long text",
                label=f"this should be {cls.wanted}",
                help=f"write {cls.forms}",
            )
        return cls._read(" ".join(text.split()))

    @classmethod
    def _read(cls, text: str) -> Self:
        raise NotImplementedError

    def written(self) -> str | float | int:
        """Return the quantity as it should stand in a file: a number where it is one."""
        text = str(self)
        if re.fullmatch(r"[+-]?[0-9]+", text):
            return int(text)
        return float(text) if re.fullmatch(NUMBER, text) else text

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
        return dict(cls.schema)


@dataclass(frozen=True, slots=True)
class Range(Quantity):
    """A number that may be uncertain: `1.5` or `1..2`.

    `number` says which of a crisis's uncertain quantities it is, once they are numbered
    (:mod:`standoff.crisis.uncertain`).

    Examples
    --------
    >>> Range.parse("1..2").central
    1.5
    """

    low: float
    high: float
    text: str = field(default="", compare=False)
    number: int | None = field(default=None, compare=False)

    wanted: ClassVar[str] = "a number or a range"

    @property
    def central(self) -> float:
        """The midpoint."""
        return (self.low + self.high) / 2

    @property
    def exact(self) -> bool:
        """Whether it is a single number."""
        return self.low == self.high

    def __str__(self) -> str:
        if self.text:
            return self.text
        low = _number_text(self.low)
        return low if self.exact else f"{low}..{_number_text(self.high)}"

    @classmethod
    def _read(cls, text: str) -> Self:
        low, high, percent = read_range(text)
        if percent:
            raise BadValue(
                "SO050",
                f"`{text}` is a percentage where a plain number is meant",
                label="not a plain number",
                help="write it without the per cent sign",
            )
        return cls(low, high, text)


@dataclass(frozen=True, slots=True)
class Likelihood(Quantity):
    """How likely a claim is to be true: `0.7`, `70%`, `60..80%` or `likely`.

    `low` and `high` are probabilities between 0 and 1. Words are those of ICD 203; `certain` is 1.

    Examples
    --------
    >>> Likelihood.parse("likely").central
    0.675
    >>> Likelihood.parse("60..80%").low
    0.6
    """

    low: float
    high: float
    text: str = field(default="", compare=False)
    number: int | None = field(default=None, compare=False)

    wanted: ClassVar[str] = "a likelihood"
    schema: ClassVar[dict[str, Any]] = {
        "anyOf": [
            {"type": "number", "minimum": 0, "maximum": 1},
            {"enum": list(LIKELIHOOD_WORDS)},
            {"type": "string"},
        ]
    }
    forms: ClassVar[str] = "a probability such as `70%`, a range such as `60..80%`, or `likely`"

    @property
    def central(self) -> float:
        """The midpoint, a probability."""
        return (self.low + self.high) / 2

    @property
    def exact(self) -> bool:
        """Whether it is a single probability."""
        return self.low == self.high

    def __str__(self) -> str:
        if self.text:
            return self.text
        low = _number_text(self.low)
        return low if self.exact else f"{low}..{_number_text(self.high)}"

    @classmethod
    def _read(cls, text: str) -> Self:
        if text[:1].isalpha():
            word = text.casefold()
            if word not in LIKELIHOOD_WORDS:
                near = nearest(word, LIKELIHOOD_WORDS)
                raise BadValue(
                    "SO057",
                    f"`{text}` is not a likelihood word",
                    label=f"known: {', '.join(MAIN_WORDS)}",
                    help=f"did you mean `{near}`?" if near else "write a probability such as 70%",
                )
            low, high = LIKELIHOOD_WORDS[word]
            return cls(low, high, word)
        low, high, percent = read_range(text)
        if low < 0 or high > 1:
            wrong = "below zero" if low < 0 else "over one"
            hint = f"write `{text}%`" if 2 <= high <= 100 and low >= 0 and not percent else ""
            raise BadValue(
                "SO053",
                f"the probability `{text}` is {wrong}",
                label="a probability is between 0 and 1, or between 0% and 100%",
                help=hint,
            )
        return cls(low, high, text)


CERTAIN = Likelihood(1.0, 1.0, "certain")


@dataclass(frozen=True, slots=True)
class Weight(Quantity):
    """How much an interest or a red line counts: a number, a range, or a word of the scale.

    Exactly one of `range` and `word` is set. `Crisis.range_of` turns a word into its range.
    """

    range: Range | None = None
    word: str | None = None

    wanted: ClassVar[str] = "a weight"
    schema: ClassVar[dict[str, Any]] = {
        "anyOf": [
            {"type": "number", "minimum": 0},
            {"enum": ["negligible", "minor", "moderate", "major", "decisive"]},
            {"type": "string"},
        ]
    }
    forms: ClassVar[str] = "a number, a range such as `1..2`, or a word such as `major`"

    def __str__(self) -> str:
        return self.word if self.word is not None else str(self.range)

    @classmethod
    def _read(cls, text: str) -> Self:
        if text.isidentifier():
            return cls(word=text)
        if not any(sign.isdigit() for sign in text):
            raise BadValue(
                "SO056",
                f"`{text}` is not a weight",
                label="not a weight",
                help=f"write {cls.forms}",
            )
        found = Range._read(text)
        if found.low < 0:
            raise BadValue(
                "SO052",
                f"the weight `{text}` is negative",
                label="weights are never negative",
                help="to make an actor dislike a statement, use `avoids` with a positive weight",
            )
        return cls(range=found)


SCALE: dict[str, Range] = {
    "negligible": Range(0.0, 0.5),
    "minor": Range(0.5, 1.5),
    "moderate": Range(1.5, 3.0),
    "major": Range(3.0, 6.0),
    "decisive": Range(6.0, 12.0),
}
"""What the weight words mean unless the file says otherwise."""


@dataclass(frozen=True, slots=True)
class Margin(Quantity):
    """By how much one probability should exceed another: `1.2x` or `10 points`.

    Examples
    --------
    >>> Margin.parse("1.2x").met(more=0.24, than=0.2)
    True
    >>> Margin.parse("10 points").met(more=0.24, than=0.2)
    False
    """

    amount: float
    form: Literal["times", "points"]
    text: str = field(default="", compare=False)

    wanted: ClassVar[str] = "a margin"
    forms: ClassVar[str] = "`1.2x` or `10 points`"
    schema: ClassVar[dict[str, Any]] = {"type": "string"}

    def met(self, *, more: float, than: float) -> bool:
        """Return whether `more` exceeds `than` by at least the margin, both probabilities."""
        if self.form == "times":
            return more >= than * self.amount * (1 - 1e-12)
        return more - than >= self.amount / 100 - 1e-12

    def __str__(self) -> str:
        return self.text

    @classmethod
    def _read(cls, text: str) -> Self:
        match = re.fullmatch(rf"({NUMBER})\s*(x|points?)", text)
        if match is None:
            raise BadValue(
                "SO050",
                f"`{text}` is not a margin",
                label="not a margin",
                help="write `by: 1.2x` or `by: 10 points`",
            )
        amount = float(match[1])
        form: Literal["times", "points"] = "times" if match[2] == "x" else "points"
        if not math.isfinite(amount) or amount < (1 if form == "times" else 0):
            least = "`1x`" if form == "times" else "`0 points`"
            raise BadValue(
                "SO050",
                f"the margin `{text}` would let the answer be the other way round",
                label=f"a margin is at least {least}",
            )
        return cls(amount, form, text)
