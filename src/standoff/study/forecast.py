"""Dated probabilities for the questions of a crisis."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from standoff.crisis import Crisis, Question
from standoff.crisis.likelihood import word_for
from standoff.solve import chain as chains
from standoff.solve.chain import Chain, Curve
from standoff.solve.paths import estimate_lasting
from standoff.study.asking import PATHS, POINTS, Request, Settings, longest_alike, situated
from standoff.study.ensemble import draw_answers
from standoff.study.hierarchy import DEPTH, TAU, Hierarchy
from standoff.study.spread import Spread
from standoff.study.variation import AS_IT_IS, Variation

if TYPE_CHECKING:
    from distributed import Client


@dataclass(frozen=True, slots=True)
class Forecast:
    """The answer to one question.

    Attributes
    ----------
    question, asks
        Its name and wording.
    situation, as_of, closes
        Where it starts, and the last day that counts, if the situation has a date.
    days
        Its horizon.
    central
        The probability at central values.
    error
        Standard error, for a form that is estimated from trajectories; otherwise None, and the
        probability is exact to :data:`standoff.solve.chain.TRUNCATION`.
    words
        ICD 203 likelihood words for the probability.
    curve
        Pairs of a day and the probability that the answer would be yes with that day as the
        horizon.
    share_of_time
        Expected share of the time up to the horizon during which the event is true.
    quantiles
        For an event asked for `within` a time: the days by which it has happened with 5, 25, 50,
        75 and 95%, None where that is past the horizon.
    lineage
        The views that the crisis went through.
    settings
        What it was computed with.
    spread
        What the draws say, if there were any.
    """

    question: str
    asks: str
    situation: str | None
    as_of: date | None
    closes: date | None
    days: float
    central: float
    error: float | None
    words: str
    curve: tuple[tuple[float, float], ...]
    share_of_time: float
    quantiles: tuple[tuple[float, float | None], ...]
    lineage: tuple[str, ...]
    settings: Settings
    spread: Spread | None = None

    @property
    def probability(self) -> float:
        """The mean over the draws; without draws, the central probability."""
        return self.central if self.spread is None else self.spread.probability

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 5th and 95th percentile over the draws, if there were any."""
        return None if self.spread is None else self.spread.interval

    def spread_by(self, spread: Spread) -> Forecast:
        """The same forecast with what the draws say."""
        return replace(self, spread=spread, words=word_for(spread.probability))


def forecast(
    crisis: Crisis,
    question: str,
    *,
    variation: Variation = AS_IT_IS,
    depth: int = DEPTH,
    tau: float = TAU,
    seed: int = 0,
    paths: int = PATHS,
    draws: int = 0,
    workers: int = 1,
    store: str | Path | None = None,
    dask: str | Client | None = None,
    hierarchy: Hierarchy | None = None,
) -> Forecast:
    """Answer one question of a crisis, at central values and, if asked for, over draws.

    Parameters
    ----------
    crisis
        The crisis, with any views already applied. If it has not been put in a situation, the
        question's own situation is used.
    question
        The name of the question.
    variation
        Changes to make after the situation's own.
    depth, tau
        Of the cognitive hierarchy (:mod:`standoff.study.hierarchy`).
    seed
        Of the draws, and of trajectories where the question asks for something lasting.
    paths
        Trajectories for such a question.
    draws, workers
        How many draws (:mod:`standoff.study.ensemble`), and how many processes may share them.
    store, dask
        Where draws are kept, and whose workers share them instead; see
        :func:`standoff.study.ensemble.draw_answers`.
    hierarchy
        Pass the same one to several calls and what they share is solved once. Its own tau holds.

    Raises
    ------
    UnknownNameError
        If the crisis has no such question.
    TooLargeError
        If the crisis does not fit into memory.
    """
    solver = hierarchy or Hierarchy(depth=depth, tau=tau)
    settings = Settings(depth, solver.tau, seed, paths)
    found = answer(situated(crisis, question, variation), question, settings, solver)
    if not draws:
        return found
    request = Request(question, variation)
    ensemble = draw_answers(
        crisis, [request], settings, draws=draws, workers=workers, store=store, dask=dask
    )
    return found.spread_by(ensemble.spreads[0])


