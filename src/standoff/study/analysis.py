"""The whole analysis of a crisis: what `standoff run` computes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from standoff.crisis import Actor, Crisis
from standoff.crisis.uncertain import numbered
from standoff.game.compile import why_no_forecast
from standoff.game.space import space_of
from standoff.study import effects, expectations
from standoff.study.account import Account, explain
from standoff.study.analysis_plan import LOOKED_AT, ORDERS, Plan, check_explained, worth_explaining
from standoff.study.analysis_record import backtest_from, weighing_of
from standoff.study.asking import Progress, Request, Settings, quiet
from standoff.study.backtest import Backtest
from standoff.study.batch import answer_all, forecasts_of
from standoff.study.effects import Effect
from standoff.study.ensemble import Ensemble, draw_answers
from standoff.study.events import Events, find_event_effects
from standoff.study.expectations import Verdict
from standoff.study.forecast import Forecast
from standoff.study.hierarchy import DEPTH, TAU, Hierarchy
from standoff.study.levers import Levers, find_levers
from standoff.study.mistakes import Corrections, find_corrections
from standoff.study.outlook import DAYS, Outlooks, find_outlooks, latest_situation
from standoff.study.robustness import Robustness, expectation_shares
from standoff.study.scenarios import Scenarios, scenarios_of
from standoff.study.smallest import SmallestChange, find_smallest_change, is_quick
from standoff.study.stages import Stages
from standoff.study.survey import Mistakes, Survey, compare_situations, survey_stability
from standoff.study.variation import AS_IT_IS, Variation
from standoff.study.weighed import Weighing

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["Analysis", "WhatIf", "analyse", "worth_explaining"]

_WORTH_PROCESSES = 1000  # states from which what is changed is worth starting processes for


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What would change the answer to one question.

    Attributes
    ----------
    events
        What each option and each condition at another level would do.
    smallest
        The smallest set of changes that takes it across even chances; None if the crisis is so
        large that it was not looked for.
    levers
        What actors could do about it, for those that were asked about.
    """

    events: Events
    smallest: SmallestChange | None
    levers: tuple[Levers, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything that follows from a crisis.

    Attributes
    ----------
    crisis
        As it is in the file.
    situation
        Where the outlook starts: the latest one, unless another was asked for.
    states, feasible
        How many states the crisis has, and how many of them can be.
    forecasts
        By question, at central values; with what the draws say, if there were any.
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
    accounts, what_if
        By question, what its answer rests on, and what would change it: for those that were to be
        explained.
    corrections
        What mistakes cost from ``situation`` on; None if no question was to be explained.
    scenarios
        The kinds of outcome that the draws of the questions of ``situation`` have; None without
        draws, or without the library that finds them.
    robustness
        By expectation, in what share of draws it holds; empty without draws, or if the crisis is
        so large that it takes long.
    weighing, unweighed
        What the record says of the explanations at central values; or None, and why not. Both are
        empty if there are none, or no record, or the crisis was varied.
    backtest
        The forecasts of earlier situations against the later record; None if there are none, or
        the crisis was varied.
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
    accounts: Mapping[str, Account] = field(default_factory=dict)
    what_if: Mapping[str, WhatIf] = field(default_factory=dict)
    corrections: Corrections | None = None
    scenarios: Scenarios | None = None
    robustness: Mapping[str, Robustness] = field(default_factory=dict)
    weighing: Weighing | None = None
    unweighed: str = ""
    backtest: Backtest | None = None

    @property
    def draws(self) -> int:
        """How many draws the forecasts carry."""
        spreads = (each.spread for each in self.forecasts.values())
        return next((spread.draws for spread in spreads if spread is not None), 0)


def analyse(
    crisis: Crisis,
    *,
    variation: Variation = AS_IT_IS,
    days: float = DAYS,
    depth: int = DEPTH,
    tau: float = TAU,
    seed: int = 0,
    draws: int = 0,
    explained: Sequence[str] = (),
    levers: Sequence[str] = (),
    workers: int = 1,
    store: str | Path | None = None,
    dask: str | Client | None = None,
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
        How many draws to take, of all questions together; of a crisis so large that this takes
        long, of those only that start in the latest situation.
    explained
        Questions of which to say what the answer rests on, and what would change it; see
        :func:`worth_explaining`.
    levers
        Actors of whom to say what they could do about these answers.
    workers
        As for :func:`standoff.study.batch.answer_all`.
    store, dask
        Where draws are kept, and whose workers share them; see
        :func:`standoff.study.ensemble.draw_answers`.
    progress
        Called with what has just been done and the share of the whole that is done.

    Raises
    ------
    CrisisError
        If a question that is to be explained asks for something lasting, or there is no forecast.
    UnknownNameError
        If there is no such question or actor.
    """
    check_explained(crisis, explained, levers)
    solver = hierarchy or Hierarchy(depth=depth, tau=tau)
    settings = Settings(depth, solver.tau, seed)
    known = numbered(crisis)[0] if draws else crisis
    situation = variation.situation or latest_situation(crisis)
    now = variation.of(known, situation)
    space = space_of(now)
    weighed = not why_no_forecast(crisis)
    plan = Plan(known, variation, situation)
    stages = Stages(progress, plan.sizes(draws, explained, levers, workers))
    solving: dict[str, Any] = {"hierarchy": solver, "workers": workers}

    stages.of("stability")("what is stable", 0.0)
    survey = survey_stability(now, seed=seed, memory=solver.memory)
    stages.of("situations")("who is wrong about what", 0.0)
    situations = _compared(known, variation, weighed, solver.memory)
    outlooks = None
    if weighed:
        stages.of("outlooks")("what each actor is about to do", 0.0)
        outlooks = find_outlooks(now, days=days, depth=depth, hierarchy=solver)
    ensemble = None
    drawn = plan.drawn(draws)
    if drawn:  # what is solved for them serves everything after them
        advance = _named(stages.of("draws"), "draws")
        where: dict[str, Any] = {"store": store, "dask": dask, **solving}
        ensemble = draw_answers(known, drawn, settings, draws=draws, progress=advance, **where)
    requests = [*plan.asked, *plan.without, *plan.expected]
    advance = stages.of("answers")
    answers = iter(answer_all(known, requests, settings, solver, workers=workers, progress=advance))
    forecasts = forecasts_of(plan.questions, answers)
    if ensemble is not None:
        for request, spread in zip(drawn, ensemble.spreads, strict=True):
            forecasts[request.question] = forecasts[request.question].spread_by(spread)
    found_effects = effects.effects_of(crisis, plan.here, islice(answers, len(plan.without)))
    verdicts = expectations.verdicts_of(known, plan.expects, answers, solver.memory)
    scenarios = None
    if ensemble is not None:
        stages.of("scenarios")("kinds of outcome", 0.0)
        scenarios = _scenarios(known, plan, drawn, ensemble, settings, solver)
    robustness: Mapping[str, Robustness] = {}
    if plan.robust(draws):
        advance = _named(stages.of("robustness"), "expectations")
        robustness = expectation_shares(
            known, plan.expects, draws=draws, settings=settings, progress=advance, **solving
        )
    advance = _named(stages.of("weighing"), "explanations")
    weighing, unweighed = weighing_of(known, variation, settings, solver, advance)
    if space.size < _WORTH_PROCESSES:
        solving["workers"] = 1
    changing = {"variation": variation, "settings": settings, **solving}
    accounts = {}
    for name in explained:
        advance = _named(stages.of(f"account {name}"), f"what carries {name}")
        less: dict[str, Any] = {"orders": ORDERS, "looked_at": LOOKED_AT}
        account = explain(crisis, name, progress=advance, **less, **changing)
        accounts[name] = replace(account, forecast=forecasts[name])
    corrections = None
    if explained and plan.here:
        advance = _named(stages.of("beliefs"), "beliefs corrected")
        corrections = find_corrections(crisis, plan.here, progress=advance, **changing)
    return Analysis(
        crisis=crisis,
        situation=situation,
        states=space.size,
        feasible=int(space.feasible.sum()),
        forecasts=forecasts,
        outlooks=outlooks,
        survey=survey,
        situations=situations,
        effects=tuple(found_effects),
        verdicts=verdicts,
        settings=settings,
        accounts=accounts,
        what_if={name: _what_if(crisis, name, levers, stages, changing) for name in explained},
        corrections=corrections,
        scenarios=scenarios,
        robustness=robustness,
        weighing=weighing,
        unweighed=unweighed,
        backtest=backtest_from(crisis, variation, forecasts, settings),
    )


def _what_if(
    crisis: Crisis,
    question: str,
    levers: Sequence[str],
    stages: Stages,
    changing: Mapping[str, Any],
) -> WhatIf:
    """What would change the answer to a question."""
    advance = _named(stages.of(f"events {question}"), "events")
    events = find_event_effects(crisis, question, progress=advance, **changing)
    smallest = None
    if is_quick(crisis, question, changing["variation"]):
        advance = _named(stages.of(f"smallest {question}", first=0.4), "the smallest change")
        smallest = find_smallest_change(crisis, question, progress=advance, **changing)
    found = [
        find_levers(
            crisis,
            actor,
            question,
            progress=_named(stages.of(f"levers {question} {actor}"), f"levers of {actor}"),
            **changing,
        )
        for actor in levers
    ]
    return WhatIf(events, smallest, tuple(found))


def _scenarios(
    crisis: Crisis,
    plan: Plan,
    drawn: Sequence[Request],
    ensemble: Ensemble,
    settings: Settings,
    solver: Hierarchy,
) -> Scenarios | None:
    """The kinds of outcome from where the analysis starts."""
    here = [n for n, request in enumerate(drawn) if plan.starts_here(request)]
    if not here or find_spec("sklearn") is None:
        return None
    asked = [drawn[n] for n in here]
    those = replace(ensemble, spreads=tuple(ensemble.spreads[n] for n in here))
    return scenarios_of(crisis, asked, those, settings, hierarchy=solver)


def _named(progress: Progress, name: str) -> Progress:
    """Report a stage by its name, where what is done says less."""
    return lambda _what, share: progress(name, share)


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
