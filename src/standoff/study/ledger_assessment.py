"""What a ledger keeps of a forecast: the question, the answer, and what both rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from importlib.metadata import version
from math import ceil
from typing import Any, Self

from standoff.crisis import Crisis, Question
from standoff.crisis.statements import is_true
from standoff.study.asking import Settings, situated
from standoff.study.forecast import Forecast
from standoff.study.variation import AS_IT_IS, Variation

_DATES = ("as_of", "closes")


@dataclass(frozen=True, slots=True)
class Assessment:
    """A forecast as it is kept: everything that it takes to score it, and to find it again.

    Attributes
    ----------
    question, asks, resolves
        Its name, its wording, and what decides it.
    form, event
        What it asks of which statement.
    situation, as_of, closes
        Where it starts, and the last day that counts, if the situation has a date.
    days, lasting
        Its horizon, and for how long the event must last if it asks for that.
    probability, interval, draws
        The mean over the draws, their 5th and 95th percentile, and how many there were; without
        draws the central probability.
    central, error
        The probability at central values, and its standard error if it is estimated.
    words
        The ICD 203 likelihood words for the probability.
    now
        Whether the event was true when it was asked.
    unchanged
        What the outcome is if nothing ever changes: the forecast of persistence.
    crisis, digest
        Title and SHA-256 of the crisis as it is in the file.
    lineage, variation
        The views that it went through, in words and as data.
    settings
        What it was computed with.
    version
        Of standoff.
    """

    question: str
    asks: str
    form: str
    event: str
    days: float
    probability: float
    central: float
    words: str
    now: bool
    unchanged: bool
    crisis: str
    digest: str
    version: str
    resolves: str | None = None
    situation: str | None = None
    as_of: date | None = None
    closes: date | None = None
    lasting: float | None = None
    interval: tuple[float, float] | None = None
    draws: int = 0
    error: float | None = None
    lineage: tuple[str, ...] = ()
    variation: Variation = AS_IT_IS
    settings: Settings = field(default_factory=Settings)

    @property
    def decided_by(self) -> date | None:
        """The last day of what decides it: later than ``closes`` if something must last."""
        if self.closes is None or self.lasting is None:
            return self.closes
        return self.closes + timedelta(days=ceil(self.lasting))

    @property
    def same(self) -> tuple[str, str, date | None]:
        """What forecasts of the same question have in common: crisis, question, closing day."""
        return self.crisis, self.question, self.closes

    def data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {each.name: _plain(getattr(self, each.name)) for each in fields(self)}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Return what :meth:`data` was made of; keys that are not known are passed over.

        Raises
        ------
        ValueError
            If something is missing, or of another kind.
        """
        known = {each.name for each in fields(cls)}
        given = {name: value for name, value in data.items() if name in known}
        try:
            for name in _DATES:
                if given.get(name) is not None:
                    given[name] = date.fromisoformat(given[name])
            if given.get("interval") is not None:
                low, high = map(float, given["interval"])
                given["interval"] = (low, high)
            given["lineage"] = tuple(given.get("lineage", ()))
            given["variation"] = _variation(given["variation"])
            given["settings"] = Settings(**given["settings"])
            for name in ("probability", "central", "days"):
                given[name] = float(given[name])
            return cls(**given)
        except (TypeError, KeyError, AttributeError) as err:
            raise ValueError(f"not a kept forecast: {err}") from None


def assess(crisis: Crisis, result: Forecast, variation: Variation = AS_IT_IS) -> Assessment:
    """Return what to keep of a forecast.

    Parameters
    ----------
    crisis
        As it is in the file.
    result
        The forecast of one of its questions.
    variation
        What was changed for it.
    """
    question = crisis.questions[result.question]
    asked = situated(crisis, result.question, variation)
    return Assessment(
        question=result.question,
        asks=question.asks,
        resolves=question.resolves,
        form=question.form,
        event=question.event,
        situation=result.situation,
        as_of=result.as_of,
        closes=result.closes,
        days=result.days,
        lasting=None if question.lasting is None else question.lasting.central,
        probability=result.probability,
        interval=result.interval,
        draws=0 if result.spread is None else result.spread.draws,
        central=result.central,
        error=result.error,
        words=result.words,
        now=_true_now(asked, question.event),
        unchanged=if_nothing_changes(asked, question),
        crisis=crisis.title,
        digest=crisis.digest,
        lineage=result.lineage,
        variation=variation,
        settings=result.settings,
        version=version("standoff"),
    )


def if_nothing_changes(asked: Crisis, question: Question) -> bool:
    """Return how a question comes out if the state at time 0 lasts: what persistence forecasts.

    What is true already counts as having happened, as it does in a forecast; waiting for something
    else ends well only if that is there already.
    """
    return _true_now(asked, question.event if question.until is None else question.until)


def _true_now(crisis: Crisis, statement: str) -> bool:
    levels, start = crisis.variables, crisis.start
    here = {name: levels[name].index(level) for name, level in start.items()}
    return is_true(crisis.statement(statement), here)


def _plain(value: Any) -> Any:
    """Return a value of an assessment as JSON has it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Variation | Settings):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if value is None or isinstance(value, str | int | float):
        return value
    return str(value)


def _variation(data: Mapping[str, Any]) -> Variation:
    return Variation(
        situation=data["situation"],
        under=data["under"],
        with_=dict(data["with_"]),
        without=tuple(data["without"]),
        starting=dict(data["starting"]),
        holding=dict(data["holding"]),
        seen_by=tuple(data["seen_by"]),
    )
