"""What a file asks and expects: questions, explanations, expectations."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    model_validator,
)

from standoff.crisis.errors import BadValue
from standoff.crisis.fields import AlsoWritten, Model, Several, State, StatementText, Text
from standoff.crisis.frozen import Frozen
from standoff.crisis.patches import Patch
from standoff.crisis.quantities import Likelihood, Margin
from standoff.crisis.times import Span

_FORMS = "write one of `within`, `at`, `throughout`, `until` with `within`, `lasting` with `within`"
Form = Literal["within", "at", "throughout", "until", "lasting"]


def _exact(value: Span) -> Span:
    if not value.exact:
        raise BadValue(
            "SO055",
            f"the time of a question is a single one, not the range `{value}`",
            label="a range",
            help="ask two questions",
        )
    return value


ExactSpan = Annotated[Span, AfterValidator(_exact)]


class Question(Model):
    """Something that will be true or false by a date, and how it resolves."""

    asks: Text
    """The question in words."""
    situation: Text | None = None
    """The situation in which it is asked; without one, the crisis as it stands."""
    event: StatementText
    """The statement it is about."""
    within: ExactSpan | None = None
    """The event becomes true at some time within this."""
    at: ExactSpan | None = None
    """The event is true at this time."""
    throughout: ExactSpan | None = None
    """The event is true all the time up to this."""
    until: StatementText | None = None
    """The event stays true until this statement becomes true, `within` a time."""
    lasting: ExactSpan | None = None
    """The event becomes true `within` a time and then stays true for this long."""
    resolves: Text | None = None
    """What decides whether it came true."""
    because: Text | None = None
    """Why it is asked."""
    source: Text | None = None
    """A source and a place in it."""

    @model_validator(mode="after")
    def _one_form(self) -> Question:
        given = [form for form in _FORM_KEYS if getattr(self, form) is not None]
        if given in (["within"], ["at"], ["throughout"]):
            return self
        if given in (["within", "until"], ["within", "lasting"]):
            return self
        if not given:
            raise BadValue(
                "SO037", "a question needs a time", label="by when?", help=_FORMS, on_key=True
            )
        if given in (["until"], ["lasting"]):
            raise BadValue(
                "SO037",
                f"a question with `{given[0]}` also needs `within`",
                label="`within` is missing",
                help="write the time by which it must have happened",
                on_key=True,
            )
        raise BadValue(
            "SO037",
            f"a question has one form, not {' and '.join(f'`{form}`' for form in given)} together",
            label="has several",
            help=_FORMS,
            on_key=True,
        )

    @property
    def form(self) -> Form:
        """Which of the five forms it has."""
        if self.until is not None:
            return "until"
        if self.lasting is not None:
            return "lasting"
        if self.within is not None:
            return "within"
        return "at" if self.at is not None else "throughout"

    @property
    def horizon(self) -> Span:
        """The time by which it is decided (for `lasting`, by which the event must begin)."""
        horizon = self.within or self.at or self.throughout
        assert horizon is not None  # every form has one
        return horizon


_FORM_KEYS = ("within", "at", "throughout", "until", "lasting")


class Explanation(Model):
    """A rival version of the crisis that claims to account for the same record."""

    asks: Text
    """The question it answers, or what it says."""
    with_: Patch = Field(default=Frozen(), alias="with")
    """How the crisis would have to be different: a patch."""
    prior: Likelihood | None = None
    """How likely it is before the record is looked at."""
    because: Text | None = None
    """The claim in the analyst's own words."""
    source: Text | None = None
    """A source and a place in it."""


def _depth(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 20:
        raise BadValue("SO059", f"`{value}` is not a depth", label="a whole number from 0 to 20")
    return value


def _one_if_single(value: tuple[str, ...]) -> Any:
    return value[0] if len(value) == 1 else list(value)


class Side(Model):
    """One probability in an expectation: a question, and the views it is asked in."""

    model_config = ConfigDict(json_schema_extra=AlsoWritten({"type": "string"}))

    question: Text
    """The question."""
    situation: Text | None = None
    """Another situation than the question's own."""
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
    depth: Annotated[int, BeforeValidator(_depth)] | None = None
    """How deep the actors think about each other."""
    seen_by: Annotated[Several, PlainSerializer(_one_if_single)] = ()
    """In whose view: an actor, or a list, outermost first."""

    @model_validator(mode="before")
    @classmethod
    def _accept_bare_question(cls, value: Any) -> Any:
        return {"question": value} if isinstance(value, str) else value


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

    @model_validator(mode="after")
    def _one_form(self) -> Expectation:
        compares = [key for key in ("more_likely", "than", "by") if getattr(self, key) is not None]
        bounds = [
            key for key in ("chance", "at_least", "at_most") if getattr(self, key) is not None
        ]
        problem = None
        if compares and bounds:
            problem = "an expectation compares two probabilities or bounds one, not both"
        elif compares and not {"more_likely", "than"} <= set(compares):
            problem = "an expectation that compares needs `more_likely` and `than`"
        elif bounds and ("chance" not in bounds or len(bounds) == 1):
            problem = "an expectation that bounds needs `chance` and `at_least` or `at_most`"
        elif not compares and not bounds:
            problem = "an expectation needs something to expect"
        if problem:
            raise BadValue(
                "SO038",
                problem,
                label=f"has {', '.join([*compares, *bounds]) or 'nothing'}",
                help="write `more_likely` and `than`, or `chance` with `at_least` or `at_most`",
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
