"""What a file expects of itself: the conclusions of the assessment, as tests of the model.

An expectation is about probabilities (it compares two, or bounds one) or about stability. Both are
asked of a crisis in some view, so what they have in common is `Viewed`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

from standoff.crisis.errors import BadValue, nearest
from standoff.crisis.fields import (
    AlsoWritten,
    Model,
    OneOrList,
    Several,
    State,
    Text,
    WrittenAs,
    one_or_more,
)
from standoff.crisis.frozen import Frozen
from standoff.crisis.patches import Patch
from standoff.crisis.preferences import Patterns
from standoff.crisis.quantities import Likelihood, Margin

CONCEPTS = ("nash", "gmr", "smr", "seq", "sseq")
"""The concepts of stability: what an actor reckons with before it leaves a state."""


def _one_if_single(value: tuple[str, ...]) -> Any:
    return value[0] if len(value) == 1 else list(value)


class Viewed(Model):
    """The views of the crisis in which something is expected."""

    situation: Text | None = None
    """The situation it is about; for a question, another than the question's own."""
    starting: State = Frozen()
    """Levels at time 0."""
    holding: State = Frozen()
    """Levels that nobody can change."""
    without: Annotated[Several, PlainSerializer(_one_if_single)] = ()
    """Claims left out, by their paths."""
    with_: Patch = Field(default=Frozen(), alias="with")
    """What is different: a patch."""
    under: Text | None = None
    """An explanation that is taken to be true."""
    seen_by: Annotated[Several, PlainSerializer(_one_if_single)] = ()
    """In whose view: an actor, or a list, outermost first."""


