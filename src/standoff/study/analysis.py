"""The whole analysis of a crisis: what `standoff run` computes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from standoff.crisis import Crisis
from standoff.study.effects import Effect, red_line_effects
from standoff.study.expectations import Verdict, iter_expectations
from standoff.study.forecast import Forecast, Settings, forecast
from standoff.study.hierarchy import DEPTH, TAU, Hierarchy
from standoff.study.outlook import DAYS, Outlooks, find_outlooks, latest_situation
from standoff.study.variation import AS_IT_IS, Variation

Progress = Callable[[str, float], None]
"""Called with what is being done and the share that is done already."""


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
        What each red line does to the questions that start in ``situation``.
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
    hierarchy: Hierarchy | None = None,
    progress: Progress = lambda _what, _share: None,
) -> Analysis:
    """Answer every question, look at every actor, try every red line, check every expectation.

    Parameters
    ----------
    crisis
        The crisis.
    variation
        What to change before everything; expectations are computed of the crisis so changed.
    days
        How far ahead the outlook looks.
    depth, tau, seed, hierarchy
        As for :func:`standoff.study.forecast.forecast`.
    progress
        Called now and then.
    """
    solver = hierarchy or Hierarchy(depth=depth, tau=tau)
    settings = Settings(depth, solver.tau, seed)
    situation = variation.situation or latest_situation(crisis)
    lines = sum(len(actor.red_lines) for actor in crisis.actors.values())
    steps = len(crisis.questions) + 2 * len(crisis.actors) + lines + len(crisis.expects)
    done = 0

    def advance(what: str, by: int = 1) -> None:
        nonlocal done
        progress(what, done / steps)
        done += by

    forecasts = {}
    for name in crisis.questions:
        advance(f"question {name}")
        forecasts[name] = forecast(
            crisis, name, variation=variation, depth=depth, seed=seed, hierarchy=solver
        )
    now = variation.of(crisis, situation)
    advance("what each actor is about to do", 2 * len(crisis.actors))
    outlooks = find_outlooks(now, days=days, depth=depth, hierarchy=solver)
    asked = tuple(
        name
        for name, question in crisis.questions.items()
        if question.lasting is None and question.situation in (None, situation)
    )
    effects = []
    for effect in red_line_effects(crisis, asked, depth=depth, hierarchy=solver) if asked else ():
        advance(f"red line {effect.path}")
        effects.append(effect)
    verdicts = {}
    for name, verdict in iter_expectations(
        crisis, depth=depth, tau=tau, seed=seed, hierarchy=solver
    ):
        advance(f"expectation {name}")
        verdicts[name] = verdict
    progress("done", 1.0)
    space = solver.game(now).space
    return Analysis(
        crisis=crisis,
        situation=situation,
        states=space.size,
        feasible=int(space.feasible.sum()),
        forecasts=forecasts,
        outlooks=outlooks,
        effects=tuple(effects),
        verdicts=verdicts,
        settings=settings,
    )
