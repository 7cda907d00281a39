"""Questions that differ in their horizon only, which a reader wants to see side by side."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from standoff.crisis import Crisis, Question
from standoff.present.charts_shared import day_text
from standoff.present.words import span
from standoff.study.forecast import Forecast

_BEFORE = r"(?:within|in|after|for|over|during|by)(?: all of)?(?: the next| the coming)?"


@dataclass(frozen=True, slots=True)
class Alike:
    """Some questions that differ in their horizon only.

    Attributes
    ----------
    wording
        The question in words, without its horizon if there are several.
    questions, forecasts
        By rising horizon.
    """

    wording: str
    questions: tuple[Question, ...]
    forecasts: tuple[Forecast, ...]

    @property
    def first(self) -> Forecast:
        """The one with the shortest horizon."""
        return self.forecasts[0]


def alike(crisis: Crisis, forecasts: Iterable[Forecast]) -> tuple[Alike, ...]:
    """Put questions together that differ in their horizon only.

    Parameters
    ----------
    crisis
        Says what was asked.
    forecasts
        In the order in which the first of each group should come.
    """
    groups: dict[object, list[Forecast]] = {}
    for each in forecasts:
        asked = crisis.questions[each.question]
        lasting = None if asked.lasting is None else asked.lasting.central
        key: object = (each.situation, asked.form, asked.event, asked.until, lasting)
        if any(each.days == other.days for other in groups.get(key, ())):
            key = each.question  # the same asked twice, in other words
        groups.setdefault(key, []).append(each)
    found = []
    for group in groups.values():
        ordered = tuple(sorted(group, key=lambda each: each.days))
        questions = tuple(crisis.questions[each.question] for each in ordered)
        found.append(Alike(_shared_wording(questions), questions, ordered))
    return tuple(found)


def by_situation(
    groups: Iterable[Alike], first: str | None
) -> Mapping[str | None, tuple[Alike, ...]]:
    """Sort groups of questions by where they start: that situation first, then as they come."""
    found: dict[str | None, tuple[Alike, ...]] = {first: ()}
    for group in groups:
        where = group.first.situation
        found[where] = (*found.get(where, ()), group)
    return {where: those for where, those in found.items() if those}


def horizon(question: Question, forecast: Forecast) -> str:
    """Say until when a question runs, and what has to be so.

    Examples
    --------
    `within 30 days, by 1 Dec 2020` · `all the time for 30 days, to 1 Dec 2020`
    """
    time, end = span(forecast.days), forecast.closes
    day = "" if end is None else day_text(end)
    match question.form:
        case "at":
            return f"after {time}" + (f", on {day}" if day else "")
        case "throughout":
            return f"all the time for {time}" + (f", to {day}" if day else "")
        case "lasting":
            begins = f"beginning within {time}" + (f", by {day}" if day else "")
            return f"{begins}, and lasting {question.lasting}"
        case _:
            return f"within {time}" + (f", by {day}" if day else "")


def _shared_wording(questions: Sequence[Question]) -> str:
    """The words that questions have in common: without the horizon, or else how they begin."""
    wordings = dict.fromkeys(_timeless(each) for each in questions)
    if len(questions) == 1 or len(wordings) > 1:
        wordings = dict.fromkeys(each.asks for each in questions)
    if len(wordings) == 1:
        return next(iter(wordings))
    words = zip(*(each.split() for each in wordings), strict=False)
    common = [those[0] for those in takewhile(lambda those: len(set(those)) == 1, words)]
    return f"{' '.join(common)} ..." if len(common) > 2 else " / ".join(wordings)


def _timeless(question: Question) -> str:
    """A question's words without its horizon."""
    time = re.escape(str(question.horizon))
    text = " ".join(question.asks.split())
    return re.sub(rf"[ ,]+{_BEFORE} {time}\b(?!.*\b{time}\b)", "", text, count=1)