def central_chance(
    crisis: Crisis,
    name: str,
    settings: Settings,
    solver: Hierarchy,
    *,
    near: Crisis | None = None,
) -> float:
    """The central probability alone: what :func:`answer` gives, for less."""
    question = crisis.questions[name]
    chain = solver.chain(crisis, settings.depth, near=near)
    days = question.horizon.central
    if question.lasting is None:
        return _curve(crisis, question, chain, settings, solver).at(days)
    event = chain.game.space.truth(crisis.statement(question.event))
    lasts = question.lasting.central
    how = {"count": settings.paths, "seed": settings.seed}
    return estimate_lasting(chain, event, lasts, days, **how).probability


def answer(
    crisis: Crisis,
    name: str,
    settings: Settings,
    solver: Hierarchy,
    *,
    near: Crisis | None = None,
) -> Forecast:
    """Answer one question of a crisis that is already situated and changed.

    A crisis ``near`` it, if given, is where the search for policies starts.
    """
    question = crisis.questions[name]
    chain = solver.chain(crisis, settings.depth, near=near)
    days = question.horizon.central
    event = chain.game.space.truth(crisis.statement(question.event))
    points = [days * i / POINTS for i in range(POINTS + 1)]
    error: float | None = None
    quantiles: tuple[tuple[float, float | None], ...] = ()
    if question.lasting is not None:
        lasts = question.lasting.central
        estimate = estimate_lasting(
            chain, event, lasts, days, count=settings.paths, seed=settings.seed
        )
        central, error, line = estimate.probability, estimate.error, estimate.by(points)
    else:
        curve = _curve(crisis, question, chain, settings, solver)
        central, line = curve.at(days), [curve.at(day) for day in points]
        if question.within is not None:
            quantiles = tuple((q, _when(curve, q, days)) for q in (0.05, 0.25, 0.5, 0.75, 0.95))
    spent = solver.remember(
        ("occupancy", crisis.digest, settings.depth, days), lambda: chains.occupancy(chain, days)
    )
    return Forecast(
        question=name,
        asks=question.asks,
        situation=crisis.situation,
        as_of=crisis.as_of,
        closes=None if crisis.as_of is None else crisis.as_of + timedelta(days=days),
        days=days,
        central=central,
        error=error,
        words=word_for(central),
        curve=tuple(zip(points, line, strict=True)),
        share_of_time=float((spent * event).sum()),
        quantiles=quantiles,
        lineage=crisis.lineage,
        settings=settings,
    )


def _curve(
    crisis: Crisis, question: Question, chain: Chain, settings: Settings, solver: Hierarchy
) -> Curve:
    """One pass serves every question that differs in its horizon only."""
    form, event, goal = question.form, question.event, question.until
    days = longest_alike(crisis, question)

    def solve() -> Curve:
        truth = chain.game.space.truth
        here = truth(crisis.statement(event))
        match form:
            case "at":
                return chains.at_time(chain, here, days)
            case "throughout":
                return chains.throughout(chain, here, days)
            case "until":
                return chains.until(chain, here, truth(crisis.statement(goal or "true")), days)
            case _:
                return chains.within(chain, here, days)

    return solver.remember(("curve", crisis.digest, settings.depth, form, event, goal, days), solve)


def _when(curve: Curve, share: float, days: float) -> float | None:
    """The first time at which a rising curve reaches a share, to a hundredth of a day."""
    if curve.at(days) < share:
        return None
    low, high = 0.0, days
    while high - low > 0.01:
        middle = (low + high) / 2
        if curve.at(middle) < share:
            low = middle
        else:
            high = middle
    return high