def _depth(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 20:
        raise BadValue("SO059", f"`{value}` is not a depth", label="a whole number from 0 to 20")
    return value


class _Asked(Model):
    """What comes first in a side: a base of its own, since fields keep the order of the bases."""

    question: Text
    """The question."""


class Side(Viewed, _Asked):
    """One probability in an expectation: a question, and the views it is asked in."""

    model_config = ConfigDict(json_schema_extra=AlsoWritten({"type": "string"}))

    depth: Annotated[int, BeforeValidator(_depth)] | None = None
    """How deep the actors think about each other."""

    @model_validator(mode="before")
    @classmethod
    def _accept_bare_question(cls, value: Any) -> Any:
        return {"question": value} if isinstance(value, str) else value


def _concept(value: Any) -> Any:
    if value in CONCEPTS:
        return value
    if not isinstance(value, str):
        raise BadValue("SO032", "expected the name of a concept", label="this should be a name")
    near = nearest(value, CONCEPTS)
    raise BadValue(
        "SO025",
        f"no concept of stability is called `{value}`",
        label=f"known: {', '.join(CONCEPTS)}",
        help=f"did you mean `{near}`?" if near else "",
    )


def _some_concept(value: Any) -> Any:
    if isinstance(value, list | tuple) and not value:
        raise BadValue("SO043", "no concept is named", label=f"known: {', '.join(CONCEPTS)}")
    return one_or_more(value)


Concept = Annotated[str, BeforeValidator(_concept), WrittenAs({"enum": list(CONCEPTS)})]


class _Judged(Model):
    """What comes first in a standing; see `_Asked`."""

    concept: Annotated[
        tuple[Concept, ...],
        BeforeValidator(_some_concept),
        PlainSerializer(_one_if_single),
        OneOrList(),
    ]
    """By which concept: one of nash, gmr, smr, seq, sseq, or a list that must all agree."""
    states: Patterns
    """Which states: a pattern or a list of them, each for every state that it matches."""
    for_: Annotated[Several, PlainSerializer(_one_if_single)] = Field(default=(), alias="for")
    """For whom: an actor, or a list that acts as a coalition; if left out, for every actor."""


CONDITIONS = ("held", "running")


def _conditions(value: Any) -> Any:
    if value in CONDITIONS:
        return value
    raise BadValue(
        "SO059",
        f"`{value}` is not what conditions do",
        label="held or running",
        help="held: as at the start; running: they go on changing while nobody moves",
    )


class Standing(Viewed, _Judged):
    """How some states stand in an expectation: stable or not, by which concept and for whom."""

    conditions: Annotated[Literal["held", "running"], BeforeValidator(_conditions)] = "held"
    """Whether conditions are as at the start, or go on changing while nobody moves."""


_COMPARES = ("more_likely", "than", "by")
_BOUNDS = ("chance", "at_least", "at_most")
STANDINGS = ("equilibria", "stable", "unstable")
"""The forms of an expectation that are about stability."""
_FORMS = (
    "write `more_likely` and `than`, or `chance` with `at_least` or `at_most`, "
    "or one of `equilibria`, `stable`, `unstable`"
)


class Expectation(Model):
    """A conclusion of the assessment itself, stated so that the model can fail it."""

    claim: Text
    """The conclusion in words."""
    because: Text | None = None
    """Why the assessment thinks so."""
    source: Text | None = None
    """A source and a place in it."""
    more_likely: Side | None = None
    """The probability that should be larger ..."""
    than: Side | None = None
    """... than this one ..."""
    by: Margin | None = None
    """... by this much: `1.2x` or `10 points`."""
    chance: Side | None = None
    """The probability that should be within bounds:"""
    at_least: Likelihood | None = None
    """at least this,"""
    at_most: Likelihood | None = None
    """at most this."""
    equilibria: Standing | None = None
    """The states that should be stable for every actor, all of them; `states: []` for none."""
    stable: Standing | None = None
    """States of which every one should be stable."""
    unstable: Standing | None = None
    """States of which none should be stable."""

    @model_validator(mode="after")
    def _one_form(self) -> Expectation:
        compares, bounds, stands = (
            [key for key in keys if getattr(self, key) is not None]
            for keys in (_COMPARES, _BOUNDS, STANDINGS)
        )
        if problem := _wrong_form(compares, bounds, stands):
            raise BadValue(
                "SO038",
                problem,
                label=f"has {', '.join([*compares, *bounds, *stands]) or 'nothing'}",
                help=_FORMS,
                on_key=True,
            )
        if self.at_least and self.at_most and self.at_least.low > self.at_most.high:
            raise BadValue(
                "SO051",
                f"no probability is at least {self.at_least} and at most {self.at_most}",
                label="bounds upside down",
                on_key=True,
            )
        return self

    @model_validator(mode="after")
    def _says_something(self) -> Expectation:
        for key in ("stable", "unstable"):
            standing: Standing | None = getattr(self, key)
            if standing is not None and not standing.states:
                raise BadValue(
                    "SO043",
                    f"`{key}` names no states",
                    label="nothing is said of any",
                    help="that there are no stable states at all is `equilibria` with `states: []`",
                    at=(key, "states"),
                )
        if self.equilibria is not None and self.equilibria.for_:
            raise BadValue(
                "SO038",
                "an equilibrium is stable for every actor, so `equilibria` has no `for`",
                label="not here",
                help="write `stable` for what is stable for some",
                at=("equilibria", "for"),
                on_key=True,
            )
        return self


def _wrong_form(compares: list[str], bounds: list[str], stands: list[str]) -> str:
    """Return what is wrong with the keys of an expectation, if anything is."""
    if stands and len(compares) + len(bounds) + len(stands) > 1:
        return "an expectation has one form, not several together"
    if compares and bounds:
        return "an expectation compares two probabilities or bounds one, not both"
    if compares and not {"more_likely", "than"} <= set(compares):
        return "an expectation that compares needs `more_likely` and `than`"
    if bounds and ("chance" not in bounds or len(bounds) == 1):
        return "an expectation that bounds needs `chance` and `at_least` or `at_most`"
    return "" if compares or bounds or stands else "an expectation needs something to expect"
