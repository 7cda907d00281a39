"""What a file asks: questions and explanations."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from standoff.crisis.errors import BadValue
from standoff.crisis.fields import Model, StatementText, Text
from standoff.crisis.frozen import Frozen
from standoff.crisis.patches import Patch
from standoff.crisis.quantities import Likelihood
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
