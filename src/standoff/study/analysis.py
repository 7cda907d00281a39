"""The whole analysis of a crisis: what `standoff run` computes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from standoff.crisis import Actor, Crisis
from standoff.game.space import space_of
from standoff.study import effects, expectations
from standoff.study.asking import Progress, Request, Settings, quiet
from standoff.study.batch import answer_all, forecasts_of
from standoff.study.effects import Effect
from standoff.study.ensemble import draw_answers
from standoff.study.expectations import Verdict
from standoff.study.forecast import Forecast
from standoff.study.hierarchy import DEPTH, TAU, Hierarchy
from standoff.study.outlook import DAYS, Outlooks, find_outlooks, latest_situation
from standoff.study.survey import Mistakes, Survey, compare_situations, survey_stability
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
        What each actor is about to do, in every view; None where there is no telling, as some
        actor only orders the states.
    survey
        What is stable where the outlook starts.
    situations
        By situation, who was wrong about what; empty if nobody holds a belief.
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
    outlooks: Outlooks | None
    survey: Survey
    situations: Mapping[str, Mistakes]
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
    draws: int = 0,
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
    draws
        How many draws to take for the questions that start where the outlook does; the others
        keep their central values.
    workers, progress
        As for :func:`standoff.study.batch.answer_all`.
    """
    solver = hierarchy or Hierarchy(depth=depth, tau=tau)
    settings = Settings(depth, solver.tau, seed)
    situation = variation.situation or latest_situation(crisis)
    now = variation.of(crisis, situation)
    weighed = not any(actor.ordinal for actor in crisis.actors.values())
    progress("what is stable", 0.0)
    survey = survey_stability(now, seed=seed, memory=solver.memory)
    situations = _compared(crisis, variation, weighed, solver.memory)
    outlooks = None
    if weighed:
        progress("what each actor is about to do", 0.0)
        outlooks = find_outlooks(now, days=days, depth=depth, hierarchy=solver)
    questions = tuple(crisis.questions) if weighed else ()
    here = tuple(
        name
        for name in questions
        if crisis.questions[name].lasting is None
        and situation in (variation.situation, crisis.questions[name].situation)
    )
    asked = [Request(name, variation) for name in questions]
    without = effects.requests_of(crisis, here, variation)
    expects = tuple(
        name
        for name, entry in crisis.expects.items()
        if weighed or not expectations.requests_of(entry)
    )
    expected = [
        request for name in expects for request in expectations.requests_of(crisis.expects[name])
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
    forecasts = forecasts_of(questions, answers)
    if draws:
        drawn = [
            Request(name, variation)
            for name in questions
            if situation in (variation.situation, crisis.questions[name].situation)
        ]
        ensemble = draw_answers(
            crisis, drawn, settings, draws=draws, workers=workers, progress=progress
        )
        for request, spread in zip(drawn, ensemble.spreads, strict=True):
            forecasts[request.question] = forecasts[request.question].spread_by(spread)
    space = space_of(now)
    return Analysis(
        crisis=crisis,
        situation=situation,
        states=space.size,
        feasible=int(space.feasible.sum()),
        forecasts=forecasts,
        outlooks=outlooks,
        survey=survey,
        situations=situations,
        effects=tuple(effects.effects_of(crisis, here, islice(answers, len(without)))),
        verdicts=expectations.verdicts_of(crisis, expects, answers, solver.memory),
        settings=settings,
    )


def _compared(
    crisis: Crisis, variation: Variation, weighed: bool, memory: int
) -> dict[str, Mistakes]:
    """Who was wrong about what in each situation; with conditions running if they would."""
    if crisis.situation is not None or not any(
        actor.believes for name in crisis.situations for actor in _in(crisis, name)
    ):
        return {}
    changing = any(condition.changes for condition in crisis.conditions.values())
    return compare_situations(
        crisis,
        variation=variation,
        conditions="running" if changing and weighed else "held",
        memory=memory,
    )


def _in(crisis: Crisis, situation: str) -> Iterable[Actor]:
    return crisis.in_situation(situation).actors.values()
