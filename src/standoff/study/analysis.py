"""The whole analysis of a crisis: what `standoff run` computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from standoff.crisis import Crisis
from standoff.study import effects, expectations
from standoff.study.batch import Progress, Request, answer_all, forecasts_of, quiet
from standoff.study.effects import Effect
from standoff.study.expectations import Verdict
from standoff.study.forecast import Forecast, Settings
from standoff.study.hierarchy import DEPTH, TAU, Hierarchy
from standoff.study.outlook import DAYS, Outlooks, find_outlooks, latest_situation
from standoff.study.variation import AS_IT_IS, Variation


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything that follows from a crisis, at central values.

    Attributes
    ----------
    crisis
        As it is in the file.
    situation
        Where the outlook starts: the latest one, unless another was asked for.
    states, feasible
        How many states the crisis has, and how many of them can be.
    forecasts
        By question.
    outlooks
        What each actor is about to do, in every view.
    effects
        What each red line does to the questions that start in ``situation`` and have an exact
        answer.
    verdicts
        By expectation.
    settings
        What all of it was computed with.
    """

    crisis: Crisis
    situation: str | None
    states: int
    feasible: int
    forecasts: Mapping[str, Forecast]
    outlooks: Outlooks
    effects: tuple[Effect, ...]
    verdicts: Mapping[str, Verdict]
    settings: Settings


def analyse(
    crisis: Crisis,
    *,
    variation: Variation = AS_IT_IS,
    days: float = DAYS,
    depth: int = DEPTH,
    tau: float = TAU,
    seed: int = 0,
    workers: int = 1,
    hierarchy: Hierarchy | None = None,
    progress: Progress = quiet,
) -> Analysis:
    """Answer every question, look at every actor, try every red line, check every expectation.

    Parameters
    ----------
    crisis
        The crisis.
    variation
        What to change before everything but the expectations, which say themselves what to change.
    days
        How far ahead the outlook looks.
    depth, tau, seed, hierarchy
        As for :func:`standoff.study.forecast.forecast`.
    workers, progress
        As for :func:`standoff.study.batch.answer_all`.
    """
    solver = hierarchy or Hierarchy(depth=depth, tau=tau)
    settings = Settings(depth, solver.tau, seed)
    situation = variation.situation or latest_situation(crisis)
    now = variation.of(crisis, situation)
    progress("what each actor is about to do", 0.0)
    outlooks = find_outlooks(now, days=days, depth=depth, hierarchy=solver)
    here = tuple(
        name
        for name, question in crisis.questions.items()
        if question.lasting is None and situation in (variation.situation, question.situation)
    )
    asked = [Request(name, variation) for name in crisis.questions]
    without = effects.requests_of(crisis, here, variation)
    expected = [
        request for entry in crisis.expects.values() for request in expectations.requests_of(entry)
    ]
    answers = iter(
        answer_all(
            crisis,
            asked + without + expected,
            settings,
            solver,
            workers=workers,
            progress=progress,
        )
    )
    space = solver.game(now).space
    return Analysis(
        crisis=crisis,
        situation=situation,
        states=space.size,
        feasible=int(space.feasible.sum()),
        forecasts=forecasts_of(crisis.questions, answers),
        outlooks=outlooks,
        effects=tuple(effects.effects_of(crisis, here, islice(answers, len(without)))),
        verdicts=expectations.verdicts_of(crisis, crisis.expects, answers),
        settings=settings,
    )
